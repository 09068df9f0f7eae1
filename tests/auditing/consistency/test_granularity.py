"""Granularity against brute force and against examples published with other implementations."""

from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest

from auditing.consistency import (
    check_denominators,
    check_granularity,
    possible_counts,
    possible_denominators,
)
from auditing.consistency.rounding import Interval, Rounding


@pytest.mark.parametrize("digits", [0, 1, 2])
@pytest.mark.parametrize(
    ("how", "modes"),
    [
        ("nearest", [ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN]),
        ("truncated", [ROUND_DOWN]),
        ("unknown", [ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN, ROUND_DOWN]),
    ],
)
def test_counts_are_those_that_decimal_arithmetic_prints_so(
    how: Rounding, modes: list[str], digits: int
) -> None:
    unit = Decimal(1).scaleb(-digits)
    for n in (1, 3, 7, 8, 16, 40, 61):
        expected: dict[str, set[int]] = {}
        for k in range(n + 1):
            for mode in modes:
                text = str((Decimal(100 * k) / n).quantize(unit, rounding=mode))
                expected.setdefault(text, set()).add(k)
        for text, counts in expected.items():
            found = set(possible_counts(text, n, rounding=how))
            # The closed end admits the next whole unit too: 29/100 may truncate to 28.
            allowed = counts | {k for k in found if (Decimal(100 * k) / n) % unit == 0}
            assert counts <= found <= allowed, (text, n)


@pytest.mark.parametrize(
    ("mean", "n", "possible"),
    [
        ("5.19", 28, False),  # Brown and Heathers 2017
        ("5.27", 43, False),  # R package scrutiny, vignette on GRIM
        ("11.09", 21, False),  # Python package grim, README
        ("5.18", 28, True),
        ("5.28", 43, True),
    ],
)
def test_published_examples_of_means(mean: str, n: int, possible: bool) -> None:
    largest = 20
    assert bool(possible_counts(mean, largest * n, scale=largest)) is possible


@pytest.mark.parametrize("n", [444, 611])
def test_below_a_thousand_each_count_prints_its_own_tenth(n: int) -> None:
    values = [f"{tenth / 10:.1f}" for tenth in range(1001)]
    assert sum(len(possible_counts(value, n)) > 0 for value in values) == n + 1


def test_counts_stay_between_none_and_all() -> None:
    assert list(possible_counts("0", 50)) == [0]
    assert list(possible_counts("100", 50)) == [50]
    assert not possible_counts("140", 50)
    assert not possible_counts("-3", 50)


def test_denominators() -> None:
    assert possible_denominators(["54.2"], range(1, 30)) == [24]
    assert possible_denominators(["33.3", "66.7"], range(1, 8)) == [3, 6]
    # 1 of 3 and 1 of 3 do not make 3; 2 of 6 and 2 of 6 do not make 6.
    assert possible_denominators(["33.3", "33.3"], range(1, 8), complete=True) == []
    assert possible_denominators([], range(1, 4)) == [1, 2, 3]


def test_each_row_may_have_its_own_denominator() -> None:
    table = pd.DataFrame({"district": ["A", "B", "C"], "percent": ["11.8", "11.8", None],
                          "n": [16, 17, 9]})  # fmt: skip
    found = check_granularity(table, "percent", "n", label="district")
    assert found["consistent"].tolist() == [False, True]
    assert found["implied"].tolist() == ["6.25 or 12.5", "2 of 17"]


@pytest.mark.parametrize(
    ("denominator", "message"),
    [("m", "no column m; it has district, percent, n"), (0, "row 1, denominator: 0 is not"),
     ("n", r"row 2, denominator: nan is not"), (2.5, r"row 1, denominator: 2\.5 is not")],
)  # fmt: skip
def test_impossible_denominators_are_refused(denominator: Any, message: str) -> None:
    table = pd.DataFrame({"district": ["A", "B"], "percent": ["1", "2"], "n": [16, None]})
    with pytest.raises(ValueError, match=message):
        check_granularity(table, "percent", denominator, label="district")


def test_denominators_of_groups() -> None:
    table = pd.DataFrame({"group": ["a", "a", "b", "b", "c"],
                          "percent": ["33.3", "66.7", "50.0", "49.0", None]})  # fmt: skip
    found = check_denominators(table, "percent", 7, by=["group"])
    assert found["consistent"].tolist() == [True, False]
    assert found["implied"].tolist() == ["2 possible: 3, 6", "none"]
    assert "7 does not" in found.loc[0, "arithmetic"]  # type: ignore[operator]


def test_a_part_that_is_not_printed_leaves_the_sum_open() -> None:
    table = pd.DataFrame({"percent": ["33.3", "33.3", None]})
    assert check_denominators(table, "percent", 7, complete=True)["consistent"].tolist() == [True]
    closed = check_denominators(table.dropna(), "percent", 7, complete=True)
    assert closed["consistent"].tolist() == [False]


def test_chance_is_the_share_of_values_that_fit() -> None:
    # One tenth of a percent is met by chance by n of 1000 tenths.
    found = check_denominators(pd.DataFrame({"p": ["50.0"]}), "p", 500, fewest=500)
    assert "by chance, about 0.5" in found.loc[0, "arithmetic"]  # type: ignore[operator]


def test_fewest_above_stated_is_refused() -> None:
    with pytest.raises(ValueError, match="fewest is 9; it must lie between 1 and the stated 7"):
        check_denominators(pd.DataFrame({"p": ["50"]}), "p", 7, fewest=9)


def test_words_are_searched_with_their_limits() -> None:
    """Over three quarters of 16 and below 81 percent is no whole number; of 32 it is 25."""
    over = Interval(Fraction(75), Fraction(100), open_lower=True, open_upper=True)
    assert possible_denominators([over], range(1, 7)) == [5, 6]  # 3 of 4 is 75 and 4 of 4 is 100
    shares = ["81", over, "75", "44", "31"]
    assert possible_denominators(shares, range(1, 40)) == [16, 32, 36]
    assert possible_denominators(shares, range(1, 40), ranked=[(0, 1)]) == [32, 36]
    below = Interval(Fraction(0), Fraction(50), open_upper=True)
    assert possible_denominators([below, "50"], [2], ranked=[(1, 0)]) == [2]
    assert possible_denominators([below, "50"], [2], ranked=[(0, 1)]) == []
