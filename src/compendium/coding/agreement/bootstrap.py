"""Bootstrap intervals that resample whole clusters, and never count a row twice.

Segments of one document or speaker are alike, so whole clusters are drawn. Every coefficient is a
function of sums over units, so a replicate is a weighting of the clusters, and a thousand
replicates are one matrix product. The limits are percentiles (Efron & Tibshirani 1993, ch. 13). On
simulated clusters (test_bootstrap.py) 95 % intervals held the true alpha in 83 % of samples of 4
clusters, 87 % of 10, 91 % of 20, 94 % of 35; resampling segments gave 80 to 88 %.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import chain
from typing import TypedDict

import numpy as np
import numpy.typing as npt
import pandas as pd

from compendium.coding.agreement.cells import Cells, FloatArray

FEW_CLUSTERS = 20
TINY = 1e-12
CHUNK = 4_000_000  # numbers held at once while resampling


@dataclass(frozen=True)
class Agreement:
    """One coefficient of agreement.

    Attributes
    ----------
    name, value
        Which coefficient; its value, None where it is undefined.
    lower, upper
        Limits of the bootstrap interval, None where there is none.
    n
        Units with at least two ratings: those that say anything about agreement.
    n_clusters
        Clusters that were resampled (units, when no clusters were given).
    n_undefined
        Replicates in which the coefficient was undefined; they are left out of the interval.
    reason
        Why value or interval is None, or what to know about the interval; empty otherwise.
    """

    name: str
    value: float | None
    lower: float | None
    upper: float | None
    n: int
    n_clusters: int
    n_undefined: int
    reason: str

    def as_row(self) -> dict[str, object]:
        """Return the fields as one row of a table, without the name."""
        row = asdict(self)
        del row["name"]
        return row


class Draws(TypedDict, total=False):
    """The keywords for an interval, where the function itself knows what to resample.

    Attributes
    ----------
    replicates, confidence, seed
        Bootstrap replicates (1000; 0 for no interval), coverage (0.95), seed of the draws (0).
    """

    replicates: int
    confidence: float
    seed: int


class Resampling(Draws, total=False):
    """The keywords that every coefficient takes for its interval: those of `Draws`, and `clusters`.

    Attributes
    ----------
    clusters
        The cluster of each unit (document, speaker), a Series with the index of the ratings or
        values in their order. Default: every unit is resampled by itself.
    """

    clusters: pd.Series | npt.ArrayLike | None


@dataclass(frozen=True)
class Formula:
    """A coefficient written as a function of sums over units.

    `sums` makes of cells an array of clusters x features; `value` of an array (..., features)
    coefficients (...), nan where undefined; `undefined` says of cells why, or gives an empty text.
    """

    name: str
    sums: Callable[[Cells], FloatArray]
    value: Callable[[FloatArray], FloatArray]
    undefined: Callable[[Cells], str]


@dataclass(frozen=True)
class Sums:
    """What a coefficient is computed from: one row of sums per cluster, or why it cannot be."""

    name: str
    reason: str
    rows: FloatArray
    value: Callable[[FloatArray], FloatArray]


def estimate(formula: Formula, cells: Cells, resampling: Draws) -> Agreement:
    """Compute a coefficient and its interval; see `estimate_all`."""
    return estimate_all([formula], cells, resampling)[0]


def estimate_all(formulas: Sequence[Formula], cells: Cells, resampling: Draws) -> list[Agreement]:
    """Compute several coefficients of the same ratings and their intervals from the same draws."""
    alone = cells.n_clusters < 2 or not resampling.get("replicates", 1)
    summed = cells.together() if alone else cells
    times = summed.weight if summed.cluster is None else np.ones(summed.n_groups)
    parts = []
    for formula in formulas:
        reason = formula.undefined(cells)
        rows = np.empty((len(times), 0)) if reason else formula.sums(summed)
        parts.append(Sums(formula.name, reason, rows, formula.value))
    return resample(parts, times, cells.n_units, cells.n_clusters, resampling)


def resample(
    parts: Sequence[Sums], times: FloatArray, n: int, n_clusters: int, resampling: Draws
) -> list[Agreement]:
    """Evaluate coefficients on rows of sums and on draws of the rows.

    `times` says how often each row occurs (1 for a cluster), `n` and `n_clusters` what the results
    say of their base.
    """
    replicates, confidence, seed = _checked(resampling)
    defined = [part for part in parts if not part.reason]
    drawn = replicates if n_clusters > 1 else 0
    evaluated = iter(_evaluate(defined, times, drawn, seed))
    results = []
    for part in parts:
        if part.reason:
            result = Agreement(part.name, None, None, None, n, n_clusters, 0, part.reason)
        else:
            values = next(evaluated)
            lower, upper, lost, note = _limits(values[1:], confidence, n_clusters)
            value = float(values[0])
            result = Agreement(part.name, value, lower, upper, n, n_clusters, lost, note)
        results.append(result)
    return results


def _evaluate(
    parts: Sequence[Sums], times: FloatArray, replicates: int, seed: int
) -> list[FloatArray]:
    """Evaluate each coefficient on the rows as they are, then on each replicate."""
    if not parts:
        return []
    stacked = np.hstack([part.rows for part in parts])
    edges = np.cumsum([0, *(part.rows.shape[1] for part in parts)])
    values: list[list[FloatArray]] = [[] for _ in parts]
    step = max(1, CHUNK // max(stacked.shape[1], 1))
    for counts in chain([times[None, :]], _resamples(times, replicates, seed)):
        for start in range(0, len(counts), step):
            product = counts[start : start + step] @ stacked
            for number, part in enumerate(parts):
                values[number].append(part.value(product[:, edges[number] : edges[number + 1]]))
    return [np.concatenate(arrays) for arrays in values]


def _checked(resampling: Draws) -> tuple[int, float, int]:
    unknown = [key for key in resampling if key not in Resampling.__annotations__]
    if unknown:
        known = ", ".join(Resampling.__annotations__)
        raise TypeError(f"unknown keyword {unknown[0]!r}; these exist: {known}.")
    replicates, confidence = resampling.get("replicates", 1000), resampling.get("confidence", 0.95)
    if not 0 < confidence < 1 or replicates < 0:
        raise ValueError(
            f"confidence {confidence} must lie between 0 and 1, replicates {replicates} be >= 0."
        )
    return replicates, confidence, resampling.get("seed", 0)


def _limits(
    drawn: FloatArray, confidence: float, n_clusters: int
) -> tuple[float | None, float | None, int, str]:
    """Return lower, upper, undefined replicates, and what to know about them."""
    if not len(drawn):
        return None, None, 0, "no interval: one cluster only" if n_clusters < 2 else ""
    defined = drawn[~np.isnan(drawn)]
    n_undefined = len(drawn) - len(defined)
    if 2 * len(defined) < len(drawn):
        return None, None, n_undefined, "no interval: undefined in most replicates"
    if np.ptp(defined) < TINY:
        return None, None, n_undefined, "no interval: every replicate gives the same value"
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(defined, [tail, 1 - tail])
    notes = []
    if n_clusters < FEW_CLUSTERS:
        notes.append(f"{n_clusters} clusters only: the interval is rough, likely too narrow")
    if n_undefined:
        notes.append(f"undefined in {n_undefined} of {len(drawn)} replicates")
    return float(lower), float(upper), n_undefined, "; ".join(notes)


def _resamples(times: FloatArray, replicates: int, seed: int) -> Iterator[FloatArray]:
    """Yield how often each group is drawn, replicates x groups, in chunks that fit in memory."""
    if len(times) * replicates <= CHUNK and bool((times == 1).all()):
        yield _equal_clusters(len(times), replicates, seed)
        return
    random = np.random.default_rng(seed)
    total = int(times.sum())
    step = max(1, CHUNK // len(times))
    for start in range(0, replicates, step):
        size = min(step, replicates - start)
        yield random.multinomial(total, times / total, size=size).astype(float)


@lru_cache(maxsize=2)
def _equal_clusters(n_clusters: int, replicates: int, seed: int) -> FloatArray:
    """Draw clusters with equal chances; kept, because tables ask for the same draws per code."""
    random = np.random.default_rng(seed)
    chances = np.full(n_clusters, 1 / n_clusters)
    drawn = random.multinomial(n_clusters, chances, size=replicates).astype(float)
    drawn.flags.writeable = False
    return drawn
