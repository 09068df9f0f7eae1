"""Counts up the hierarchy of codes: direct, and with everything below.

A segment or case with two codes of one category counts there once. `direct` counts what is coded
with the node itself: in many tools a parent is a code of its own.
"""

from collections.abc import Sequence

import pandas as pd

from compendium.coding.checks import HINT, check_codes, n_distinct, raise_faults, require_columns


def roll_up(
    applications: pd.DataFrame,
    codebook: pd.DataFrame,
    levels: Sequence[str] = ("code", "category"),
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
        [(node, above) for node, path in paths.items() for above in path],
        columns=["code", "node"],
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
