from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditing.reconstruction.conflicts import conflicts, explanations
from auditing.reconstruction.representativeness import margin_problems

GRADE = "Teacher Grade Level"


@pytest.fixture
def stated(tables):
    return margin_problems(tables["epic_table3_representativeness"], 611, 444)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(20, 700))
def test_a_table_without_contradictions_raises_no_alarm(consistent, seed, categories, population):
    made = consistent(seed, categories, population, max(1, population // 3))
    assert conflicts(made) == []
    assert explanations(made) == []


def test_a_percentage_that_no_count_rounds_to(stated):
    found = conflicts(stated["Race / Ethnicity"])
    assert [c.cells for c in found] == [(("Asian", "population_percent"),)]
    assert found[0].reason == ("No whole number out of 611 is 0.4%: 2 is 0.327% and 3 is 0.491%")


def test_more_respondents_than_teachers(stated):
    found = {c.cells: c.reason for c in conflicts(stated[GRADE])}
    both = (("Unknown", "population_percent"), ("Unknown", "sample_percent"))
    assert found[both] == (
        "0.9% of 611 is at most 5 teachers, but 3.1% of 444 is at least 14 respondents"
    )
    assert len(found) == 7


def test_a_difference_that_the_percentages_do_not_allow(stated):
    gender = stated["Gender"]
    printed = gender.printed.copy()
    printed[0, 2] = 1.9
    half_width = gender.half_width.copy()
    half_width[0, 2] = 0.5
    found = conflicts(replace(gender, printed=printed, half_width=half_width))
    assert [len(c.cells) for c in found] == [3]
    assert found[0].reason == "the percentages allow a difference from 1.575 to 1.575, not 1.9"


def test_a_column_that_does_not_add_up(consistent):
    made = consistent(3, 4, 600, 300)
    printed = made.printed.copy()
    largest = printed[:, 0].argmax()
    printed[largest, :2] = (300 / 600 * 100, 300 / 300 * 100)
    any_difference = made.half_width + np.array([0, 0, 5000])
    found = conflicts(replace(made, printed=printed, half_width=any_difference))
    columns = {c.cells[0][1]: c.reason for c in found}
    assert set(columns) == {"population_percent", "sample_percent"}
    assert "in all, not 600" in columns["population_percent"]


def test_what_would_explain_the_published_contradictions(stated):
    found = {group: explanations(problem) for group, problem in stated.items()}
    assert found["Gender"] == []
    assert "out of 608 teachers, not 611" in found["Teacher Department"][0]
    assert "out of 571 teachers, not 611" in found["Race / Ethnicity"][0]
    assert len(found[GRADE]) == 1
    assert "columns exchanged" in found[GRADE][0]
    assert "of 608-609 teachers" in found[GRADE][0]


def test_the_grade_columns_fit_each_others_base(tables):
    """The finding, without the package: which bases give a column's percentages and its sum?"""
    printed = tables["epic_table3_representativeness"]
    rows = printed[printed["characteristic_group"] == GRADE]

    def fits(column, base):
        options = [
            [k for k in range(base + 1) if abs(100 * k / base - p) <= 0.05 + 1e-9]
            for p in rows[column]
        ]
        return all(options) and sum(o[0] for o in options) <= base <= sum(o[-1] for o in options)

    assert fits("population_percent", 444)
    assert not fits("population_percent", 611)
    assert fits("sample_percent", 608)
    assert not fits("sample_percent", 444)
