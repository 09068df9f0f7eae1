"""Parts and wholes: what adds up to a total, and what cannot exceed what it is part of.

Two strengths of the same question. Rounded parts may miss their total by the rounding of each part
(`check_total`), which lets small slips pass. Where the denominator is known, every part is a whole
number of persons and the whole numbers must add up exactly (`check_counts_total`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd

from auditing.consistency.columns import grouped, named_rows, per_row
from auditing.consistency.findings import Comparison, findings_table
from auditing.consistency.granularity import possible_counts, possible_denominators
from auditing.consistency.rounding import (
    Interval,
    Number,
    Rounding,
    exact,
    printed,
    words,
)

__all__ = ["check_counts_total", "check_subset", "check_total"]


def check_total(
    table: pd.DataFrame,
    part: str,
    total: Number,
    *,
    by: Sequence[str] = (),
    exhaustive: bool = True,
    digits: int | None = None,
    rounding: Rounding = "nearest",
) -> pd.DataFrame:
    """Ask whether the parts of each group can add up to the total.

    The sum of the exact parts lies in the sum of their intervals; the total must lie there too.

    Parameters
    ----------
    table : DataFrame
        One row per part.
    part : str
        Column with the parts as printed.
    total : number
        What they should add up to, exactly.
    by : sequence of str
        Columns that tell the groups apart; none for one group.
    exhaustive : bool
        Whether the parts are all there is. If not, they must only not exceed the total.
    digits : int, optional
        Decimals printed; as shown when omitted.
    rounding : {"nearest", "truncated", "unknown", "exact"}
        How the parts were shortened; exact for counts.

    Returns
    -------
    DataFrame
        As `auditing.consistency.findings.findings_table`.

    Raises
    ------
    ValueError
        For a missing column or a cell that is no number.

    Examples
    --------
    >>> table = pd.DataFrame({"group": ["a"] * 3 + ["b"] * 2,
    ...                       "percent": ["33.3", "33.3", "33.3", "60.1", "40.5"]})
    >>> check_total(table, "percent", 100, by=["group"])["arithmetic"].tolist()
    ['33.3 + 33.3 + 33.3 = 99.9; with rounding 99.75 to 100.05, against 100',
     '60.1 + 40.5 = 100.6; with rounding 100.5 to 100.7, against 100']
    """
    target = exact(total)
    comparisons: list[Comparison] = []
    for subject, numbers, all_printed in grouped(table, part, by):
        possible = Interval(Fraction(0), Fraction(0))
        for number in numbers:
            possible = possible + printed(number, digits, rounding)
        closed = exhaustive and all_printed
        fits = possible.lower <= target and (not closed or target <= possible.upper)
        comparisons.append(
            {
                "check": "parts against total",
                "subject": subject,
                "printed": str(total),
                "implied": str(possible),
                "consistent": fits,
                "arithmetic": f"{_sum_words(numbers)}; with rounding {possible}, against "
                f"{'' if closed else 'at most '}{total}",
            }
        )
    return findings_table(comparisons)


def check_counts_total(
    table: pd.DataFrame,
    percent: str,
    denominator: int,
    *,
    by: Sequence[str] = (),
    fewest: int | None = None,
    digits: int | None = None,
    rounding: Rounding = "nearest",
) -> pd.DataFrame:
    """Ask whether whole numbers of persons behind the percentages can add up to the denominator.

    Parameters
    ----------
    table, by, digits, rounding
        As in `check_total`; the percentages of a group must be all there are.
    percent : str
        Column with the percentages as printed.
    denominator : int
        Persons behind each group.
    fewest : int, optional
        Smallest number of persons to allow for where some did not answer; a group fails only when
        none from `fewest` to `denominator` works. The denominator itself when omitted.

    Returns
    -------
    DataFrame
        As `findings_table`. Undecided (null) where a percentage is no whole number of persons for
        any denominator tried: that is a finding of `check_granularity`, and would be counted twice.

    Raises
    ------
    ValueError
        For a missing column or a cell that is no number.

    Examples
    --------
    >>> table = pd.DataFrame({"percent": ["27.3", "36.4", "36.3"]})
    >>> check_counts_total(table, "percent", 11)["arithmetic"].tolist()
    ['of 11 persons: 27.3 is 3, 36.4 is 4, 36.3 is none']
    """
    comparisons: list[Comparison] = []
    for subject, numbers, all_printed in grouped(table, percent, by):
        tried = range(denominator if fewest is None else fewest, denominator + 1)
        whole = possible_denominators(numbers, tried, digits=digits, rounding=rounding)
        fitting = possible_denominators(
            numbers, whole, complete=all_printed, digits=digits, rounding=rounding
        )
        # Shown for the denominator that works, else for one where every part is whole.
        shown = max(fitting or whole or [denominator])
        counts = [possible_counts(x, shown, digits=digits, rounding=rounding) for x in numbers]
        comparisons.append(
            {
                "check": "counts against total",
                "subject": subject,
                "printed": str(denominator),
                "implied": _span(counts) if whole else "undecided",
                "consistent": bool(fitting) if whole else None,
                "arithmetic": _counts_words(numbers, shown, counts),
            }
        )
    return findings_table(comparisons)


def check_subset(
    table: pd.DataFrame,
    part: str,
    whole: str,
    part_of: int | str,
    whole_of: int | str,
    *,
    label: str,
    digits: int | None = None,
    rounding: Rounding = "nearest",
) -> pd.DataFrame:
    """Ask whether a sample's categories fit into the population it was drawn from.

    With s of the n sampled and p of the N in the population in a category: ``s <= p``, and as many
    outside it, ``n - s <= N - p``.

    Parameters
    ----------
    table, label, digits, rounding
        As in `check_total`; label is the column that names the category.
    part, whole : str
        Columns with the percentages of sample and population.
    part_of, whole_of : int or str
        Persons in sample and population, or the columns that have them.

    Returns
    -------
    DataFrame
        As `findings_table`.

    Raises
    ------
    ValueError
        For a missing column or a cell that is no number.

    Examples
    --------
    >>> table = pd.DataFrame({"category": ["Unknown"], "sample": ["3.1"], "population": ["0.9"]})
    >>> check_subset(table, "sample", "population", 444, 611, label="category").loc[0, "arithmetic"]
    'in the sample 13.542 to 13.986 persons, in the population 5.1935 to 5.8045'
    """
    comparisons: list[Comparison] = []
    smaller, larger = (
        per_row(table, size, name) for size, name in ((part_of, "part_of"), (whole_of, "whole_of"))
    )
    for position, subject, (sample, population) in named_rows(table, label, part, whole):
        n, size = smaller[position], larger[position]
        drawn = _persons(sample, n, digits, rounding)
        there = _persons(population, size, digits, rounding)
        inside = drawn.lower <= there.upper
        outside = n - drawn.upper <= size - there.lower
        comparisons.append(
            {
                "check": "subset",
                "subject": subject,
                "printed": f"{sample} of {n}, {population} of {size}",
                "implied": f"at most {there} persons",
                "consistent": inside and outside,
                "arithmetic": f"in the sample {drawn} persons, in the population {there}"
                + ("" if outside else f"; outside the category {n} sampled of {size} do not fit"),
            }
        )
    return findings_table(comparisons)


def _persons(percent: Number, n: int, digits: int | None, rounding: Rounding) -> Interval:
    """Whole persons where there are some, else the bare interval, so that one fault is not two."""
    counts = possible_counts(percent, n, digits=digits, rounding=rounding)
    if counts:
        return Interval(Fraction(counts[0]), Fraction(counts[-1]))
    return printed(percent, digits, rounding).scaled(Fraction(n, 100))


def _sum_words(numbers: list[Number]) -> str:
    total = sum((exact(number) for number in numbers), Fraction(0))
    return f"{' + '.join(map(str, numbers))} = {words(total)}"


def _span(counts: list[range]) -> str:
    low, high = sum(c[0] for c in counts), sum(c[-1] for c in counts)
    return str(low) if low == high else f"{low} to {high}"


def _counts_words(numbers: list[Number], n: int, counts: list[range]) -> str:
    parts = []
    for number, found in zip(numbers, counts, strict=True):
        if not found:
            parts.append(f"{number} is none")
        elif len(found) == 1:
            parts.append(f"{number} is {found[0]}")
        else:
            parts.append(f"{number} is {found[0]} to {found[-1]}")
    start = f"of {n} persons: {', '.join(parts)}"
    return f"{start}; together {_span(counts)}" if all(counts) else start
