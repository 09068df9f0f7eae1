"""Survey strand: weights, design-based estimates, comparison with the population, Likert scales.

Pure functions from tables to tables, held against R's survey package. The usual way: read the
answers on their scales (`encode_items`), make weights (`rake`, `poststratify`,
`nonresponse_weights`, or the study's own `equal_group_weights`), say how the sample was drawn
(`SurveyDesign`), estimate (`tabulate`, `tabulate_choices`, `mean`, `ratio`, `chisquare`). What
could be meant in two ways is refused with a sentence that says what to do.
"""

import importlib
from typing import Any

#: Where each name lives. It is imported when it is first asked for, so that a notebook rests only
#: on the modules of what it uses.
_HOMES = {
    "association": "ChiSquare chisquare",
    "choices": "tabulate_choices",
    "comparison": "TESTS compare_shares share_p_value",
    "design": "SurveyDesign",
    "estimates": "mean ratio tabulate",
    "likert": "any_of top_box",
    "margins": "poststratify rake",
    "published": "known_shares published_shares",
    "replication": "bootstrap",
    "scales": "Scale encode_answers encode_items read_scales",
    "weighting": "Weights design_effect effective_sample_size",
    "weights": "equal_group_weights nonresponse_weights trim",
}
__all__ = sorted(name for names in _HOMES.values() for name in names.split())  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names.split():
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
