"""Who is speaking: the cases behind a segment of evidence.

A *case* is one person within one document, written `document/name`. Ten remarks by one teacher are
ten segments but one case, and only cases say how many people stand behind a finding.

Who is a person is said in one of two ways. With a register of speakers, it says for every speaker
which participants stand behind: a named group ("Mark and Spencer") speaks for each of its members,
authors, unnamed voices and cited literature for nobody. Without a register, the role decides: each
speaker is one case unless the role is `authors`, `group` or `other`. "One participant" is no case
either way, because nobody can tell whether two such segments come from the same person.
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
from compendium.text import nearest

NOT_INDIVIDUAL = ("authors", "group", "other")


def cases(segments: pd.DataFrame, not_individual: Iterable[str] = NOT_INDIVIDUAL) -> pd.Series:
    """Name the case behind each segment by the speaker's role; see `segment_cases`.

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


def segment_cases(segments: pd.DataFrame, speakers: pd.DataFrame | None = None) -> pd.DataFrame:
    """Give each segment a row for every case behind it, and one row if there is none.

    Parameters
    ----------
    segments
        Columns `segment_id`, `document`, `speaker`; without `speakers` also `speaker_role`.
    speakers
        The register: `document`, `speaker`, `participants` (names joined by `;`, empty where the
        speaker stands for no identifiable person).

    Returns
    -------
    pandas.DataFrame
        The columns of `segments` and `case`, missing where nobody identifiable speaks.

    Raises
    ------
    ValueError
        When a segment is listed twice, a speaker is not in the register or is there twice.

    Examples
    --------
    >>> segments = pd.DataFrame(
    ...     {"segment_id": ["S1"], "document": ["study"], "speaker": ["Mark and Spencer"]}
    ... )
    >>> speakers = pd.DataFrame(
    ...     {
    ...         "document": ["study"],
    ...         "speaker": ["Mark and Spencer"],
    ...         "participants": ["Mark;Spencer"],
    ...     }
    ... )
    >>> segment_cases(segments, speakers)["case"].tolist()
    ['study/Mark', 'study/Spencer']
    """
    if speakers is None:
        check_segments(segments)
        return segments.assign(case=cases(segments))
    check_segments(segments, ["document", "speaker"])
    _check_register(segments, speakers)
    behind = split_multiple(speakers[["document", "speaker", "participants"]], "participants")
    named = behind["document"].astype("str") + "/" + behind["participants"]
    behind = behind.assign(case=named.where(behind["participants"].notna()))
    return segments.merge(
        behind.drop(columns="participants"), how="left", on=["document", "speaker"]
    )


def with_cases(
    applications: pd.DataFrame, segments: pd.DataFrame, speakers: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Add to each application its cases and everything known of its segment.

    Parameters
    ----------
    applications
        Columns `segment_id`, `code`, ...; one row per application.
    segments, speakers
        See `segment_cases`.

    Returns
    -------
    pandas.DataFrame
        `applications` in the same order with the columns of `segments` and `case`. With a
        register, an application to the words of a named group has a row for each member. Counts
        of distinct segments and cases are right either way; counts of rows are not.

    Raises
    ------
    ValueError
        When an application names an unknown segment, or a column of `segments` is already in
        `applications`; and see `segment_cases`.

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
    check_applications(applications, segments=segments, ranks=False)
    known = segment_cases(segments, speakers)
    clash = [c for c in known.columns if c in applications.columns and c != "segment_id"]
    if clash:
        raise ValueError(
            f"applications already has the column(s) {', '.join(clash)} of the segments; "
            "drop them, or do not call with_cases twice."
        )
    return applications.merge(known, how="left", on="segment_id")


def _check_register(segments: pd.DataFrame, speakers: pd.DataFrame) -> None:
    keys = ["document", "speaker"]
    require_columns(speakers, [*keys, "participants"], "speakers")
    twice = speakers.index[speakers.duplicated(keys)]
    raise_faults("speakers", [f"row {row}: a speaker that is there before" for row in twice])
    listed = set(speakers[keys].itertuples(index=False, name=None))
    raise_faults(
        "segments",
        [
            f"row {row}, column speaker: {speaker!r} of {document!r} is not in the register of "
            f"speakers; {nearest(speaker, [name for _, name in listed])}"
            for row, document, speaker in segments[keys].itertuples(name=None)
            if (document, speaker) not in listed
        ],
    )


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
