"""What the printed numbers leave possible: exact limits of a share, beside a set of draws.

Reconstructions drawn at random fill the middle of what is possible and seldom come near its ends,
so their spread says what is typical, not what is ruled out. The ends are linear programmes: among
all shares within districts that meet every constraint on an item, the smallest and the largest
weighted mean. This is partial identification in the sense of Manski (2003, *Partial Identification
of Probability Distributions*): a statement that holds between the limits holds for the study's own
rows as well, provided that the printed numbers are right.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from auditing.reconstruction.answers import ItemProblem, item_problem
from auditing.reconstruction.fields import split
from auditing.reconstruction.plan import Plan
from auditing.reconstruction.programmes import least_value


def share_limits(plan: Plan, weightings: pd.DataFrame) -> pd.DataFrame:
    """Find how small and how large the share of each item's published answer can be.

    Parameters
    ----------
    plan
        What the printed tables decide.
    weightings
        One row per district (the index), one column per weighting: the weight of the district's
        share in the mean. Only the ratios within a column count.

    Returns
    -------
    pandas.DataFrame
        One row per item and weighting: item_id, weighting, lower, upper (shares in [0, 1]). No
        rows that meet the constraints lie outside. Shares may take any value here, not only those
        of whole teachers, and the one constraint that is not linear is left out (the mean over
        districts of a share of those offered), so a limit itself may be a little out of reach.

    Raises
    ------
    ValueError
        If the districts are not those of the plan, a weight is negative or missing, or all
        weights of a column are zero.

    Examples
    --------
    >>> from compendium.data import load
    >>> from auditing.reconstruction import TABLES, prepare
    >>> plan = prepare({name: load(name) for name in TABLES})
    >>> districts = plan.counts.set_index("district")
    >>> found = share_limits(plan, districts[["responses"]])
    >>> found.loc[found["item_id"] == "EPIC-I-007", ["lower", "upper"]].round(2).values.tolist()
    [[0.64, 0.92]]
    """
    counts = plan.counts.set_index("district")["responses"]
    weights = _checked(weightings, list(counts.index))
    rows = []
    for row in plan.instrument.to_dict("records"):
        levels = plan.scales.loc[plan.scales["scale"] == row["scale"], "level"]
        answer = split(row["levels"])
        problem = item_problem(row["item_id"], counts, levels, answer, plan.constraints)
        for name in weights.columns:
            lower, upper = _limits(problem, weights[name].to_numpy(float))
            rows.append((row["item_id"], name, lower, upper))
    return pd.DataFrame(rows, columns=["item_id", "weighting", "lower", "upper"])


def _checked(weightings: pd.DataFrame, districts: list[str]) -> pd.DataFrame:
    if set(weightings.index) != set(districts) or len(weightings) != len(districts):
        raise ValueError(
            f"weightings: rows {', '.join(map(str, weightings.index))} must be the districts "
            f"{', '.join(districts)}, each once"
        )
    for name in weightings.columns:
        given = weightings[name].to_numpy(float)
        if not (np.isfinite(given).all() and (given >= 0).all() and given.any()):
            raise ValueError(
                f"weightings, column {name}: {given.tolist()} must be weights from 0, not all 0"
            )
    return weightings.loc[districts]


def _limits(problem: ItemProblem, weights: np.ndarray) -> tuple[float, float]:
    objective = np.outer(weights / weights.sum(), problem.answer.astype(float))
    least, most = least_value(problem, objective), least_value(problem, -objective)
    if least is None or most is None:
        raise ValueError(f"{problem.item_id}: its constraints contradict each other")
    return max(least, 0.0), min(-most, 1.0)
