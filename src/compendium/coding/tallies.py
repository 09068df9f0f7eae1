"""How often, by whom, about what: counts of coded evidence.

Everything here counts *distinct* segments or cases, never rows: a teacher quoted ten times is one
case. Of several coders' applications a code counts where either applied it; `reconcile` first to
count anything else. Each share stands beside its base; one whose base is zero is missing.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from compendium.coding.checks import (
    HINT,
    check_codes,
    n_distinct,
    require_columns,
    share,
    unit_column,
)
from compendium.coding.directions import direction_balance
from compendium.coding.hierarchy import roll_up
from compendium.coding.pairs import co_occurrence
from compendium.coding.saturation import saturation

__all__ = ["co_occurrence", "cross_table", "direction_balance", "roll_up", "saturation", "tally"]


def tally(
    applications: pd.DataFrame, by: Sequence[str] = ("code",), unit: str = "segment"
) -> pd.DataFrame:
    """Count distinct segments or cases in each group.

    Parameters
    ----------
    applications
        Columns `segment_id`, `code`, those of `by`; for cases also `case` (see `with_cases`).
    by, unit
        The columns that make the groups, a missing value being a group of its own; what to count,
        `segment` or `case`.

    Returns
    -------
    pandas.DataFrame
        One row per group, most frequent first: `by`, `n` (distinct units), `base` (distinct units
        in all of `applications`) and `share` = n / base. For cases also `segments_without_case`:
        segments of the group that no individual speaks.

    Examples
    --------
    >>> applied = pd.DataFrame({"segment_id": ["S1", "S2", "S2"], "code": ["pace", "pace", "time"]})
    >>> tally(applied)
       code  n  base  share
    0  pace  2     2    1.0
    1  time  1     2    0.5
    """
    by = [by] if isinstance(by, str) else list(by)
    require_columns(applications, by, "applications", HINT)
    check_codes(applications)
    column = unit_column(unit, applications)
    base = applications[column].nunique()
    result = n_distinct(applications, by, column).rename("n").reset_index()
    result = result.assign(base=base, share=share(result["n"], base))
    if unit == "case":
        lone = applications["segment_id"].where(applications["case"].isna())
        without = n_distinct(applications.assign(segment_id=lone), by, "segment_id")
        result["segments_without_case"] = without.to_numpy()
    return result.sort_values(["n", *by], ascending=[False] + [True] * len(by), ignore_index=True)


def cross_table(
    applications: pd.DataFrame,
    by: str,
    unit: str = "segment",
    codes: Sequence[str] | None = None,
    segments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count codes within documents, sites, roles, levels or speakers.

    Parameters
    ----------
    applications
        Columns `segment_id`, `code`, `case` and `by` (see `with_cases`; a cell that names several
        districts: `split_multiple` first).
    by, unit
        The column that makes the groups; what the shares are shares of, `segment` or `case` (both
        are always counted).
    codes
        The codes to show, in this order, also those never applied; default those applied, sorted.
    segments
        All segments that could have been coded (`segment_id`, `case`, `by`), to count those without
        any code in the base of the column share too.

    Returns
    -------
    pandas.DataFrame
        One row for each code and group, counts of zero included: `code`, `by`, `n_segments`,
        `n_cases`, `unit`, `code_base` (units with the code) and `share_of_code` (the row share),
        `group_base` (units in the group, which may be in several) and `share_of_group` (the column
        share).

    Examples
    --------
    >>> applied = pd.DataFrame(
    ...     {"segment_id": ["S1", "S2", "S3"], "code": ["pace", "pace", "time"]}
    ... ).assign(case=["a/Maya", "a/Maya", "b/Noah"], document=["a", "a", "b"])
    >>> table = cross_table(applied, "document", unit="case")
    >>> table[["code", "document", "n_segments", "n_cases", "share_of_group"]].head(2)
       code document  n_segments  n_cases  share_of_group
    0  pace        a           2        1             1.0
    1  pace        b           0        0             0.0
    """
    require_columns(applications, ["segment_id", "code", "case", by], "applications", HINT)
    check_codes(applications, codes)
    column = unit_column(unit, applications)
    everyone = applications if segments is None else segments
    require_columns(everyone, [column, by], "segments")
    rows = sorted(applications["code"].unique()) if codes is None else list(codes)
    groups = sorted(everyone[by].dropna().unique()) + [np.nan] * bool(everyone[by].isna().any())
    index = pd.MultiIndex.from_product([rows, groups], names=["code", by])
    table = pd.DataFrame(
        {
            name: n_distinct(applications, ["code", by], unit_of)
            for name, unit_of in (("n_segments", "segment_id"), ("n_cases", "case"))
        }
    ).reindex(index, fill_value=0)
    shown = table["n_segments" if unit == "segment" else "n_cases"]
    table["unit"] = unit
    table["code_base"] = _spread(n_distinct(applications, ["code"], column), index, "code")
    table["share_of_code"] = share(shown, table["code_base"])
    table["group_base"] = _spread(n_distinct(everyone, [by], column), index, by)
    table["share_of_group"] = share(shown, table["group_base"])
    return table.reset_index()


def _spread(counts: pd.Series, index: pd.MultiIndex, level: str) -> np.ndarray:
    values = counts.reindex(index.get_level_values(level)).fillna(0)
    return values.to_numpy(dtype="int64")
