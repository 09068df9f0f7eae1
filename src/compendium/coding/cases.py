"""Who is speaking: the case behind a segment of evidence.

A *case* is one individual speaker within one document, written `document/speaker`. Ten remarks by
one teacher are ten segments but one case, and only cases say how many people stand behind a
finding. Speakers who are not one identifiable person make no case: the authors of a document,
groups ("several participants"), and the role `other` ("one participant", a cited study), because
nobody can tell whether two such segments come from the same person.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from compendium.coding.checks import (
    check_applications,
    check_segments,
    raise_faults,
    require_columns,
)

NOT_INDIVIDUAL = ("authors", "group", "other")


def cases(segments: pd.DataFrame, not_individual: Iterable[str] = NOT_INDIVIDUAL) -> pd.Series:
    """Name the case behind each segment; missing where no individual speaks.

    Parameters
    ----------
    segments
        Columns `document`, `speaker`, `speaker_role`.
    not_individual
        Values of `speaker_role` that make no case.

    Returns
    -------
    pandas.Series
        `document/speaker` or missing, aligned with `segments`, named `case`.

    Raises
    ------
    ValueError
        When a column is missing, or a speaker or role is empty.

    Examples
    --------
    >>> segments = pd.DataFrame(
    ...     {
    ...         "document": ["study", "study"],
    ...         "speaker": ["Maya", "authors"],
    ...         "speaker_role": ["teacher", "authors"],
    ...     }
    ... )
    >>> cases(segments).tolist()
    ['study/Maya', nan]
    """
    columns = ["document", "speaker", "speaker_role"]
    require_columns(segments, columns, "segments")
    raise_faults(
        "segments",
        [
            f"row {row}, column {column}: empty; say who speaks, or give the role 'other'"
            for column in columns
            for row in segments.index[segments[column].isna()]
        ],
    )
    named = segments["document"].astype("str") + "/" + segments["speaker"].astype("str")
    excluded = segments["speaker_role"].isin(list(not_individual))
    return named.mask(excluded).rename("case")


def with_cases(
    applications: pd.DataFrame,
    segments: pd.DataFrame,
    not_individual: Iterable[str] = NOT_INDIVIDUAL,
) -> pd.DataFrame:
    """Add to each application its case and everything known of its segment.

    Parameters
    ----------
    applications
        Columns `segment_id`, `code`, ...; one row per application.
    segments
        Column `segment_id` (unique) and those that `cases` needs.
    not_individual
        See `cases`.

    Returns
    -------
    pandas.DataFrame
        `applications` in the same order and index, with the columns of `segments` and `case`.

    Raises
    ------
    ValueError
        When an application names an unknown segment, a segment is listed twice, or a column of
        `segments` is already in `applications`.

    Examples
    --------
    >>> applications = pd.DataFrame({"segment_id": ["S1"], "coder": ["A"], "code": ["pace"]})
    >>> segments = pd.DataFrame(
    ...     {
    ...         "segment_id": ["S1"],
    ...         "document": ["study"],
    ...         "speaker": ["Maya"],
    ...         "speaker_role": ["teacher"],
    ...     }
    ... )
    >>> with_cases(applications, segments)["case"].tolist()
    ['study/Maya']
    """
    check_applications(applications, segments=segments)
    check_segments(segments)
    known = segments.assign(case=cases(segments, not_individual)).set_index("segment_id")
    clash = [column for column in known.columns if column in applications.columns]
    if clash:
        raise ValueError(
            f"applications already has the column(s) {', '.join(clash)} of the segments; "
            "drop them, or do not call with_cases twice."
        )
    return applications.join(known, on="segment_id")


def split_multiple(frame: pd.DataFrame, column: str, separator: str = ";") -> pd.DataFrame:
    """Give a row to each value of a cell that names several, such as `Mercer; Lehigh`.

    A segment about two districts then counts once for each of them. Counts of distinct segments
    stay right within a district, but districts no longer add up to the total.

    Parameters
    ----------
    frame
        Any frame.
    column
        The column to split.
    separator
        What stands between two values.

    Returns
    -------
    pandas.DataFrame
        At least as many rows as `frame`; a row split in two keeps its index label twice.

    Examples
    --------
    >>> frame = pd.DataFrame({"segment_id": ["S1"], "district": ["Mercer; Lehigh"]})
    >>> split_multiple(frame, "district")["district"].tolist()
    ['Mercer', 'Lehigh']
    """
    require_columns(frame, [column], "frame")
    values = frame[column].astype("str").str.split(separator)
    split = frame.assign(**{column: values}).explode(column)
    return split.assign(**{column: split[column].str.strip().astype("str")})
