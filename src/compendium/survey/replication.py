r"""Bootstrap of a survey from the totals of its primary units.

Rao and Wu's rescaling bootstrap: in each stratum, :math:`n_h - 1` of the :math:`n_h` units are
drawn with replacement and a unit drawn r times gets its weight times
:math:`1 - \lambda_h + \lambda_h r n_h / (n_h - 1)`, with :math:`\lambda_h = \sqrt{1 - f_h}` (Rao,
Wu and Yue 1992). For a total this has the Taylor variance on average. Since all that an estimate
needs are totals of weights by unit and answer, a replicate is one row of a matrix product: memory
grows with units, not with rows times replicates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from compendium.survey.arrays import FloatArray, IntArray, Mask, sum_by
from compendium.survey.checks import Column, named
from compendium.survey.design import SurveyDesign
from compendium.survey.domains import Grouping, answers_of, sample_of
from compendium.survey.intervals import check_level
from compendium.survey.sampling import BoundDesign, Sample
from compendium.survey.stages import Stage

__all__ = ["bootstrap", "multipliers"]

BLOCK = 4_000_000  # numbers of a block of replicates held at once: 32 MB


def bootstrap(  # noqa: PLR0917 - the arguments of `tabulate`, with replicates and a seed
    frame: pd.DataFrame,
    items: str | Sequence[str],
    design: SurveyDesign,
    by: Column | None = None,
    replicates: int = 1000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate shares of answers with standard errors and intervals from resampled units.

    Parameters
    ----------
    frame, items, design, by, level
        As for `compendium.survey.estimates.tabulate`.
    replicates
        Number of resamples.
    seed
        Seed of the random numbers. Items with the same sample share their resamples.

    Returns
    -------
    pandas.DataFrame
        One row per item, group and level: item, level, group, n, n_missing, share, se (standard
        deviation over replicates), lower and upper (percentiles), and replicates (those in which
        the group has answers).

    Raises
    ------
    ValueError
        If the weights were calibrated (each resample would have to be calibrated anew: use
        `tabulate`), the design has a second stage with a population size, a stratum holds a
        single unit to be adjusted, or there are fewer than two replicates.

    Examples
    --------
    >>> frame = pd.DataFrame({"q1": ["yes", "no"] * 20})
    >>> table = bootstrap(frame, "q1", SurveyDesign(None), replicates=200)
    >>> table[["level", "share", "replicates"]]
      level  share  replicates
    0    no    0.5         200
    1   yes    0.5         200
    """
    check_level(level)
    if replicates < 2:
        raise ValueError(f"replicates: {replicates} are too few; a few hundred are usual")
    bound, groups = BoundDesign(design, frame), Grouping(frame, by)
    parts = []
    for item in named(items, "items"):
        answers, levels = answers_of(frame, item)
        sample = sample_of(bound, item)
        _check(sample, design)
        for label, domain, missing in groups.domains(sample, answers >= 0):
            totals = _unit_totals(sample, answers[sample.rows], len(levels), domain)
            found = _replicate(sample.stages[0], totals, replicates, seed)
            whole = totals.sum(axis=0)
            parts.append(
                pd.DataFrame(
                    {
                        "item": item,
                        "level": levels,
                        "group": label,
                        "n": int(domain.sum()),
                        "n_missing": missing,
                        "share": whole / whole.sum() if domain.any() else np.nan,
                        **_spread(found, level),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def _check(sample: Sample, design: SurveyDesign) -> None:
    if sample.calibration is not None:
        raise ValueError(
            "weights: calibrated weights would have to be calibrated anew in each resample; use "
            "tabulate, whose standard errors allow for the calibration"
        )
    if len(sample.stages) > 1:
        raise ValueError(
            "population_size: the bootstrap resamples first-stage units only; leave the sizes "
            "out, which treats these units as drawn with replacement, or use tabulate"
        )
    if design.single_cluster == "adjust" and not sample.stages[0].centred.all():
        raise ValueError("single_cluster: the bootstrap has no 'adjust'; choose 'certainty'")


def _unit_totals(sample: Sample, answers: IntArray, levels: int, domain: Mask) -> FloatArray:
    """Weighted answers of the domain by first-stage unit and level."""
    units = len(sample.stages[0].parent)
    cells = sample.cluster[domain] * levels + answers[domain]
    return sum_by(cells, sample.weights[domain], units * levels).reshape(units, levels)


def _replicate(stage: Stage, totals: FloatArray, replicates: int, seed: int) -> FloatArray:
    """Shares in each replicate in which the domain has answers."""
    found = []
    for block in _blocks(stage, replicates, seed):
        sums = block @ totals
        whole = sums.sum(axis=1)
        found.append(sums[whole > 0] / whole[whole > 0, None])
    return np.vstack(found)


def _spread(found: FloatArray, level: float) -> dict[str, FloatArray | float | int]:
    if len(found) < 2:
        return {"se": np.nan, "lower": np.nan, "upper": np.nan, "replicates": len(found)}
    lower, upper = np.quantile(found, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return {
        "se": found.std(axis=0, ddof=1),
        "lower": lower,
        "upper": upper,
        "replicates": len(found),
    }


def _blocks(stage: Stage, replicates: int, seed: int) -> Iterator[FloatArray]:
    """Multipliers of the units, a block of replicates at a time."""
    random = np.random.default_rng(seed)
    units = len(stage.parent)
    members = np.split(
        np.argsort(stage.parent, kind="stable"), np.cumsum(stage.drawn.astype(np.intp))[:-1]
    )
    done = 0
    while done < replicates:
        size = min(max(BLOCK // units, 1), replicates - done)
        counts = np.ones((size, units))
        for inside in members:
            held = len(inside)
            if held > 1:
                picks = random.integers(held, size=(size, held - 1))
                picks += np.arange(size)[:, None] * held
                drawn = np.bincount(picks.ravel(), minlength=size * held)
                counts[:, inside] = drawn.reshape(size, held)
        yield multipliers(stage, counts)
        done += size


def multipliers(stage: Stage, counts: FloatArray) -> FloatArray:
    """Turn the number of times that units were drawn into factors of their weights.

    Parameters
    ----------
    stage
        First stage of sampling.
    counts
        How often each unit was drawn, shape (replicates, units); :math:`n_h - 1` a stratum.

    Returns
    -------
    numpy.ndarray
        Factors of the same shape; 1 for the only unit of a stratum.

    Examples
    --------
    >>> one = np.ones(1)
    >>> stage = Stage(np.zeros(3, dtype=int), 3 * one, 1.5 * one, 0 * one, one)
    >>> multipliers(stage, np.array([[2, 0, 0]]))
    array([[3., 0., 0.]])
    """
    held = stage.drawn
    shrink = np.where(held > 1, np.sqrt(1 - stage.fraction), 0.0)
    gain = shrink * held / np.maximum(held - 1, 1)
    return (1 - shrink)[stage.parent] + gain[stage.parent] * counts
