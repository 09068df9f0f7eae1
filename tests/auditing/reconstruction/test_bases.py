"""Bases of percentages, against tables whose base is known."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditing.reconstruction.bases import choose_bases, rounding_excess
from auditing.reconstruction.relaxation import smallest_relaxation

DEPARTMENT, GRADE = "Teacher Department", "Teacher Grade Level"


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 8), st.integers(30, 400), st.integers(0, 3))
def test_a_base_that_is_not_stated_is_found(consistent, seed, categories, population, unlisted):
    made = consistent(seed, categories, population, population // 2)
    stated = replace(made, population=population + unlisted, population_total=population + unlisted)
    chosen = choose_bases(stated, 0.1)
    assert smallest_relaxation(chosen).excess == pytest.approx(0, abs=1e-9)
    # No base that leaves out fewer teachers gives every percentage.
    assert chosen.population >= population
    assert rounding_excess(made, 0, population) == 0


def test_the_department_percentages_are_of_608_teachers_and_of_no_other_number(tables, plan):
    printed = tables["epic_table3_representativeness"]
    percents = printed.loc[printed["characteristic_group"] == DEPARTMENT, "population_percent"]
    possible = [
        n
        for n in range(444, 612)
        if all(any(abs(100 * k / n - p) <= 0.05 + 1e-9 for k in range(n + 1)) for p in percents)
    ]
    assert possible == [608]
    assert plan.relaxations[DEPARTMENT].problem.population == 608


def test_a_table_with_a_row_for_unknown_leaves_nobody_out(plan):
    for group in ("Race / Ethnicity", GRADE):
        found = plan.relaxations[group].problem
        assert (found.population, found.sample) == (611, 444)


def test_how_many_may_be_left_out_is_a_limit(plan):
    department = plan.relaxations[DEPARTMENT].problem.with_bases(611, 444)
    assert choose_bases(department, 0.004).population != 608  # 0.4 % of 611 is 2 teachers
