"""The design of a survey: weights, strata, clusters, population sizes.

`SurveyDesign` only says which columns play which part; `sampling` works it out on a frame.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import pandas as pd

from compendium.survey.checks import Column, check_option, column
from compendium.survey.weighting import Weights, weight_values

WeightRule: TypeAlias = Callable[..., Weights]
WeightSource: TypeAlias = Column | Weights | WeightRule | None
SingleCluster: TypeAlias = Literal["raise", "certainty", "adjust"]


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """How a sample was drawn and weighted.

    Parameters
    ----------
    weights
        Column name, Series or `Weights`; or a rule that is called as ``rule(frame, item=item)`` and
        returns `Weights` for that item, for example ``functools.partial(equal_group_weights,
        group="district")``; or None, every row counting once. A row of weight zero is outside the
        estimate but stays in the design.
    strata
        Column of first-stage strata.
    clusters
        Column of clusters (primary sampling units); a list of columns for several stages. Each
        label belongs to one stratum. Without clusters every row is a unit of its own.
    population_size
        Column with the number of first-stage units in the stratum's population (`fpc` in R); a list
        for several stages, the second counting the units in the first-stage unit. Without it units
        count as drawn with replacement, and only the first stage matters.
    single_cluster
        What a stratum with one sampled unit (of several) means: ``"raise"`` refuses, its variance
        being unknown; ``"certainty"`` adds nothing; ``"adjust"`` takes the unit's deviation from
        zero instead of the stratum's mean, as R's option of that name. (R's ``"average"`` depends
        on which strata a domain happens to touch.)

    Examples
    --------
    >>> SurveyDesign(weights="weight", strata="district").clusters is None
    True
    """

    weights: WeightSource
    strata: Column | None = None
    clusters: Column | Sequence[Column] | None = None
    population_size: Column | Sequence[Column] | None = None
    single_cluster: SingleCluster = "raise"

    def __post_init__(self) -> None:
        check_option("single_cluster", self.single_cluster, get_args(SingleCluster))
        for role in ("clusters", "population_size"):
            listed(getattr(self, role), role)

    def weigh(self, frame: pd.DataFrame, item: str | None = None) -> Weights:
        """Give the weights of the rows of a frame for an item, checked and aligned with them."""
        source = self.weights
        if source is None:
            source = pd.Series(1.0, index=frame.index)
        if callable(source):
            source = source(frame, item=item)
            if not isinstance(source, Weights):
                raise ValueError(
                    f"weights: the rule gave a {type(source).__name__}; it must return Weights"
                )
        if isinstance(source, Weights):
            column(frame, source.values, "weights")
            if None not in (source.item, item) and source.item != item:
                raise ValueError(
                    f"weights: made for the answers to {source.item!r}, not {item!r}; give the "
                    "design a rule, such as functools.partial(equal_group_weights, group=...)"
                )
            weight_values(source)
            return source
        values = weight_values(column(frame, source, "weights"))
        return Weights(pd.Series(values, index=frame.index), method="as given")


def listed(given: Column | Sequence[Column] | None, role: str) -> list[Column]:
    """Read no column, one or several, by name or as Series."""
    if given is None:
        return []
    columns = [given] if isinstance(given, str | pd.Series) else list(given)
    if not columns:
        raise ValueError(f"{role}: the list is empty; name at least one column, or give None")
    named = [one for one in columns if isinstance(one, str)]
    for name in named if role != "population_size" else ():
        if named.count(name) > 1:
            raise ValueError(f"{role}: {name!r} is named more than once; name each once")
    return columns
