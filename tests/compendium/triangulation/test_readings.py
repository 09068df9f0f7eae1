"""A document's readings against the joint display, worked by hand."""

import pandas as pd
import pytest

from compendium.triangulation.readings import check_readings

DISPLAY = pd.DataFrame(
    {
        "row_id": ["X-1", "X-2", "X-3", "X-4"],
        "survey_state": ["+", "-", "divided", "imprecise"],
        "coded_state": ["-", "thin", "+", "absent"],
    }
)


def verdict(rows: str | None, survey: str | None, cases: str | None) -> str:
    findings = pd.DataFrame(
        [["F-1", rows, survey, cases]],
        columns=["finding_id", "subject_rows", "survey_reading", "cases_reading"],
    )
    return check_readings(findings, DISPLAY)["verdict"].iloc[0]


@pytest.mark.parametrize(
    ("rows", "survey", "cases", "expected"),
    [
        ("X-1", "for", "against", "stands"),
        ("X-1", "for", None, "stands"),
        ("X-1", "against", "for", "does not stand"),
        ("X-1", "for", "for", "stands in part"),
        ("X-1;X-2", "for", None, "stands in part"),
        ("X-2", "against", "for", "stands in part"),  # the cases are too thin to confirm
        ("X-3", "for", None, "does not stand"),  # divided is not for
        ("X-4", "for", "against", "too thin to say"),
        ("X-1", None, None, "one strand only"),
        (None, "for", "for", "one strand only"),
    ],
)
def test_each_verdict(rows, survey, cases, expected):
    assert verdict(rows, survey, cases) == expected


def test_an_unknown_row_is_refused():
    with pytest.raises(ValueError, match="row 0, column subject_rows: 'X-9' is not in the display"):
        verdict("X-1; X-9", "for", None)


def test_a_missing_column_is_refused():
    with pytest.raises(ValueError, match="display: no column coded_state"):
        check_readings(
            pd.DataFrame(columns=["subject_rows", "survey_reading", "cases_reading"]),
            DISPLAY.drop(columns="coded_state"),
        )
