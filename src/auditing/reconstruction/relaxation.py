"""The smallest relaxation of a table of percentages, and all tables that attain it.

When no whole numbers meet every printed figure, some figures have to give. The smallest
relaxation is the one with the least total excess: for each figure, how far it lies beyond its
rounding interval, in units of its last printed place, summed over all figures (an elastic
programme: Brown & Graves 1975; Chinneck 2008, "Feasibility and Infeasibility in Optimization",
chapter 6). HiGHS finds the least total. A dynamic programme over the categories then finds every
table that attains it, as categories are tied only by their two column sums; one of these tables
is drawn with equal chances. The two methods check each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from auditing.reconstruction.representativeness import MarginProblem

TOLERANCE = 1e-7
State: TypeAlias = tuple[int, int]
Step: TypeAlias = tuple[int, int, State]


@dataclass(frozen=True)
class Relaxation:
    """All tables of counts with the smallest total excess.

    Parameters
    ----------
    problem
        The table of percentages.
    excess
        The least total excess, in units of the last printed place; 0 where all figures hold.
    steps
        Per category and column sums so far: the counts that may follow, and where they lead.
    ways
        Per category and column sums so far: the number of complete tables from there on.
    """

    problem: MarginProblem
    excess: float
    steps: tuple[dict[State, list[Step]], ...]
    ways: tuple[dict[State, int], ...]

    @property
    def count(self) -> int:
        """Number of tables that attain the smallest relaxation."""
        return self.ways[0][(0, 0)]

    def counts(self, row: int) -> set[State]:
        """Return the (population, sample) counts a category takes in any of the tables."""
        return {(p, s) for options in self.steps[row].values() for p, s, _ in options}

    def draw(self, random: np.random.Generator) -> NDArray[np.int64]:
        """Draw one of the tables with equal chances: categories x (population, sample)."""
        state, rows = (0, 0), []
        for steps, ways in zip(self.steps, self.ways[1:], strict=True):
            options = steps[state]
            weights = np.array([ways[after] for _, _, after in options], dtype=float)
            p, s, state = options[random.choice(len(options), p=weights / weights.sum())]
            rows.append((p, s))
        return np.array(rows, dtype=np.int64)


def smallest_relaxation(problem: MarginProblem) -> Relaxation:
    """Find every table of counts that misses the printed figures by the least total.

    Parameters
    ----------
    problem
        One characteristic of the table of representativeness.

    Returns
    -------
    Relaxation
        Least total excess and the tables that attain it.

    Raises
    ------
    ValueError
        If the sample is larger than the population, so that no table exists at all.

    Examples
    --------
    No count out of 9 is 50 %; 4 and 5 miss it by the same:

    >>> from auditing.reconstruction.representativeness import MarginProblem
    >>> one = np.ones((1, 1))
    >>> half = MarginProblem("Gender", ("Female",), np.array([[50.0, 50.0, 0.0]]), np.ones(1),
    ...                      np.array([[0.5, 0.5, 1.0]]), 9, 2, 9, 2, "complement")
    >>> found = smallest_relaxation(half)
    >>> round(found.excess, 3), found.count, sorted(found.counts(0))
    (9.611, 2, [(4, 1), (5, 1)])
    """
    if problem.sample > problem.population:
        raise ValueError(
            f"{problem.group}: {problem.sample} respondents of a population of "
            f"{problem.population}; the sample must be part of the population"
        )
    found = _all_tables(problem, least_excess(problem))
    if found is None:
        raise RuntimeError(f"{problem.group}: the solver's optimum is attained by no table")
    return found


def candidates(problem: MarginProblem, row: int, limit: float) -> list[tuple[int, int, float]]:
    """List the counts of a category whose figures together miss by at most `limit` units.

    Parameters
    ----------
    problem
        One characteristic.
    row
        Number of the category.
    limit
        Largest total excess of the row's three figures, in units.

    Returns
    -------
    list of (population, sample, excess)

    Examples
    --------
    >>> from auditing.reconstruction.representativeness import MarginProblem
    >>> half = MarginProblem("Gender", ("Female",), np.array([[50.0, 50.0, 0.0]]), np.ones(1),
    ...                      np.array([[0.5, 0.5, 1.0]]), 10, 2, 10, 2, "complement")
    >>> candidates(half, 0, 0.0)
    [(5, 1, 0.0)]
    """
    windows = [
        _window(problem.printed[row, k], base, (limit + problem.half_width[row, k]), unit)
        for k, base, unit in (
            (0, problem.population, problem.unit[row]),
            (1, problem.sample, problem.unit[row]),
        )
    ]
    p, s = (grid.ravel() for grid in np.meshgrid(*windows, indexing="ij"))
    excess = problem.excess(row, p, s).sum(axis=-1)
    keep = (s <= p) & (excess <= limit + TOLERANCE)
    return list(zip(p[keep].tolist(), s[keep].tolist(), excess[keep].tolist(), strict=True))


def least_excess(problem: MarginProblem) -> float:
    """Solve the elastic integer programme with HiGHS.

    Parameters
    ----------
    problem
        One characteristic.

    Returns
    -------
    float
        The least total excess, recomputed from the whole numbers found.

    Raises
    ------
    RuntimeError
        If HiGHS finds no solution.

    Examples
    --------
    >>> from auditing.reconstruction.representativeness import MarginProblem
    >>> half = MarginProblem("Gender", ("Female",), np.array([[50.0, 50.0, 0.0]]), np.ones(1),
    ...                      np.array([[0.5, 0.5, 1.0]]), 10, 2, 10, 2, "complement")
    >>> least_excess(half)
    0.0
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    k = len(problem.categories)
    matrix, lower, upper = _programme(problem)
    cost = np.repeat([0.0, 1.0], [2 * k, 3 * k])
    result = milp(
        cost,
        constraints=LinearConstraint(matrix, lower, upper),
        integrality=np.repeat([1, 0], [2 * k, 3 * k]),
        bounds=Bounds(0, np.inf),
        options={"mip_rel_gap": 0.0},
    )
    if result.x is None:
        raise RuntimeError(f"{problem.group}: HiGHS says {result.message}")
    counts = np.rint(result.x[: 2 * k]).astype(int)
    rows = (problem.excess(i, counts[i], counts[k + i]).sum() for i in range(k))
    return float(sum(rows))


def _window(percent: float, base: int, reach: float, unit: float) -> NDArray[np.int64]:
    low = int(np.ceil((percent - reach * unit) * base / 100 - TOLERANCE))
    high = int(np.floor((percent + reach * unit) * base / 100 + TOLERANCE))
    return np.arange(max(low, 0), min(high, base) + 1)


def _programme(problem: MarginProblem) -> tuple[Any, Any, Any]:
    """Write the programme as rows: 6k figures, k subset rows and three for the column sums."""
    k = len(problem.categories)
    eye, none = np.eye(k), np.zeros((k, k))
    scale = (100 / problem.unit)[:, None] * eye
    population, sample = scale / problem.population, scale / problem.sample
    figures = ((population, none), (none, sample), (-population, sample))
    blocks, lower, upper = [], [], []
    for column, (of_p, of_s) in enumerate(figures):
        elastic = [none, none, none]
        elastic[column] = eye
        centre = problem.printed[:, column] / problem.unit
        reach = problem.half_width[:, column]
        blocks += [np.hstack([of_p, of_s, *(sign * e for e in elastic)]) for sign in (-1, 1)]
        lower += [np.full(k, -np.inf), centre - reach]
        upper += [centre + reach, np.full(k, np.inf)]
    blocks.append(np.hstack([eye, -eye, none, none, none]))
    lower.append(np.zeros(k))
    upper.append(np.full(k, np.inf))
    sums = np.zeros((3, 5 * k))
    sums[0, :k] = sums[1, k : 2 * k] = sums[2, :k] = 1
    sums[2, k : 2 * k] = -1
    free = problem.rest == "complement"
    blocks.append(sums)
    lower.append(np.array([0 if free else problem.population, 0 if free else problem.sample, 0]))
    most_left = problem.population_total - problem.sample_total
    upper.append(np.array([problem.population, problem.sample, most_left]))
    return np.vstack(blocks), np.concatenate(lower), np.concatenate(upper)


def _all_tables(problem: MarginProblem, optimum: float) -> Relaxation | None:
    options = [candidates(problem, i, optimum) for i in range(len(problem.categories))]
    least_after = [*np.cumsum([min(e for *_, e in o) for o in options][::-1])[::-1].tolist(), 0.0]
    costs: list[dict[State, float]] = [{(0, 0): 0.0}]
    for i, rows in enumerate(options):
        following: dict[State, float] = {}
        for (a, b), cost in costs[-1].items():
            for p, s, excess in rows:
                total = cost + excess
                state = (a + p, b + s)
                if total + least_after[i + 1] <= optimum + TOLERANCE:
                    following[state] = min(total, following.get(state, np.inf))
        costs.append(following)
    ends = {state: cost for state, cost in costs[-1].items() if problem.closes(*state)}
    if not ends:
        return None
    least = min(ends.values())
    ways: list[dict[State, int]] = [{s: 1 for s, c in ends.items() if c <= least + TOLERANCE}]
    steps: list[dict[State, list[Step]]] = []
    for rows, before, after in zip(options[::-1], costs[-2::-1], costs[:0:-1], strict=True):
        kept = _steps(rows, before, after, ways[0])
        steps.insert(0, kept)
        ways.insert(0, {s: sum(ways[0][n] for *_, n in o) for s, o in kept.items()})
    return Relaxation(problem, least, tuple(steps), tuple(ways))


def _steps(
    rows: list[tuple[int, int, float]],
    before: dict[State, float],
    after: dict[State, float],
    open_ends: dict[State, int],
) -> dict[State, list[Step]]:
    """Keep the counts that lie on a cheapest way to one of the open ends."""
    kept: dict[State, list[Step]] = {}
    for (a, b), cost in before.items():
        found = [
            (p, s, (a + p, b + s))
            for p, s, excess in rows
            if (a + p, b + s) in open_ends and cost + excess <= after[(a + p, b + s)] + TOLERANCE
        ]
        if found:
            kept[(a, b)] = found
    return kept
