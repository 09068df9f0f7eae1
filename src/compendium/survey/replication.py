r"""Bootstrap of a survey from the totals of its primary units.

Rao and Wu's rescaling bootstrap: in each stratum, :math:`n_h - 1` of the :math:`n_h` units are
drawn with replacement and a unit drawn r times gets its weight times
:math:`1 - \lambda_h + \lambda_h r n_h / (n_h - 1)`, with :math:`\lambda_h = \sqrt{1 - f_h}` (Rao,
Wu and Yue 1992). For a total this has the Taylor variance on average. Since all that an estimate
needs are totals of weights by unit and answer, a replicate is one row of a matrix product: memory
grows with units, not with rows times replicates.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from compendium.survey.arrays import FloatArray, IntArray, sum_by
from compendium.survey.checks import check_number, named
from compendium.survey.design import SurveyDesign
from compendium.survey.domains import By, Grouping, answers_of, sample_of
from compendium.survey.estimates import tabulate
from compendium.survey.sampling import BoundDesign, Sample
from compendium.survey.stages import Stage

BLOCK = 4_000_000  # numbers of a block of replicates held at once: 32 MB


def bootstrap(  # noqa: PLR0917 - the arguments of `tabulate`, with replicates and a seed
    frame: pd.DataFrame,
    items: str | Sequence[str],
    design: SurveyDesign | None = None,
    by: By = None,
    replicates: int = 1000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate shares of answers with standard errors and intervals from resampled units.

    Parameters
    ----------
    frame, items, design, by, level
        As for `tabulate`. ValueError also if the weights were calibrated (each resample would have
        to be calibrated anew), the design has a second stage with a population size, or a stratum
        holds a single unit to be adjusted.
    replicates, seed
        Number of resamples; seed of the random numbers. Items whose samples hold the same units
        share their resamples.

    Returns
    -------
    pandas.DataFrame
        One row per item, group and level: item, level, group, n, n_missing, share, se (standard
        deviation over replicates), lower and upper (percentiles), and replicates (those in which
        the group has answers). A group without degrees of freedom has no standard error and limits,
        and a share of 0 or 1, which no resample can move, has the exact interval, as in `tabulate`.

    Examples
    --------
    >>> frame = pd.DataFrame({"q1": ["yes", "no"] * 20})
    >>> table = bootstrap(frame, "q1", SurveyDesign(None), replicates=200)
    >>> table[["level", "share", "replicates"]]
      level  share  replicates
    0    no    0.5         200
    1   yes    0.5         200
    """
    check_number("replicates", replicates, 2, 1_000_000, whole=True)
    check_number("seed", seed, whole=True)
    table = tabulate(frame, items, design, by, level=level)
    bound, groups = BoundDesign(design, frame), Grouping(frame, by)
    entries = []
    for item in named(items, "items"):
        answers, levels = answers_of(frame, item)
        sample = sample_of(bound, item)
        _check(sample, bound.design)
        shape = len(groups.labels), len(levels)
        totals = _unit_totals(sample, groups.cells(sample, answers, len(levels)), shape)
        entries += [(sample.stages[0], part) for part in totals]
    spread = pd.concat(
        [_spread(drawn, level) for drawn in _replicates(entries, int(replicates), int(seed))],
        ignore_index=True,
    )
    limits = ["lower", "upper"]
    spread.loc[table["df"] == 0, ["se", *limits]] = np.nan
    certain = table["share"].isin([0, 1]) & (table["df"] > 0)
    spread.loc[certain, limits] = table.loc[certain, limits]
    return table[["item", "level", "group", "n", "n_missing", "share"]].join(spread)


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


def _unit_totals(sample: Sample, cells: IntArray, shape: tuple[int, int]) -> FloatArray:
    """Weighted answers by group, first-stage unit and level."""
    units, width = len(sample.stages[0].parent), shape[0] * shape[1] + 1
    sums = sum_by(sample.cluster * width + cells, sample.weights, units * width)
    return sums.reshape(units, width)[:, :-1].reshape(units, *shape).swapaxes(0, 1)


def _replicates(
    entries: list[tuple[Stage, FloatArray]], replicates: int, seed: int
) -> list[FloatArray]:
    """Give the shares of each entry in each replicate in which it has answers.

    An entry is an item in a group: its first stage, and weighted answers by unit and level. Entries
    whose units lie in the same strata share their draws.
    """
    shares: list[FloatArray] = [np.empty(0)] * len(entries)
    alike: dict[tuple[bytes, bytes], list[int]] = {}
    for number, (stage, _) in enumerate(entries):
        key = stage.parent.tobytes(), stage.fraction.tobytes()
        alike.setdefault(key, []).append(number)
    for members in alike.values():
        totals = [entries[number][1] for number in members]
        blocks = _blocks(entries[members[0]][0], replicates, seed)
        sums = np.vstack([block @ np.hstack(totals) for block in blocks])
        edges = np.cumsum([part.shape[1] for part in totals])[:-1]
        for number, part in zip(members, np.split(sums, edges, axis=1), strict=True):
            whole = part.sum(axis=1)
            shares[number] = part[whole > 0] / whole[whole > 0, None]
    return shares


def _spread(shares: FloatArray, level: float) -> pd.DataFrame:
    """Find the standard error and limits of each level from its shares in replicates."""
    names, width = ["se", "lower", "upper"], shares.shape[1]
    if len(shares) < 2:
        return pd.DataFrame(np.nan, range(width), names).assign(replicates=len(shares))
    ends = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2], axis=0)
    columns = np.vstack([shares.std(axis=0, ddof=1), ends]).T
    return pd.DataFrame(columns, columns=names).assign(replicates=len(shares))


def _blocks(stage: Stage, replicates: int, seed: int) -> Iterator[FloatArray]:
    """Draw multipliers of the units, a block of replicates at a time."""
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
            many = len(inside)
            if many > 1:
                picks = random.integers(many, size=(size, many - 1))
                picks += np.arange(size)[:, None] * many
                drawn = np.bincount(picks.ravel(), minlength=size * many)
                counts[:, inside] = drawn.reshape(size, many)
        yield multipliers(stage, counts)
        done += size


def multipliers(stage: Stage, counts: FloatArray) -> FloatArray:
    """Turn the number of times that units were drawn into factors of their weights.

    `counts` has the shape (replicates, units), with :math:`n_h - 1` draws a stratum; the only unit
    of a stratum keeps the factor 1.
    """
    held = stage.drawn
    shrink = np.where(held > 1, np.sqrt(1 - stage.fraction), 0.0)
    gain = shrink * held / np.maximum(held - 1, 1)
    return (1 - shrink)[stage.parent] + gain[stage.parent] * counts
