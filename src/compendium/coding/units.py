"""What is counted, and what a share is a share of."""

from __future__ import annotations

import pandas as pd

from compendium.coding.checks import require_columns

UNIT_COLUMNS = {"segment": "segment_id", "case": "case"}
HINT = "Call with_cases(applications, segments)."


def unit_column(unit: str, frame: pd.DataFrame) -> str:
    """Return the column that identifies a counting unit, `segment` or `case`."""
    if unit not in UNIT_COLUMNS:
        raise ValueError(f"unit: {unit!r} is not one of {', '.join(UNIT_COLUMNS)}.")
    column = UNIT_COLUMNS[unit]
    require_columns(frame, [column], "applications", HINT)
    return column


def share(count: pd.Series, base: pd.Series | int) -> pd.Series:
    """Divide counts by their base; missing where the base is zero."""
    bases = pd.Series(base, index=count.index, dtype="float64")
    return count.astype("float64") / bases.mask(bases == 0)


def n_distinct(frame: pd.DataFrame, by: list[str], column: str) -> pd.Series:
    """Count distinct values of `column` in each group; a missing group key is a group."""
    return frame.groupby(by, dropna=False, observed=True)[column].nunique()
