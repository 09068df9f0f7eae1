"""How many respondents of each district gave each answer to one item, drawn within the print.

The document bounds the district-equal share of one answer and says a few things on districts;
the rest is open. The draw leaves it as open as it is, in four steps:

1. The share of the published answer is uniform over the values that whole numbers allow within
   its interval: a bound such as "over 90 percent" prefers no value above 90.
2. Within that answer and within the rest, the split over levels is uniform over all splits
   (Dirichlet with ones).
3. Given these shares, the table districts x levels is uniform over all tables of real numbers
   that have them and meet every other constraint: a random walk whose moves shift two districts
   and two levels against each other, which keeps all sums, by a uniform amount within what the
   constraints allow (Diaconis & Sturmfels 1998; hit-and-run along coordinate moves, Smith 1984).
4. The nearest table of whole numbers that meets every constraint is taken (HiGHS, least absolute
   differences, of equals least squares).

A step without a solution sends the draw back to step 2, and after 20 times to step 1.

Districts may differ widely in a draw, because nothing printed says that they do not.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from auditing.reconstruction.answers import FloatArray, ItemProblem
from auditing.reconstruction.programmes import (
    contradiction,
    feasible,
    least_value,
    nearest_counts,
)

TRIES = 20  # of the published share, and of the other steps given that share


def extreme_shares(problem: ItemProblem) -> tuple[float, float]:
    """Find the least and the greatest district-equal share of the published answer.

    Parameters
    ----------
    problem
        One item.

    Returns
    -------
    (float, float)
        Shares in [0, 1] within every constraint, of real numbers; the draw sees to whole ones.

    Raises
    ------
    ValueError
        If no answers meet the constraints; the message names a smallest set of them that
        contradict each other.

    Examples
    --------
    >>> import pandas as pd
    >>> from auditing.reconstruction.answers import item_problem
    >>> bound = {"constraint_id": "some", "kind": "share", "items": "I-1", "levels": "yes",
    ...          "lower": 20.0, "upper": 70.0, "open_lower": False, "district": None}
    >>> answered = pd.Series({"A": 8, "B": 5})
    >>> problem = item_problem("I-1", answered, ["no", "yes"], ["yes"], pd.DataFrame([bound]))
    >>> [round(share, 3) for share in extreme_shares(problem)]
    [0.2, 0.7]
    """
    pooled = np.outer(np.full(len(problem.answered), 1 / len(problem.answered)), problem.answer)
    low, high = least_value(problem, pooled), least_value(problem, -pooled)
    if low is None or high is None:
        raise _impossible(problem)
    return low, -high


def draw_table(problem: ItemProblem, random: np.random.Generator, steps: int) -> NDArray[np.int64]:
    """Draw a table districts x levels as the module describes.

    Parameters
    ----------
    problem
        One item.
    random
        Source of chance.
    steps
        Moves of the random walk.

    Returns
    -------
    numpy.ndarray
        D x K counts.

    Raises
    ------
    ValueError
        If the constraints contradict each other, or no draw meets them.

    Examples
    --------
    >>> import pandas as pd
    >>> from auditing.reconstruction.answers import item_problem
    >>> bound = {"constraint_id": "most", "kind": "share", "items": "I-1", "levels": "yes",
    ...          "lower": 50.0, "upper": 100.0, "open_lower": True, "district": None}
    >>> answered = pd.Series({"A": 8, "B": 5})
    >>> problem = item_problem("I-1", answered, ["no", "yes"], ["yes"], pd.DataFrame([bound]))
    >>> table = draw_table(problem, np.random.default_rng(0), 50)
    >>> table.sum(axis=1).tolist(), bool((table[:, 1] / [8, 5]).mean() > 0.5)
    ([8, 5], True)
    """
    low, high = extreme_shares(problem)
    for share in np.repeat(random.uniform(low, high, TRIES), TRIES):
        start = _centre(problem, _level_shares(problem, share, random))
        if start is None:
            continue
        counts = _nearest(problem, _walk(problem, start, random, steps))
        if counts is None:  # no whole numbers at all, wherever the walk ends
            break
        if problem.allows(counts):
            return counts
    raise _impossible(problem)


def _impossible(problem: ItemProblem) -> ValueError:
    """Say why there is no table: a contradiction, or bounds too tight to be met by chance."""
    about = f"{problem.item_id}: no answers of {problem.answered.tolist()} respondents per district"
    if feasible(problem):
        return ValueError(
            f"{about} met all its constraints in {TRIES**2} draws, though some exist; widen one of "
            f"{', '.join(dict.fromkeys(problem.names))}"
        )
    together = ", ".join(contradiction(problem))
    return ValueError(
        f"{about} meet these constraints together: {together}; one of them must be wider"
    )


def _level_shares(problem: ItemProblem, share: float, random: np.random.Generator) -> FloatArray:
    target = np.zeros(len(problem.levels))
    for flags, part in ((problem.answer, share), (~problem.answer, 1 - share)):
        target[flags] = part * random.dirichlet(np.ones(flags.sum()))
    return target


def _centre(problem: ItemProblem, target: FloatArray) -> FloatArray | None:
    """Find the table of shares farthest, in relative terms, from every bound."""
    from scipy.optimize import linprog

    d, k = problem.rows.shape[1:]
    room = np.tile(target, d)
    flat = problem.rows.reshape(len(problem.rows), d * k)
    width = np.minimum(np.abs(problem.upper), 1) - np.maximum(problem.lower, -1)
    below, above = np.isfinite(problem.lower), np.isfinite(problem.upper)
    result = linprog(
        np.r_[np.zeros(d * k), -1.0],
        A_ub=np.vstack([
            np.c_[-np.eye(d * k), room],
            np.c_[-flat[below], width[below]],
            np.c_[flat[above], width[above]],
        ]),
        b_ub=np.r_[np.zeros(d * k), -problem.lower[below], problem.upper[above]],
        A_eq=np.vstack([
            np.c_[np.kron(np.eye(d), np.ones(k)), np.zeros(d)],
            np.c_[np.kron(np.full(d, 1 / d), np.eye(k)), np.zeros(k)],
        ]),
        b_eq=np.r_[np.ones(d), target],
        bounds=[(0, None)] * (d * k) + [(0, 1)],
    )  # fmt: skip
    if result.x is None or result.x[-1] <= 0:
        return None
    return np.asarray(result.x[:-1].reshape(d, k), dtype=float)


def _walk(
    problem: ItemProblem, start: FloatArray, random: np.random.Generator, steps: int
) -> FloatArray:
    """Shift shares between two districts and two levels, again and again."""
    moves = _moves(problem.rows.shape, problem.rows.tobytes())
    cells = start.tolist()
    values = np.tensordot(problem.rows, start, axes=2).tolist()
    lower, upper = problem.lower.tolist(), problem.upper.tolist()
    chosen, parts = random.integers(len(moves), size=steps).tolist(), random.random(steps).tolist()
    for which, part in zip(chosen, parts, strict=True):
        a, b, j, k, effects = moves[which]
        least = -min(cells[a][j], cells[b][k])
        most = min(cells[a][k], cells[b][j])
        for row, effect in effects:
            ends = (lower[row] - values[row]) / effect, (upper[row] - values[row]) / effect
            least, most = max(least, min(ends)), min(most, max(ends))
        if most <= least:
            continue
        step = least + part * (most - least)
        cells[a][j] += step
        cells[a][k] -= step
        cells[b][j] -= step
        cells[b][k] += step
        for row, effect in effects:
            values[row] += effect * step
    return np.array(cells)


@lru_cache(maxsize=64)  # the same for an item in one draw after another
def _moves(
    shape: tuple[int, ...], numbers: bytes
) -> list[tuple[int, int, int, int, list[tuple[int, float]]]]:
    rows, (_, d, k) = np.frombuffer(numbers).reshape(shape), shape
    found = []
    for a, b in combinations(range(d), 2):
        for i, j in combinations(range(k), 2):
            effect = rows[:, a, i] - rows[:, a, j] - rows[:, b, i] + rows[:, b, j]
            touched = [(int(r), float(effect[r])) for r in np.flatnonzero(np.abs(effect) > 1e-12)]
            found.append((a, b, i, j, touched))
    return found


def _nearest(problem: ItemProblem, shares: FloatArray) -> NDArray[np.int64] | None:
    """Round a table of shares to counts; only when that breaks a constraint, solve for them."""
    wanted = shares * problem.answered[:, None]
    counts = np.floor(wanted).astype(np.int64)
    for row, left in enumerate(problem.answered - counts.sum(axis=1)):
        largest = np.argsort(counts[row] - wanted[row], kind="stable")[:left]
        counts[row, largest] += 1
    return counts if problem.allows(counts) else nearest_counts(problem, wanted)
