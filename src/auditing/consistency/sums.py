"""Parts and wholes: what adds up to a total, and what cannot exceed what it is part of.

Rounded parts may miss their total by the rounding of each part, which lets small slips pass. Where
every part must be a whole number of persons, `check_denominators` asks more.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd

from auditing.consistency.columns import grouped, named_rows, per_row
from auditing.consistency.findings import Comparison, findings_table
from auditing.consistency.granularity import possible_counts
from auditing.consistency.rounding import (
    Interval,
    Number,
    Rounding,
    exact,
    printed,
    words,
)


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
