"""One shape for the result of every check: a row for each comparison made, found fault or not.

The comparisons that came out well are kept, because a finding means little without the number of
places where one could have turned up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NotRequired, TypedDict

import pandas as pd


class Comparison(TypedDict):
    """One comparison: consistent is None where the printed numbers cannot decide."""

    check: str
    subject: str
    printed: str
    implied: str
    consistent: bool | None
    arithmetic: str
    bears_on: NotRequired[str]
    recomputes: NotRequired[str]
    at_fault: NotRequired[str]
    impossible: NotRequired[bool]


COLUMNS = {
    "check": "string",
    "subject": "string",
    "printed": "string",
    "implied": "string",
    "consistent": "boolean",
    "arithmetic": "string",
    "bears_on": "string",
    "recomputes": "string",
    "at_fault": "string",
    "impossible": "boolean",
}


def findings_table(comparisons: Iterable[Comparison]) -> pd.DataFrame:
    """Put comparisons in a table, in the order they were made.

    Returns
    -------
    DataFrame
        Columns check, subject (what the numbers are about), printed, implied (what the other
        numbers leave possible), consistent (true, false, or null where undecided), arithmetic (the
        comparison in words); and, where it is known which claims and cells take part: bears_on (all
        of them), recomputes (those whose number the others give anew), at_fault (those that are off
        in a comparison that fails; empty where it cannot be told), each separated by semicolons,
        and impossible (whether no data of the stated size could give what fails).

    Examples
    --------
    >>> findings_table([]).columns.tolist()[:6]
    ['check', 'subject', 'printed', 'implied', 'consistent', 'arithmetic']
    """
    return pd.DataFrame(list(comparisons), columns=list(COLUMNS)).astype(COLUMNS)


def faults(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the comparisons that failed.

    Examples
    --------
    >>> row: Comparison = {"check": "c", "subject": "s", "printed": "1", "implied": "2",
    ...                    "consistent": False, "arithmetic": "1 is not 2"}
    >>> faults(findings_table([row, {**row, "consistent": True}])).shape[0]
    1
    """
    return table[table["consistent"].eq(False).fillna(False)].reset_index(drop=True)
