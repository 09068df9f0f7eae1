r"""Fit margins by iterative proportional fitting on the cells of their cross-classification.

Raking finds factors :math:`g = \exp(x'\eta)` that meet every margin. Each step meets one margin by
multiplying its levels, so that the steps work on as many numbers as there are cells with rows,
never on the rows. With bounds on the factors, `bounded` goes on from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from compendium.survey.arrays import Codes, FloatArray, IntArray, sum_by
from compendium.survey.bounded import fit_bounded


@dataclass(frozen=True, eq=False)
class Fit:
    """Outcome of a raking: factor of each cell, passes made, largest relative gap to a target."""

    factors: FloatArray
    iterations: int
    largest_gap: float


def cross(codes: Sequence[Codes], sizes: Sequence[int]) -> tuple[IntArray, list[IntArray]]:
    """Cross-classify rows by several sets of codes, keeping cells with rows only.

    Returned are the cell of each row and, for each classification (of so many levels as `sizes`
    says), the level of each cell.

    Examples
    --------
    >>> cells, levels = cross([np.array([0, 1, 1]), np.array([2, 0, 0])], [2, 3])
    >>> cells, [level.tolist() for level in levels]
    (array([0, 1, 1]), [[0, 1], [2, 0]])
    """
    span = int(np.prod(np.array(sizes, dtype=np.float64)))
    narrow: Codes = codes[0].astype(np.int16 if span <= 2**15 else np.int64)
    for code, size in zip(codes[1:], sizes[1:], strict=True):
        narrow *= size  # in place, and narrow: memory is what this waits for
        narrow += code.astype(narrow.dtype, copy=False)
    joint: IntArray = narrow.astype(np.int64, copy=False)
    if span <= 4 * len(joint) + 1000:  # a table of all cells is cheaper than sorting the rows
        used = np.bincount(joint, minlength=span) > 0
        kept = np.flatnonzero(used)
        cells = joint if used.all() else (np.cumsum(used) - 1)[joint]
    else:
        kept, cells = np.unique(joint, return_inverse=True)
    levels: list[IntArray] = []
    for size in reversed(sizes):
        levels.insert(0, kept % size)
        kept = kept // size
    return cells, levels


def fit_margins(
    mass: FloatArray,
    levels: Sequence[IntArray],
    targets: Sequence[FloatArray],
    bounds: tuple[float, float] | None,
    *,
    tolerance: float,
    max_iterations: int,
) -> Fit:
    """Rake cells of positive `mass` to margins: the level of each cell and the total of each level.

    Passes go on past the tolerance, until rounding stops the gap from falling or there have been
    `max_iterations`; whether they sufficed is for the caller to check.
    """
    factors, iterations = _proportional(mass, levels, targets, tolerance, max_iterations)
    if bounds is not None and gap_of(mass * factors, levels, targets) <= tolerance:
        factors, steps = fit_bounded(
            mass,
            levels,
            targets,
            bounds,
            start=factors,
            tolerance=tolerance,
            max_iterations=max_iterations,
        )
        iterations += steps
    return Fit(factors, iterations, gap_of(mass * factors, levels, targets))


def gap_of(weights: FloatArray, levels: Sequence[IntArray], targets: Sequence[FloatArray]) -> float:
    """Give the largest relative difference between achieved totals and targets."""
    return max(
        float(np.abs(sum_by(level, weights) / target - 1).max())
        for level, target in zip(levels, targets, strict=True)
    )


def _proportional(
    mass: FloatArray,
    levels: Sequence[IntArray],
    targets: Sequence[FloatArray],
    tolerance: float,
    max_iterations: int,
) -> tuple[FloatArray, int]:
    """Fit proportionally: each step multiplies the levels of one margin."""
    factors = np.ones(len(mass))
    iterations, gap, previous = 0, np.inf, np.inf
    # A small gap in the margins can hide a larger one in slowly converging factors: go on past
    # the tolerance, as long as the gap still falls. Where no factors meet the margins, they run
    # off to 0 and infinity: stop before they get there.
    while (
        iterations < max_iterations
        and not (gap <= tolerance and gap >= previous)
        and 1e-100 < factors.min() <= factors.max() < 1e100
    ):
        iterations, previous = iterations + 1, gap
        for level, target in zip(levels, targets, strict=True):
            factors = factors * (target / sum_by(level, mass * factors))[level]
        gap = gap_of(mass * factors, levels, targets)
    return factors, iterations
