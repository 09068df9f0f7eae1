"""Passages of text that coders selected by themselves, compared by how far they overlap.

One coder takes the full stop along, another a whole sentence more. So passages are matched by
their overlap: common characters as a share of the characters of either (the Jaccard index). What
follows then works on matched passages as on any segments. `start` and `end` count characters from
0, `end` not included (or milliseconds of a recording).
"""

import warnings
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from compendium.coding.checks import (
    check_applications,
    check_segments,
    raise_faults,
    require_columns,
)
from compendium.coding.reconciliation import cautious_direction

IntArray = npt.NDArray[np.int64]
Ends = npt.NDArray[np.float64]
NEARLY = 0.8  # from this overlap on, two passages that do not match call for a warning
MOST_PAIRS = 10_000_000  # of passages that overlap; more would not fit into memory


class MatchedPassages(NamedTuple):
    """What `match_passages` found.

    Attributes
    ----------
    applications
        As given, with the segment that each passage was matched to. A code that a coder applied to
        several passages of one segment is there once, with the cautious direction where they
        differ.
    segments
        One row per matched segment: the row of its longest passage.
    matches
        Per passage `segment_id`, `matched_id` and its `overlap` with that longest passage.
    """

    applications: pd.DataFrame
    segments: pd.DataFrame
    matches: pd.DataFrame


def match_passages(
    applications: pd.DataFrame, segments: pd.DataFrame, overlap: float = 0.5
) -> MatchedPassages:
    """Make one segment of passages that overlap by at least a share of their text.

    Pairs are joined from the largest overlap down, where every two passages of the segment then
    overlap by the share; none grows by a chain. Whole documents (no start) stay as they are.

    Parameters
    ----------
    applications
        Columns `segment_id`, `code`, and `coder`, `direction`, `rank` where there are any.
    segments
        One row per passage: `segment_id`, `document`, `start`, `end`. ValueError when one ends
        before it starts.
    overlap
        The least overlap, above 0; 1 joins only passages that are the same.

    Examples
    --------
    >>> segments = pd.DataFrame(
    ...     {"segment_id": ["p", "q"], "document": "Ada", "start": [0, 0], "end": [40, 39]}
    ... )
    >>> applications = pd.DataFrame({"segment_id": ["p", "q"], "coder": ["A", "B"], "code": "pace"})
    >>> matched = match_passages(applications, segments)
    >>> matched.applications["segment_id"].tolist(), matched.matches["overlap"].tolist()
    (['p', 'p'], [1.0, 0.975])
    """
    if not 0 < overlap <= 1:
        raise ValueError(f"overlap: {overlap} is not a share above 0, up to 1.")
    check_applications(applications, segments=segments, ranks=False)
    pairs = _overlaps(segments, overlap)
    ids, representative = segments["segment_id"].to_numpy(), _representatives(segments, pairs)
    shares = [
        1.0 if passage == longest else pairs[min(passage, longest), max(passage, longest)]
        for passage, longest in enumerate(representative)
    ]
    new_ids = applications["segment_id"].map(dict(zip(ids, ids[representative], strict=True)))
    return MatchedPassages(
        _drop_repeats(applications.assign(segment_id=new_ids)),
        segments[representative == np.arange(len(segments))].reset_index(drop=True),
        pd.DataFrame({"segment_id": ids, "matched_id": ids[representative], "overlap": shares}),
    )


def near_misses(
    applications: pd.DataFrame, segments: pd.DataFrame, overlap: float = NEARLY
) -> pd.DataFrame:
    """List passages of different coders that nearly coincide without being the same segment.

    Where segments are compared, each such pair counts as two disagreements. Parameters are those of
    `match_passages`; returned are `document`, `segment_id`, `other`, `coders`, `other_coders` and
    `overlap` of pairs of which each passage has a coder that the other lacks, the nearest first.

    Examples
    --------
    >>> segments = pd.DataFrame(
    ...     {"segment_id": ["p", "q"], "document": "Ada", "start": [0, 0], "end": [40, 39]}
    ... )
    >>> applications = pd.DataFrame({"segment_id": ["p", "q"], "coder": ["A", "B"], "code": "pace"})
    >>> near_misses(applications, segments)[["segment_id", "other", "overlap"]].values.tolist()
    [['p', 'q', 0.975]]
    """
    ids, documents = segments["segment_id"].tolist(), segments["document"].tolist()
    pairs = _overlaps(segments, overlap)
    met = applications["segment_id"].isin({ids[one] for pair in pairs for one in pair})
    coders = applications[met].groupby("segment_id")["coder"].agg(set).to_dict()
    rows = []
    for (left, right), share in pairs.items():
        ours, theirs = coders.get(ids[left], set()), coders.get(ids[right], set())
        if ours - theirs and theirs - ours:
            names = ["; ".join(sorted(one)) for one in (ours, theirs)]
            rows.append((documents[left], ids[left], ids[right], *names, share))
    columns = ["document", "segment_id", "other", "coders", "other_coders", "overlap"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("overlap", ascending=False, kind="stable", ignore_index=True)


def warn_of_near_misses(applications: pd.DataFrame, segments: pd.DataFrame) -> None:
    """Warn where segments are compared although passages nearly coincide and do not match."""
    if not {"document", "start", "end"} <= set(segments.columns):
        return
    pairs = near_misses(applications, segments)
    if len(pairs):
        nearest = pairs.iloc[0]
        warnings.warn(
            f"{len(pairs)} pair{'s' * (len(pairs) > 1)} of passages by different coders share "
            f"{NEARLY:.0%} of their text or more but count as different passages; the nearest are "
            f"{nearest['segment_id']!r} and {nearest['other']!r} of {nearest['document']!r}. "
            "Call match_passages first, or agreement_by_character.",
            stacklevel=3,
        )


def ends_of(segments: pd.DataFrame, *, whole_documents: bool = True) -> tuple[Ends, Ends]:
    """Return where passages start and end; missing for whole documents, where these may be."""
    require_columns(segments, ["document", "start", "end"], "segments")
    start, end = (segments[name].astype("Float64") for name in ("start", "end"))
    lone, turned = start.isna() != end.isna(), ((start < 0) | (end < start)).fillna(False)
    empty = lone if whole_documents else lone | start.isna()
    faults = [f"row {row}: start or end is empty; give both" for row in segments.index[empty]]
    faults += [
        f"row {row}: start {first:.0f} and end {last:.0f} are no passage; needs 0 <= start <= end"
        for row, first, last in zip(segments.index[turned], start[turned], end[turned], strict=True)
    ]
    raise_faults("segments", faults)
    first, last = (np.asarray(one.to_numpy(na_value=np.nan), float) for one in (start, end))
    return first, last


def overlapping_pairs(lane: npt.ArrayLike, start: npt.ArrayLike, end: npt.ArrayLike) -> IntArray:
    """Find the pairs of passages of one lane (text) that share a character: positions, n x 2.

    ValueError where there are more than `MOST_PAIRS`.
    """
    position, start, end, _ = _end_to_end(lane, start, end)
    # What starts after a passage does, and before it ends, overlaps it.
    count = np.searchsorted(start, end) - np.arange(len(start)) - 1
    if (pairs := int(count.sum())) > MOST_PAIRS:
        hint = "compare fewer documents at a time"
        raise ValueError(f"segments: {pairs:,} pairs overlap, the limit is {MOST_PAIRS:,}; {hint}.")
    left = np.repeat(np.arange(len(start)), count)
    right = left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
    return np.sort(np.column_stack([position[left], position[right]]), axis=1)


def join_overlapping(
    lane: npt.ArrayLike, start: npt.ArrayLike, end: npt.ArrayLike
) -> tuple[IntArray, Ends, Ends]:
    """Make one passage of those of a lane that overlap; return lanes, starts and ends."""
    position, start, end, offset = _end_to_end(lane, start, end)
    reach = np.maximum.accumulate(end)
    first = np.flatnonzero(start >= np.append(-1, reach)[:-1])
    last = np.append(first, len(reach))[1:] - 1
    return np.asarray(lane)[position[first]], (start - offset)[first], reach[last] - offset[first]


def _end_to_end(
    lane: npt.ArrayLike, start: npt.ArrayLike, end: npt.ArrayLike
) -> tuple[IntArray, Ends, Ends, Ends]:
    """Lay lanes end to end: positions of passages by their start, starts, ends, and the offsets."""
    starts, ends = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    offset = np.asarray(lane) * (np.nanmax(ends, initial=0) + 1)
    position = np.flatnonzero(ends > starts)
    position = position[np.argsort((offset + starts)[position], kind="stable")]
    return position, (offset + starts)[position], (offset + ends)[position], offset[position]


def _overlaps(segments: pd.DataFrame, least: float) -> dict[tuple[int, int], float]:
    """Return the overlap of each pair of passages that overlap by so much."""
    check_segments(segments, ["document"])
    start, end = ends_of(segments)
    left, right = overlapping_pairs(pd.factorize(segments["document"])[0], start, end).T
    common = np.minimum(end[left], end[right]) - np.maximum(start[left], start[right])
    either = np.maximum(end[left], end[right]) - np.minimum(start[left], start[right])
    kept = common / either >= least
    pairs = zip(left[kept].tolist(), right[kept].tolist(), strict=True)
    return dict(zip(pairs, (common / either)[kept].tolist(), strict=True))


def _representatives(segments: pd.DataFrame, pairs: dict[tuple[int, int], float]) -> IntArray:
    """Return for each passage the position of the one that stands for its segment."""
    members = {i: [i] for i in range(len(segments))}
    segment_of = list(members)
    for left, right in sorted(pairs, key=lambda pair: (-pairs[pair], pair)):
        one, other = segment_of[left], segment_of[right]
        across = ((min(a, b), max(a, b)) for a in members[one] for b in members[other])
        if one != other and pairs.keys() >= set(across):
            for position in members.pop(other):
                members[one].append(position)
                segment_of[position] = one
    length = (segments["end"] - segments["start"]).fillna(0).tolist()
    representative = np.arange(len(segments))
    for group in members.values():
        representative[group] = max(group, key=lambda position: (length[position], -position))
    return representative


def _drop_repeats(applications: pd.DataFrame) -> pd.DataFrame:
    """Keep one row where a coder's code now stands twice on a segment."""
    keys = [name for name in ("segment_id", "coder", "code") if name in applications.columns]
    if "direction" in applications.columns:
        applications = applications.assign(direction=cautious_direction(applications, keys))
    once = applications.drop_duplicates(keys).reset_index(drop=True)
    if "rank" in once.columns:
        ranks = once.groupby(keys[:-1], sort=False)["rank"]
        once["rank"] = ranks.rank(method="first").astype("Int64")
    return once
