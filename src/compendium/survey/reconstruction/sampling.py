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
   differences).

A step without a solution sends the draw back to step 2, and after 20 times to step 1.

Districts may differ widely in a draw, because nothing printed says that they do not.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from compendium.survey.reconstruction.answers import FloatArray, ItemProblem

__all__ = ["draw_table", "extreme_shares"]

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
    """
    pooled = np.outer(np.full(len(problem.answered), 1 / len(problem.answered)), problem.answer)
    low, high = _extreme(problem, pooled), _extreme(problem, -pooled)
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
    if _feasible(problem):
        return ValueError(
            f"{about} met all its constraints in {TRIES**2} draws, though some exist; widen one of "
            f"{', '.join(dict.fromkeys(problem.names))}"
        )
    together = ", ".join(_contradiction(problem))
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
    moves = _moves(problem)
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


def _moves(problem: ItemProblem) -> list[tuple[int, int, int, int, list[tuple[int, float]]]]:
    d, k = problem.rows.shape[1:]
    found = []
    for a, b in combinations(range(d), 2):
        for i, j in combinations(range(k), 2):
            rows = problem.rows
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
    return counts if problem.allows(counts) else _optimise_counts(problem, wanted)


def _optimise_counts(problem: ItemProblem, wanted: FloatArray) -> NDArray[np.int64] | None:
    from scipy.optimize import Bounds, LinearConstraint, milp

    cells = wanted.size
    one = np.eye(cells)
    matrix, lower, upper = _programme(problem)
    result = milp(
        np.repeat([0.0, 1.0], cells),
        constraints=[
            LinearConstraint(np.hstack([matrix, np.zeros_like(matrix)]), lower, upper),
            LinearConstraint(np.hstack([one, one]), wanted.ravel(), np.inf),
            LinearConstraint(np.hstack([one, -one]), -np.inf, wanted.ravel()),
        ],
        integrality=np.repeat([1, 0], cells),
        bounds=Bounds(0, np.inf),
        options={"mip_rel_gap": 0.0},
    )
    if result.x is None:
        return None
    return np.rint(result.x[:cells]).astype(np.int64).reshape(wanted.shape)


def _extreme(problem: ItemProblem, objective: FloatArray) -> float | None:
    """Minimise a linear function of the shares within districts; None where there are none."""
    from scipy.optimize import linprog

    d, k = problem.rows.shape[1:]
    flat = problem.rows.reshape(len(problem.rows), d * k)
    below, above = np.isfinite(problem.lower), np.isfinite(problem.upper)
    result = linprog(
        objective.ravel(),
        A_ub=np.vstack([-flat[below], flat[above]]),
        b_ub=np.r_[-problem.lower[below], problem.upper[above]],
        A_eq=np.kron(np.eye(d), np.ones(k)),
        b_eq=np.ones(d),
    )
    return None if result.x is None else float(result.fun)


def _feasible(problem: ItemProblem) -> bool:
    """Say whether whole counts meet every linear constraint."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    matrix, lower, upper = _programme(problem)
    result = milp(
        np.zeros(matrix.shape[1]),
        constraints=LinearConstraint(matrix, lower, upper),
        integrality=np.ones(matrix.shape[1]),
        bounds=Bounds(0, np.inf),
    )
    return result.x is not None


def _programme(problem: ItemProblem) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Write the constraints on counts: the answers of each district, then the item's rows."""
    d, k = problem.rows.shape[1:]
    rows = (problem.rows / problem.answered[:, None]).reshape(len(problem.rows), d * k)
    matrix = np.vstack([np.kron(np.eye(d), np.ones(k)), rows])
    return (
        matrix,
        np.r_[problem.answered, problem.lower].astype(float),
        np.r_[problem.answered, problem.upper].astype(float),
    )


def _contradiction(problem: ItemProblem) -> list[str]:
    """Drop constraints one by one while the rest still has no solution (deletion filter)."""
    names = list(dict.fromkeys(problem.names))
    for name in list(names):
        fewer = [other for other in names if other != name]
        keep = [i for i, owner in enumerate(problem.names) if owner in fewer]
        part = ItemProblem(
            problem.item_id,
            problem.answered,
            problem.levels,
            problem.answer,
            tuple(problem.names[i] for i in keep),
            problem.rows[keep],
            problem.lower[keep],
            problem.upper[keep],
        )
        if not _feasible(part):
            names = fewer
    return names
