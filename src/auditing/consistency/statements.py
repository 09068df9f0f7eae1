"""Text against table, and text against text: everything said about one quantity must fit together.

A number is often printed more than once: in a table, in the running text, in an abstract, in words.
Each printing allows an interval; a quantity has a value only where all its intervals meet. Which
printings are about the same quantity is a reading, so it is an argument.
"""

from __future__ import annotations

from itertools import combinations
from math import inf
from typing import Any, NamedTuple

import pandas as pd

from auditing.consistency.columns import need
from auditing.consistency.findings import Comparison, findings_table

__all__ = ["check_statements"]

# Decimal fractions such as 72.7 are not exact as floats; no printed interval is that narrow.
_BIT = 1e-9


def check_statements(statements: pd.DataFrame) -> pd.DataFrame:
    """Ask for each quantity whether all that is printed about it can be true at once.

    Parameters
    ----------
    statements : DataFrame
        One row per printing: quantity, place (where it is printed), printed (as it stands there),
        lower, upper (what it allows, in one unit for a quantity; empty for no limit on that side).

    Returns
    -------
    DataFrame
        As `auditing.consistency.findings.findings_table`, one row per pair of places with
        the same quantity, in their order.

    Raises
    ------
    ValueError
        For a missing column, or a lower limit above the upper.

    Examples
    --------
    >>> statements = pd.DataFrame({
    ...     "quantity": "teachers interviewed", "place": ["Participants", "Table 4"],
    ...     "printed": ["35", "34 rows"], "lower": [35, 34], "upper": [35, 34]})
    >>> result = check_statements(statements)
    >>> result[["consistent", "arithmetic"]].to_numpy().tolist()
    [[False, 'Participants: 35 (35); Table 4: 34 rows (34); no common value']]
    """
    need(statements, "quantity", "place", "printed", "lower", "upper")
    read = [_read(row) for row in statements.to_dict("records")]
    by_quantity: dict[str, list[_Statement]] = {}
    for statement in read:
        by_quantity.setdefault(statement.quantity, []).append(statement)
    return findings_table(
        _compare(first, second)
        for group in by_quantity.values()
        for first, second in combinations(group, 2)
    )


class _Statement(NamedTuple):
    quantity: str
    place: str
    printed: str
    lower: float
    upper: float

    def __str__(self) -> str:
        return f"{self.place}: {self.printed} ({_span(self.lower, self.upper)})"


def _read(row: dict[Any, Any]) -> _Statement:
    lower = -inf if pd.isna(row["lower"]) else float(row["lower"])
    upper = inf if pd.isna(row["upper"]) else float(row["upper"])
    quantity, place, printed = (str(row[name]) for name in ("quantity", "place", "printed"))
    statement = _Statement(quantity, place, printed, lower, upper)
    if lower > upper:
        raise ValueError(
            f"{quantity}, {place}: lower {lower:.10g} above upper {upper:.10g}; exchange them or "
            "correct one"
        )
    return statement


def _compare(first: _Statement, second: _Statement) -> Comparison:
    apart = first.lower > second.upper + _BIT or second.lower > first.upper + _BIT
    return {
        "check": "statement against statement",
        "subject": first.quantity,
        "printed": first.printed,
        "implied": second.printed,
        "consistent": not apart,
        "arithmetic": f"{first}; {second}; {'no common value' if apart else 'these can agree'}",
    }


def _span(lower: float, upper: float) -> str:
    if lower == upper:
        return f"{lower:.10g}"
    if lower == -inf:
        return "no limit" if upper == inf else f"at most {upper:.10g}"
    return f"at least {lower:.10g}" if upper == inf else f"{lower:.10g} to {upper:.10g}"
