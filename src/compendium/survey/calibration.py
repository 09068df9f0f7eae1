"""Calibration of weights to known margins: the fit, and what it does to standard errors.

Rows with the same combination of margin levels get the same factor, so everything happens on the
cells of the cross-classification. A calibrated estimate varies only as far as its answers are not
explained by the margins: its standard error comes from the residuals of a regression of the
linearised scores on the margin indicators, with the weights before calibration (Deville and Särndal
1992; R's ``calibrate``).
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from compendium.survey.arrays import FloatArray, IntArray, sum_by


@dataclass(frozen=True, eq=False)
class Calibration:
    """Margins that weights were calibrated to.

    `cells` has the cell of each row, `levels`, for each margin, the level of each cell. `base` is
    the weight of each row in the regression: that before calibration, or 1 as in R's ``rake``.
    """

    cells: IntArray
    levels: tuple[IntArray, ...]
    base: FloatArray

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.levels[0])

    def of_rows(self, rows: IntArray) -> Self:
        """Keep these rows only, which must include every row with a base weight."""
        return replace(self, cells=self.cells[rows], base=self.base[rows])

    def residuals(self, scores: FloatArray) -> FloatArray:
        """Take out of unweighted scores, of shape (rows, columns), what the margins explain."""
        summed = sum_by(self.cells, scores * self.base[:, None], self.size)
        return scores - self.fit(summed)[self.cells]

    def fit(self, summed: FloatArray) -> FloatArray:
        """Fit sums by cell of scores times base, of shape (cells, columns), by the margins."""
        mass = sum_by(self.cells, self.base, self.size)
        if len(self.levels) == 1:  # a regression on one classification is its means
            level = self.levels[0]
            mass, summed = sum_by(level, mass)[:, None], sum_by(level, summed)
            return np.divide(summed, mass, out=np.zeros_like(summed), where=mass > 0)[level]
        # A cell's rows share their indicators: regress cell means, weighted by the cells' mass.
        root = np.sqrt(mass)[:, None]
        target = np.divide(summed, root, out=np.zeros_like(summed), where=root > 0)
        indicators = np.hstack([np.eye(int(level.max()) + 1)[level] for level in self.levels])
        slopes = np.linalg.lstsq(indicators * root, target, rcond=1e-12)[0]
        return indicators @ slopes
