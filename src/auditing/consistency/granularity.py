"""Granularity: a share of N persons moves in steps of 1/N, so not every number can be one.

After the GRIM test (Brown and Heathers 2017), which asks it of means of whole-number answers. A
percentage is the same with hundredths of persons: ``scale=100``; a mean of one item is ``scale=1``.
DEBIT and SPRITE, the kindred tests, need standard deviations.

References
----------
Brown N. J. L., Heathers J. A. J. (2017). The GRIM test: a simple technique detects numerous
anomalies in the reporting of results in psychology. Social Psychological and Personality Science
8(4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import pandas as pd

from auditing.consistency.columns import named_rows, per_row
from auditing.consistency.findings import Comparison, findings_table
from auditing.consistency.rounding import (
    Interval,
    Number,
    Rounding,
    exact,
    printed,
    words,
)


def possible_counts(
    value: Number,
    denominator: int,
    *,
    digits: int | None = None,
    scale: int = 100,
    rounding: Rounding = "nearest",
) -> range:
    """Whole counts k between 0 and N for which ``scale * k / N`` prints as `value`.

    Parameters
    ----------
    value : number
        As printed; give it as text to keep trailing zeros.
    denominator : int
        N.
    digits : int, optional
        Decimals printed; as shown when omitted.
    scale : int
        100 for a percentage, 1 for a share. For a mean of answers from 0 to m, m times N is the
        largest sum: give ``scale=m`` and ``denominator=m * N``.
    rounding : {"nearest", "truncated", "unknown"}
        How the value was shortened.

    Returns
    -------
    range
        Empty when no count gives the value.

    Examples
    --------
    >>> possible_counts("0.9", 611)
    range(6, 6)
    >>> [100 * k / 611 for k in (5, 6)]
    [0.818..., 0.981...]
    >>> list(possible_counts("72.7", 611))
    [444]
    """
    return _counts_within(printed(value, digits, rounding), denominator, scale)


def _counts_within(values: Interval, denominator: int, scale: int) -> range:
    # Whole-number arithmetic: this runs for every value and every denominator tried.
    first, last = 0, denominator
    if isinstance(values.lower, Fraction):
        over, under = values.lower.numerator * denominator, values.lower.denominator * scale
        first = max(-(-over // under) + (values.open_lower and not over % under), 0)
    if isinstance(values.upper, Fraction):
        over, under = values.upper.numerator * denominator, values.upper.denominator * scale
        last = min(over // under - (values.open_upper and not over % under), denominator)
    return range(first, max(last + 1, first))


def possible_denominators(
    values: Iterable[Number | Interval],
    candidates: Iterable[int],
    *,
    complete: bool = False,
    ranked: Sequence[tuple[int, int]] = (),
    digits: int | None = None,
    scale: int = 100,
    rounding: Rounding = "nearest",
) -> list[int]:
    """Return those of the candidate denominators that could have given every value.

    Parameters
    ----------
    values : iterable of number or Interval
        As printed, or the values that words allow.
    candidates : iterable of int
        Denominators to try.
    complete : bool
        Whether the values are all parts of the denominator, so that their whole counts must also be
        able to add up to it.
    ranked : sequence of (int, int)
        Places of two values of which the first is said to be larger, so that its count must be able
        to be larger too.
    digits, scale, rounding
        As in `possible_counts`.

    Returns
    -------
    list of int

    Examples
    --------
    >>> possible_denominators(["72.7", "27.3"], range(5, 40))
    [11, 22, 33]
    >>> possible_denominators(["72.7", "18.2"], range(5, 40), complete=True)
    []
    >>> possible_denominators(["81", Interval(Fraction(75), Fraction(100), True)], range(1, 20),
    ...                       ranked=[(0, 1)])
    []
    """
    given = [
        value if isinstance(value, Interval) else printed(value, digits, rounding)
        for value in values
    ]
    found = []
    for n in candidates:
        counts = []
        for value in given:
            counts.append(_counts_within(value, n, scale))
            if not counts[-1]:
                break
        else:
            low, high = sum(c[0] for c in counts), sum(c[-1] for c in counts)
            in_order = all(counts[over][-1] > counts[under][0] for over, under in ranked)
            if in_order and (not complete or low <= n <= high):
                found.append(n)
    return found


def check_granularity(
    table: pd.DataFrame,
    value: str,
    denominator: int | str,
    *,
    label: str,
    digits: int | None = None,
    scale: int = 100,
    rounding: Rounding = "nearest",
) -> pd.DataFrame:
    """Ask of every printed percentage whether its denominator can give it.

    Parameters
    ----------
    table : DataFrame
        One row per printed number.
    value, label : str
        Columns with the number and with what it is about.
    denominator : int or str
        N for all rows, or the column that has it.
    digits, scale, rounding
        As in `possible_counts`.

    Returns
    -------
    DataFrame
        As `auditing.consistency.findings.findings_table`.

    Raises
    ------
    ValueError
        For a missing column, a denominator below 1, or a cell that is no number.

    Examples
    --------
    >>> table = pd.DataFrame({"category": ["Unknown", "White"], "percent": ["0.9", "98.0"]})
    >>> result = check_granularity(table, "percent", 611, label="category")
    >>> result[["consistent", "arithmetic"]].to_numpy().tolist()
    [[False, '5/611 = 0.8183, 6/611 = 0.982: no whole number out of 611 gives 0.9'],
     [True, '599/611 = 98.036']]
    """
    denominators = per_row(table, denominator, "denominator")
    comparisons = []
    for position, subject, (number,) in named_rows(table, label, value):
        n = denominators[position]
        counts = possible_counts(number, n, digits=digits, scale=scale, rounding=rounding)
        comparisons.append(_granule(subject, number, n, counts, scale))
    return findings_table(comparisons)


def _granule(subject: str, number: Number, n: int, counts: range, scale: int) -> Comparison:
    if counts:
        ends = sorted({counts[0], counts[-1]})
        implied = f"{counts[0]} of {n}" if len(counts) == 1 else f"{ends[0]} to {ends[-1]} of {n}"
        arithmetic = ", ".join(_share(k, n, scale) for k in ends)
    else:
        below = int(exact(number) * n / scale)
        implied = f"{_shown(below, n, scale)} or {_shown(below + 1, n, scale)}"
        arithmetic = (
            f"{_share(below, n, scale)}, {_share(below + 1, n, scale)}: no whole number out of "
            f"{n} gives {number}"
        )
    return {
        "check": "granularity",
        "subject": subject,
        "printed": str(number),
        "implied": implied,
        "consistent": bool(counts),
        "arithmetic": arithmetic,
    }


def _shown(k: int, n: int, scale: int) -> str:
    return words(Fraction(scale * k, n))


def _share(k: int, n: int, scale: int) -> str:
    return f"{k}/{n} = {_shown(k, n, scale)}"
