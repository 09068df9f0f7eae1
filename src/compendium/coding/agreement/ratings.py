"""From code applications to ratings, units x coders.

What a coder did not apply is a *no* where that coder read, and missing where not. A coder is taken
to have read a document when there is at least one code of theirs in it: a document without any is
missing, not a row of noes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from compendium.coding.checks import check_applications, check_segments, require_columns

NONE = "(none)"  # the first code of a segment to which a coder applied none


def coders_of(applications: pd.DataFrame, coders: Sequence[str] | None = None) -> list[str]:
    """Return the coders, sorted, or check those named.

    Raises
    ------
    ValueError
        When a named coder has coded nothing.

    Examples
    --------
    >>> coders_of(pd.DataFrame({"coder": ["B", "A", "B"]}))
    ['A', 'B']
    """
    require_columns(applications, ["coder"], "applications")
    found = sorted(applications["coder"].dropna().unique())
    for coder in coders or []:
        if coder not in found:
            raise ValueError(
                f"coder {coder!r} has coded nothing; coders with applications: "
                f"{', '.join(map(str, found)) or 'none'}. Take {coder!r} out of `coders`."
            )
    return found if coders is None else list(coders)


def coverage(
    applications: pd.DataFrame, segments: pd.DataFrame, coders: Sequence[str] | None = None
) -> pd.DataFrame:
    """Say which coder has read which document.

    Parameters
    ----------
    applications
        Columns `segment_id`, `coder`.
    segments
        Columns `segment_id`, `document`.
    coders
        The coders to show; default all.

    Returns
    -------
    pandas.DataFrame
        Documents x coders, True where the coder applied at least one code in the document.

    Examples
    --------
    >>> applications = pd.DataFrame({"segment_id": ["S1"], "coder": ["A"], "code": ["pace"]})
    >>> segments = pd.DataFrame({"segment_id": ["S1", "S2"], "document": ["a", "b"]})
    >>> coverage(applications, segments)["A"].to_dict()
    {'a': True, 'b': False}
    """
    names = coders_of(applications, coders)
    document = applications["segment_id"].map(segments.set_index("segment_id")["document"])
    done = pd.crosstab(document, applications["coder"]) > 0
    documents = pd.Index(sorted(segments["document"].unique()), name="document")
    return done.reindex(index=documents, columns=names, fill_value=False)


def code_ratings(
    applications: pd.DataFrame,
    segments: pd.DataFrame,
    code: str,
    coders: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Say for each segment and coder whether the code was applied.

    Parameters
    ----------
    applications
        Columns `segment_id`, `coder`, `code`.
    segments
        All segments that were to be coded, columns `segment_id`, `document`.
    code
        The code.
    coders
        The coders, in this order; default all.

    Returns
    -------
    pandas.DataFrame
        Segments x coders: 1, 0, or missing where the coder did not read the document.

    Raises
    ------
    ValueError
        When the frames do not fit together or a named coder has coded nothing.

    Examples
    --------
    >>> applications = pd.DataFrame(
    ...     {"segment_id": ["S1", "S2"], "coder": ["A", "B"], "code": ["pace", "pace"]}
    ... )
    >>> segments = pd.DataFrame({"segment_id": ["S1", "S2"], "document": ["a", "a"]})
    >>> code_ratings(applications, segments, "pace").to_numpy().tolist()
    [[1, 0], [0, 1]]
    """
    names = _checked(applications, segments, coders)
    chosen = applications[applications["code"] == code]
    yes = pd.crosstab(chosen["segment_id"], chosen["coder"])
    ratings = yes.reindex(index=segments["segment_id"], columns=names, fill_value=0)
    return ratings.astype("Int64").where(_read(applications, segments, names))


def set_ratings(
    applications: pd.DataFrame, segments: pd.DataFrame, coders: Sequence[str] | None = None
) -> pd.DataFrame:
    """Collect for each segment and coder the set of codes applied.

    Parameters
    ----------
    applications, segments, coders
        See `code_ratings`.

    Returns
    -------
    pandas.DataFrame
        Segments x coders of frozensets, empty where a coder read but applied nothing, missing
        where the coder did not read the document.

    Examples
    --------
    >>> applications = pd.DataFrame(
    ...     {"segment_id": ["S1", "S2"], "coder": ["A", "B"], "code": ["pace", "time"]}
    ... )
    >>> segments = pd.DataFrame({"segment_id": ["S1", "S2"], "document": ["a", "a"]})
    >>> set_ratings(applications, segments).loc["S1"].tolist()
    [frozenset({'pace'}), frozenset()]
    """
    names = _checked(applications, segments, coders)
    sets = applications.groupby(["segment_id", "coder"])["code"].agg(frozenset)
    return _fill(sets, applications, segments, names, frozenset())


def first_code_ratings(
    applications: pd.DataFrame, segments: pd.DataFrame, coders: Sequence[str] | None = None
) -> pd.DataFrame:
    """Give for each segment and coder the code ranked first, or `(none)`.

    Parameters
    ----------
    applications
        Columns `segment_id`, `coder`, `code`, `rank`.
    segments, coders
        See `code_ratings`.

    Returns
    -------
    pandas.DataFrame
        Segments x coders of codes; missing where the coder did not read the document.

    Examples
    --------
    >>> applications = pd.DataFrame(
    ...     {"segment_id": ["S1", "S1"], "coder": ["A", "A"], "code": ["x", "y"], "rank": [2, 1]}
    ... )
    >>> segments = pd.DataFrame({"segment_id": ["S1", "S2"], "document": ["a", "a"]})
    >>> first_code_ratings(applications, segments)["A"].tolist()
    ['y', '(none)']
    """
    require_columns(applications, ["rank"], "applications")
    check_applications(applications, segments=segments)
    names = _checked(applications, segments, coders)
    first = applications[applications["rank"] == 1].set_index(["segment_id", "coder"])["code"]
    return _fill(first, applications, segments, names, NONE)


def direction_ratings(
    applications: pd.DataFrame, coders: Sequence[str] | None = None
) -> pd.DataFrame:
    """Give the direction each coder saw, where at least two applied the same code.

    Parameters
    ----------
    applications
        Columns `segment_id`, `coder`, `code`, `direction`.
    coders
        The coders, in this order; default all.

    Returns
    -------
    pandas.DataFrame
        Index `segment_id`, `code`; one column of directions per coder, missing where the coder
        did not apply the code.

    Examples
    --------
    >>> applications = pd.DataFrame(
    ...     {
    ...         "segment_id": ["S1", "S1", "S2"],
    ...         "coder": ["A", "B", "A"],
    ...         "code": ["pace", "pace", "pace"],
    ...         "direction": ["helps", "mixed", "helps"],
    ...     }
    ... )
    >>> direction_ratings(applications).to_dict("index")
    {('S1', 'pace'): {'A': 'helps', 'B': 'mixed'}}
    """
    require_columns(applications, ["direction"], "applications")
    check_applications(applications, ranks=False)
    names = coders_of(applications, coders)
    table = applications.pivot(
        index=["segment_id", "code"], columns="coder", values="direction"
    ).reindex(columns=names)
    return table[table.notna().sum(axis=1) >= 2]


def _checked(
    applications: pd.DataFrame, segments: pd.DataFrame, coders: Sequence[str] | None
) -> list[str]:
    check_segments(segments, ["document"])
    check_applications(applications, segments=segments, ranks=False)
    return coders_of(applications, coders)


def _read(applications: pd.DataFrame, segments: pd.DataFrame, names: list[str]) -> np.ndarray:
    return coverage(applications, segments, names).loc[segments["document"]].to_numpy()


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
    for row, column in np.argwhere(table.isna().to_numpy() & _read(applications, segments, names)):
        cells[row, column] = nothing
    return pd.DataFrame(cells, index=table.index, columns=table.columns)
