"""Shares of answers with linearised variances, for all groups of a frame in a few passes.

The rows are summed once, by sampled unit, group and answer; what follows is arithmetic on these
sums. The linearised score of a row for the share p of a level is :math:`w (1 - p) / W` if the row
gave that answer, :math:`-w p / W` if it gave another, and 0 outside the group, with W the group's
total weight (Lumley 2010, section 2.2.1). Where each row is a sampled unit of its own there is
nothing to sum it into; see `moments`.
"""

from dataclasses import dataclass

import numpy as np

from compendium.survey.arrays import FloatArray, IntArray, sum_by
from compendium.survey.moments import RowMoments, row_moments
from compendium.survey.sampling import Sample
from compendium.survey.variance import total_covariance, total_variance


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of several groups.

    `share` and `variance` have a row per group and a column per level, null for a group without
    answers; `n`, `df` (first-stage units less strata, of those with answers) and `kish` (Kish's
    effective sample size) are by group.
    """

    n: IntArray
    share: FloatArray
    variance: FloatArray
    df: IntArray
    kish: FloatArray


def estimate_shares(sample: Sample, cells: IntArray, groups: int, levels: int) -> Shares:
    """Estimate the share of each level in each group.

    `cells` holds, for each row of the sample, group * levels + level; groups * levels for a row
    without an answer or weight.
    """
    shape = (groups, levels)
    by_rows = sample.each_row_is_a_unit and sample.calibration is None
    return finish_shares(
        row_moments(sample, cells, shape) if by_rows else _UnitSums(sample, cells, shape)
    )


def finish_shares(weighted: "RowMoments | _UnitSums") -> Shares:
    """Estimate shares from sums by stratum or unit, group and level."""
    whole = weighted.total.sum(axis=1, keepdims=True)
    whole[whole == 0] = np.nan
    share = weighted.total / whole
    kish = np.full(len(share), np.nan)
    if ((share == 0) | (share == 1)).any():  # only their intervals ask for it
        kish = whole[:, 0] ** 2 / weighted.squares.sum(axis=1)
    filled = np.nan_to_num(share), np.nan_to_num(whole, nan=1.0)
    variance = np.where(np.isnan(share), np.nan, weighted.variance(*filled))
    return Shares(weighted.n, share, variance, weighted.df, kish)


def share_covariance(sample: Sample, cells: IntArray, levels: int) -> tuple[Shares, FloatArray]:
    """Estimate shares among all answers, with their covariance matrix (levels by levels).

    `cells` holds, for each row of the sample, its level; `levels` without an answer or weight.
    """
    shares = estimate_shares(sample, cells, 1, levels)
    scores = _UnitSums(sample, cells, (1, levels)).scores(
        shares.share, sample.weights[cells < levels].sum(keepdims=True)
    )
    return shares, total_covariance(sample.stages, scores)


class _UnitSums:
    """Weights summed by unit of the last stage, group and level."""

    def __init__(self, sample: Sample, cells: IntArray, shape: tuple[int, int]) -> None:
        self.sample, self.cells, self.shape = sample, cells, shape
        units, width = len(sample.stages[-1].parent), shape[0] * shape[1] + 1
        sums = sum_by(sample.unit * width + cells, sample.weights, units * width)
        self.sums = sums.reshape(units, width)[:, :-1].reshape(units, *shape)
        self.total = self.sums.sum(axis=0)

    @property
    def squares(self) -> FloatArray:
        width = self.shape[0] * self.shape[1] + 1
        return sum_by(self.cells, self.sample.weights**2, width)[:-1].reshape(self.shape)

    @property
    def n(self) -> IntArray:
        counts = np.bincount(self.cells, minlength=self.shape[0] * self.shape[1] + 1)
        return counts[:-1].reshape(self.shape).sum(axis=1)

    @property
    def df(self) -> IntArray:
        present = (self.sums.sum(axis=2) > 0).astype(np.float64)
        for stage in reversed(self.sample.stages[1:]):
            present = (sum_by(stage.parent, present) > 0).astype(np.float64)
        strata = sum_by(self.sample.stages[0].parent, present) > 0
        return present.sum(axis=0).astype(np.intp) - strata.sum(axis=0)

    def scores(self, share: FloatArray, whole: FloatArray) -> FloatArray:
        """Scores summed to units, shape (units, groups * levels)."""
        scores = self.sums - self.sums.sum(axis=2, keepdims=True) * share
        scores = (scores / whole).reshape(len(scores), -1)
        calibration = self.sample.calibration
        if calibration is None:
            return scores
        # What the margins explain is the same for all rows of a calibration cell.
        size, width = calibration.size, scores.shape[1] + 1
        joint = calibration.cells * width + self.cells
        sums = sum_by(joint, calibration.base, size * width).reshape(size, width)
        base = sums[:, :-1].reshape(size, *self.shape)
        base = (base - base.sum(axis=2, keepdims=True) * share) / whole
        fitted = calibration.fit(base.reshape(size, -1))
        return scores - self.sample.cell_weights @ fitted

    def variance(self, share: FloatArray, whole: FloatArray) -> FloatArray:
        return total_variance(self.sample.stages, self.scores(share, whole)).reshape(self.shape)
