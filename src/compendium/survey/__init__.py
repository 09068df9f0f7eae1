"""Survey strand: weights, design-based estimates, comparison with the population, Likert scales.

Pure functions from tables to tables, held against R's survey package. The usual way: read the
answers on their scales (`encode_items`), make weights (`rake`, `poststratify`,
`nonresponse_weights`, or the study's own `equal_group_weights`), say how the sample was drawn
(`SurveyDesign`), estimate (`tabulate`, `tabulate_choices`, `mean`, `ratio`, `chisquare`).

What could be meant in two ways is refused with a sentence that says what to do. The chapter on
methods works through an example from a file to a weighted table with intervals.
"""

from compendium.survey.association import ChiSquare, chisquare
from compendium.survey.choices import tabulate_choices
from compendium.survey.comparison import TESTS, compare_shares, share_p_value
from compendium.survey.design import SurveyDesign
from compendium.survey.estimates import mean, ratio, tabulate
from compendium.survey.likert import any_of, diverging, top_box
from compendium.survey.margins import poststratify, rake
from compendium.survey.published import published_shares
from compendium.survey.replication import bootstrap
from compendium.survey.scales import Scale, encode_answers, encode_items, read_scales
from compendium.survey.weighting import Weights, design_effect, effective_sample_size
from compendium.survey.weights import equal_group_weights, nonresponse_weights, trim

__all__ = [
    "TESTS",
    "ChiSquare",
    "Scale",
    "SurveyDesign",
    "Weights",
    "any_of",
    "bootstrap",
    "chisquare",
    "compare_shares",
    "design_effect",
    "diverging",
    "effective_sample_size",
    "encode_answers",
    "encode_items",
    "equal_group_weights",
    "mean",
    "nonresponse_weights",
    "poststratify",
    "published_shares",
    "rake",
    "ratio",
    "read_scales",
    "share_p_value",
    "tabulate",
    "tabulate_choices",
    "top_box",
    "trim",
]
