"""Printed numbers as intervals, against plain decimal arithmetic."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from auditing.consistency.rounding import Rounding, exact, printed, shown_digits


@pytest.mark.parametrize(
    ("value", "digits", "how", "lower", "upper"),
    [
        ("0.9", None, "nearest", "0.85", "0.95"),
        ("98", None, "nearest", "97.5", "98.5"),
        ("98", 1, "nearest", "97.95", "98.05"),
        (98.0, None, "nearest", "97.5", "98.5"),  # a float shows no trailing zero
        ("98.0", None, "nearest", "97.95", "98.05"),
        ("0.9", None, "truncated", "0.9", "1.0"),
        ("-0.9", None, "truncated", "-1.0", "-0.9"),
        ("0", None, "truncated", "-1", "1"),
        ("0.9", None, "unknown", "0.85", "1.0"),
        ("-0.9", None, "unknown", "-1.0", "-0.85"),
        ("0.9", None, "exact", "0.9", "0.9"),
        (Decimal("72.70"), None, "nearest", "72.65", "72.75"),
    ],
)
def test_interval(value: Any, digits: int | None, how: Rounding, lower: str, upper: str) -> None:
    found = printed(value, digits, how)
    assert (found.lower, found.upper) == (Fraction(lower), Fraction(upper))


def test_digits_shown() -> None:
    assert [shown_digits(x) for x in ("73.80", "73", 73.8, 73.0, 73, Decimal("73.80"))] == [
        2, 0, 1, 0, 0, 1,
    ]  # fmt: skip


def test_more_digits_than_said_are_refused() -> None:
    with pytest.raises(ValueError, match=r"0\.95 shows 2 decimals but is said to be rounded to 1"):
        printed("0.95", 1)


@pytest.mark.parametrize("value", ["n/a", "", float("nan"), float("inf"), "12 %"])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        exact(value)
