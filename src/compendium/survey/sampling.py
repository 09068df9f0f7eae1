"""A survey design on a frame: one `Sample` per item, ready for variance estimation.

Labels are encoded once. Each item's sample is the whole frame or, where weights are made for one
item, the rows that carry weight for it, with the stages of sampling counted on these rows alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from compendium.survey.arrays import FloatArray, IntArray, sum_by
from compendium.survey.checks import check_frame, column, encode, numbers, quote
from compendium.survey.design import SurveyDesign, listed
from compendium.survey.stages import Stage, compact, make_stage
from compendium.survey.weighting import Weights

if TYPE_CHECKING:
    from compendium.survey.calibration import Calibration

Structure: TypeAlias = tuple[IntArray, IntArray, IntArray, tuple[Stage, ...]]


@dataclass(frozen=True, eq=False)
class Sample:
    """The part of a frame that is the sample for one item.

    `rows` are positions in the frame (a full slice for all of them). Per row of the sample,
    `weights` are 0 outside every estimate, and `stratum`, `cluster` and `unit` are codes of the
    stratum, the first-stage unit and the unit of the last stage that the variance needs. `stages`
    are those of sampling, `calibration` the margins the weights were calibrated to, if they were.
    """

    rows: IntArray | slice
    weights: FloatArray
    stratum: IntArray
    cluster: IntArray
    unit: IntArray
    stages: tuple[Stage, ...]
    calibration: Calibration | None = None

    @property
    def each_row_is_a_unit(self) -> bool:
        """Whether each row was drawn by itself, and counts around its stratum's mean."""
        stage = self.stages[0]
        alone = len(self.stages) == 1 and len(stage.parent) == len(self.weights)
        return alone and bool(stage.centred.all())

    @cached_property
    def spread(self) -> tuple[FloatArray, FloatArray | None, FloatArray | None]:
        """Mean weight of each stratum; each row's deviation from it, and its square.

        Without deviations, where they are no more than rounding.
        """
        usual = sum_by(self.stratum, self.weights) / np.bincount(self.stratum)
        apart = self.weights - usual[self.stratum]
        if np.abs(apart).max() <= 1e-14 * self.weights.max():
            return usual, None, None
        return usual, apart, apart**2

    @cached_property
    def cell_weights(self) -> Any:
        """Weights summed by unit of the last stage and calibration cell, as a sparse matrix."""
        from scipy.sparse import coo_array  # here: slow to import

        assert self.calibration is not None
        shape = (len(self.stages[-1].parent), self.calibration.size)
        return coo_array((self.weights, (self.unit, self.calibration.cells)), shape).tocsr()


class BoundDesign:
    """A design on a frame of one row per respondent, its labels encoded once for all items."""

    def __init__(self, design: SurveyDesign | None, frame: pd.DataFrame) -> None:
        check_frame(frame)
        if not isinstance(design, SurveyDesign):
            what = "none" if design is None else f"a {type(design).__name__}, no SurveyDesign,"
            raise ValueError(
                f"design: {what} is given; say how the rows were drawn and weighted, for instance "
                "SurveyDesign('weight', strata='region'), or SurveyDesign(None) where every row "
                "counts alike"
            )
        self.design = design
        self.frame = frame
        rows = len(frame)
        self.strata, self.stratum_labels = np.zeros(rows, dtype=np.intp), ["the whole frame"]
        if design.strata is not None:
            self.strata, self.stratum_labels = encode(
                column(frame, design.strata, "strata"), "strata"
            )
        given = listed(design.clusters, "clusters")
        encoded = [encode(column(frame, each, "clusters"), "clusters") for each in given]
        self.units = [codes for codes, _ in encoded] or [np.arange(rows)]
        self.unit_labels = [labels for _, labels in encoded]
        if given:
            self._check_nesting(column(frame, given[0], "clusters"))
        sizes = listed(design.population_size, "population_size")
        if sizes and len(sizes) != max(len(given), 1):
            raise ValueError(
                f"population_size: {len(sizes)} columns for {max(len(given), 1)} stages of "
                "sampling; give one for each stage"
            )
        self.sizes = [
            numbers(column(frame, each, "population_size"), "population_size") for each in sizes
        ]

    def _check_nesting(self, labels: pd.Series) -> None:
        """Refuse a cluster label that occurs in two strata: one unit or two, we cannot know."""
        clusters = self.units[0]
        home = np.zeros(int(clusters.max(initial=-1)) + 1, dtype=np.intp)
        home[clusters] = self.strata
        astray = home[clusters] != self.strata
        if astray.any():
            raise ValueError(
                f"clusters: {quote(labels[astray].unique())} in column {labels.name!r} occur in "
                "more than one stratum; make labels unique, for instance by joining the "
                "stratum's and the cluster's label"
            )

    def sample(self, item: str | None = None, weights: Weights | None = None) -> Sample:
        """Find the sample for one item, by the design's weights or by others."""
        source = self.design.weights
        if weights is not None:
            return self._weighted(weights)
        if callable(source) or (isinstance(source, Weights) and source.item is not None):
            return self._weighted(self.design.weigh(self.frame, item))
        return self._fixed

    @cached_property
    def _fixed(self) -> Sample:
        """The sample of every item, where weights do not depend on the item."""
        return self._weighted(self.design.weigh(self.frame))

    def _weighted(self, weights: Weights) -> Sample:
        values, calibration = weights.values.to_numpy(dtype=np.float64), weights.calibration
        rows: IntArray | slice = slice(None)
        structure = self._everyone
        if weights.item is not None and not values.all():  # no answer, no place in the sample
            rows = np.flatnonzero(values)
            structure = self._structure(rows)
            calibration = calibration and calibration.of_rows(rows)
        return Sample(rows, values[rows], *structure, calibration)

    @cached_property
    def _everyone(self) -> Structure:
        return self._structure(slice(None))

    def _structure(self, rows: IntArray | slice) -> Structure:
        """Codes and stages of sampling of these rows alone."""
        stratum, kept = compact(self.strata[rows])
        parent, names = stratum, [self.stratum_labels[code] for code in kept]
        units = [codes[rows] for codes in self.units]
        stages: list[Stage] = []
        cluster = unit = stratum
        for depth, codes in enumerate(units if self.sizes else units[:1]):
            if self.unit_labels:
                joint = parent * (int(codes.max()) + 1) + codes if depth else codes
                unit, label_of = compact(joint)
            else:  # each row is a unit
                unit = label_of = np.arange(len(codes))
            size = self.sizes[depth][rows] if self.sizes else None
            where = "strata" if depth == 0 else f"clusters of stage {depth}"
            single = self.design.single_cluster
            stages.append(make_stage(unit, parent, size, single=single, where=where, names=names))
            cluster = cluster if depth else unit
            if depth + 1 < len(units):
                labels, size_of = self.unit_labels[depth], int(codes.max()) + 1
                parent, names = unit, [labels[code % size_of] for code in label_of]
        return stratum, cluster, unit, tuple(stages)
