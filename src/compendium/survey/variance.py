r"""Variance of a total under stratified, clustered, multi-stage sampling.

Taylor linearization turns any smooth estimate into the total of one score per sampled unit. With
:math:`n_h` of :math:`N_h` units drawn in stratum h, :math:`f_h = n_h / N_h` (0 without population
sizes), and score totals :math:`z_{hi}`,

.. math:: V = \sum_h (1 - f_h) \frac{n_h}{n_h - 1} \sum_i (z_{hi} - \bar z_h)^2

and each further stage adds the same expression within the units of the stage before, times the
fractions already sampled (Särndal, Swensson and Wretman 1992, result 4.3.1; Lumley 2010, 3.2).
"""

from collections.abc import Sequence

import numpy as np

from compendium.survey.arrays import FloatArray, Mask, sum_by
from compendium.survey.sampling import Sample
from compendium.survey.stages import Stage


def _deviations(stages: Sequence[Stage], totals: FloatArray) -> list[tuple[FloatArray, FloatArray]]:
    """Deviations of unit totals from their parent's mean, and factors, stage by stage."""
    by_stage = [totals]
    for stage in reversed(stages[1:]):
        by_stage.insert(0, sum_by(stage.parent, by_stage[0], int(stage.parent.max()) + 1))
    parts = []
    carried = np.ones(len(stages[0].scale))
    for stage, unit_totals in zip(stages, by_stage, strict=True):
        size = len(stage.scale)
        means = sum_by(stage.parent, unit_totals, size) * (stage.centred / stage.drawn)[:, None]
        parts.append((unit_totals - means[stage.parent], (carried * stage.scale)[stage.parent]))
        carried = (carried * stage.fraction)[stage.parent]
    return parts


def total_variance(stages: Sequence[Stage], totals: FloatArray) -> FloatArray:
    """Variance of each column's total, from scores summed to the units of the last stage."""
    parts = _deviations(stages, totals)
    return np.sum([np.einsum("i,ij,ij->j", scale, z, z) for z, scale in parts], axis=0)


def total_covariance(stages: Sequence[Stage], totals: FloatArray) -> FloatArray:
    """Covariance matrix of the columns' totals, as `total_variance` its diagonal."""
    parts = _deviations(stages, totals)
    return np.sum([(z * scale[:, None]).T @ z for z, scale in parts], axis=0)


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
