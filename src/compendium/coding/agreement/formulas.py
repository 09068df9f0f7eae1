"""The coefficients as functions of sums over units.

For each coefficient: what to sum over the units of a cluster, and how the value follows from the
sums. Written for arrays whose last axis holds the sums, so that one call serves a thousand
bootstrap replicates. A value that is 0/0 comes out as nan here and never leaves the package as
such: the results say None and why.
"""

from __future__ import annotations

import numpy as np

from compendium.coding.agreement.bootstrap import Formula
from compendium.coding.agreement.cells import MISSING, Cells, FloatArray, IntArray

TINY = 1e-12


def divide(above: FloatArray, below: FloatArray) -> FloatArray:
    """Divide, with nan where the divisor is zero."""
    zero = np.abs(below) < TINY
    return np.where(zero, np.nan, above / np.where(zero, 1.0, below))


def agreeing_pairs(cells: Cells) -> FloatArray:
    """Ordered pairs of raters who gave a unit the same rating."""
    total = np.zeros(len(cells.weight))
    columns = list(cells.ratings.T)
    for i, left in enumerate(columns):
        for right in columns[i + 1 :]:
            total += 2.0 * ((left == right) & (left != MISSING))
    return total


def category_sums(cells: Cells, values: FloatArray) -> FloatArray:
    """Clusters x categories: `values` per unit, once for each rater who chose the category."""
    size = len(cells.categories)
    total = np.zeros((cells.n_groups, size))
    for rater in cells.ratings.T:
        total += cells.add_up_by(rater, size, values)
    return total


def too_few_ratings(cells: Cells) -> str:
    """Say why there is no agreement to speak of, if so."""
    raters = int((cells.ratings != MISSING).any(axis=0).sum())
    if raters < 2:
        return f"{'one rater' if raters else 'no rater'} only: agreement needs two"
    return "" if cells.n_units else "no unit has two ratings"


def no_variation(cells: Cells) -> str:
    """Say why agreement beyond chance cannot be judged, if so."""
    reason = too_few_ratings(cells)
    if reason:
        return reason
    paired = cells.ratings[cells.n_ratings >= 2]
    used = paired[paired != MISSING]
    if used.min() < used.max():
        return ""
    only = cells.categories[int(used[0])]
    return f"every rating is {only!r}: agreement beyond chance cannot be judged"


def _pair_shares(cells: Cells) -> tuple[FloatArray, FloatArray]:
    ratings = cells.n_ratings
    paired = ratings >= 2
    pairs = np.where(paired, ratings * (ratings - 1), 1.0)
    share = np.where(paired, agreeing_pairs(cells) / pairs, 0.0)
    return cells.add_up(share), cells.add_up(paired.astype(float))


def _percent_sums(cells: Cells) -> FloatArray:
    return np.column_stack(_pair_shares(cells))


def _percent_value(sums: FloatArray) -> FloatArray:
    return divide(sums[..., 0], sums[..., 1])


def _chance_sums(cells: Cells) -> FloatArray:
    """Agreement, units with two ratings, units with one, and each unit's share per category."""
    ratings = cells.n_ratings
    rated = (ratings > 0).astype(float)
    shares = category_sums(cells, rated / np.maximum(ratings, 1))
    return np.column_stack([*_pair_shares(cells), cells.add_up(rated), shares])


def _beyond_chance(sums: FloatArray, chance: FloatArray) -> FloatArray:
    return divide(divide(sums[..., 0], sums[..., 1]) - chance, 1 - chance)


def _category_shares(sums: FloatArray) -> FloatArray:
    return divide(sums[..., 3:], sums[..., 2:3])


def _fleiss_value(sums: FloatArray) -> FloatArray:
    return _beyond_chance(sums, (_category_shares(sums) ** 2).sum(axis=-1))


def _ac1_value(sums: FloatArray) -> FloatArray:
    shares = _category_shares(sums)
    return _beyond_chance(sums, (shares * (1 - shares)).sum(axis=-1) / (shares.shape[-1] - 1))


def _brennan_prediger_value(sums: FloatArray) -> FloatArray:
    return _beyond_chance(sums, np.full(sums.shape[:-1], 1 / (sums.shape[-1] - 3)))


def _cohen_sums(cells: Cells) -> FloatArray:
    first, second = _two_raters(cells)
    both = (first != MISSING) & (second != MISSING)
    size, ones = len(cells.categories), both.astype(float)
    return np.column_stack(
        [
            cells.add_up(ones * (first == second)),
            cells.add_up(ones),
            cells.add_up_by(first, size, ones),
            cells.add_up_by(second, size, ones),
        ]
    )


def _cohen_value(sums: FloatArray) -> FloatArray:
    size = (sums.shape[-1] - 2) // 2
    n = sums[..., 1]
    chance = divide((sums[..., 2 : 2 + size] * sums[..., 2 + size :]).sum(axis=-1), n**2)
    return _beyond_chance(sums, chance)


def _two_raters(cells: Cells) -> tuple[IntArray, IntArray]:
    if cells.ratings.shape[1] != 2:
        raise ValueError(
            f"Cohen's kappa is for 2 raters, these are {cells.ratings.shape[1]}; "
            "use fleiss_kappa or krippendorff_alpha."
        )
    return cells.ratings[:, 0], cells.ratings[:, 1]


def _cohen_undefined(cells: Cells) -> str:
    _two_raters(cells)
    return no_variation(cells)


def _specific(name: str, category: int) -> Formula:
    """Agreement on one category (Spitzer & Fleiss 1974), in Formula's terms."""

    def sums(cells: Cells) -> FloatArray:
        chose = (cells.ratings == category).sum(axis=1).astype(float)
        return np.column_stack(
            [cells.add_up(chose * (chose - 1)), cells.add_up(chose * (cells.n_ratings - 1))]
        )

    def undefined(cells: Cells) -> str:
        reason = too_few_ratings(cells)
        chosen = ((cells.ratings == category).any(axis=1) & (cells.n_ratings >= 2)).any()
        return reason or ("" if chosen else f"no unit with two ratings was rated {category}")

    return Formula(name, sums, _percent_value, undefined)


PERCENT = Formula("percent agreement", _percent_sums, _percent_value, too_few_ratings)
COHEN = Formula("Cohen's kappa", _cohen_sums, _cohen_value, _cohen_undefined)
FLEISS = Formula("Fleiss' kappa", _chance_sums, _fleiss_value, no_variation)
AC1 = Formula("Gwet's AC1", _chance_sums, _ac1_value, no_variation)
BRENNAN_PREDIGER = Formula("Brennan-Prediger", _chance_sums, _brennan_prediger_value, no_variation)
POSITIVE = _specific("positive agreement", 1)
NEGATIVE = _specific("negative agreement", 0)
