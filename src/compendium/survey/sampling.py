"""A survey design on a frame: one `Sample` per item, ready for variance estimation.

Labels are encoded once; then each item's sample is the rows that carry weight for it, with the
stages of sampling counted on these rows alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from compendium.survey.arrays import FloatArray, IntArray
from compendium.survey.checks import Column, column, encode, numbers, quote
from compendium.survey.design import SurveyDesign
from compendium.survey.variance import Stage
from compendium.survey.weighting import Weights

if TYPE_CHECKING:
    from compendium.survey.calibration import Calibration

__all__ = ["BoundDesign", "Sample"]


@dataclass(frozen=True, eq=False)
class Sample:
    """The part of a frame that is the sample for one item.

    Parameters
    ----------
    rows
        Positions in the frame.
    weights, stratum, cluster, unit
        Per row of the sample: weight, and codes of the stratum, the first-stage unit and the
        unit of the last stage that the variance needs.
    stages
        Stages of sampling, for `variance`.
    calibration
        Margins the weights were calibrated to, if they were.
    """

    rows: IntArray
    weights: FloatArray
    stratum: IntArray
    cluster: IntArray
    unit: IntArray
    stages: tuple[Stage, ...]
    calibration: Calibration | None = None


class BoundDesign:
    """A design on a frame, its labels encoded once for all items.

    Parameters
    ----------
    design
        The design.
    frame
        One row per respondent.

    Raises
    ------
    ValueError
        If a column is absent, or a label or population size is missing.
    """

    def __init__(self, design: SurveyDesign, frame: pd.DataFrame) -> None:
        self.design = design
        self.frame = frame
        rows = len(frame)
        self.strata, self.stratum_labels = np.zeros(rows, dtype=np.intp), ["the whole frame"]
        if design.strata is not None:
            self.strata, self.stratum_labels = encode(
                column(frame, design.strata, "strata"), "strata"
            )
        given = _listed(design.clusters)
        encoded = [encode(column(frame, each, "clusters"), "clusters") for each in given]
        self.units = [codes for codes, _ in encoded] or [np.arange(rows)]
        self.unit_labels = [labels for _, labels in encoded] or [frame.index.tolist()]
        if given:
            self._check_nesting(column(frame, given[0], "clusters"))
        sizes = _listed(design.population_size)
        if sizes and len(sizes) != max(len(given), 1):
            raise ValueError(
                f"population_size: {len(sizes)} columns for {max(len(given), 1)} stages of "
                "sampling; give one for each stage"
            )
        self.sizes = [
            numbers(column(frame, each, "population_size"), "population_size") for each in sizes
        ]

    def _check_nesting(self, labels: pd.Series[Any]) -> None:
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
        """Find the sample for one item.

        Parameters
        ----------
        item
            Column of answers.
        weights
            Weights to use instead of the design's own.

        Returns
        -------
        Sample
            Rows that carry weight.

        Raises
        ------
        ValueError
            If weights are bad, a row with an answer has no weight, a stratum holds a single
            unit, or a population is smaller than its sample.
        """
        weights = weights or self.design.weigh(self.frame, item)
        values = weights.values.to_numpy(dtype=np.float64)
        if (values > 0).all():
            rows, stratum, cluster, unit, stages = self._everyone
        else:
            rows, stratum, cluster, unit, stages = self._structure(np.flatnonzero(values))
        calibration = weights.calibration
        return Sample(
            rows, values[rows], stratum, cluster, unit, stages,
            calibration if calibration is None else calibration.of_rows(rows),
        )  # fmt: skip

    @cached_property
    def _everyone(self) -> tuple[IntArray, IntArray, IntArray, IntArray, tuple[Stage, ...]]:
        return self._structure(np.arange(len(self.frame)))

    def _structure(
        self, rows: IntArray
    ) -> tuple[IntArray, IntArray, IntArray, IntArray, tuple[Stage, ...]]:
        """Codes and stages of sampling of these rows alone."""
        stratum, kept = _compact(self.strata[rows])
        parent, names = stratum, [self.stratum_labels[code] for code in kept]
        units = [codes[rows] for codes in self.units]
        stages: list[Stage] = []
        cluster = unit = stratum
        for depth, codes in enumerate(units if self.sizes else units[:1]):
            unit, _ = _compact(parent * (int(codes.max()) + 1) + codes if depth else codes)
            size = self.sizes[depth][rows] if self.sizes else None
            where = "strata" if depth == 0 else f"clusters of stage {depth}"
            single = self.design.single_cluster
            stages.append(_stage(unit, parent, size, single=single, where=where, names=names))
            cluster = cluster if depth else unit
            label_of = np.zeros(int(unit.max()) + 1, dtype=np.intp)
            label_of[unit] = codes
            parent, names = unit, [self.unit_labels[depth][code] for code in label_of]
        return rows, stratum, cluster, unit, tuple(stages)


def _listed(given: Column | Sequence[Column] | None) -> list[Column]:
    if given is None:
        return []
    return [given] if isinstance(given, str | pd.Series) else list(given)


def _compact(codes: IntArray) -> tuple[IntArray, IntArray]:
    """Renumber codes without gaps; also give the old code of each new one."""
    used = np.bincount(codes) > 0
    return (np.cumsum(used) - 1)[codes], np.flatnonzero(used)


def _stage(
    unit: IntArray,
    parent: IntArray,
    size: FloatArray | None,
    *,
    single: str,
    where: str,
    names: list,
) -> Stage:
    """Describe one stage from the unit, parent and population size of each row."""
    parent_of = np.zeros(int(unit.max()) + 1, dtype=np.intp)
    parent_of[unit] = parent
    drawn = np.bincount(parent_of).astype(np.float64)
    fraction = np.zeros(len(drawn))
    if size is not None:
        population = np.zeros(len(drawn))
        population[parent] = size
        for bad, why in (
            (population[parent] != size, "population_size differs between the rows of"),
            ((population < drawn)[parent], "population_size is below the units sampled in"),
        ):
            if bad.any():
                culprits = [names[code] for code in np.unique(parent[bad])]
                raise ValueError(f"{why} {where} {quote(culprits)}; correct the column")
        fraction = drawn / population
    alone = (drawn == 1) & (fraction < 1)
    if alone.any() and single == "raise":
        culprits = [names[code] for code in np.flatnonzero(alone)]
        raise ValueError(
            f"{where}: {quote(culprits)} hold a single sampled unit, so their variance is "
            "unknown; merge them with others, or choose single_cluster='certainty' or 'adjust'"
        )
    scale = (1 - fraction) * np.where(drawn > 1, drawn / np.maximum(drawn - 1, 1), 1.0)
    return Stage(parent_of, scale, fraction, np.where(alone & (single == "adjust"), 0.0, 1.0))
