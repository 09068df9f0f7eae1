"""How far coders agree: coefficients, intervals, and tables of both.

Each coefficient takes ratings as units x raters, missing allowed, and returns an `Agreement`:
value, bootstrap interval, n, and where it is undefined the reason. Nothing is labelled "good" or
"poor", and there are no p-values: that chance alone did not make the codings is never in question.
"""

from compendium.coding.agreement.alpha import krippendorff_alpha, set_alpha
from compendium.coding.agreement.bootstrap import Agreement, Draws, Resampling
from compendium.coding.agreement.characters import unitised_alpha
from compendium.coding.agreement.coefficients import (
    brennan_prediger,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    negative_agreement,
    percent_agreement,
    positive_agreement,
)
from compendium.coding.agreement.ratings import set_ratings
from compendium.coding.agreement.tables import (
    agreement_by_character,
    agreement_by_code,
    direction_agreement,
    overall_agreement,
)
