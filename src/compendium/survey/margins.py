"""Weights that meet known margins of the population: post-stratification and raking.

Both start from base weights, work on the cells of the classification, check the totals that they
achieve, and keep what a standard error needs to know (see `compendium.survey.calibration`).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from compendium.survey.arrays import FloatArray, IntArray, sum_by
from compendium.survey.calibration import Calibration
from compendium.survey.checks import (
    Column,
    check_frame,
    check_number,
    check_option,
    column,
    is_number,
    named,
    stored_codes,
)
from compendium.survey.raking import cross, fit_margins
from compendium.survey.weighting import Totals, Weights, match_totals, weight_values

Base: TypeAlias = Weights | Column | None
Wanted: TypeAlias = dict[str, dict[Any, float]]
Residuals: TypeAlias = Literal["calibrate", "rake"]


def poststratify(
    frame: pd.DataFrame, cells: str | Sequence[str], totals: Totals, base: Base = None
) -> Weights:
    """Scale weights so that each cell sums to its total in the population.

    Parameters
    ----------
    frame
        One row per respondent.
    cells
        Column of the post-strata, or several columns to cross.
    totals
        Population total of each cell, by label; by tuple of labels for several columns. ValueError
        if a cell lacks a total or rows.
    base
        Weights to start from (column, Series or `Weights`); 1 for each row by default.

    Examples
    --------
    >>> frame = pd.DataFrame({"gender": ["f", "f", "m"]})
    >>> poststratify(frame, "gender", {"f": 5, "m": 5}).values.tolist()
    [2.5, 2.5, 5.0]
    """
    names = named(cells, "cells")
    start = _Start(frame, base)
    codes, levels, known = start.cross(frame, names)
    keys = [
        tuple(labels[code] for labels, code in zip(known, cell, strict=True))
        for cell in zip(*levels, strict=True)
    ]
    keys = [key[0] for key in keys] if len(names) == 1 else keys
    targets = match_totals(totals, keys, " x ".join(names))
    factors = targets / sum_by(codes, start.values)
    return Weights(
        values=start.weights(factors, codes),
        method="post-stratified",
        targets={" x ".join(names): dict(zip(keys, targets.tolist(), strict=True))},
        item=start.item,
        notes={"base": start.provenance},
        calibration=start.calibration(codes, [np.arange(len(keys))], start.values),
    )


def rake(  # noqa: PLR0917 - a published signature
    frame: pd.DataFrame,
    margins: Mapping[str, Totals],
    base: Base = None,
    bounds: tuple[float, float] | None = None,
    tolerance: float = 1e-10,
    max_iterations: int = 1000,
    standard_error: Residuals = "calibrate",
) -> Weights:
    """Adjust weights until every margin sums to its totals in the population.

    Parameters
    ----------
    frame, base
        As for `poststratify`.
    margins
        For each column, the population total of each of its levels. ValueError if a level is
        missing on either side, the margins' totals differ, or they cannot be met (with the gap of
        each level).
    bounds
        Smallest and largest ratio of a weight to its base weight.
    tolerance, max_iterations
        Largest relative difference between an achieved total and its target; passes over the
        margins before giving up.
    standard_error
        Which residuals the standard errors of estimates rest on. R has two answers for the same
        raked weights: ``"calibrate"`` regresses on the margins with the base weights (Deville and
        Särndal 1992; R's ``calibrate``), ``"rake"`` counts every row alike (R's ``rake``). They
        agree where the base weights are equal. The record of the weights names the choice.

    Examples
    --------
    >>> frame = pd.DataFrame({"sex": ["f", "f", "m", "m"], "age": ["old", "new", "old", "old"]})
    >>> weights = rake(frame, {"sex": {"f": 6, "m": 4}, "age": {"old": 7, "new": 3}})
    >>> weights.values.round(6).tolist(), weights.iterations > 0
    ([3.0, 3.0, 2.0, 2.0], True)
    """
    check_option("standard_error", standard_error, get_args(Residuals))
    check_number("tolerance", tolerance, 1e-15, 1)
    check_number("max_iterations", max_iterations, 1, whole=True)
    if not isinstance(margins, Mapping) or not margins:
        raise ValueError(
            "margins: name at least one column with the total of each of its levels, such as "
            "{'sex': {'female': 60, 'male': 40}}"
        )
    start = _Start(frame, base)
    codes, levels, known = start.cross(frame, list(margins))
    named = dict(zip(margins, known, strict=True))
    targets = [match_totals(margins[name], labels, name) for name, labels in named.items()]
    wanted: Wanted = {
        name: dict(zip(labels, target.tolist(), strict=True))
        for (name, labels), target in zip(named.items(), targets, strict=True)
    }
    _check_sums(wanted, tolerance)
    mass = sum_by(codes, start.values)
    if bounds is not None:
        _check_bounds(bounds, wanted, [sum_by(level, mass) for level in levels], tolerance)
    fit = fit_margins(
        mass, levels, targets, bounds, tolerance=tolerance, max_iterations=max_iterations
    )
    if not fit.largest_gap <= tolerance:
        achieved = [sum_by(level, mass * fit.factors) for level in levels]
        raise ValueError(_gaps(fit.iterations, wanted, achieved, tolerance))
    return Weights(
        values=start.weights(fit.factors, codes),
        method="raked",
        targets=wanted,
        item=start.item,
        iterations=fit.iterations,
        largest_gap=fit.largest_gap,
        trimmed=0 if bounds is None else int(np.isin(fit.factors, bounds)[codes].sum()),
        notes={
            "base": start.provenance,
            "bounds": bounds and list(bounds),
            "standard_error": f"R's {standard_error}",
        },
        calibration=start.calibration(
            codes,
            levels,
            start.values if standard_error == "calibrate" else np.ones(len(start.values)),
        ),
    )


class _Start:
    """The rows that carry base weight, and their weights."""

    def __init__(self, frame: pd.DataFrame, base: Base) -> None:
        check_frame(frame)
        self.index = frame.index
        self.item = base.item if isinstance(base, Weights) else None
        self.provenance: Any = None
        if base is None:
            values = np.ones(len(frame))
        elif isinstance(base, Weights):
            column(frame, base.values, "base")
            values, self.provenance = weight_values(base, "base"), base.record()
        else:
            series = column(frame, base, "base")
            values, self.provenance = weight_values(series, "base"), str(series.name)
        self.rows: IntArray | slice = slice(None)
        if not values.min(initial=1) > 0:
            self.rows = np.flatnonzero(values)
        self.values = values[self.rows]
        if not len(self.values):
            raise ValueError("frame: there are no rows to weight")

    def cross(
        self, frame: pd.DataFrame, names: Sequence[str]
    ) -> tuple[IntArray, list[IntArray], list[list]]:
        """Cell of each row; level of each cell, by column; labels of the levels with rows."""
        stored = [
            stored_codes(column(frame, name, "margins").iloc[self.rows], "margins")
            for name in names
        ]
        cells, levels = cross([codes for codes, _ in stored], [len(labels) for _, labels in stored])
        used = [np.unique(level, return_inverse=True) for level in levels]
        labels = [
            [labels[code] for code in codes]
            for (_, labels), (codes, _) in zip(stored, used, strict=True)
        ]
        return cells, [level for _, level in used], labels

    def weights(self, factors: FloatArray, cells: IntArray) -> pd.Series:
        raised = factors[cells]
        raised *= self.values
        return pd.Series(self.everyone(raised), index=self.index, name="weight", copy=False)

    def calibration(
        self, cells: IntArray, levels: Sequence[IntArray], regression: FloatArray
    ) -> Calibration:
        return Calibration(self.everyone(cells), tuple(levels), self.everyone(regression))

    def everyone(self, values: Any) -> Any:
        """Values of all rows of the frame, 0 where a row carries no base weight."""
        if isinstance(self.rows, slice):
            return values
        complete = np.zeros(len(self.index), dtype=values.dtype)
        complete[self.rows] = values
        return complete


def _check_sums(wanted: Wanted, tolerance: float) -> None:
    sums = {name: sum(totals.values()) for name, totals in wanted.items()}
    largest = max(sums.values())
    if largest - min(sums.values()) > tolerance * largest:
        listed = ", ".join(f"{name} {total:g}" for name, total in sums.items())
        raise ValueError(
            f"margins: their totals differ ({listed}), so no weights meet them all; rescale them "
            "to one population size"
        )


def _check_bounds(
    bounds: tuple[float, float], wanted: Wanted, by_margin: Sequence[FloatArray], tolerance: float
) -> None:
    pair = isinstance(bounds, Sequence) and len(bounds) == 2 and all(map(is_number, bounds))
    if not pair or not 0 <= bounds[0] < bounds[1]:
        raise ValueError(f"bounds: {bounds!r} is not 0 <= smallest < largest ratio")
    low, high = bounds
    for (name, totals), masses in zip(wanted.items(), by_margin, strict=True):
        for (level, total), mass in zip(totals.items(), masses, strict=True):
            slack = tolerance * total
            if not low * mass - slack <= total <= high * mass + slack:
                raise ValueError(
                    f"bounds: {name} {level!r} needs {total / mass:.6g} times its base weight, "
                    f"outside {low:g} to {high:g}; widen the bounds or merge the level"
                )


def _gaps(iterations: int, wanted: Wanted, achieved: Sequence[FloatArray], tolerance: float) -> str:
    """Name each level whose total is not met, with its gap."""
    missed = [
        f"{name} {level!r}: {reached:.6g} instead of {total:.6g} (gap {reached / total - 1:+.2g})"
        for (name, totals), sums in zip(wanted.items(), achieved, strict=True)
        for (level, total), reached in zip(totals.items(), sums, strict=True)
        if not abs(reached / total - 1) <= tolerance
    ]
    return (
        f"margins: not met after {iterations} passes; {'; '.join(missed)}. The combinations "
        "of levels in the frame do not allow these totals together: merge levels, drop a margin, "
        "widen the bounds, or allow more passes (max_iterations)"
    )
