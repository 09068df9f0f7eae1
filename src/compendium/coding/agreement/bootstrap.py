"""Bootstrap intervals that resample whole clusters, and never count a row twice.

Segments of one document, or of one speaker, are alike, so resampling segments makes intervals too
narrow. Here whole clusters are drawn with replacement. Every coefficient is a function of sums over
units, so a cluster is known by its sums; a replicate is then a weighting of the clusters, and a
thousand replicates are one matrix product.

The limits are percentiles of the replicates (Efron & Tibshirani 1993, ch. 13). With few clusters
they are too narrow, which the result says: on simulated clusters of unequal size and difficulty
(tests/coding/agreement/test_bootstrap.py) 95 % intervals held the true alpha in 83 % of samples of
4 clusters, 87 % of 10, 91 % of 20, 94 % of 35, whereas resampling segments gave 80 to 88 %.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TypedDict

import numpy as np
import numpy.typing as npt
import pandas as pd

from compendium.coding.agreement.cells import Cells, FloatArray
from compendium.coding.agreement.result import Agreement

FEW_CLUSTERS = 20
TINY = 1e-12
CHUNK = 4_000_000  # numbers held at once while resampling


class Resampling(TypedDict, total=False):
    """The keywords that every coefficient takes for its interval.

    Attributes
    ----------
    clusters
        The cluster of each unit (document, speaker), as a Series with the index of the ratings or
        as values in their order. Default: every unit is resampled by itself.
    replicates
        Bootstrap replicates, default 1000; 0 for no interval.
    confidence
        Coverage of the interval, default 0.95.
    seed
        Seed of the random draws, default 0.
    """

    clusters: pd.Series | npt.ArrayLike | None
    replicates: int
    confidence: float
    seed: int


@dataclass(frozen=True)
class Formula:
    """A coefficient written as a function of sums over units.

    Attributes
    ----------
    name
        Name of the coefficient.
    sums
        From cells to an array of clusters x features, each feature a sum over units.
    value
        From an array (..., features) to coefficients (...); nan where undefined.
    undefined
        From cells to the reason why the coefficient is undefined, or an empty text.
    """

    name: str
    sums: Callable[[Cells], FloatArray]
    value: Callable[[FloatArray], FloatArray]
    undefined: Callable[[Cells], str]


def estimate(formula: Formula, cells: Cells, resampling: Resampling) -> Agreement:
    """Compute a coefficient and its interval; see `estimate_all`."""
    return estimate_all([formula], cells, resampling)[0]


def estimate_all(
    formulas: Sequence[Formula], cells: Cells, resampling: Resampling
) -> list[Agreement]:
    """Compute several coefficients and their intervals from the same draws.

    Parameters
    ----------
    formulas
        The coefficients.
    cells
        The ratings, collapsed within clusters.
    resampling
        The keywords for the interval.

    Raises
    ------
    TypeError
        When a keyword is unknown.
    ValueError
        When `confidence` is not between 0 and 1 or `replicates` is negative.
    """
    replicates, confidence, seed = _checked(resampling)
    n, n_clusters = cells.n_units, cells.n_clusters
    reasons = [formula.undefined(cells) for formula in formulas]
    defined = [f for f, reason in zip(formulas, reasons, strict=True) if not reason]
    drawn = replicates if n_clusters > 1 else 0
    evaluated = iter(_evaluate(defined, cells if drawn else cells.together(), drawn, seed))
    results = []
    for formula, reason in zip(formulas, reasons, strict=True):
        if reason:
            found = Agreement(formula.name, None, None, None, n, n_clusters, 0, reason)
        else:
            values = next(evaluated)
            lower, upper, lost, note = _limits(values[1:], confidence, n_clusters)
            value = float(values[0])
            found = Agreement(formula.name, value, lower, upper, n, n_clusters, lost, note)
        results.append(found)
    return results


def _evaluate(
    formulas: Sequence[Formula], cells: Cells, replicates: int, seed: int
) -> list[FloatArray]:
    """Evaluate each formula on the ratings as they are, then on each replicate."""
    times = cells.weight if cells.cluster is None else np.ones(cells.n_groups)
    sums = [formula.sums(cells) for formula in formulas]
    if not sums:
        return []
    stacked = np.hstack(sums)
    edges = np.cumsum([0, *(part.shape[1] for part in sums)])
    found: list[list[FloatArray]] = [[] for _ in formulas]
    for counts in chain([times[None, :]], _resamples(times, replicates, seed)):
        product = counts @ stacked
        for number, formula in enumerate(formulas):
            found[number].append(formula.value(product[:, edges[number] : edges[number + 1]]))
    return [np.concatenate(parts) for parts in found]


def _checked(resampling: Resampling) -> tuple[int, float, int]:
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
