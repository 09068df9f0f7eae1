"""Who is speaking: the cases behind a segment of evidence.

A *case* is one person within one document, written `document/name`. Ten remarks by one teacher are
ten segments but one case. A register of speakers says which participants stand behind each: a
named group ("Mark and Spencer") speaks for its members, authors and unnamed voices for nobody.
Without it, each speaker is one case unless the role is `authors`, `group` or `other`.
"""

import pandas as pd

from compendium.coding.checks import (
    check_applications,
    check_segments,
    raise_faults,
    require_columns,
)
from compendium.text import nearest

NOT_INDIVIDUAL = ("authors", "group", "other")


def segment_cases(segments: pd.DataFrame, speakers: pd.DataFrame | None = None) -> pd.DataFrame:
    """Give each segment a row for every case behind it, and one row if there is none.

    Parameters
    ----------
    segments
        Columns `segment_id`, `document`, `speaker`; without `speakers` also `speaker_role`. Or with
        their `case`, as other tools know it: a row for each case of a segment, left as they are.
    speakers
        The register: `document`, `speaker`, `participants` (names joined by `;`, empty where the
        speaker stands for no identifiable person).

    Returns
    -------
    pandas.DataFrame
        The columns of `segments` and `case`, missing where nobody identifiable speaks. ValueError
        when a segment or a speaker is there twice, lacks a value, or is not in the register.

    Examples
    --------
    >>> segments = pd.DataFrame(
    ...     {"segment_id": ["S1"], "document": ["study"], "speaker": ["Mark and Spencer"]}
    ... )
    >>> speakers = segments[["document", "speaker"]].assign(participants="Mark;Spencer")
    >>> segment_cases(segments, speakers)["case"].tolist()
    ['study/Mark', 'study/Spencer']
    """
    if speakers is None and "case" in segments.columns:
        keys = ["segment_id", "case"]
        twice = segments.index[segments.duplicated(keys)]
        raise_faults("segments", [f"row {row}: a segment and case there before" for row in twice])
        return segments
    check_segments(segments, ["document", "speaker", *["speaker_role"] * (speakers is None)])
    if speakers is None:
        named = segments["document"].astype("str") + "/" + segments["speaker"].astype("str")
        return segments.assign(case=named.mask(segments["speaker_role"].isin(NOT_INDIVIDUAL)))
    _check_register(segments, speakers)
    behind = split_multiple(speakers[["document", "speaker", "participants"]], "participants")
    named = behind["document"].astype("str") + "/" + behind["participants"]
    behind = behind.assign(case=named.where(behind["participants"].notna()))
    return segments.merge(behind.drop(columns="participants"), "left", ["document", "speaker"])


def with_cases(
    applications: pd.DataFrame, segments: pd.DataFrame, speakers: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Add to each application its cases and everything known of its segment.

    `applications` has a row per application (`segment_id`, `code`, ...); for `segments` and
    `speakers` see `segment_cases`. Returned are the applications in the same order with the columns
    of `segments` and `case`; with a register, an application to the words of a named group has a
    row for each member, so count distinct segments or cases, not rows. ValueError for an unknown
    segment, or a column that is already there.

    Examples
    --------
    >>> applications = pd.DataFrame({"segment_id": ["S1"], "coder": ["A"], "code": ["pace"]})
    >>> segments = pd.DataFrame({"segment_id": ["S1"], "document": "study", "speaker": "Maya"})
    >>> with_cases(applications, segments.assign(speaker_role="teacher"))["case"].tolist()
    ['study/Maya']
    """
    check_applications(applications, segments=segments, ranks=False)
    with_case = segment_cases(segments, speakers)
    clash = [c for c in with_case.columns if c in applications.columns and c != "segment_id"]
    if clash:
        raise ValueError(
            f"applications already has the column(s) {', '.join(clash)} of the segments; "
            "drop them, or do not call with_cases twice."
        )
    return applications.merge(with_case, how="left", on="segment_id")


def _check_register(segments: pd.DataFrame, speakers: pd.DataFrame) -> None:
    keys = ["document", "speaker"]
    require_columns(speakers, [*keys, "participants"], "speakers")
    twice = speakers.index[speakers.duplicated(keys)]
    raise_faults("speakers", [f"row {row}: a speaker that is there before" for row in twice])
    listed = set(speakers[keys].itertuples(index=False, name=None))
    faults = [
        f"row {row}, column speaker: {speaker!r} of {document!r} is not in the register of "
        f"speakers; {nearest(speaker, [name for _, name in listed])}"
        for row, document, speaker in segments[keys].itertuples(name=None)
        if (document, speaker) not in listed
    ]
    raise_faults("segments", faults)


def split_multiple(frame: pd.DataFrame, column: str, separator: str = ";") -> pd.DataFrame:
    """Give a row to each value of a cell that names several, such as `Mercer; Lehigh`.

    A segment about two districts then counts once for each, so districts no longer add up to the
    total. A row that is split keeps its index label.

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
