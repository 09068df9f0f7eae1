"""Percent agreement, chance-corrected coefficients and agreement on one category.

All take ratings as units x raters, missing allowed, and differ only in what they call agreement by
chance. Several raters are handled pair by pair, and a unit with fewer than two ratings says nothing
about agreement (Gwet 2014, ch. 2-5). Where every rating is the same, nothing is known about
agreement beyond chance, and every chance-corrected coefficient is None: also AC1 and
Brennan-Prediger, whose formulas would give 1.

References
----------
Brennan, R. L. & Prediger, D. J. (1981). Educational and Psychological Measurement 41, 687-699.
Cohen, J. (1960). Educational and Psychological Measurement 20, 37-46.
Fleiss, J. L. (1971). Psychological Bulletin 76, 378-382.
Gwet, K. L. (2008). British Journal of Mathematical and Statistical Psychology 61, 29-48.
Gwet, K. L. (2014). Handbook of Inter-Rater Reliability, 4th ed. Advanced Analytics.
Spitzer, R. L. & Fleiss, J. L. (1974). British Journal of Psychiatry 125, 341-347.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Unpack

import numpy.typing as npt
import pandas as pd

from compendium.coding.agreement import formulas
from compendium.coding.agreement.bootstrap import Formula, Resampling, estimate
from compendium.coding.agreement.cells import collapse
from compendium.coding.agreement.result import Agreement

Ratings = pd.DataFrame | npt.NDArray[Any] | Sequence[Sequence[Any]]


def percent_agreement(ratings: Ratings, **resampling: Unpack[Resampling]) -> Agreement:
    r"""Share of agreeing pairs of raters, averaged over units; in [0, 1].

    .. math:: p_a = \frac1n \sum_i \sum_k \frac{r_{ik}(r_{ik}-1)}{r_i(r_i-1)}

    with :math:`r_{ik}` raters who put unit i into category k and :math:`r_i \ge 2` raters of it.

    Parameters
    ----------
    ratings
        Units x raters; missing allowed.
    **resampling
        `clusters`, `replicates`, `confidence`, `seed`: see `Resampling`.

    Returns
    -------
    Agreement
        None when no unit has two ratings.

    Raises
    ------
    ValueError
        When ratings are not a table or clusters do not match.

    Examples
    --------
    >>> percent_agreement([["a", "a"], ["a", "b"]], replicates=0).value
    0.5
    """
    return _estimate(formulas.PERCENT, ratings, None, resampling)


def cohen_kappa(
    ratings: Ratings,
    categories: Sequence[Hashable] | None = None,
    **resampling: Unpack[Resampling],
) -> Agreement:
    r"""Cohen's (1960) kappa of two raters.

    .. math:: \kappa = (p_o - p_e) / (1 - p_e), \quad p_e = \sum_k p_{k+} p_{+k}

    Parameters
    ----------
    ratings
        Units x 2 raters; units with a missing rating are left out.
    categories
        The possible ratings; ratings outside are refused.
    **resampling
        See `Resampling`.

    Returns
    -------
    Agreement
        None when no unit has two ratings or every rating is the same.

    Raises
    ------
    ValueError
        When there are more than two raters.

    Examples
    --------
    >>> round(cohen_kappa([[1, 1], [1, 0], [0, 0], [0, 0]], replicates=0).value, 3)
    0.5
    """
    return _estimate(formulas.COHEN, ratings, categories, resampling)


def fleiss_kappa(
    ratings: Ratings,
    categories: Sequence[Hashable] | None = None,
    **resampling: Unpack[Resampling],
) -> Agreement:
    """Fleiss's (1971) kappa of any number of raters.

    Chance agreement is the sum of squared shares of the categories. With missing ratings, the
    generalisation of Gwet (2014, ch. 2): each unit weighs the same in those shares.

    Parameters
    ----------
    ratings
        Units x raters; missing allowed.
    categories
        The possible ratings; ratings outside are refused.
    **resampling
        See `Resampling`.

    Returns
    -------
    Agreement
        None when no unit has two ratings or every rating is the same.

    Examples
    --------
    >>> round(fleiss_kappa([[1, 1, 1], [1, 1, 0], [0, 0, 0]], replicates=0).value, 3)
    0.55
    """
    return _estimate(formulas.FLEISS, ratings, categories, resampling)


def gwet_ac1(
    ratings: Ratings,
    categories: Sequence[Hashable] | None = None,
    **resampling: Unpack[Resampling],
) -> Agreement:
    r"""Gwet's (2008) AC1, which stays stable when one category is rare.

    .. math:: p_e = \frac{1}{q-1} \sum_k \pi_k (1 - \pi_k)

    Parameters
    ----------
    ratings
        Units x raters; missing allowed.
    categories
        The possible ratings; their number q matters, so name also those nobody used.
    **resampling
        See `Resampling`.

    Returns
    -------
    Agreement
        None when no unit has two ratings or every rating is the same.

    Examples
    --------
    >>> round(gwet_ac1([[1, 1], [1, 0], [0, 0], [0, 0]], replicates=0).value, 3)
    0.529
    """
    return _estimate(formulas.AC1, ratings, categories, resampling)


def brennan_prediger(
    ratings: Ratings,
    categories: Sequence[Hashable] | None = None,
    **resampling: Unpack[Resampling],
) -> Agreement:
    """Brennan and Prediger's (1981) kappa: chance agreement is 1/q, whatever was used.

    Parameters
    ----------
    ratings
        Units x raters; missing allowed.
    categories
        The possible ratings; their number q matters, so name also those nobody used.
    **resampling
        See `Resampling`.

    Returns
    -------
    Agreement
        None when no unit has two ratings or every rating is the same.

    Examples
    --------
    >>> brennan_prediger([[1, 1], [1, 0], [0, 0], [0, 0]], replicates=0).value
    0.5
    """
    return _estimate(formulas.BRENNAN_PREDIGER, ratings, categories, resampling)


def positive_agreement(ratings: Ratings, **resampling: Unpack[Resampling]) -> Agreement:
    """Agreement on yes: of the ratings paired with a yes, the share that is yes too.

    With two raters 2a / (2a + b + c); with more, over all pairs (Spitzer & Fleiss 1974).

    Parameters
    ----------
    ratings
        Units x raters of 0/1 or False/True; missing allowed.
    **resampling
        See `Resampling`.

    Returns
    -------
    Agreement
        None when nobody said yes.

    Raises
    ------
    ValueError
        When a rating is neither 0 nor 1.

    Examples
    --------
    >>> round(positive_agreement([[1, 1], [1, 0], [0, 0]], replicates=0).value, 3)
    0.667
    """
    return _estimate(formulas.POSITIVE, ratings, (0, 1), resampling)


def negative_agreement(ratings: Ratings, **resampling: Unpack[Resampling]) -> Agreement:
    """Agreement on no: of the ratings paired with a no, the share that is no too.

    See `positive_agreement`.

    Examples
    --------
    >>> round(negative_agreement([[1, 1], [1, 0], [0, 0]], replicates=0).value, 3)
    0.667
    """
    return _estimate(formulas.NEGATIVE, ratings, (0, 1), resampling)


def _estimate(
    formula: Formula,
    ratings: Ratings,
    categories: Sequence[Hashable] | None,
    resampling: Resampling,
) -> Agreement:
    cells = collapse(ratings, resampling.get("clusters"), categories)
    return estimate(formula, cells, resampling)
