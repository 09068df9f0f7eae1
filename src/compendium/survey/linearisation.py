r"""Means and ratios with linearised variances, in one domain.

A ratio of totals :math:`\hat R = \sum w y / \sum w x` has the variance of the total of the scores
:math:`w (y - \hat R x) / \sum w x`; a mean is the case x = 1. Rows outside the domain keep their
place in the design with a score of zero. After calibration the scores are first reduced to their
residuals on the margins.
"""

import numpy as np

from compendium.survey.arrays import FloatArray, Mask, sum_by
from compendium.survey.sampling import Sample
from compendium.survey.variance import total_variance


def estimate_ratio(
    sample: Sample, y: FloatArray, x: FloatArray, domain: Mask
) -> dict[str, float | int]:
    """Ratio of two weighted totals in a domain; a mean where x is 1.

    `y`, `x` and `domain` have one entry per row of the sample; the domain holds at least one.
    Returned are the estimate, its df (first-stage units less strata, of those the domain touches)
    and, with df, se and design_effect (null for a variance of 0, against a simple random sample
    with replacement).
    """
    weights = sample.weights[domain]
    total = weights @ x[domain]
    if total == 0:
        raise ValueError("ratio: the denominator has a weighted total of zero; no ratio exists")
    ratio = float(weights @ y[domain] / total)
    scores = np.zeros((len(y), 1))
    scores[domain, 0] = (y[domain] - ratio * x[domain]) / total
    if sample.calibration is not None:
        scores = sample.calibration.residuals(scores)
    summed = sum_by(sample.unit, scores * sample.weights[:, None], len(sample.stages[-1].parent))
    units = np.count_nonzero(np.bincount(sample.cluster[domain]))
    strata = np.count_nonzero(np.bincount(sample.stratum[domain]))
    result: dict[str, float | int] = {"estimate": ratio, "df": int(units - strata)}
    if units > strata:
        variance = total_variance(sample.stages, summed)[0]
        spread = weights @ (y[domain] - ratio * x[domain]) ** 2 / weights.sum()
        simple = spread * (weights.sum() / total) ** 2 / max(np.count_nonzero(domain) - 1, 1)
        result["se"] = float(np.sqrt(variance))
        result["design_effect"] = float(variance / simple) if simple else np.nan
    return result
