"""The linear and integer programmes of one item, solved with HiGHS.

The constraints of an item are linear in its counts, so whether they can be met, how far a share
can go and which whole numbers are nearest to given shares are standard programmes.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from auditing.reconstruction.answers import FloatArray, ItemProblem

#: Whole numbers on either side of a share whose squared difference breaks a tie, and by how much.
STEPS, TIE = 4, 1e-3


def nearest_counts(problem: ItemProblem, wanted: FloatArray) -> NDArray[np.int64] | None:
    """Find the whole numbers nearest to `wanted`; None where there are none.

    Nearest is what has the least sum of absolute differences. Often several tables have the same,
    and which of them a solver finds is the solver's business; of these the one with the least sum
    of squared differences is taken, so that every solver finds the same.

    Parameters
    ----------
    problem
        One item.
    wanted
        D x K real counts.

    Returns
    -------
    numpy.ndarray or None
        D x K counts that meet every linear constraint.

    Examples
    --------
    >>> import pandas as pd
    >>> from auditing.reconstruction.answers import item_problem
    >>> bound = {"constraint_id": "most", "kind": "share", "items": "I-1", "levels": "yes",
    ...          "lower": 65.0, "upper": 100.0, "open_lower": False, "district": None}
    >>> levels, bounds = ["no", "some", "yes"], pd.DataFrame([bound])
    >>> problem = item_problem("I-1", pd.Series({"A": 10}), levels, ["yes"], bounds)
    >>> nearest_counts(problem, np.array([[3.4, 3.3, 3.3]])).tolist()  # [1, 2, 7] is as near
    [[2, 1, 7]]
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    matrix, lower, upper = _programme(problem)
    whole = np.floor(wanted).ravel()
    part = wanted.ravel() - whole
    # Each count is the whole number below, some steps up, some down; each step costs more than
    # the one before it, so that none is taken without it.
    costs, limits, signs = [], [], []
    for step in range(STEPS):
        last = np.inf if step == STEPS - 1 else 1.0
        first = 1 - 2 * part if step == 0 else np.ones_like(part)
        costs += [first + TIE * (2 * (step - part) + 1), 1 + TIE * (2 * (step + part) + 1)]
        limits += [np.full_like(part, last), np.clip(whole - step, 0, last)]
        signs += [1, -1]
    # Counts that no constraint tells apart are bound by their sum alone, so only these sums have to
    # be searched for whole numbers: with a sum given, the cheapest steps are whole by themselves.
    columns, alike = np.unique(matrix, axis=1, return_inverse=True)
    sums = np.eye(columns.shape[1])[alike.ravel()].T
    moves, whole_sums = len(costs) * whole.size, sums @ whole
    result = milp(
        np.r_[np.concatenate(costs), np.zeros(len(sums))],
        constraints=[
            LinearConstraint(np.c_[np.zeros((len(matrix), moves)), columns], lower, upper),
            LinearConstraint(
                np.hstack([*(-sign * sums for sign in signs), np.eye(len(sums))]),
                whole_sums,
                whole_sums,
            ),
        ],
        integrality=np.r_[np.zeros(moves), np.ones(len(sums))],
        bounds=Bounds(0, np.r_[np.concatenate(limits), np.full(len(sums), np.inf)]),
        options={"mip_rel_gap": 0.0},
    )
    if result.x is None:
        return None
    steps = np.array(signs) @ np.rint(result.x[:moves]).reshape(len(signs), whole.size)
    return (whole + steps).astype(np.int64).reshape(wanted.shape)


def least_value(problem: ItemProblem, objective: FloatArray) -> float | None:
    """Minimise a linear function of the shares within districts; None where there are none."""
    numbers = (objective, problem.rows, problem.lower, problem.upper)
    return _least_value(objective.shape, *(each.tobytes() for each in numbers))


@lru_cache(maxsize=256)  # the bounds of an item are the same in one draw after another
def _least_value(
    shape: tuple[int, ...], objective: bytes, rows: bytes, lower: bytes, upper: bytes
) -> float | None:
    from scipy.optimize import linprog

    d, k = shape
    flat = np.frombuffer(rows).reshape(-1, d * k)
    low, high = np.frombuffer(lower), np.frombuffer(upper)
    below, above = np.isfinite(low), np.isfinite(high)
    result = linprog(
        np.frombuffer(objective),
        A_ub=np.vstack([-flat[below], flat[above]]),
        b_ub=np.r_[-low[below], high[above]],
        A_eq=np.kron(np.eye(d), np.ones(k)),
        b_eq=np.ones(d),
    )
    return None if result.x is None else float(result.fun)


def feasible(problem: ItemProblem) -> bool:
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


def contradiction(problem: ItemProblem) -> list[str]:
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
        if not feasible(part):
            names = fewer
    return names
