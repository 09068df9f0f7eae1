r"""Factors that meet margins within bounds: raking with a floor and a ceiling.

Among the factors :math:`\min(U, \max(L, \exp(x'\eta)))` those that meet the margins maximise the
concave function :math:`t'\eta - \sum b\,\Phi(x'\eta)`, where t are the targets, b the base weights
and :math:`\Phi' = \min(U, \max(L, \exp))` (Deville and Särndal 1992, case 7). Its gradient is
what the margins lack. Newton's method with a little damping climbs it in a handful of steps,
where proportional fitting with clipped factors can need many thousands.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from compendium.survey.arrays import FloatArray, IntArray

ROUNDING = 1e-15  # of a function with values of about 1


class _Point(NamedTuple):
    """A point of the climb: exponents, factors, value, gradient."""

    exponents: FloatArray
    factors: FloatArray
    height: FloatArray
    gradient: FloatArray


def fit_bounded(
    mass: FloatArray,
    levels: Sequence[IntArray],
    targets: Sequence[FloatArray],
    bounds: tuple[float, float],
    *,
    start: FloatArray,
    tolerance: float,
    max_iterations: int,
) -> tuple[FloatArray, int]:
    """Find bounded factors that meet margins, as `raking.fit_margins` finds them without bounds.

    `start` holds factors that meet the margins without bounds. Returned are the factor of each cell
    and the steps taken; steps go on past the tolerance until rounding stops the gap from falling.
    """
    indicators = np.hstack(
        [np.eye(len(target))[level] for level, target in zip(levels, targets, strict=True)]
    )
    total = targets[0].sum()
    mass, target = mass / total, np.concatenate(targets) / total
    floor, ceiling = np.log(bounds[0]) if bounds[0] > 0 else -np.inf, np.log(bounds[1])

    def at(exponents: FloatArray) -> _Point:
        within = np.clip(exponents, floor, ceiling)
        factors = np.clip(np.exp(within), *bounds)
        # Φ is the exponential between the bounds, and goes on in straight lines beyond them.
        height = factors + factors * (exponents - within)
        return _Point(exponents, factors, height, target - indicators.T @ (mass * factors))

    def step(point: _Point) -> _Point | None:
        """Climb one step; None where no step is higher, for want of digits or of a solution."""
        free = (point.exponents > floor) & (point.exponents < ceiling)
        curvature = (indicators * (mass * point.factors * free)[:, None]).T
        # The damping vanishes with the gradient, and keeps levels without free cells in hand.
        steepest = np.abs(point.gradient).max()
        damping = max(1e-14, 1e-2 * steepest) * np.eye(len(target))
        move = np.linalg.solve(curvature @ indicators + damping, point.gradient)
        for size in 0.5 ** np.arange(40):
            moved = at(point.exponents + indicators @ (size * move))
            rise = size * (target @ move) - mass @ (moved.height - point.height)
            if (
                rise >= 1e-4 * size * (point.gradient @ move) - ROUNDING
                or np.abs(moved.gradient).max() < 0.9 * steepest
            ):
                return moved
        return None

    def gap(point: _Point) -> float:
        return float(np.abs(point.gradient / target).max())

    point, iterations = at(np.log(start)), 0
    while iterations < max_iterations:
        moved = step(point)
        if moved is None or (gap(point) <= tolerance and gap(moved) >= gap(point)):
            break
        iterations, point = iterations + 1, moved
    return point.factors, iterations


def clipped_factor(
    mass: FloatArray, start: FloatArray, bounds: tuple[float, float], target: float
) -> float:
    r"""Find c so that :math:`\sum m \min(U, \max(L, c s))` equals a target.

    m and s are positive; L may be 0, U infinite; the target lies from :math:`L \sum m` to
    :math:`U \sum m`. The sum rises piecewise linearly with c, so c is found without iterating.
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
    at = kinks[max(segment, 0)]
    below, above = low / start > at, high / start <= at
    free = ~(below | above)
    if not free.any():
        return float(at)
    clipped = low * mass[below].sum() + (high * mass[above].sum() if above.any() else 0.0)
    return float((target - clipped) / (mass[free] @ start[free]))
