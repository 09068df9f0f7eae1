"""Consistent tables raise no finding, whatever the way of rounding; planted errors do.

A table is drawn as whole persons, a population and a sample of it, with some persons missing, and
printed the way a report would print it. Every check must then be silent. The twin plants one error
of each kind and must find it, and two broken versions of the arithmetic must fail one or the other.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from auditing.consistency import (
    check_decisions,
    check_denominators,
    check_differences,
    check_exchanged,
    check_granularity,
    check_rates,
    check_subset,
    check_total,
    faults,
    rounding,
)

MODES = {"half_up": "nearest", "half_even": "nearest", "truncated": "truncated"}


def as_text(value: Fraction, digits: int, mode: str) -> str:
    """Print an exact value; written without the package's arithmetic."""
    size = abs(value) * 10**digits
    below, rest = floor(size), size - floor(size)
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (mode == "half_up" or below % 2))
    number = Fraction(below + (1 if up and mode != "truncated" else 0), 10**digits)
    return f"{'-' if value < 0 and number else ''}{float(number):.{digits}f}"


@dataclass(frozen=True)
class Drawn:
    """Whole persons behind a table, and how it is printed."""

    population: tuple[int, ...]
    sample: tuple[int, ...]
    missing: int
    digits: int
    mode: str
    difference_of_printed: bool

    @property
    def rounding(self) -> Any:
        return MODES[self.mode]

    @property
    def size(self) -> int:
        return sum(self.population)

    @property
    def n(self) -> int:
        return sum(self.sample)

    def text(self, value: Fraction) -> str:
        return as_text(value, self.digits, self.mode)

    def table(self) -> pd.DataFrame:
        rows = []
        for i, (big, small) in enumerate(zip(self.population, self.sample, strict=True)):
            shares = Fraction(100 * big, self.size), Fraction(100 * small, self.n)
            texts = [self.text(share) for share in shares]
            printed_shares = [Fraction(text) for text in texts]
            pair = printed_shares if self.difference_of_printed else shares
            rows.append(
                {
                    "category": f"c{i}",
                    "group": "only",
                    "big": big,
                    "small": small,
                    "population": texts[0],
                    "sample": texts[1],
                    "difference": self.text(pair[1] - pair[0]),
                    "rate": self.text(Fraction(100 * small, big)) if big else None,
                    "star": "*" if p_value(small, self.n, big, self.size) < 0.05 else None,
                }
            )
        return pd.DataFrame(rows)


def p_value(k: int, n: int, big: int, size: int) -> float:
    """Some p-value that depends on all four counts; no need for a good test here."""
    return max(0.0, 1 - 8 * abs(k / n - big / size) * (n / 60) ** 0.5) if size and n else 1.0


@st.composite
def drawings(draw: st.DrawFn) -> Drawn:
    population = draw(st.lists(st.integers(0, 30), min_size=2, max_size=6))
    population[0] += 1
    sample = [draw(st.integers(0, big)) for big in population]
    sample[0] = max(sample[0], 1)
    return Drawn(
        tuple(population),
        tuple(sample),
        missing=draw(st.integers(0, 5)),
        digits=draw(st.integers(0, 2)),
        mode=draw(st.sampled_from(sorted(MODES))),
        difference_of_printed=draw(st.booleans()),
    )


def findings(drawn: Drawn, table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Run every check on the table as its readers know it."""
    how: dict[str, Any] = {"digits": drawn.digits, "rounding": drawn.rounding}
    size, n = drawn.size, drawn.n
    stated = size + drawn.missing  # some did not answer, and the report does not say so
    return {
        "granularity": check_granularity(table, "population", size, label="category", **how),
        "denominators": check_denominators(
            table, "population", stated, by=["group"], complete=True, **how
        ),
        "total": check_total(table, "population", 100, by=["group"], **how),
        "counts": check_total(table, "big", size, rounding="exact"),
        "subset": check_subset(table, "sample", "population", n, size, label="category", **how),
        "difference": check_differences(
            table, "sample", "population", "difference", label="category",
            minuend_of=n, subtrahend_of=size, **how,
        ),
        "loose difference": check_differences(
            table, "sample", "population", "difference", label="category", **how
        ),
        "rate": check_rates(table, "small", "big", "rate", label="category", **how),
        "exchanged": check_exchanged(table, "population", "sample", stated, n, by=["group"], **how),
        "decision": check_decisions(
            table, "sample", "population", "star", {"some test": p_value}, label="category",
            sample_of=n, population_of=size, **how,
        ),
    }  # fmt: skip


def silent(drawn: Drawn) -> None:
    for name, found in findings(drawn, drawn.table()).items():
        assert faults(found).empty, f"{name}: {faults(found)['arithmetic'].tolist()}"


@settings(max_examples=40, deadline=None)
@given(drawings())
def test_consistent_tables_raise_no_finding(drawn: Drawn) -> None:
    silent(drawn)


def spoilt(table: pd.DataFrame, column: str, value: object) -> pd.DataFrame:
    return table.assign(**{column: [value, *table[column].tolist()[1:]]})


SURE = Drawn((31, 22, 58), (20, 15, 25), missing=0, digits=1, mode="half_up",
             difference_of_printed=False)  # fmt: skip


@pytest.mark.parametrize(
    ("check", "column", "value"),
    [
        ("granularity", "population", "28.3"),  # 31 and 32 of 111 are 27.9 and 28.8
        ("denominators", "population", "28.3"),
        ("total", "population", "28.2"),
        ("counts", "big", 32),
        ("subset", "sample", "90.0"),
        ("difference", "difference", "5.3"),  # 5.4 exactly
        ("loose difference", "difference", "5.6"),
        ("rate", "rate", "64.4"),  # 64.5 exactly
    ],
)
def test_a_planted_error_is_found(check: str, column: str, value: object) -> None:
    assert faults(findings(SURE, SURE.table())[check]).empty
    found = faults(findings(SURE, spoilt(SURE.table(), column, value))[check])
    assert len(found) == 1
    shown = found[["printed", "arithmetic"]].to_numpy().tolist()[0]
    assert any(str(value) in str(words) for words in shown)


def test_parts_that_are_whole_persons_but_one_too_many_are_found() -> None:
    table = spoilt(SURE.table(), "population", "28.8")  # 32 of 111; the others make 80
    found = faults(check_denominators(table, "population", 111, complete=True))
    assert len(found) == 1 and found["implied"].tolist() == ["none"]


def test_exchanged_columns_are_found() -> None:
    table = SURE.table().rename(columns={"population": "sample", "sample": "population"})
    found = findings(SURE, table)["exchanged"]
    assert found["consistent"].tolist() == [False]


def test_a_wrong_star_is_found() -> None:
    drawn = replace(SURE, sample=(1, 15, 25))
    table = drawn.table()
    assert table["star"].tolist()[0] == "*"
    found = faults(findings(drawn, spoilt(table, "star", None))["decision"])
    assert found["subject"].tolist() == ["c0"]
    assert found["implied"].tolist() == ["star"]


def search(max_examples: int) -> None:
    settings(
        max_examples=max_examples, deadline=None, derandomize=True, database=None,
        phases=[Phase.generate],
    )(given(drawings())(silent))()  # fmt: skip


@pytest.mark.parametrize("module", ["granularity", "sums", "differences"])
def test_false_alarms_are_noticed(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """A unit taken as half as wide as it is must make the property fail."""
    real = rounding.printed

    def too_strict(value: Any, digits: int | None = None, how: Any = "nearest") -> Any:
        found, centre = real(value, digits, how), rounding.exact(value)
        return rounding.Interval((found.lower + centre) / 2, (found.upper + centre) / 2)

    monkeypatch.setattr(f"auditing.consistency.{module}.printed", too_strict)
    with pytest.raises(AssertionError):
        search(400)


def test_blindness_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit taken as ten times as wide as it is must miss the planted errors."""
    real = rounding.printed

    def too_lax(value: Any, digits: int | None = None, how: Any = "nearest") -> Any:
        found, centre = real(value, digits, how), rounding.exact(value)
        width = found.upper - found.lower
        return rounding.Interval(centre - 5 * width, centre + 5 * width)

    for module in ("granularity", "sums", "differences"):
        monkeypatch.setattr(f"auditing.consistency.{module}.printed", too_lax)
    with pytest.raises(AssertionError):
        test_a_planted_error_is_found("granularity", "population", "28.3")
