"""Krippendorff's alpha: for names, ranks, numbers and sets of codes.

Alpha compares the disagreement within units with that expected if all paired ratings were dealt out
at random. Disagreement is a distance between two ratings: 0 or 1 for names, squared differences (of
mid-ranks for ordered ratings), and MASI for sets, which gives credit where sets of codes overlap.

References
----------
Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.
Passonneau, R. (2006). Measuring agreement on set-valued items (MASI). LREC 2006, 831-836.
"""

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Unpack

import numpy as np

from compendium.coding.agreement.bootstrap import Agreement, Formula, Resampling, estimate
from compendium.coding.agreement.cells import MISSING, Cells, FloatArray, collapse
from compendium.coding.agreement.coefficients import Ratings, check_order
from compendium.coding.agreement.formulas import add_pairs, category_sums, divide, no_variation

MAXIMUM_RATINGS = 5_000  # different ones; the table of their distances has to fit in memory


def krippendorff_alpha(
    ratings: Ratings,
    level: str = "nominal",
    categories: Sequence[Hashable] | None = None,
    **resampling: Unpack[Resampling],
) -> Agreement:
    r"""Krippendorff's alpha of any number of raters.

    .. math:: \alpha = 1 - \frac{D_o}{D_e}
        = 1 - (n - 1) \frac{\sum_{ck} o_{ck} d_{ck}}{\sum_{ck} n_c n_k d_{ck}}

    with the coincidences :math:`o_{ck}` of ratings c and k within units, their margins :math:`n_c`,
    their sum n, and the distance d (Krippendorff 2011). Undefined (None) when no unit has two
    ratings or every paired rating is the same.

    Parameters
    ----------
    ratings
        Units x raters; missing allowed.
    level
        `nominal`; `ordinal` (numbers, an ordered categorical dtype, or `categories`); `interval`,
        d = (c - k)^2; `ratio`, d = ((c - k) / (c + k))^2. ValueError for texts without an order,
        numbers that are not finite (ratio: below zero), or more than 5,000 different ones.
    categories
        The possible ratings, in order for `ordinal`.
    **resampling
        See `Resampling`.

    Examples
    --------
    >>> ratings = [[1, 1], [2, 2], [3, 2], [3, 3], [1, None]]
    >>> [round(krippendorff_alpha(ratings, level, replicates=0).value, 3)
    ...  for level in ("nominal", "ordinal", "interval", "ratio")]
    [0.667, 0.79, 0.821, 0.889]
    """
    cells = collapse(ratings, resampling.get("clusters"), categories)
    if level == "nominal":
        return estimate(NOMINAL, cells, resampling)
    if level == "ordinal":
        check_order(cells, ratings, categories)
        return estimate(ORDINAL, cells, resampling)
    if level not in ("interval", "ratio"):
        raise ValueError(f"level: {level!r} is not one of nominal, ordinal, interval, ratio.")
    least, name = (0, "a number from zero up") if level == "ratio" else (-np.inf, "a finite number")
    for value in cells.categories:
        number = isinstance(value, int | float | np.number) and np.isfinite(value)
        if not number or value < least:  # type: ignore[operator]
            raise ValueError(f"ratings: {value!r} is not {name}, which level {level!r} needs.")
    distances = partial(_number_distances, level=level)
    return _estimate_by_distance(f"Krippendorff's alpha ({level})", distances, cells, resampling)


def set_alpha(
    ratings: Ratings, distance: str = "masi", **resampling: Unpack[Resampling]
) -> Agreement:
    """Krippendorff's alpha of ratings that are sets, such as all codes of a segment.

    The MASI distance of two sets is 1 - J M: J is their Jaccard index, M is 1 for equal sets, 2/3
    when one contains the other, 1/3 when they overlap, 0 when they do not (Passonneau 2006). Two
    empty sets agree; an empty and a filled one disagree altogether. `ratings` are units x raters of
    frozensets (see `set_ratings`), missing allowed; `distance` is `masi`, or `jaccard` for 1 - J.

    Examples
    --------
    >>> a, ab, c = frozenset("a"), frozenset("ab"), frozenset("c")
    >>> round(set_alpha([[a, a], [ab, a], [c, c]], replicates=0).value, 3)
    0.667
    """
    if distance not in ("masi", "jaccard"):
        raise ValueError(f"distance: {distance!r} is not one of masi, jaccard.")
    cells = collapse(ratings, resampling.get("clusters"))
    for value in cells.categories:
        if not isinstance(value, frozenset):
            raise ValueError(f"ratings: {value!r} is not a frozenset.")
    name = f"Krippendorff's alpha (sets, {'MASI' if distance == 'masi' else 'Jaccard'})"
    return _estimate_by_distance(name, partial(set_distances, distance=distance), cells, resampling)


def set_distances(sets: Sequence[Hashable], distance: str = "masi") -> FloatArray:
    """Compute the distance of each pair of sets, sets x sets; see `set_alpha`.

    Examples
    --------
    >>> set_distances([frozenset("a"), frozenset("ab"), frozenset("bc")]).round(3).tolist()
    [[0.0, 0.667, 1.0], [0.667, 0.0, 0.889], [1.0, 0.889, 0.0]]
    """
    members = [frozenset(one) for one in sets]  # type: ignore[call-overload]
    position = {code: i for i, code in enumerate(sorted(frozenset().union(*members), key=str))}
    incidence = np.zeros((len(members), len(position)))
    for row, one in enumerate(members):
        incidence[row, [position[code] for code in one]] = 1
    sizes = incidence.sum(axis=1)
    shared = incidence @ incidence.T
    union = sizes[:, None] + sizes - shared
    jaccard = np.where(union > 0, shared / np.maximum(union, 1), 1.0)
    if distance == "jaccard":
        return 1 - jaccard
    smaller = np.minimum(sizes[:, None], sizes)
    credit = np.where(shared == union, 1.0, np.where(shared == smaller, 2 / 3, 1 / 3))
    return 1 - jaccard * credit


def _number_distances(values: Sequence[Hashable], level: str) -> FloatArray:
    numbers = np.array(values, dtype=float)
    apart = numbers[:, None] - numbers
    total = numbers[:, None] + numbers if level == "ratio" else np.ones_like(apart)
    return (apart / np.where(total == 0, 1.0, total)) ** 2


def _estimate_by_distance(
    name: str,
    distances_of: Callable[[Sequence[Hashable]], FloatArray],
    cells: Cells,
    resampling: Resampling,
) -> Agreement:
    n_ratings = len(cells.categories)
    if n_ratings > MAXIMUM_RATINGS:
        raise ValueError(
            f"ratings: {n_ratings} different ones, more than {MAXIMUM_RATINGS}; take fewer units, "
            "round numbers, or compare sets code by code."
        )
    distances = distances_of(cells.categories)
    sums, value = (partial(f, distances=distances) for f in (_distance_sums, _distance_value))
    return estimate(Formula(name, sums, value, no_variation), cells, resampling)


def _ordinal_sums(cells: Cells) -> FloatArray:
    """Sum the table of coincidences, written row by row."""
    others, paired = _others(cells)
    size = len(cells.categories)
    total = np.zeros((cells.n_groups, size * size))
    for i, left in enumerate(cells.ratings.T):
        for j, right in enumerate(cells.ratings.T):
            if i != j:
                both = (left != MISSING) & (right != MISSING)
                pair = np.where(both, left * size + right, MISSING)
                total += cells.add_up_by(pair, size * size, paired / others)
    return total


def _ordinal_value(sums: FloatArray) -> FloatArray:
    size = round(sums.shape[-1] ** 0.5)
    coincidences = sums.reshape(*sums.shape[:-1], size, size)
    margins = coincidences.sum(axis=-1)
    midranks = margins.cumsum(axis=-1) - margins / 2
    distances = (midranks[..., :, None] - midranks[..., None, :]) ** 2
    observed = (coincidences * distances).sum(axis=(-1, -2))
    expected = (margins[..., :, None] * margins[..., None, :] * distances).sum(axis=(-1, -2))
    return 1 - divide((margins.sum(axis=-1) - 1) * observed, expected)


def _distance_sums(cells: Cells, distances: FloatArray | None = None) -> FloatArray:
    """Sum disagreement, each pair weighing 1 / (ratings of the unit - 1), and paired ratings.

    Without distances, two ratings differ or they do not.
    """
    others, paired = _others(cells)
    apart = add_pairs(cells, distances)
    if distances is None:
        apart = cells.n_ratings * others * paired - apart
    return np.column_stack([cells.add_up(apart / others), category_sums(cells, paired)])


def _distance_value(sums: FloatArray, distances: FloatArray | None = None) -> FloatArray:
    margins, n = sums[..., 1:], sums[..., 1:].sum(axis=-1)
    if distances is None:
        expected = n**2 - (margins**2).sum(axis=-1)
    else:
        expected = ((margins @ distances) * margins).sum(axis=-1)
    return 1 - divide((n - 1) * sums[..., 0], expected)


def _others(cells: Cells) -> tuple[FloatArray, FloatArray]:
    paired = (cells.n_ratings >= 2).astype(float)
    return np.maximum(cells.n_ratings - 1, 1), paired


NOMINAL = Formula("Krippendorff's alpha (nominal)", _distance_sums, _distance_value, no_variation)
ORDINAL = Formula("Krippendorff's alpha (ordinal)", _ordinal_sums, _ordinal_value, no_variation)
