"""The result of a weighting: values aligned with the frame, and the record of what was done.

An exhibit has to say how its numbers were weighted, so the weights carry it themselves: the
method, the targets, how many iterations it took, the largest gap that remains, how many weights
were trimmed. A weight of zero means one thing only: this row is not part of the sample that the
weights describe (it has no answer to the item they were made for).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from compendium.survey.arrays import FloatArray
from compendium.survey.checks import numbers

if TYPE_CHECKING:
    from compendium.survey.calibration import Calibration

__all__ = ["Weights", "design_effect", "effective_sample_size", "positive"]


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights aligned with a frame, with the record of how they came about.

    Parameters
    ----------
    values
        One weight per row, with the frame's index; zero where a row is not part of the sample.
    method
        Name of the weighting, as an exhibit would give it.
    targets
        What the sums of weights were made to meet: margin, level, total.
    item
        The item whose nonresponse the weights allow for, if they do.
    iterations
        Passes over the margins; 0 for weights in closed form.
    largest_gap
        Largest relative difference between an achieved total and its target.
    trimmed
        Number of weights set to a bound.
    notes
        Whatever else the method has to say, ready for JSON.
    calibration
        What standard errors need after raking or post-stratification.
    """

    values: pd.Series[Any]
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

        Returns
        -------
        dict
            Method, item, targets, iterations, largest gap, trimmed count, notes, number of rows
            that carry weight, their sum, design effect and effective sample size.

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


def positive(weights: Weights | pd.Series[Any], role: str = "weights") -> FloatArray:
    """Read weights, all of them finite and none of them zero or negative.

    Parameters
    ----------
    weights
        Weights or a Series. Only a `Weights` may hold zeros, for rows outside its sample.
    role
        What the weights are for, to begin an error message with.

    Returns
    -------
    numpy.ndarray
        One weight per row.

    Raises
    ------
    ValueError
        If a weight is missing, infinite or not positive; names the row and the value.

    Examples
    --------
    >>> positive(pd.Series([1, 2]))
    array([1., 2.])
    """
    series = weights.values if isinstance(weights, Weights) else weights
    found = numbers(series, role)
    least = found.min(initial=np.inf)
    if least > 0 and len(found):
        return found
    bad = found < 0 if isinstance(weights, Weights) else found <= 0
    if bad.any():
        rows = series.index[bad]
        raise ValueError(
            f"{role}: {len(rows)} weights are not positive (row {rows[0]!r} holds "
            f"{found[bad][0]:g}); correct them, or leave these rows out of the frame"
        )
    if not found.any():
        raise ValueError(f"{role}: no row carries weight")
    return found


def effective_sample_size(weights: Weights | pd.Series[Any]) -> float:
    r"""Kish's effective sample size, the n of an unweighted sample with the same precision.

    Parameters
    ----------
    weights
        Weights, on any scale.

    Returns
    -------
    float
        :math:`(\sum w)^2 / \sum w^2` (Kish 1965, *Survey Sampling*, section 11.7).

    Raises
    ------
    ValueError
        If a weight is missing or not positive.

    Examples
    --------
    >>> effective_sample_size(pd.Series([1, 1, 2]))
    2.6666666666666665
    """
    found = positive(weights)
    scaled = found / found.max()
    return float(scaled.sum() ** 2 / (scaled @ scaled))


def design_effect(weights: Weights | pd.Series[Any]) -> float:
    r"""Kish's design effect of unequal weighting, the factor by which it inflates a variance.

    Parameters
    ----------
    weights
        Weights, on any scale.

    Returns
    -------
    float
        :math:`n \sum w^2 / (\sum w)^2`, with n the number of rows that carry weight: 1 for
        equal weights, larger otherwise. It supposes weights unrelated to the answers.

    Raises
    ------
    ValueError
        If a weight is missing or not positive.

    Examples
    --------
    >>> design_effect(pd.Series([1, 1, 2]))
    1.125
    """
    return float(np.count_nonzero(positive(weights)) / effective_sample_size(weights))
