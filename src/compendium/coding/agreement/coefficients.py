"""Percent agreement, chance-corrected coefficients and agreement on one category.

All take ratings as units x raters, missing allowed, and differ in what they call agreement by
chance. Several raters are handled pair by pair; a unit with fewer than two ratings says nothing
(Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., ch. 2-5). Where every rating is the same,
nothing is known about agreement beyond chance, and the coefficient is None: also AC1 and
Brennan-Prediger, whose formulas would give 1.
"""

from collections.abc import Hashable, Sequence
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd

from compendium.coding.agreement import formulas
from compendium.coding.agreement.bootstrap import Agreement, Formula, Resampling, estimate
from compendium.coding.agreement.cells import Cells, collapse

Ratings = pd.DataFrame | npt.NDArray[Any] | Sequence[Sequence[Any]]


def percent_agreement(ratings: Ratings, **resampling: Unpack[Resampling]) -> Agreement:
    r"""Share of agreeing pairs of raters, averaged over units; in [0, 1].

    .. math:: p_a = \frac1n \sum_i \sum_k \frac{r_{ik}(r_{ik}-1)}{r_i(r_i-1)}

    with :math:`r_{ik}` raters who put unit i into category k and :math:`r_i \ge 2` raters of it.
    `ratings` are units x raters, missing allowed; for `clusters`, `replicates`, `confidence` and
    `seed` see `Resampling`. None when no unit has two ratings.

    Examples
    --------
    >>> percent_agreement([["a", "a"], ["a", "b"]], replicates=0).value
    0.5
    """
    return _estimate(formulas.PERCENT, ratings, None, resampling)


def cohen_kappa(
    ratings: Ratings,
    categories: Sequence[Hashable] | None = None,
    *,
    weights: str = "none",
    **resampling: Unpack[Resampling],
) -> Agreement:
    r"""Cohen's kappa of two raters (1960); weighted for ordered ones (1968, Psych. Bull. 70, 213).

    .. math:: \kappa = \frac{p_o - p_e}{1 - p_e}, \quad p_o = \sum_{kl} w_{kl} p_{kl}, \quad
        p_e = \sum_{kl} w_{kl} p_{k+} p_{+l}

    Parameters
    ----------
    ratings
        Units x 2 raters (else ValueError); units with a missing rating are left out.
    categories
        The possible ratings, in order where weights are used; others are refused.
    weights
        Credit for categories k and l of q, by their places in the order: `none` (1 for the same),
        `linear` (1 - abs(k - l) / (q - 1)) or `quadratic` (1 - (k - l)^2 / (q - 1)^2).
    **resampling
        See `Resampling`.

    Examples
    --------
    >>> ratings = [[1, 1], [1, 2], [2, 3], [3, 3]]
    >>> [round(cohen_kappa(ratings, weights=w, replicates=0).value, 3) for w in ("none", "linear")]
    [0.273, 0.5]
    """
    _check_weights(weights)
    return _estimate(formulas.cohen(weights), ratings, categories, resampling, weights)


def fleiss_kappa(
    ratings: Ratings, categories: Sequence[Hashable] | None = None, **resampling: Unpack[Resampling]
) -> Agreement:
    """Fleiss's kappa: chance agreement is the sum of squared shares (1971, Psych. Bull. 76, 378).

    With missing ratings, the generalisation of Gwet (2014, ch. 2): each unit weighs the same in
    those shares. Parameters and result are those of `gwet_ac1`.

    Examples
    --------
    >>> round(fleiss_kappa([[1, 1, 1], [1, 1, 0], [0, 0, 0]], replicates=0).value, 3)
    0.55
    """
    return _estimate(formulas.FLEISS, ratings, categories, resampling)


def gwet_ac1(
    ratings: Ratings, categories: Sequence[Hashable] | None = None, **resampling: Unpack[Resampling]
) -> Agreement:
    r"""Gwet's AC1, stable when a category is rare (2008, Br. J. Math. Stat. Psychol. 61, 29-48).

    .. math:: \frac{p_a - p_e}{1 - p_e}, \quad p_e = \frac{1}{q-1} \sum_k \pi_k (1 - \pi_k)

    `ratings` are units x raters, missing allowed. The number q of `categories` matters, so name
    also those nobody used. None when no unit has two ratings or every rating is the same.

    Examples
    --------
    >>> round(gwet_ac1([[1, 1], [1, 0], [0, 0], [0, 0]], replicates=0).value, 3)
    0.529
    """
    return _estimate(formulas.gwet(), ratings, categories, resampling)


def gwet_ac2(
    ratings: Ratings,
    categories: Sequence[Hashable] | None = None,
    *,
    weights: str = "quadratic",
    **resampling: Unpack[Resampling],
) -> Agreement:
    r"""Gwet's (2014) AC2: AC1 with credit for ordered ratings that are near each other.

    .. math:: p_e = \frac{\sum_{kl} w_{kl}}{q(q-1)} \sum_k \pi_k (1 - \pi_k)

    Parameters and result are those of `gwet_ac1`; for the order of the ratings, and `weights`
    (`linear` or `quadratic`), see `cohen_kappa`.

    Examples
    --------
    >>> round(gwet_ac2([[1, 1], [1, 2], [2, 3], [3, 3]], replicates=0).value, 3)
    0.636
    """
    _check_weights(weights)
    return _estimate(formulas.gwet(weights), ratings, categories, resampling, weights)


def brennan_prediger(
    ratings: Ratings, categories: Sequence[Hashable] | None = None, **resampling: Unpack[Resampling]
) -> Agreement:
    """Brennan and Prediger's kappa: chance agreement is 1/q (1981, Educ. Psychol. Meas. 41, 687).

    Parameters and result are those of `gwet_ac1`.

    Examples
    --------
    >>> brennan_prediger([[1, 1], [1, 0], [0, 0], [0, 0]], replicates=0).value
    0.5
    """
    return _estimate(formulas.BRENNAN_PREDIGER, ratings, categories, resampling)


def positive_agreement(ratings: Ratings, **resampling: Unpack[Resampling]) -> Agreement:
    """Agreement on yes: of the ratings paired with a yes, the share that is yes too.

    With two raters 2a / (2a + b + c), Dice's index; with more, over all pairs (Spitzer & Fleiss
    1974, Br. J. Psychiatry 125, 341-347). Ratings are 0/1 or False/True; None when nobody said yes.

    Examples
    --------
    >>> round(positive_agreement([[1, 1], [1, 0], [0, 0]], replicates=0).value, 3)
    0.667
    """
    return _estimate(formulas.POSITIVE, ratings, (0, 1), resampling)


def negative_agreement(ratings: Ratings, **resampling: Unpack[Resampling]) -> Agreement:
    """Agreement on no: of the ratings paired with a no, the share that is no too.

    Examples
    --------
    >>> round(negative_agreement([[1, 1], [1, 0], [0, 0]], replicates=0).value, 3)
    0.667
    """
    return _estimate(formulas.NEGATIVE, ratings, (0, 1), resampling)


def check_order(cells: Cells, ratings: Ratings, categories: Sequence[Hashable] | None) -> None:
    """Raise when ratings are compared by their order and have none."""
    dtypes = list(getattr(ratings, "dtypes", ()))
    ordered = dtypes and all(getattr(dtype, "ordered", False) for dtype in dtypes)
    numbers = all(isinstance(one, int | float | np.number) for one in cells.categories)
    if categories is None and not ordered and not numbers:
        raise ValueError(
            "ratings: texts have no order; give `categories` from low to high, or an ordered "
            "categorical dtype."
        )


def _check_weights(weights: str) -> None:
    if weights not in formulas.WEIGHTS:
        raise ValueError(f"weights: {weights!r} is not one of {', '.join(formulas.WEIGHTS)}.")


def _estimate(
    formula: Formula,
    ratings: Ratings,
    categories: Sequence[Hashable] | None,
    resampling: Resampling,
    weights: str = "none",
) -> Agreement:
    cells = collapse(ratings, resampling.get("clusters"), categories)
    if weights != "none":
        check_order(cells, ratings, categories)
    return estimate(formula, cells, resampling)
