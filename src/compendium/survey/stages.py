"""A stage of sampling: which units were drawn where, and how many of how many.

Whatever makes the variance of a total unknown is refused here: a single unit drawn of several, a
population smaller than its sample.
"""

from dataclasses import dataclass

import numpy as np

from compendium.survey.arrays import FloatArray, IntArray
from compendium.survey.checks import quote


@dataclass(frozen=True)
class Stage:
    """One stage of sampling.

    `parent` has, for each unit drawn at this stage, the code of the stratum (first stage) or of the
    unit of the stage before in which it was drawn. For each parent, `drawn` is the number of units
    drawn in it, `scale` the factor of its sum of squares, ``(1 - f) n / (n - 1)``, `fraction` the
    sampled fraction f (0 without a population size), `centred` whether squares are taken around its
    own mean (else around 0).
    """

    parent: IntArray
    drawn: FloatArray
    scale: FloatArray
    fraction: FloatArray
    centred: FloatArray


def compact(codes: IntArray) -> tuple[IntArray, IntArray]:
    """Renumber codes without gaps, in the same order; also return the old code of each new one."""
    used = np.bincount(codes) > 0
    return (np.cumsum(used) - 1)[codes], np.flatnonzero(used)


def make_stage(
    unit: IntArray,
    parent: IntArray,
    size: FloatArray | None,
    *,
    single: str,
    where: str,
    names: list,
) -> Stage:
    """Describe one stage of sampling from its rows.

    For each row, `unit` is the code of its unit, `parent` that of the stratum or unit it was drawn
    in, `size` the number of units in the population of its parent (None if unknown). `single` is as
    `SurveyDesign.single_cluster`; `where` and `names` say what parents are called in an error
    message.
    """
    parent_of = np.zeros(int(unit.max()) + 1, dtype=np.intp)
    parent_of[unit] = parent
    drawn = np.bincount(parent_of).astype(np.float64)
    fraction = np.zeros(len(drawn))
    if size is not None:
        population = np.zeros(len(drawn))
        population[parent] = size
        for bad, why in (
            (population[parent] != size, "population_size differs between the rows of"),
            ((population < drawn)[parent], "population_size is below the units sampled in"),
        ):
            if bad.any():
                culprits = [names[code] for code in np.unique(parent[bad])]
                raise ValueError(f"{why} {where} {quote(culprits)}; correct the column")
        fraction = drawn / population
    alone = (drawn == 1) & (fraction < 1)
    if alone.any() and single == "raise":
        culprits = [names[code] for code in np.flatnonzero(alone)]
        raise ValueError(
            f"{where}: {quote(culprits)} hold a single sampled unit, so their variance is "
            "unknown; merge them with others, or choose single_cluster='certainty' or 'adjust' (if "
            "rows were left out to estimate for some people only, keep them and use by=)"
        )
    scale = (1 - fraction) * np.where(drawn > 1, drawn / np.maximum(drawn - 1, 1), 1.0)
    return Stage(
        parent_of, drawn, scale, fraction, np.where(alone & (single == "adjust"), 0.0, 1.0)
    )
