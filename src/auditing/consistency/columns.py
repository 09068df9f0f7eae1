"""Reading the columns a check is pointed at: a number for all rows, or a column with one each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd


def need(table: pd.DataFrame, *columns: str) -> None:
    """Raise ValueError naming the columns that a table lacks."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        known = ", ".join(map(str, table.columns))
        raise ValueError(f"the table has no column {', '.join(missing)}; it has {known}")


def per_row(table: pd.DataFrame, value: int | str, name: str) -> list[int]:
    """Return one whole number a row, from one number for all or the name of a column.

    Raises
    ------
    ValueError
        When a number is missing, not whole or below 1.
    """
    if isinstance(value, str):
        need(table, value)
        given = table[value].tolist()
    else:
        given = [value] * len(table)
    for row, each in enumerate(given, start=1):
        if pd.isna(each) or each != int(each) or each < 1:
            raise ValueError(f"row {row}, {name}: {each} is not a whole number of at least 1")
    return [int(each) for each in given]


def named_rows(
    table: pd.DataFrame, label: str, *columns: str
) -> Iterator[tuple[int, str, tuple[Any, ...]]]:
    """Yield position, label and values of the rows in which every value is printed.

    A cell that the document leaves empty states nothing, so there is nothing to compare.
    """
    need(table, label, *columns)
    for position, record in enumerate(table[[label, *columns]].itertuples(index=False, name=None)):
        if not any(pd.isna(value) for value in record[1:]):
            yield position, str(record[0]), record[1:]


def grouped(
    table: pd.DataFrame, value: str, by: Sequence[str]
) -> Iterator[tuple[str, list[Any], bool]]:
    """Yield name, printed values and whether no cell is empty, for each group.

    Without `by` the whole table is one group. With an empty cell not all parts are printed, so
    nothing can be said about their sum but that it does not exceed the whole.
    """
    need(table, value)
    for subject, group in groups(table, by):
        numbers = group[value].dropna().tolist()
        if numbers:
            yield subject, numbers, len(numbers) == len(group)


def groups(table: pd.DataFrame, by: Sequence[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the groups of rows with their names, in the order of the table."""
    need(table, *by)
    if not by:
        yield "all rows", table
        return
    for key, group in table.groupby(list(by), sort=False, dropna=False):
        yield ", ".join(map(str, key)), group
