"""The design of a survey: weights, strata, clusters, population sizes.

`SurveyDesign` only says which columns play which part; `sampling` works it out on a frame. The
weights may be a rule instead of a column, because the study's weights depend on who answered the
item.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import pandas as pd

from compendium.survey.checks import Column, column
from compendium.survey.weighting import Weights, positive

__all__ = ["SurveyDesign", "WeightSource"]

WeightRule: TypeAlias = "Callable[..., Weights]"
WeightSource: TypeAlias = "Column | Weights | WeightRule | None"


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """How a sample was drawn and weighted.

    Parameters
    ----------
    weights
        Column name, Series or `Weights`; or a rule that is called as ``rule(frame, item=item)``
        and returns `Weights` for that item, for example ``functools.partial(
        equal_group_weights, group="district")``; or None, every row counting once.
    strata
        Column of first-stage strata.
    clusters
        Column of clusters (primary sampling units); a list of columns for several stages. Each
        label belongs to one stratum. Without clusters every row is a unit of its own.
    population_size
        Column with the number of first-stage units in the stratum's population (`fpc` in R); a
        list for several stages, the second counting the units in the first-stage unit. Without
        it units count as drawn with replacement, and only the first stage matters.
    single_cluster
        What a stratum with one sampled unit (of several) means: ``"raise"`` refuses, its
        variance being unknown; ``"certainty"`` adds nothing; ``"adjust"`` takes the unit's
        deviation from zero instead of the stratum's mean, as R's option of that name.

    Examples
    --------
    >>> design = SurveyDesign(weights="weight", strata="district")
    >>> design.clusters is None
    True
    """

    weights: WeightSource
    strata: Column | None = None
    clusters: Column | Sequence[Column] | None = None
    population_size: Column | Sequence[Column] | None = None
    single_cluster: Literal["raise", "certainty", "adjust"] = "raise"

    def weigh(self, frame: pd.DataFrame, item: str | None = None) -> Weights:
        """Weights of the rows of a frame for an item.

        Parameters
        ----------
        frame
            One row per respondent.
        item
            Column of answers, for a rule and for weights made for one item.

        Returns
        -------
        Weights
            Aligned with the frame, all checked to be finite and positive (zero only where the
            weighting says that the row is not in the sample).

        Raises
        ------
        ValueError
            If a weight is missing or not positive, or was made for another item.

        Examples
        --------
        >>> SurveyDesign("w").weigh(pd.DataFrame({"w": [1.0, 2.0]})).values.tolist()
        [1.0, 2.0]
        """
        source = self.weights
        if source is None:
            source = pd.Series(1.0, index=frame.index)
        if callable(source):
            source = source(frame, item=item)
        if isinstance(source, Weights):
            column(frame, source.values, "weights")
            if None not in (source.item, item) and source.item != item:
                raise ValueError(
                    f"weights: made for the answers to {source.item!r}, not {item!r}; give the "
                    "design a rule, such as functools.partial(equal_group_weights, group=...)"
                )
            positive(source)
            return source
        series = column(frame, source, "weights")
        return Weights(pd.Series(positive(series), index=frame.index), method="as given")
