r"""Moments of weights by stratum, group and answer: enough where each row is a sampled unit.

Then all rows of a stratum with the same answer have scores that differ by their weights alone, so
that counts, sums and sums of squares of the weights give the linearised variance (see `shares`)
without a look at the rows.
"""

from dataclasses import dataclass

import numpy as np

from compendium.survey.arrays import FloatArray, IntArray
from compendium.survey.sampling import Sample


@dataclass(frozen=True, eq=False)
class RowMoments:
    """Counts and moments of weights by stratum, group and level, each row being a unit.

    `counts`, `sums` and `within` (squared deviations of weights from their mean) have the shape
    (strata, groups, levels); `drawn` and `scale` are, for each stratum, the rows drawn and the
    factor of its sum of squares.
    """

    counts: FloatArray
    sums: FloatArray
    within: FloatArray
    drawn: FloatArray
    scale: FloatArray

    @property
    def mean(self) -> FloatArray:
        """Mean weight."""
        return np.divide(
            self.sums, self.counts, out=np.zeros_like(self.sums), where=self.counts > 0
        )

    @property
    def total(self) -> FloatArray:
        """Weights summed over strata."""
        return self.sums.sum(axis=0)

    @property
    def squares(self) -> FloatArray:
        """Squared weights summed over strata."""
        return (self.within + self.mean * self.sums).sum(axis=0)

    @property
    def n(self) -> IntArray:
        """Answers of each group."""
        return self.counts.sum(axis=(0, 2)).astype(np.intp)

    @property
    def df(self) -> IntArray:
        """Rows less strata of each group."""
        counts = self.counts.sum(axis=2)
        return counts.sum(axis=0).astype(np.intp) - (counts > 0).sum(axis=0)

    def variance(self, share: FloatArray, whole: FloatArray) -> FloatArray:
        """Linearised variance of shares, shape (groups, levels); `whole` is their total weight."""
        # factor[g, l, k]: what the weight of a row with answer k is multiplied by for level l.
        factor = np.eye(share.shape[1]) - share[:, :, None]
        drawn = self.drawn[:, None, None]
        sums = self.sums - self.sums.sum(axis=2, keepdims=True) * share
        centre = sums / drawn
        apart = factor * self.mean[:, :, None, :] - centre[..., None]
        inside = (factor**2 * self.within[:, :, None, :]).sum(axis=3)
        between = (apart**2 * self.counts[:, :, None, :]).sum(axis=3)
        outside = centre**2 * (drawn - self.counts.sum(axis=2, keepdims=True))
        spread = (inside + between + outside) * self.scale[:, None, None]
        return spread.sum(axis=0) / whole**2


def row_moments(sample: Sample, cells: IntArray, shape: tuple[int, int]) -> RowMoments:
    """Count rows of a sample each of which is a unit, and sum the moments of their weights.

    `cells` is as for `shares.estimate_shares`; `shape` says how many groups and levels there are.
    """
    strata, width = len(sample.stages[0].scale), shape[0] * shape[1] + 1
    joint = sample.stratum * width + cells if strata > 1 else cells

    def collect(values: FloatArray | None) -> FloatArray:
        sums = np.bincount(joint, values, strata * width).reshape(strata, width)
        return sums[:, :-1].reshape(strata, *shape).astype(np.float64)

    counts = collect(None)
    usual, apart, apart_squared = sample.spread
    sums, within = counts * usual[:, None, None], np.zeros_like(counts)
    if apart is not None:
        # Moments around the stratum's mean weight: exact where weights do not vary.
        extra = collect(apart)
        sums += extra
        drift = np.divide(extra**2, counts, out=within.copy(), where=counts > 0)
        within = np.maximum(collect(apart_squared) - drift, 0)
    stage = sample.stages[0]
    return RowMoments(counts, sums, within, stage.drawn, stage.scale)
