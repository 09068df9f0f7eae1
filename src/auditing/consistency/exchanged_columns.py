"""Two columns in each other's place.

Percentages carry the number of persons they were computed from in their granularity. When a group
of rows cannot be percentages of the persons its column is about, but both columns can be those of
the other, the likeliest slip is that they were exchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from auditing.consistency.columns import groups, need
from auditing.consistency.findings import Comparison, findings_table
from auditing.consistency.granularity import possible_denominators
from auditing.consistency.rounding import Rounding


def check_exchanged(
    table: pd.DataFrame,
    first: str,
    second: str,
    first_of: int,
    second_of: int,
    *,
    by: Sequence[str] = (),
    complete: bool = True,
    digits: int | None = None,
    rounding: Rounding = "nearest",
) -> pd.DataFrame:
    """Ask of each group of rows whether its two columns fit only in each other's place.

    Parameters
    ----------
    table : DataFrame
        One row per category.
    first, second : str
        Columns with percentages as printed.
    first_of, second_of : int
        Persons each column is said to be about. Any smaller number is allowed too, since some may
        not have answered.
    by : sequence of str
        Columns that tell the groups apart; none for one group.
    complete : bool
        Whether a group lists all categories, so that whole persons must add up.
    digits, rounding
        As in `auditing.consistency.granularity.possible_counts`.

    Returns
    -------
    DataFrame
        As `auditing.consistency.findings.findings_table`. False: no number of persons up
        to the stated one gives the columns as printed, and the exchanged ones can be given. Null:
        neither way fits, so another slip is behind it.

    Raises
    ------
    ValueError
        For a missing column or a cell that is no number.

    Examples
    --------
    >>> table = pd.DataFrame({"answer": ["yes", "no"], "all": ["42.9", "57.1"],
    ...                       "asked": ["45.5", "54.5"]})
    >>> result = check_exchanged(table, "all", "asked", 11, 7)
    >>> result[["consistent", "arithmetic"]].to_numpy().tolist()
    [[False, 'all as printed: 7 of up to 11; asked as printed: none of up to 7; exchanged, all: 7
    of up to 7, asked: 11 of up to 11']]
    """
    need(table, first, second)
    comparisons: list[Comparison] = []
    for subject, group in groups(table, by):
        printed_rows = group[[first, second]].dropna()
        fits = partial(
            possible_denominators,
            complete=complete and len(printed_rows) == len(group),
            digits=digits,
            rounding=rounding,
        )
        ones, others = printed_rows[first].tolist(), printed_rows[second].tolist()
        up_to_first, up_to_second = range(1, first_of + 1), range(1, second_of + 1)
        printed = fits(ones, up_to_first), fits(others, up_to_second)
        exchanged = fits(ones, up_to_second), fits(others, up_to_first)
        fault = not all(printed) and all(exchanged)
        comparisons.append(
            {
                "check": "exchanged columns",
                "subject": subject,
                "printed": f"{first} of {first_of}, {second} of {second_of}",
                "implied": f"{first} of {second_of}, {second} of {first_of}" if fault else "",
                "consistent": True if all(printed) else (False if fault else None),
                "arithmetic": f"{first} as printed: {_largest(printed[0])} of up to {first_of}; "
                f"{second} as printed: {_largest(printed[1])} of up to {second_of}; exchanged, "
                f"{first}: {_largest(exchanged[0])} of up to {second_of}, "
                f"{second}: {_largest(exchanged[1])} of up to {first_of}",
            }
        )
    return findings_table(comparisons)


def _largest(found: list[int]) -> str:
    return ", ".join(map(str, found[-3:])) or "none"
