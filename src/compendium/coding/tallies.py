"""How often, by whom, about what: counts of coded evidence.

Everything here counts *distinct* segments or cases, never rows: a teacher quoted ten times is one
case. Of several coders' applications a code counts where either applied it; `reconcile` first to
count anything else. Each share stands beside its base; one whose base is zero is missing.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from compendium.coding.checks import (
    DIRECTIONS,
    HINT,
    check_applications,
    check_codes,
    n_distinct,
    raise_faults,
    require_columns,
    share,
    unit_column,
)


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


def direction_balance(
    applications: pd.DataFrame, by: Sequence[str] = ("code",), unit: str = "segment"
) -> pd.DataFrame:
    """Count distinct segments or cases per direction in each group, and helps minus hinders.

    Parameters
    ----------
    applications
        One coding (see `reconcile`): `segment_id`, `code`, `direction`, `by`; for cases also
        `case`.
    by, unit
        The columns that make the groups; `segment` or `case`.

    Returns
    -------
    pandas.DataFrame
        One row per group: `by`, `helps`, `hinders`, `mixed`, `neutral` (a case that says both
        counts under both), `base` (units of the group) and `balance` = (helps - hinders) / base, in
        [-1, 1]. ValueError when a direction is missing or unknown, or a segment has two for one
        code.

    Examples
    --------
    >>> applied = pd.DataFrame(
    ...     {"segment_id": ["S1", "S2"], "code": ["pace", "pace"], "direction": ["helps", "mixed"]}
    ... )
    >>> direction_balance(applied)[["helps", "mixed", "base", "balance"]]
       helps  mixed  base  balance
    0      1      1     2      0.5
    """
    by = [by] if isinstance(by, str) else list(by)
    require_columns(applications, [*by, "direction"], "applications", HINT)
    column = unit_column(unit, applications)
    _check_directions(applications)
    base = n_distinct(applications, by, column).rename("base").reset_index()
    counts = {
        name: n_distinct(
            applications.assign(counted=applications[column].where(stated)), by, "counted"
        ).to_numpy()
        for name in DIRECTIONS
        for stated in [applications["direction"] == name]
    }
    table = base.assign(**counts)[[*by, *DIRECTIONS, "base"]]
    return table.assign(balance=share(table["helps"] - table["hinders"], table["base"]))


def roll_up(
    applications: pd.DataFrame, codebook: pd.DataFrame, levels: Sequence[str] = ("code", "category")
) -> pd.DataFrame:
    """Count distinct segments and cases for codes and all that stands above them.

    Parameters
    ----------
    applications
        Columns `segment_id`, `case`, `code` (see `with_cases`).
    codebook
        One row per code, with the columns of `levels`; an empty cell ends the way up.
    levels
        Columns from the code upwards, such as `("code", "category", "theme")`. A parent may itself
        be a code (`("code", "parent")`), to any depth.

    Returns
    -------
    pandas.DataFrame
        One row per node, parents first and otherwise in codebook order: `node`, `parent` (missing
        at the top), `depth` (0 at the top), `is_code`, `segments_direct`, `segments_with_children`,
        `cases_direct`, `cases_with_children`. ValueError when a code is not in the codebook, or a
        node has two parents or is above itself.

    Examples
    --------
    >>> applied = pd.DataFrame({"segment_id": "S1", "case": "a/Maya", "code": ["pace", "time"]})
    >>> codebook = pd.DataFrame({"code": ["pace", "time"], "category": "Practice"})
    >>> roll_up(applied, codebook)[["node", "depth", "segments_direct", "segments_with_children"]]
           node  depth  segments_direct  segments_with_children
    0  Practice      0                0                       1
    1      pace      1                1                       1
    2      time      1                1                       1
    """
    require_columns(applications, ["segment_id", "case", "code"], "applications", HINT)
    require_columns(codebook, levels, "codebook")
    check_codes(applications, codebook[levels[0]])
    parents = _parents(codebook, list(levels))
    paths = {node: _path(node, parents) for node in parents}
    position = {node: number for number, node in enumerate(parents)}
    order = sorted(parents, key=lambda node: [position[above] for above in reversed(paths[node])])
    closure = pd.DataFrame(
        [(node, above) for node, path in paths.items() for above in path], columns=["code", "node"]
    )
    spread = applications[["segment_id", "case", "code"]].merge(closure, on="code")
    codes = set(codebook[levels[0]])
    result = pd.DataFrame(
        {
            "node": order,
            "parent": pd.Series([parents[node] for node in order], dtype="str"),
            "depth": [len(paths[node]) - 1 for node in order],
            "is_code": [node in codes for node in order],
        }
    )
    for unit, column in (("segments", "segment_id"), ("cases", "case")):
        direct = n_distinct(applications, ["code"], column)
        below = n_distinct(spread, ["node"], column)
        result[f"{unit}_direct"] = direct.reindex(order).fillna(0).to_numpy(dtype="int64")
        result[f"{unit}_with_children"] = below.reindex(order).fillna(0).to_numpy(dtype="int64")
    return result


def _spread(counts: pd.Series, index: pd.MultiIndex, level: str) -> np.ndarray:
    values = counts.reindex(index.get_level_values(level)).fillna(0)
    return values.to_numpy(dtype="int64")


def _check_directions(applications: pd.DataFrame) -> None:
    keys = ["segment_id", "code"]
    pairs = applications[[*keys, "direction"]].drop_duplicates()
    check_applications(pairs.drop_duplicates(keys))
    empty, allowed = pairs["direction"].isna(), ", ".join(DIRECTIONS)
    faults = [
        f"row {row}, column direction: empty; give one of {allowed}" for row in pairs.index[empty]
    ]
    faults += [
        f"row {row.Index}: segment {row.segment_id!r} has another direction for code {row.code!r}; "
        "reconcile the coders first"
        for row in pairs[pairs.duplicated(keys) & ~empty].itertuples()
    ]
    raise_faults("applications", faults)


def _parents(codebook: pd.DataFrame, levels: list[str]) -> dict[str, str | None]:
    """Map each node to its parent, in codebook order."""
    parents: dict[str, str | None] = {}
    faults = []
    for row, *values in codebook[levels].itertuples(name=None):
        chain = [value for value in values if not pd.isna(value)]
        for child, parent in zip(chain, [*chain[1:], None], strict=True):
            before = parents.get(child)
            if before is not None and parent is not None and before != parent:
                faults.append(f"row {row}: {child!r} is under {before!r} and under {parent!r}")
            parents[child] = parent if before is None else before
    raise_faults("codebook", faults)
    return parents


def _path(node: str, parents: dict[str, str | None]) -> list[str]:
    """Return the node and everything above it."""
    path = [node]
    above = parents[node]
    while above is not None:
        if above in path:
            raise ValueError(f"codebook: {' under '.join([*path, above])}: a node above itself.")
        path.append(above)
        above = parents[above]
    return path
