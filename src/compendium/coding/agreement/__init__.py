"""How far coders agree: coefficients, intervals, and tables of both.

Each coefficient takes ratings as units x raters, missing allowed, and returns an `Agreement`:
value, bootstrap interval, n, and where it is undefined the reason. Nothing is labelled "good" or
"poor", and there are no p-values: that chance alone did not make the codings is never in question.
"""

from compendium.coding.agreement.alpha import krippendorff_alpha, set_alpha
from compendium.coding.agreement.bootstrap import Resampling
from compendium.coding.agreement.coefficients import (
    brennan_prediger,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    negative_agreement,
    percent_agreement,
    positive_agreement,
)
from compendium.coding.agreement.direction import direction_agreement
from compendium.coding.agreement.ratings import (
    code_ratings,
    coverage,
    direction_ratings,
    first_code_ratings,
    set_ratings,
)
from compendium.coding.agreement.result import Agreement
from compendium.coding.agreement.tables import (
    agreement_by_code,
    overall_agreement,
)

__all__ = [
    "Agreement",
    "Resampling",
    "agreement_by_code",
    "brennan_prediger",
    "code_ratings",
    "cohen_kappa",
    "coverage",
    "direction_agreement",
    "direction_ratings",
    "first_code_ratings",
    "fleiss_kappa",
    "gwet_ac1",
    "krippendorff_alpha",
    "negative_agreement",
    "overall_agreement",
    "percent_agreement",
    "positive_agreement",
    "set_alpha",
    "set_ratings",
]
