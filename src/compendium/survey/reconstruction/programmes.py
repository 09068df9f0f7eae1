"""The linear and integer programmes of one item, solved with HiGHS.

The constraints of an item are linear in its counts, so whether they can be met, how far a share
can go and which whole numbers are nearest to given shares are standard programmes.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from compendium.survey.reconstruction.answers import FloatArray, ItemProblem

__all__ = ["contradiction", "feasible", "least_value", "nearest_counts"]


def nearest_counts(problem: ItemProblem, wanted: FloatArray) -> NDArray[np.int64] | None:
    """Find the whole numbers nearest to `wanted` (sum of differences); None where there are none.

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
    """
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
