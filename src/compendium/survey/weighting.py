"""The result of a weighting: values aligned with the frame, and the record of what was done.

A weight of zero takes a row out of the estimate. It keeps its place in the design, as in R, unless
the weights were made for one item: then a row without an answer to it is not in the sample at all.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from compendium.survey.arrays import FloatArray
from compendium.survey.checks import column, encode, is_number, numbers, quote

if TYPE_CHECKING:
    from compendium.survey.calibration import Calibration


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights aligned with a frame, with the record of how they came about.

    Parameters
    ----------
    values
        One weight per row, with the frame's index; zero where a row is outside the estimate.
    method, item
        Name of the weighting, as an exhibit would give it; the item whose nonresponse it allows
        for.
    targets
        What the sums of weights were made to meet: margin, level, total.
    iterations, largest_gap
        Passes over the margins (0 for weights in closed form); largest relative gap to a target.
    trimmed, notes
        Number of weights set to a bound; whatever else the method has to say, ready for JSON.
    calibration
        What standard errors need after raking or post-stratification.
    """

    values: pd.Series
    method: str
    targets: Mapping[str, Mapping[Any, float]] = field(default_factory=dict)
    item: str | None = None
    iterations: int = 0
    largest_gap: float = 0.0
    trimmed: int = 0
    notes: Mapping[str, Any] = field(default_factory=dict)
    calibration: Calibration | None = None

    def record(self) -> dict[str, Any]:
        """Say what was done, in plain values that can be written as JSON.

        Beside what the weights hold: the number of rows that carry weight, their sum, design effect
        and effective sample size.

        Examples
        --------
        >>> Weights(pd.Series([1.0, 3.0]), "by hand").record()["design_effect"]
        1.25
        """
        return {
            "method": self.method,
            "item": self.item,
            "targets": {
                margin: {str(level): float(total) for level, total in levels.items()}
                for margin, levels in self.targets.items()
            },
            "iterations": self.iterations,
            "largest_gap": self.largest_gap,
            "trimmed": self.trimmed,
            "notes": dict(self.notes),
            "n": int((self.values > 0).sum()),
            "sum": float(self.values.sum()),
            "design_effect": design_effect(self),
            "effective_sample_size": effective_sample_size(self),
        }

    def export(self, ids: pd.Series) -> pd.DataFrame:
        """Lay out the weights for others to use: one row per person, and how they were made.

        `ids` identifies each row, with the frame's index: unique, none missing (else ValueError).
        The table has it, weight, method and item (if made for one); `record` is in its ``attrs``,
        to be written beside it as JSON.

        Examples
        --------
        >>> weights = Weights(pd.Series([1.0, 3.0]), "by hand")
        >>> weights.export(pd.Series(["T1", "T2"], name="teacher"))
          teacher  weight   method
        0      T1     1.0  by hand
        1      T2     3.0  by hand
        """
        ids = column(self.values.to_frame("weight"), ids, "ids")
        codes, labels = encode(ids, "ids")
        twice = np.flatnonzero(np.bincount(codes) > 1)
        if len(twice):
            raise ValueError(f"ids: {quote(labels[i] for i in twice)} identify several rows each")
        if ids.name in (None, "weight", "method", "item"):
            raise ValueError(f"ids: the Series is named {ids.name!r}; give it a name of its own")
        table = pd.DataFrame({ids.name: ids, "weight": self.values, "method": self.method})
        table.attrs.update(self.record())
        return table if self.item is None else table.assign(item=self.item)


def weight_values(weights: Weights | pd.Series, role: str = "weights") -> FloatArray:
    """Read weights, all of them finite and none negative; at least one is not zero."""
    series = weights.values if isinstance(weights, Weights) else weights
    if not isinstance(series, pd.Series):
        raise ValueError(f"{role}: a {type(series).__name__} is neither a Series nor Weights")
    values = numbers(series, role)
    if values.min(initial=0) < 0:
        rows = series.index[values < 0]
        raise ValueError(
            f"{role}: {len(rows)} weights are negative (row {quote(rows[:1])} holds "
            f"{values[values < 0][0]:g}); correct them, or give 0 to a row outside the estimate"
        )
    if not values.any():
        raise ValueError(f"{role}: no row carries weight")
    return values


def effective_sample_size(weights: Weights | pd.Series) -> float:
    r"""Kish's effective sample size, the n of an unweighted sample with the same precision.

    :math:`(\sum w)^2 / \sum w^2` (Kish 1965, *Survey Sampling*, section 11.7), of weights on any
    scale; rows of weight zero are not counted. ValueError if a weight is missing or negative, or
    all are zero.

    Examples
    --------
    >>> effective_sample_size(pd.Series([1, 1, 2]))
    2.6666666666666665
    """
    values = weight_values(weights)
    scaled = values / values.max()
    return float(scaled.sum() ** 2 / (scaled @ scaled))


def design_effect(weights: Weights | pd.Series) -> float:
    r"""Kish's design effect of unequal weighting, the factor by which it inflates a variance.

    :math:`n \sum w^2 / (\sum w)^2`, with n the number of rows that carry weight: 1 for equal
    weights, larger otherwise. It supposes weights unrelated to the answers. Errors as
    `effective_sample_size`.

    Examples
    --------
    >>> design_effect(pd.Series([1, 1, 2]))
    1.125
    """
    return float(np.count_nonzero(weight_values(weights)) / effective_sample_size(weights))


Totals: TypeAlias = pd.Series | Mapping[Any, float]


def match_totals(totals: Totals, levels: Sequence[Hashable], name: str) -> FloatArray:
    """Put totals in the order of the levels of a frame: one positive total for each."""
    if isinstance(totals, pd.Series) and not totals.index.is_unique:
        twice = totals.index[totals.index.duplicated()]
        raise ValueError(f"{name}: the totals name {quote(twice)} more than once; give each one")
    if not isinstance(totals, pd.Series | Mapping):
        raise ValueError(
            f"{name}: the totals are a {type(totals).__name__}; give a mapping from each level to "
            "its total in the population, or a Series with the levels as its index"
        )
    given = dict(totals.items())
    without = [level for level in levels if level not in given]
    if without:
        raise ValueError(
            f"{name}: rows with {quote(without)} have no population total; add it to the totals, "
            f"which name {quote(given)}"
        )
    empty = {level: total for level, total in given.items() if level not in set(levels)}
    if empty:
        gaps = ", ".join(f"{level!r} ({total})" for level, total in list(empty.items())[:8])
        raise ValueError(
            f"{name}: the population has {gaps} but the frame has no row there, so this total "
            "cannot be met; merge levels on both sides, or leave the level out of the population"
        )
    wrong = {key: n for key, n in given.items() if not (is_number(n) and 0 < n < np.inf)}
    if wrong:
        raise ValueError(f"{name}: totals must be positive numbers, not {wrong}")
    return np.array([given[level] for level in levels], dtype=np.float64)
