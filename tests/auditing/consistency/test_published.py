"""The checks on the tables of the four documents: what they must find, and what they must not."""

import pandas as pd
import pytest

from auditing.consistency import check_published, faults
from auditing.consistency.published import as_printed
from auditing.consistency.wording import QUANTITIES, statements
from compendium import data

NAMES = [
    "claims", "epic_table1_district_characteristics", "epic_table2_response_rates",
    "epic_table3_representativeness", "epic_table4_participants", "i4tl_levers",
    "padgett_categories", "padgett_table3_dimensions", "padgett_table5_participants",
    "padgett_themes",
]  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: data.load(name) for name in NAMES}


@pytest.fixture(scope="module")
def result(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return check_published(tables, {"never": lambda k, n, big, size: 1.0})


def found(result: pd.DataFrame, check: str, place: str = "Table 3") -> dict[str, bool | None]:
    rows = result[(result["check"] == check) & (result["place"] == place)]
    return dict(zip(rows["subject"], rows["consistent"], strict=False))


def test_grade_levels_of_table_3_fit_only_with_the_columns_exchanged(result: pd.DataFrame) -> None:
    assert found(result, "exchanged columns") == {
        "Teacher Department": True, "Race / Ethnicity": True, "Teacher Grade Level": False,
    }  # fmt: skip
    # More sampled than there are, unless exchanged.
    subset = found(result, "subset")
    assert [name for name, fits in subset.items() if not fits] == ["Teacher Grade Level, Unknown"]


def test_departments_of_table_3_are_percentages_of_608(result: pd.DataFrame) -> None:
    rows = result[(result["check"] == "denominators") & (result["place"] == "Table 3")]
    implied = rows.loc[rows["subject"] == "Teacher Department", "implied"].tolist()
    assert implied == [
        "1 possible, smallest 608, nearest to 611: 608",
        "1 possible, smallest 444, nearest to 444: 444",
    ]


def test_what_agrees_raises_nothing(result: pd.DataFrame) -> None:
    for check, place in (
        ("rate against counts", "Table 1"), ("rate against counts", "Table 2"),
        ("parts against total", "Table 1"), ("parts against total", "Table 2"),
        ("parts against total", "Table 3"), ("difference against shares", "Table 3"),
    ):  # fmt: skip
        outcomes = found(result, check, place)
        assert outcomes and all(outcomes.values())


def test_findings_in_the_wording(result: pd.DataFrame) -> None:
    said = faults(result[result["check"] == "statement against statement"])
    assert set(said["subject"]) == {
        "districts with a printed response rate", "teachers interviewed", "hours of interviews",
        "teachers of Scheyer-Smith", "teachers of Davis", "national dropout rate",
        "dropout ratio in the findings", "interviewees naming student success",
        "interviewees holding that the goal was met", "response rate, responses over communities",
    }  # fmt: skip


def test_stars_are_asked_of_the_tests_given(result: pd.DataFrame) -> None:
    stars = found(result, "decision against shares")
    assert len(stars) == 29
    assert sorted(name for name, fits in stars.items() if not fits) == [
        "Teacher Department, Elementary Subjects, never", "Teacher Grade Level, Unknown, never",
    ]  # fmt: skip


def test_a_quantity_must_name_claims_that_exist(tables: dict[str, pd.DataFrame]) -> None:
    claims = tables["claims"]
    fewer = claims[claims["claim_id"] != "EPIC-C-032"]
    with pytest.raises(ValueError, match="teachers interviewed: no claim EPIC-C-032; did you mean"):
        statements({**tables, "claims": fewer})


def test_every_quantity_is_compared_with_something(tables: dict[str, pd.DataFrame]) -> None:
    counts = statements(tables)["quantity"].value_counts()
    assert set(QUANTITIES) <= set(counts.index)
    assert counts.min() >= 2


def test_as_printed() -> None:
    values = pd.Series([0.0, 98.0, 2.0, 0.25], index=list("abcd"))
    assert as_printed(values, 2, whole=[0, 98]).to_dict() == {
        "a": "0", "b": "98", "c": "2.00", "d": "0.25",
    }  # fmt: skip
