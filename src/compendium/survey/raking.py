r"""Fit margins by iterative proportional fitting on the cells of their cross-classification.

Raking finds factors :math:`g = \exp(x'\eta)` that meet every margin; with bounds, factors
:math:`\min(U, \max(L, \exp(x'\eta)))`, the closest feasible ones in the same sense (Deville and
Särndal 1992, case 7). Each step meets one margin exactly by multiplying its levels, so the steps
work on as many numbers as there are cells with rows, never on the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from compendium.survey.arrays import FloatArray, IntArray, sum_by

__all__ = ["Fit", "clipped_factor", "cross", "fit_margins"]


@dataclass(frozen=True, eq=False)
class Fit:
    """Outcome of a raking.

    Parameters
    ----------
    factors
        Factor of each cell, between the bounds.
    achieved
        For each margin, the totals reached.
    iterations
        Passes over the margins.
    largest_gap
        Largest relative difference between an achieved total and its target.
    """

    factors: FloatArray
    achieved: tuple[FloatArray, ...]
    iterations: int
    largest_gap: float


def cross(codes: Sequence[IntArray], sizes: Sequence[int]) -> tuple[IntArray, list[IntArray]]:
    """Cross-classify rows by several sets of codes, keeping cells with rows only.

    Parameters
    ----------
    codes
        For each classification, the code of each row.
    sizes
        For each classification, the number of its levels.

    Returns
    -------
    cells : numpy.ndarray
        Code of the cell of each row.
    levels : list of numpy.ndarray
        For each classification, the level of each cell.

    Examples
    --------
    >>> cells, levels = cross([np.array([0, 1, 1]), np.array([2, 0, 0])], [2, 3])
    >>> cells, [level.tolist() for level in levels]
    (array([0, 1, 1]), [[0, 1], [2, 0]])
    """
    joint = np.zeros(len(codes[0]), dtype=np.int64)
    for code, size in zip(codes, sizes, strict=True):
        joint = joint * size + code
    span = int(np.prod(np.array(sizes, dtype=np.float64)))
    if span <= 4 * len(joint) + 1000:  # a table of all cells is cheaper than sorting the rows
        used = np.bincount(joint, minlength=span) > 0
        cells, kept = (np.cumsum(used) - 1)[joint], np.flatnonzero(used)
    else:
        kept, cells = np.unique(joint, return_inverse=True)
    levels: list[IntArray] = []
    for size in reversed(sizes):
        levels.insert(0, kept % size)
        kept = kept // size
    return cells, levels


def clipped_factor(
    mass: FloatArray, start: FloatArray, bounds: tuple[float, float], target: float
) -> float:
    r"""Find c so that :math:`\sum m \min(U, \max(L, c s))` equals a target.

    The sum rises piecewise linearly with c, so that c is found exactly, without iterating.

    Parameters
    ----------
    mass, start
        Positive numbers m and s.
    bounds
        L and U; L may be 0, U infinite.
    target
        Number from :math:`L \sum m` to :math:`U \sum m`.

    Returns
    -------
    float
        The factor c.

    Examples
    --------
    >>> one = np.ones(3)
    >>> clipped_factor(one, np.array([1.0, 2.0, 4.0]), (0, 3), 6)
    1.0
    """
    low, high = bounds
    kinks = np.concatenate([low / start, high / start])
    bends = np.concatenate([mass * start, -mass * start])
    order = np.argsort(kinks, kind="stable")
    kinks, slopes = kinks[order], np.cumsum(bends[order])
    finite = np.isfinite(kinks)
    kinks, slopes = kinks[finite], slopes[finite]
    rises = np.concatenate([[0.0], np.cumsum(slopes[:-1] * np.diff(kinks))])
    segment = int(np.searchsorted(low * mass.sum() + rises, target, side="right")) - 1
    segment = min(max(segment, 0), len(kinks) - 1)
    free = (low / start <= kinks[segment]) & (high / start > kinks[segment])
    if not free.any():
        return float(kinks[segment])
    below, above = low / start > kinks[segment], high / start <= kinks[segment]
    clipped = (low * mass[below].sum() if low else 0.0) + (
        high * mass[above].sum() if above.any() else 0.0
    )
    return float((target - clipped) / (mass[free] @ start[free]))


def fit_margins(
    mass: FloatArray,
    levels: Sequence[IntArray],
    targets: Sequence[FloatArray],
    bounds: tuple[float, float] | None,
    *,
    tolerance: float,
    max_iterations: int,
) -> Fit:
    """Rake cells to margins.

    Parameters
    ----------
    mass
        Total base weight of each cell, positive.
    levels
        For each margin, the level of each cell.
    targets
        For each margin, the positive total of each level.
    bounds
        Smallest and largest factor, or None.
    tolerance
        Largest relative gap at which the margins count as met; passes go on from there until
        rounding stops the gap from falling.
    max_iterations
        Passes over the margins at most; whether they sufficed is for the caller to check.

    Returns
    -------
    Fit
        Factors and what they achieve.

    Examples
    --------
    >>> fit = fit_margins(
    ...     np.array([1.0, 4.0]), [np.array([0, 1])], [np.array([2.0, 2.0])], None,
    ...     tolerance=1e-10, max_iterations=10)
    >>> fit.factors.tolist()
    [2.0, 0.5]
    """
    low, high = bounds or (0.0, np.inf)
    members = [_members(level, len(target)) for level, target in zip(levels, targets, strict=True)]
    free = np.ones(len(mass))
    factors, achieved = np.clip(free, low, high), []
    iterations, gap, previous = 0, np.inf, np.inf
    # A small gap in the margins can hide a larger one in slowly converging factors: go on past
    # the tolerance, as long as the gap still falls.
    # Where no factors meet the margins, they run off to 0 and infinity: stop before they get there.
    while (
        iterations < max_iterations
        and not (gap <= tolerance and gap >= previous)
        and 1e-100 < free.min() <= free.max() < 1e100
    ):
        iterations, previous = iterations + 1, gap
        for level, target, rows in zip(levels, targets, members, strict=True):
            if bounds is None:
                step = target / sum_by(level, mass * free)
            else:
                step = np.array(
                    [
                        clipped_factor(mass[cells], free[cells], bounds, total)
                        for cells, total in zip(rows, target, strict=True)
                    ]
                )
            free = free * step[level]
        factors = np.clip(free, low, high)
        achieved = [sum_by(level, mass * factors) for level in levels]
        gap = max(
            float(np.abs(reached / target - 1).max())
            for reached, target in zip(achieved, targets, strict=True)
        )
    return Fit(factors, tuple(achieved), iterations, gap)


def _members(level: IntArray, size: int) -> list[IntArray]:
    """Cells of each level."""
    order = np.argsort(level, kind="stable")
    ends = np.cumsum(np.bincount(level, minlength=size))
    return np.split(order, ends[:-1])
