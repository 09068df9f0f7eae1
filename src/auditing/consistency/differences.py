"""Numbers computed from other printed numbers: rates from counts, differences from shares.

The inputs were rounded for print and the result was, as a rule, computed before rounding, so a
printed difference need not be the difference of the printed shares. It must only be possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd

from auditing.consistency.columns import named_rows, per_row
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


def check_rates(
    table: pd.DataFrame,
    numerator: str,
    denominator: str,
    rate: str,
    *,
    label: str,
    digits: int | None = None,
    scale: int = 100,
    rounding: Rounding = "nearest",
) -> pd.DataFrame:
    """Ask whether printed counts give the printed rate.

    Parameters
    ----------
    table : DataFrame
        One row per rate.
    numerator, denominator, rate : str
        Columns with the two counts and with the rate, ``scale * numerator / denominator``.
    label : str
        Column that says what the rate is about.
    digits : int, optional
        Decimals of the rate; as shown when omitted.
    scale : int
        100 for a percentage, 1 for a plain ratio.
    rounding : {"nearest", "truncated", "unknown"}
        How the rate was shortened.

    Returns
    -------
    DataFrame
        As `auditing.consistency.findings.findings_table`.

    Raises
    ------
    ValueError
        For a missing column, a cell that is no number, or a denominator of zero.

    Examples
    --------
    >>> table = pd.DataFrame({"district": ["Mercer", "Davis"], "responses": [222, 13],
    ...                       "population": [243, 25], "rate": ["91.4", "54.2"]})
    >>> result = check_rates(table, "responses", "population", "rate", label="district")
    >>> result[["consistent", "arithmetic"]].to_numpy().tolist()
    [[True, '222/243 = 91.358, printed 91.4'], [False, '13/25 = 52, printed 54.2']]
    """
    comparisons: list[Comparison] = []
    for _, subject, (top, bottom, shown) in named_rows(table, label, numerator, denominator, rate):
        if not exact(bottom):
            raise ValueError(f"{subject}, column {denominator}: 0; a rate of nothing is undefined")
        value = exact(top) / exact(bottom) * scale
        around = printed(shown, digits, rounding)
        comparisons.append(
            {
                "check": "rate against counts",
                "subject": subject,
                "printed": str(shown),
                "implied": words(value),
                "consistent": around.lower <= value <= around.upper,
                "arithmetic": f"{top}/{bottom} = {words(value)}, printed {shown}",
            }
        )
    return findings_table(comparisons)


def check_differences(
    table: pd.DataFrame,
    minuend: str,
    subtrahend: str,
    difference: str,
    *,
    label: str,
    minuend_of: int | str | None = None,
    subtrahend_of: int | str | None = None,
    digits: int | None = None,
    rounding: Rounding = "nearest",
) -> pd.DataFrame:
    """Ask whether a printed difference can be the difference of the printed percentages.

    The exact difference lies within the rounding of both percentages, or, where persons are
    known, among the differences of the whole numbers of persons behind them; the printed one is
    possible when it can stand for such a difference, or is the difference of the two as printed.

    Parameters
    ----------
    table : DataFrame
        One row per difference.
    minuend, subtrahend, difference : str
        Columns with the percentages and with minuend - subtrahend.
    label : str
        Column that says what the difference is about.
    minuend_of, subtrahend_of : int or str, optional
        Persons behind the percentages, or the columns that have them. Sharpens the check where
        whole persons give the percentages; ignored where they cannot.
    digits, rounding
        As in `check_rates`, for all three.

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
    >>> table = pd.DataFrame({"category": ["Black", "White"], "sample": ["0.2", "98.0"],
    ...                       "population": ["0.2", "98.0"], "difference": ["0.1", "0.3"]})
    >>> result = check_differences(table, "sample", "population", "difference", label="category")
    >>> result[["consistent", "arithmetic"]].to_numpy().tolist()
    [[True, '0.2 - 0.2 = 0, exactly -0.1 to 0.1; printed 0.1 stands for 0.05 to 0.15'],
     [False, '98.0 - 98.0 = 0, exactly -0.1 to 0.1; printed 0.3 stands for 0.25 to 0.35']]
    """
    tops = _sizes(table, minuend_of, "minuend_of")
    bottoms = _sizes(table, subtrahend_of, "subtrahend_of")
    comparisons: list[Comparison] = []
    columns = (minuend, subtrahend, difference)
    for position, subject, (first, second, shown) in named_rows(table, label, *columns):
        possible = _percents(first, tops[position], digits, rounding) - _percents(
            second, bottoms[position], digits, rounding
        )
        stands_for = printed(shown, digits, rounding)
        of_printed = exact(first) - exact(second)
        comparisons.append(
            {
                "check": "difference against shares",
                "subject": subject,
                "printed": str(shown),
                "implied": str(possible),
                "consistent": possible.meets(stands_for) or of_printed == exact(shown),
                "arithmetic": f"{first} - {second} = {words(of_printed)}, exactly {possible}; "
                f"printed {shown} stands for {stands_for}",
            }
        )
    return findings_table(comparisons)


def _sizes(table: pd.DataFrame, size: int | str | None, name: str) -> Sequence[int | None]:
    return [None] * len(table) if size is None else per_row(table, size, name)


def _percents(percent: Number, n: int | None, digits: int | None, rounding: Rounding) -> Interval:
    """Exact percentages that may be behind a printed one, those of whole persons if there are."""
    counts = possible_counts(percent, n, digits=digits, rounding=rounding) if n else range(0)
    if n and counts:
        return Interval(Fraction(100 * counts[0], n), Fraction(100 * counts[-1], n))
    return printed(percent, digits, rounding)
