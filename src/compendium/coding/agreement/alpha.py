"""Krippendorff's alpha: for names, for ordered ratings, and for sets of codes.

Alpha compares the disagreement seen within units with the disagreement expected if all paired
ratings were dealt out at random. What counts as disagreement is a distance between two ratings:
0 or 1 for names, squared differences of mid-ranks for ordered ratings, and MASI for sets, which
gives credit where two readers' sets of codes overlap.

References
----------
Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.
Passonneau, R. (2006). Measuring agreement on set-valued items (MASI). LREC 2006, 831-836.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial
from typing import Unpack

import numpy as np

from compendium.coding.agreement.bootstrap import Formula, Resampling, estimate
from compendium.coding.agreement.cells import MISSING, Cells, FloatArray, collapse
from compendium.coding.agreement.coefficients import Ratings
from compendium.coding.agreement.formulas import (
    agreeing_pairs,
    category_sums,
    divide,
    no_variation,
)
from compendium.coding.agreement.result import Agreement

MAXIMUM_SETS = 5_000


def krippendorff_alpha(
    ratings: Ratings,
    level: str = "nominal",
    categories: Sequence[Hashable] | None = None,
    **resampling: Unpack[Resampling],
) -> Agreement:
    r"""Krippendorff's alpha of any number of raters, missing ratings allowed.

    .. math:: \alpha = 1 - \frac{D_o}{D_e}
        = 1 - (n - 1) \frac{\sum_{ck} o_{ck} d_{ck}}{\sum_{ck} n_c n_k d_{ck}}

    with the coincidences :math:`o_{ck}` of ratings c and k within units, their margins
    :math:`n_c`, their sum n, and the distance d (Krippendorff 2011).

    Parameters
    ----------
    ratings
        Units x raters. For `ordinal`, numbers, an ordered categorical dtype, or `categories`.
    level
        `nominal` or `ordinal`.
    categories
        The possible ratings, in order for `ordinal`.
    **resampling
        See `Resampling`.

    Returns
    -------
    Agreement
        None when no unit has two ratings or every paired rating is the same.

    Raises
    ------
    ValueError
        When the level is unknown, or ordinal ratings are texts without an order.

    Examples
    --------
    >>> ratings = [[1, 1], [2, 2], [3, 2], [3, 3], [1, None]]
    >>> round(krippendorff_alpha(ratings, replicates=0).value, 3)
    0.667
    >>> round(krippendorff_alpha(ratings, "ordinal", replicates=0).value, 3)
    0.79
    """
    cells = collapse(ratings, resampling.get("clusters"), categories)
    if level == "nominal":
        return estimate(NOMINAL, cells, resampling)
    if level != "ordinal":
        raise ValueError(f"level: {level!r} is not one of nominal, ordinal.")
    _check_order(cells, ratings, categories)
    return estimate(ORDINAL, cells, resampling)


def set_alpha(
    ratings: Ratings, distance: str = "masi", **resampling: Unpack[Resampling]
) -> Agreement:
    """Krippendorff's alpha of ratings that are sets, such as all codes of a segment.

    The MASI distance of two sets is 1 - J M: J is their Jaccard index, M is 1 for equal sets, 2/3
    when one contains the other, 1/3 when they overlap, 0 when they do not (Passonneau 2006). Two
    empty sets agree; an empty and a filled one disagree altogether.

    Parameters
    ----------
    ratings
        Units x raters of frozensets (see `set_ratings`); missing allowed.
    distance
        `masi`, or `jaccard` for 1 - J.
    **resampling
        See `Resampling`.

    Returns
    -------
    Agreement
        None when no unit has two ratings or every set is the same.

    Raises
    ------
    ValueError
        When the distance is unknown, a rating is not a frozenset, or there are more than 5,000
        different sets (the table of distances would not fit in memory).

    Examples
    --------
    >>> a, ab, c = frozenset("a"), frozenset("ab"), frozenset("c")
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"A": [a, ab, c], "B": [a, a, c]})
    >>> round(set_alpha(ratings, replicates=0).value, 3)
    0.667
    """
    if distance not in ("masi", "jaccard"):
        raise ValueError(f"distance: {distance!r} is not one of masi, jaccard.")
    cells = collapse(ratings, resampling.get("clusters"))
    for value in cells.categories:
        if not isinstance(value, frozenset):
            raise ValueError(f"ratings: {value!r} is not a frozenset.")
    if len(cells.categories) > MAXIMUM_SETS:
        raise ValueError(
            f"ratings: {len(cells.categories)} different sets, more than {MAXIMUM_SETS}; "
            "use the agreement per code, or fewer segments."
        )
    distances = set_distances(cells.categories, distance)
    formula = Formula(
        f"Krippendorff's alpha (sets, {'MASI' if distance == 'masi' else 'Jaccard'})",
        partial(_set_sums, distances=distances),
        partial(_set_value, distances=distances),
        no_variation,
    )
    return estimate(formula, cells, resampling)


def set_distances(sets: Sequence[Hashable], distance: str = "masi") -> FloatArray:
    """Compute the distance of each pair of sets; see `set_alpha`.

    Parameters
    ----------
    sets
        Frozensets.
    distance
        `masi` or `jaccard`.

    Returns
    -------
    numpy.ndarray
        Sets x sets, symmetric, zero on the diagonal.

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


def _check_order(cells: Cells, ratings: Ratings, categories: Sequence[Hashable] | None) -> None:
    ordered = categories is not None or _is_ordered(ratings)
    if not ordered and not all(isinstance(c, int | float | np.number) for c in cells.categories):
        raise ValueError(
            "ratings: texts have no order; give `categories` from low to high, or an ordered "
            "categorical dtype."
        )


def _is_ordered(ratings: Ratings) -> bool:
    dtypes = getattr(ratings, "dtypes", ())
    return bool(len(dtypes)) and all(getattr(dtype, "ordered", False) for dtype in dtypes)


def _nominal_sums(cells: Cells) -> FloatArray:
    """Disagreeing pairs, each weighing 1 / (ratings of the unit - 1), and ratings per category."""
    others, paired = _others(cells)
    pairs = cells.n_ratings * (cells.n_ratings - 1) - agreeing_pairs(cells)
    return np.column_stack([cells.add_up(pairs / others * paired), category_sums(cells, paired)])


def _nominal_value(sums: FloatArray) -> FloatArray:
    margins = sums[..., 1:]
    n = margins.sum(axis=-1)
    return 1 - divide((n - 1) * sums[..., 0], n**2 - (margins**2).sum(axis=-1))


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


def _set_sums(cells: Cells, distances: FloatArray) -> FloatArray:
    others, paired = _others(cells)
    apart = np.zeros(len(cells.weight))
    columns = list(cells.ratings.T)
    for i, left in enumerate(columns):
        for right in columns[i + 1 :]:
            both = (left != MISSING) & (right != MISSING)
            apart += np.where(both, 2 * distances[left, right], 0.0)
    return np.column_stack([cells.add_up(apart / others), category_sums(cells, paired)])


def _set_value(sums: FloatArray, distances: FloatArray) -> FloatArray:
    margins = sums[..., 1:]
    expected = ((margins @ distances) * margins).sum(axis=-1)
    return 1 - divide((margins.sum(axis=-1) - 1) * sums[..., 0], expected)


def _others(cells: Cells) -> tuple[FloatArray, FloatArray]:
    paired = (cells.n_ratings >= 2).astype(float)
    return np.maximum(cells.n_ratings - 1, 1), paired


NOMINAL = Formula("Krippendorff's alpha (nominal)", _nominal_sums, _nominal_value, no_variation)
ORDINAL = Formula("Krippendorff's alpha (ordinal)", _ordinal_sums, _ordinal_value, no_variation)
