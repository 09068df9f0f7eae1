r"""From answers to estimates with linearised variances, for one item in one domain.

A ratio of totals :math:`\hat R = \sum w y / \sum w x` has the variance of the total of the scores
:math:`w (y - \hat R x) / \sum w x`; a mean is the case x = 1, a share the case of y being 1 for
one answer. Rows outside the domain keep their place in the design with a score of zero, so that
the number of sampled units stays what it was (Lumley 2010, section 2.2.1). After calibration the
scores are first reduced to their residuals on the margins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from compendium.survey.arrays import FloatArray, IntArray, Mask, sum_by
from compendium.survey.sampling import Sample
from compendium.survey.variance import total_covariance, total_variance

__all__ = ["Domain", "estimate_ratio", "estimate_shares", "share_covariance"]


@dataclass(frozen=True, eq=False)
class Domain:
    """Estimates in one domain.

    Parameters
    ----------
    n
        Rows of the sample in the domain, with an answer.
    estimate, se
        One value per level of the answer (a single one for a mean or ratio).
    df
        Degrees of freedom: first-stage units less strata, of those the domain touches.
    kish
        Kish's effective sample size of the domain's weights.
    simple
        Variance that a simple random sample of n with replacement would have; 0 if n is 1.
    """

    n: int
    estimate: FloatArray
    se: FloatArray
    df: int
    kish: float
    simple: FloatArray

    @property
    def design_effect(self) -> FloatArray:
        """Variance over that of a simple random sample; null where that is 0 or df is."""
        known = (self.simple > 0) & (self.df > 0)
        return np.divide(self.se**2, self.simple, out=np.full(len(self.se), np.nan), where=known)


def _describe(sample: Sample, domain: Mask) -> dict[str, Any]:
    weights = sample.weights[domain]
    units = np.count_nonzero(np.bincount(sample.cluster[domain]))
    strata = np.count_nonzero(np.bincount(sample.stratum[domain]))
    return {
        "n": len(weights),
        "df": int(units - strata),
        "kish": float(weights.sum() ** 2 / (weights @ weights)),
    }


def _share_totals(sample: Sample, answers: IntArray, levels: int, domain: Mask) -> FloatArray:
    """Weighted scores of the shares, summed to the units of the last stage."""
    weights, codes = sample.weights[domain], answers[domain]
    total = weights.sum()
    share = sum_by(codes, weights, levels) / total
    if sample.calibration is None:
        units = len(sample.stages[-1].parent)
        cells = sum_by(sample.unit[domain] * levels + codes, weights, units * levels)
        cells = cells.reshape(units, levels)
        return (cells - cells.sum(axis=1, keepdims=True) * share) / total
    scores = np.zeros((len(answers), levels))
    scores[domain] = -share
    scores[domain, codes] += 1
    return _unit_totals(sample, scores / total)


def _unit_totals(sample: Sample, scores: FloatArray) -> FloatArray:
    """Weight unweighted scores, reduced to residuals after calibration, and sum them by unit."""
    if sample.calibration is not None:
        scores = sample.calibration.residuals(scores)
    return sum_by(sample.unit, scores * sample.weights[:, None], len(sample.stages[-1].parent))


def estimate_shares(sample: Sample, answers: IntArray, levels: int, domain: Mask) -> Domain:
    """Share of each level among the answers of a domain.

    Parameters
    ----------
    sample
        The sample.
    answers
        Code of the answer of each row of the sample; -1 for none, which lies outside `domain`.
    levels
        Number of levels.
    domain
        Rows of the sample that belong to the domain; at least one.

    Returns
    -------
    Domain
        One share and standard error per level.
    """
    found = _describe(sample, domain)
    weights = sample.weights[domain]
    share = sum_by(answers[domain], weights, levels) / weights.sum()
    variance = total_variance(sample.stages, _share_totals(sample, answers, levels, domain))
    # All of one mind: exactly 0 or 1, whatever the rounding of the sums.
    held = np.bincount(answers[domain], minlength=levels)
    share = np.where(held == 0, 0.0, np.where(held == found["n"], 1.0, share))
    certain = (held == 0) | (held == found["n"])
    se = np.where(certain, 0.0, np.sqrt(variance))
    simple = share * (1 - share) / max(found["n"] - 1, 1)
    return Domain(estimate=share, se=se, simple=simple, **found)


def share_covariance(
    sample: Sample, answers: IntArray, levels: int, domain: Mask
) -> tuple[Domain, FloatArray]:
    """Shares of a domain with their covariance matrix.

    Parameters
    ----------
    sample, answers, levels, domain
        As for `estimate_shares`.

    Returns
    -------
    estimates : Domain
        The shares.
    covariance : numpy.ndarray
        Matrix of shape (levels, levels).
    """
    totals = _share_totals(sample, answers, levels, domain)
    covariance = total_covariance(sample.stages, totals)
    return estimate_shares(sample, answers, levels, domain), covariance


def estimate_ratio(sample: Sample, y: FloatArray, x: FloatArray, domain: Mask) -> Domain:
    """Ratio of two weighted totals in a domain; a mean where x is 1.

    Parameters
    ----------
    sample
        The sample.
    y, x
        Numerator and denominator per row of the sample; read only within `domain`.
    domain
        Rows of the sample that belong to the domain; at least one.

    Returns
    -------
    Domain
        A single estimate and standard error.

    Raises
    ------
    ValueError
        If the weighted total of the denominator is zero.
    """
    weights = sample.weights[domain]
    total = weights @ x[domain]
    if total == 0:
        raise ValueError("ratio: the denominator has a weighted total of zero; no ratio exists")
    ratio = float(weights @ y[domain] / total)
    scores = np.zeros((len(y), 1))
    scores[domain, 0] = (y[domain] - ratio * x[domain]) / total
    variance = total_variance(sample.stages, _unit_totals(sample, scores))
    found = _describe(sample, domain)
    spread = weights @ (scores[domain, 0] * total) ** 2 / weights.sum()
    simple = spread * (weights.sum() / total) ** 2 / max(found["n"] - 1, 1)
    return Domain(
        estimate=np.array([ratio]), se=np.sqrt(variance), simple=np.array([simple]), **found
    )
