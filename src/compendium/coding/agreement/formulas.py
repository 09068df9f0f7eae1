"""The coefficients as functions of sums over units.

For each coefficient: what to sum over the units of a cluster, and how the value follows from arrays
whose last axis holds the sums, a thousand bootstrap replicates at once. A value that is 0/0 is nan
here, but never leaves the package as such: the results say None and why.
"""

from functools import partial

import numpy as np

from compendium.coding.agreement.bootstrap import Formula
from compendium.coding.agreement.cells import MISSING, Cells, FloatArray, IntArray

TINY = 1e-12
WEIGHTS = ("none", "linear", "quadratic")


def divide(above: FloatArray, below: FloatArray) -> FloatArray:
    """Divide, with nan where the divisor is zero."""
    zero = np.abs(below) < TINY
    return np.where(zero, np.nan, above / np.where(zero, 1.0, below))


def credits_of(size: int, weights: str) -> FloatArray:
    """Return the credit of each pair of ordered categories: 1 for the same, 0 for the two ends."""
    position = np.arange(size) / max(size - 1, 1)
    apart = np.abs(position[:, None] - position)
    return {"none": 1.0 * (apart == 0), "linear": 1 - apart, "quadratic": 1 - apart**2}[weights]


def add_pairs(cells: Cells, table: FloatArray | None = None) -> FloatArray:
    """Sum over the ordered pairs of raters of a unit; default: pairs of the same rating.

    `table` holds what a pair of ratings counts, categories x categories.
    """
    total = np.zeros(len(cells.weight))
    columns = list(cells.ratings.T)
    for i, left in enumerate(columns):
        for right in columns[i + 1 :]:
            counts = left == right if table is None else table[left, right]
            total += 2.0 * counts * ((left != MISSING) & (right != MISSING))
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


def cohen(weights: str = "none") -> Formula:
    """Cohen's kappa (1960), weighted (1968)."""
    name = "Cohen's kappa" + (f" ({weights})" if weights != "none" else "")
    sums, value = partial(_cohen_sums, weights=weights), partial(_cohen_value, weights=weights)
    return Formula(name, sums, value, _cohen_undefined)


def gwet(weights: str = "none") -> Formula:
    """Gwet's AC1 (2008), AC2 with weights (2014)."""
    name = "Gwet's AC1" if weights == "none" else f"Gwet's AC2 ({weights})"
    sums, value = partial(_chance_sums, weights=weights), partial(_gwet_value, weights=weights)
    return Formula(name, sums, value, no_variation)


def _pair_shares(cells: Cells, weights: str = "none") -> tuple[FloatArray, FloatArray]:
    credit = None if weights == "none" else credits_of(len(cells.categories), weights)
    ratings = cells.n_ratings
    paired = ratings >= 2
    pairs = np.where(paired, ratings * (ratings - 1), 1.0)
    return cells.add_up(add_pairs(cells, credit) / pairs), cells.add_up(paired.astype(float))


def _percent_sums(cells: Cells) -> FloatArray:
    return np.column_stack(_pair_shares(cells))


def _ratio(sums: FloatArray) -> FloatArray:
    return divide(sums[..., 0], sums[..., 1])


def _chance_sums(cells: Cells, weights: str = "none") -> FloatArray:
    """Agreement, units with two ratings, units with one, and each unit's share per category."""
    ratings = cells.n_ratings
    rated = (ratings > 0).astype(float)
    shares = category_sums(cells, rated / np.maximum(ratings, 1))
    return np.column_stack([*_pair_shares(cells, weights), cells.add_up(rated), shares])


def _beyond_chance(sums: FloatArray, chance: FloatArray) -> FloatArray:
    return divide(_ratio(sums) - chance, 1 - chance)


def _category_shares(sums: FloatArray) -> FloatArray:
    return divide(sums[..., 3:], sums[..., 2:3])


def _fleiss_value(sums: FloatArray) -> FloatArray:
    return _beyond_chance(sums, (_category_shares(sums) ** 2).sum(axis=-1))


def _gwet_value(sums: FloatArray, weights: str) -> FloatArray:
    shares = _category_shares(sums)
    size = shares.shape[-1]
    credit = credits_of(size, weights).sum() / (size * (size - 1))
    return _beyond_chance(sums, credit * (shares * (1 - shares)).sum(axis=-1))


def _brennan_prediger_value(sums: FloatArray) -> FloatArray:
    return _beyond_chance(sums, np.full(sums.shape[:-1], 1 / (sums.shape[-1] - 3)))


def _cohen_sums(cells: Cells, weights: str) -> FloatArray:
    first, second = _two_raters(cells)
    both = (first != MISSING) & (second != MISSING)
    size, ones = len(cells.categories), both.astype(float)
    return np.column_stack(
        [
            cells.add_up(ones * credits_of(size, weights)[first, second]),
            cells.add_up(ones),
            cells.add_up_by(first, size, ones),
            cells.add_up_by(second, size, ones),
        ]
    )


def _cohen_value(sums: FloatArray, weights: str) -> FloatArray:
    size = (sums.shape[-1] - 2) // 2
    first, second = sums[..., 2 : 2 + size], sums[..., 2 + size :]
    expected = ((first @ credits_of(size, weights)) * second).sum(axis=-1)
    return _beyond_chance(sums, divide(expected, sums[..., 1] ** 2))


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


def _chosen(cells: Cells, category: int) -> str:
    """Say that agreement on a category is undefined because nobody chose it, if so."""
    chosen = ((cells.ratings == category).any(axis=1) & (cells.n_ratings >= 2)).any()
    return too_few_ratings(cells) or (
        "" if chosen else f"no unit with two ratings was rated {category}"
    )


def _specific_sums(cells: Cells, category: int) -> FloatArray:
    """Pairs of raters who both chose the category, and pairs of whom one did."""
    chose = (cells.ratings == category).sum(axis=1).astype(float)
    return np.column_stack(
        [cells.add_up(chose * (chose - 1)), cells.add_up(chose * (cells.n_ratings - 1))]
    )


def _jaccard_sums(cells: Cells) -> FloatArray:
    """Units to which all raters said yes, and units to which one did."""
    yes, paired = (cells.ratings == 1).sum(axis=1), cells.n_ratings >= 2
    both, either = paired & (yes == cells.n_ratings), paired & (yes > 0)
    return np.column_stack([cells.add_up(both.astype(float)), cells.add_up(either.astype(float))])


def _specific(name: str, category: int) -> Formula:
    """Agreement on one category (Spitzer & Fleiss 1974)."""
    sums = partial(_specific_sums, category=category)
    return Formula(name, sums, _ratio, partial(_chosen, category=category))


PERCENT = Formula("percent agreement", _percent_sums, _ratio, too_few_ratings)
FLEISS = Formula("Fleiss' kappa", _chance_sums, _fleiss_value, no_variation)
BRENNAN_PREDIGER = Formula("Brennan-Prediger", _chance_sums, _brennan_prediger_value, no_variation)
POSITIVE = _specific("positive agreement", 1)
NEGATIVE = _specific("negative agreement", 0)
JACCARD = Formula("Jaccard index", _jaccard_sums, _ratio, partial(_chosen, category=1))
