"""The printed tables under contract, what they decide, and one draw."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from auditing.reconstruction import DEFAULT_SEED, TABLES, Plan, Reconstruction, prepare
from auditing.reconstruction.representativeness import MarginProblem, margin_problems
from compendium.data import load


@pytest.fixture(scope="session")
def tables() -> dict[str, pd.DataFrame]:
    return {name: load(name) for name in TABLES}


@pytest.fixture(scope="session")
def plan(tables: dict[str, pd.DataFrame]) -> Plan:
    return prepare(tables)


@pytest.fixture(scope="session")
def drawn(plan: Plan) -> Reconstruction:
    return plan.draw(DEFAULT_SEED)


@pytest.fixture(scope="session")
def consistent() -> Callable[..., MarginProblem]:
    """Make a table of percentages, rounded from counts, so that nothing in it is contradictory."""

    def make(seed: int, categories: int, population: int, sample: int) -> MarginProblem:
        random = np.random.default_rng(seed)
        teachers = random.multinomial(population, random.dirichlet(np.ones(categories)))
        respondents = random.multivariate_hypergeometric(teachers, sample)
        first, second = 100 * teachers / population, 100 * respondents / sample
        table = pd.DataFrame({
            "characteristic_group": "Teacher Department",
            "category": [f"category {i}" for i in range(categories)],
            "population_percent": first.round(1),
            "sample_percent": second.round(1),
            "difference": (second - first).round(1),
        })  # fmt: skip
        return margin_problems(table, population, sample)["Teacher Department"]

    return make
