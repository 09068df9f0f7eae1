"""The nearest table of whole numbers, against every table there is."""

from itertools import product
from time import perf_counter

import numpy as np
import pandas as pd
import pytest

from auditing.reconstruction.answers import item_problem
from auditing.reconstruction.programmes import nearest_counts

LEVELS = ["no", "some", "yes"]
ANSWERED = pd.Series({"A": 7, "B": 4})
MOST = {
    "constraint_id": "most", "kind": "share", "items": "I-1", "levels": "yes",
    "lower": 75.0, "upper": 100.0, "open_lower": False, "district": None,
}  # fmt: skip
PROBLEM = item_problem("I-1", ANSWERED, LEVELS, ["yes"], pd.DataFrame([MOST]))


def _rows(total: int) -> list[tuple[int, ...]]:
    return [row for row in product(range(total + 1), repeat=len(LEVELS)) if sum(row) == total]


TABLES = [
    table for pair in product(*map(_rows, ANSWERED)) if PROBLEM.allows(table := np.array(pair))
]


def _nearest(wanted: np.ndarray) -> list[np.ndarray]:
    """Return all tables with the least sum of absolute differences, least squares first."""
    apart = np.array([np.abs(table - wanted).sum() for table in TABLES])
    first = [TABLES[i] for i in np.flatnonzero(apart < apart.min() + 1e-9)]
    return sorted(first, key=lambda table: ((table - wanted) ** 2).sum())


@pytest.mark.parametrize("seed", range(20))
def test_it_is_the_nearest_of_all_and_of_equals_that_of_least_squares(seed: int) -> None:
    shares = np.random.default_rng(seed).dirichlet(np.ones(len(LEVELS)), size=len(ANSWERED))
    wanted = shares * ANSWERED.to_numpy()[:, None]
    found = nearest_counts(PROBLEM, wanted)
    assert found is not None
    assert found.tolist() == _nearest(wanted)[0].tolist()


def test_there_are_equals_to_choose_from() -> None:
    wanted = np.array([[2.4, 2.3, 2.3], [1.2, 1.3, 1.5]])
    assert len(_nearest(wanted)) > 1
    assert nearest_counts(PROBLEM, wanted).tolist() != _nearest(wanted)[1].tolist()


def test_counts_that_no_constraint_tells_apart_do_not_slow_the_search() -> None:
    """A narrow interval that few whole numbers meet: the nearest of them, within seconds."""
    bound = {**MOST, "lower": 61.2, "upper": 61.4}
    answered = pd.Series({"A": 7, "B": 8, "C": 9})
    problem = item_problem("I-1", answered, LEVELS, ["yes"], pd.DataFrame([bound]))
    wanted = np.outer(answered, [0.1, 0.287, 0.613])
    start = perf_counter()
    found = nearest_counts(problem, wanted)
    assert perf_counter() - start < 2  # a hundredth of it is usual; some ten seconds cell by cell
    met = [yes for yes in product(range(8), range(9), range(10))
           if 0.612 < np.mean(np.array(yes) / answered) < 0.614]  # fmt: skip
    nearest = min(met, key=lambda yes: np.abs(np.array(yes) - wanted[:, 2]).sum())
    assert found[:, 2].tolist() == list(nearest)
