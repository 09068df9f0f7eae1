"""Rates and differences worked by hand."""

import pandas as pd
import pytest

from auditing.consistency import check_differences, check_rates


@pytest.mark.parametrize(
    ("top", "bottom", "shown", "scale", "fits"),
    [
        (444, 611, "72.7", 100, True),
        (444, 611, "72.6", 100, False),
        (59, 80, "73.8", 100, True),  # 73.75 exactly: a tie may go either way
        (59, 80, "73.7", 100, True),
        (3778, 200, "18.9", 1, True),
        (3778, 200, "18.8", 1, False),
    ],
)
def test_rates(top: int, bottom: int, shown: str, scale: int, fits: bool) -> None:
    table = pd.DataFrame({"d": ["x"], "top": [top], "bottom": [bottom], "rate": [shown]})
    found = check_rates(table, "top", "bottom", "rate", label="d", scale=scale)
    assert found["consistent"].tolist() == [fits]


def test_truncated_rate() -> None:
    table = pd.DataFrame({"d": ["x"], "top": [2], "bottom": [3], "rate": ["66.6"]})
    for rounding, fits in (("nearest", False), ("truncated", True), ("unknown", True)):
        found = check_rates(table, "top", "bottom", "rate", label="d", rounding=rounding)  # type: ignore[arg-type]
        assert found["consistent"].tolist() == [fits]


def test_rate_of_nothing_is_refused() -> None:
    table = pd.DataFrame({"d": ["x"], "top": [0], "bottom": [0], "rate": ["0"]})
    with pytest.raises(ValueError, match="x, column bottom: 0; a rate of nothing is undefined"):
        check_rates(table, "top", "bottom", "rate", label="d")


@pytest.mark.parametrize(
    ("first", "second", "shown", "fits"),
    [
        ("34.5", "29.9", "4.6", True),
        ("34.5", "29.9", "4.7", True),  # 34.55 - 29.85 is 4.7
        ("34.5", "29.9", "4.8", False),
        ("4.7", "7.1", "-2.4", True),
        ("4.7", "7.1", "2.4", False),  # the sign
    ],
)
def test_differences(first: str, second: str, shown: str, fits: bool) -> None:
    table = pd.DataFrame({"c": ["x"], "a": [first], "b": [second], "d": [shown]})
    found = check_differences(table, "a", "b", "d", label="c")
    assert found["consistent"].tolist() == [fits]


def test_whole_persons_sharpen_the_difference() -> None:
    # 1 of 444 is 0.2252, 1 of 608 is 0.1645: 0.0608 apart, so 0.1 and not -0.1.
    table = pd.DataFrame({"c": ["x", "y"], "a": "0.2", "b": "0.2", "d": ["0.1", "-0.1"]})
    loose = check_differences(table, "a", "b", "d", label="c")
    sharp = check_differences(table, "a", "b", "d", label="c", minuend_of=444, subtrahend_of=608)
    assert loose["consistent"].tolist() == [True, True]
    assert sharp["consistent"].tolist() == [True, False]
