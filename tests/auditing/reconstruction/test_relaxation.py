"""The smallest relaxation against an enumeration of every table."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditing.reconstruction.relaxation import Relaxation, smallest_relaxation
from auditing.reconstruction.representativeness import MarginProblem


def problem(printed, population, sample, rest="none", *, totals=None, unit=1.0):
    printed = np.array(printed, dtype=float)
    k = len(printed)
    population_total, sample_total = totals or (population, sample)
    half = np.full((k, 3), 0.5)
    return MarginProblem(
        "Gender",
        tuple("abcdef"[:k]),
        printed,
        np.full(k, unit),
        half,
        population,
        sample,
        population_total,
        sample_total,
        rest,
    )


def brute_force(p):
    """Enumerate all tables; return the least excess and the tables that attain it."""
    cells = [(a, b) for a in range(p.population + 1) for b in range(min(a, p.sample) + 1)]
    found = {}
    for table in product(cells, repeat=len(p.categories)):
        if p.closes(sum(a for a, _ in table), sum(b for _, b in table)):
            found[table] = sum(
                max(0.0, abs(figure - p.printed[i, k]) / p.unit[i] - p.half_width[i, k])
                for i, (a, b) in enumerate(table)
                for k, figure in enumerate(
                    (
                        100 * a / p.population,
                        100 * b / p.sample,
                        100 * b / p.sample - 100 * a / p.population,
                    )
                )
            )
    least = min(found.values())
    return least, {table for table, excess in found.items() if excess <= least + 1e-7}


def all_tables(found: Relaxation):
    def walk(i, state):
        if i == len(found.steps):
            return [()]
        return [
            ((p, s), *rest) for p, s, after in found.steps[i][state] for rest in walk(i + 1, after)
        ]

    return walk(0, (0, 0))


percent = st.integers(0, 100)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(percent, percent, st.integers(-100, 100)), min_size=1, max_size=3),
    st.integers(1, 5),
    st.integers(0, 3),
    st.sampled_from(["none", "complement"]),
    st.sampled_from([0.1, 1.0]),
)
def test_it_is_the_smallest_of_all_tables_and_finds_each_of_them(printed, n, more, rest, unit):
    p = problem(printed, n + more, n, rest, unit=unit)
    found = smallest_relaxation(p)
    least, best = brute_force(p)
    assert found.excess == pytest.approx(least, abs=1e-6)
    tables = all_tables(found)
    assert len(tables) == len(set(tables)) == found.count
    assert set(tables) == best


def test_teachers_outside_all_categories_must_suffice_for_the_respondents_outside():
    # 3 of 5 teachers are listed, so at least 2 of 4 respondents must be; 1 would fit better.
    p = problem([[100, 100, 0]], 3, 1, "unlisted", totals=(5, 4))
    assert not p.closes(3, 1)
    with pytest.raises(RuntimeError, match="Gender"):
        smallest_relaxation(p)
    enough = problem([[100, 100, 0]], 3, 2, "unlisted", totals=(5, 4))
    assert smallest_relaxation(enough).excess == 0


def test_a_sample_larger_than_its_population_is_refused():
    with pytest.raises(ValueError, match="5 respondents of a population of 4"):
        smallest_relaxation(problem([[50, 50, 0]], 4, 5))


def test_each_of_the_best_tables_is_drawn_equally_often():
    # 9 teachers in three like categories, each printed as 33.3 % of the sample of 4:
    # which category holds two of the four respondents is open.
    p = problem([[33, 33, 0]] * 3, 9, 4)
    found = smallest_relaxation(p)
    random = np.random.default_rng(1)
    draws = [tuple(map(tuple, found.draw(random).tolist())) for _ in range(3000)]
    share = {table: draws.count(table) / 3000 for table in set(draws)}
    assert set(share) == set(all_tables(found))
    assert len(share) > 1
    assert max(abs(s - 1 / len(share)) for s in share.values()) < 0.04


def test_the_published_table(plan):
    excess = {g: round(r.excess, 4) for g, r in plan.relaxations.items()}
    assert excess == {
        "Gender": 0,
        "Teacher Department": 0,
        # 2/611 = 0.3273 % is 0.0227 points below 0.35, that is 0.2267 of the last place.
        "Race / Ethnicity": round((0.35 - 200 / 611) / 0.1, 4),
        "Teacher Grade Level": 44.8577,
    }
    assert plan.relaxations["Gender"].counts(0) == {(450, 334)}
    for found in plan.relaxations.values():
        sums = found.draw(np.random.default_rng(0)).sum(axis=0)
        assert found.problem.closes(*sums.tolist())
