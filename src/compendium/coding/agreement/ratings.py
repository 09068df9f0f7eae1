"""From code applications to ratings, units x coders.

What a coder did not apply is a *no* where that coder read, and missing where not. A coder is taken
to have read a document when there is at least one code of theirs in it: a document without any is
missing, not a row of noes.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from compendium.coding.checks import (
    check_applications,
    check_segments,
    coders_of,
    coverage,
    require_columns,
)

NONE = "(none)"  # the first code of a segment to which a coder applied none


def set_ratings(
    applications: pd.DataFrame, segments: pd.DataFrame, coders: Sequence[str] | None = None
) -> pd.DataFrame:
    """Collect for each segment and coder the set of codes applied, for `set_alpha`.

    `segments` are all that were to be coded (`segment_id`, `document`), `coders` the columns,
    default all. Returned are segments x coders of frozensets, empty where a coder read but applied
    nothing, missing where the coder did not read the document.
    """
    names = _checked(applications, segments, coders, ranks=False)
    sets = applications.groupby(["segment_id", "coder"])["code"].agg(frozenset)
    return _fill(sets, applications, segments, names, frozenset())


def first_code_ratings(
    applications: pd.DataFrame, segments: pd.DataFrame, coders: Sequence[str] | None = None
) -> pd.DataFrame:
    """Give for each segment and coder the code ranked first, or `(none)`; else as `set_ratings`."""
    require_columns(applications, ["rank"], "applications")
    names = _checked(applications, segments, coders, ranks=True)
    first = applications[applications["rank"] == 1].set_index(["segment_id", "coder"])["code"]
    return _fill(first, applications, segments, names, NONE)


def direction_ratings(
    applications: pd.DataFrame, coders: Sequence[str] | None = None
) -> pd.DataFrame:
    """Give the direction each coder saw, where at least two applied the same code to a segment."""
    require_columns(applications, ["direction"], "applications")
    check_applications(applications, ranks=False)
    names = coders_of(applications, coders)
    table = applications.pivot(
        index=["segment_id", "code"], columns="coder", values="direction"
    ).reindex(columns=names)
    return table[table.notna().sum(axis=1) >= 2]


def _checked(
    applications: pd.DataFrame, segments: pd.DataFrame, coders: Sequence[str] | None, ranks: bool
) -> list[str]:
    check_segments(segments, ["document"])
    check_applications(applications, segments=segments, ranks=ranks)
    return coders_of(applications, coders)


def _fill(
    values: pd.Series,
    applications: pd.DataFrame,
    segments: pd.DataFrame,
    names: list[str],
    nothing: object,
) -> pd.DataFrame:
    """Spread values over segments x coders: `nothing` where read, missing where not."""
    table = values.unstack().reindex(index=segments["segment_id"], columns=names).astype(object)
    cells = table.to_numpy(copy=True)
    read = coverage(applications, segments, names).loc[segments["document"]].to_numpy()
    for row, column in np.argwhere(table.isna().to_numpy() & read):
        cells[row, column] = nothing
    return pd.DataFrame(cells, index=table.index, columns=table.columns)
