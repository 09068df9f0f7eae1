"""What the checks on disclosure share: the table of findings, and refusing to check nothing."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

#: Columns of findings: the check, what it found, the offending value, the limit, what to do.
COLUMNS = ("check", "subject", "value", "limit", "message")
DEFAULT_THRESHOLD = 5


def findings(rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """Return findings as a table with `COLUMNS`."""
    return pd.DataFrame(list(rows), columns=list(COLUMNS))


def need(table: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raise ValueError when a table lacks a column."""
    missing = [name for name in columns if name not in table.columns]
    if missing:
        there = ", ".join(map(str, table.columns))
        raise ValueError(f"no column {', '.join(missing)}; the table has {there}")


def at_least_two(threshold: int) -> None:
    """Raise ValueError when a threshold is too small to protect anybody."""
    if threshold < 2:
        raise ValueError(f"threshold {threshold} protects nobody; it must be at least 2")
