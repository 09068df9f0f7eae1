"""Cells of every code at once, from the applications that exist.

With 500 codes and 100,000 segments nearly every decision is a no. So only the yeses are looked at,
one entry per segment and code with a bit for each coder; the noes follow by subtraction from the
number of segments. Nothing of the size segments x codes x coders is ever made.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from compendium.coding.agreement.cells import MISSING, Cells, FloatArray, IntArray
from compendium.coding.agreement.ratings import coders_of, coverage
from compendium.coding.checks import check_applications, check_segments

MAXIMUM_CODERS = 60  # one bit of an int64 for each


def code_cells(
    applications: pd.DataFrame,
    segments: pd.DataFrame,
    codes: Sequence[str],
    clusters: str | Sequence[str] | None,
    coders: Sequence[str] | None = None,
) -> dict[str, Cells]:
    """Collapse the yes/no decisions of each code to cells.

    Parameters
    ----------
    applications
        Columns `segment_id`, `coder`, `code`.
    segments
        All segments that were to be coded: `segment_id`, `document` and those of `clusters`.
    codes
        The codebook's codes.
    clusters
        Column or columns of `segments` that make a cluster; None for the segments themselves.
    coders
        The coders, in this order; default all.

    Returns
    -------
    dict
        Cells of 0/1 ratings by code; the same as collapsing `code_ratings`.

    Raises
    ------
    ValueError
        When the frames do not fit together, or there are more than 60 coders.

    Examples
    --------
    >>> applications = pd.DataFrame(
    ...     {"segment_id": ["S1", "S2"], "coder": ["A", "B"], "code": ["pace", "pace"]}
    ... )
    >>> segments = pd.DataFrame({"segment_id": ["S1", "S2"], "document": ["a", "a"]})
    >>> code_cells(applications, segments, ["pace"], "document")["pace"].ratings.tolist()
    [[1, 0], [0, 1]]
    """
    check_segments(segments, ["document"])
    check_applications(applications, codes=codes, segments=segments, ranks=False)
    names = coders_of(applications, coders)
    if len(names) > MAXIMUM_CODERS:
        raise ValueError(f"{len(names)} coders; name at most {MAXIMUM_CODERS} in `coders`.")
    read = coverage(applications, segments, names).loc[segments["document"]].to_numpy()
    groups, group_read, group_cluster, n_clusters = _groups(segments, read, clusters)
    size = np.bincount(groups, minlength=len(group_read))
    code, segment, bits = _yeses(applications, segments, codes, names)
    starts = np.searchsorted(code, np.arange(len(codes) + 1))
    cells = {}
    for number, name in enumerate(codes):
        chosen = slice(starts[number], starts[number + 1])
        group, pattern, weight = _patterns(groups[segment[chosen]], bits[chosen], size)
        ratings = np.where(
            group_read[group], (pattern[:, None] >> np.arange(len(names))) & 1, MISSING
        )
        cluster = None if clusters is None else group_cluster[group]
        cells[name] = Cells(ratings, weight, cluster, n_clusters, (0, 1))
    return cells


def cluster_labels(segments: pd.DataFrame, clusters: str | Sequence[str]) -> pd.Series:
    """Name the cluster of each segment: the values of one or several columns.

    Examples
    --------
    >>> segments = pd.DataFrame(
    ...     {"segment_id": ["S1"], "document": ["study"], "speaker": ["Maya"]}
    ... )
    >>> cluster_labels(segments, ["document", "speaker"]).to_dict()
    {'S1': 'study/Maya'}
    """
    columns = [clusters] if isinstance(clusters, str) else list(clusters)
    check_segments(segments, columns)
    labels = segments[columns[0]].astype("str")
    for column in columns[1:]:
        labels = labels + "/" + segments[column].astype("str")
    return pd.Series(labels.to_numpy(), index=segments["segment_id"], name="cluster")


def pool(cells: Sequence[Cells]) -> Cells:
    """Put the decisions on all codes together; clusters stay what they are.

    Without clusters, each decision would be resampled by itself, although those on one segment
    belong together; so cells without clusters are refused.

    Examples
    --------
    >>> one = Cells(np.array([[1, 1]]), np.ones(1), np.zeros(1, dtype=np.int64), 1, (0, 1))
    >>> pool([one, one]).weight.tolist()
    [1.0, 1.0]
    """
    parts = [part.cluster for part in cells if part.cluster is not None]
    if len(parts) < len(cells):
        raise ValueError("pooled decisions need clusters; give at least 'segment_id'.")
    return Cells(
        np.concatenate([part.ratings for part in cells]),
        np.concatenate([part.weight for part in cells]),
        np.concatenate(parts),
        cells[0].n_clusters,
        cells[0].categories,
    )


def _groups(
    segments: pd.DataFrame, read: np.ndarray, clusters: str | Sequence[str] | None
) -> tuple[IntArray, np.ndarray, IntArray, int]:
    """Group segments by cluster and by who read them.

    Returns the group of each segment, who read each group, its cluster, and how many clusters.
    """
    readers = np.unique(read, axis=0, return_inverse=True)[1].ravel()
    if clusters is None:
        labels, n_clusters = np.zeros(len(segments), dtype=np.int64), len(segments)
    else:
        labels, names = pd.factorize(cluster_labels(segments, clusters), sort=True)
        n_clusters = len(names)
    _, first, groups = np.unique(
        labels * (readers.max(initial=0) + 1) + readers, return_index=True, return_inverse=True
    )
    return groups, read[first], labels[first], n_clusters


def _yeses(
    applications: pd.DataFrame, segments: pd.DataFrame, codes: Sequence[str], names: list[str]
) -> tuple[IntArray, IntArray, IntArray]:
    """Return code, segment and the coders' bits of each application, sorted by code."""
    rows = applications[applications["coder"].isin(names)]
    coder = pd.Index(names).get_indexer(pd.Index(rows["coder"]))
    segment = pd.Index(segments["segment_id"]).get_indexer(pd.Index(rows["segment_id"]))
    code = pd.Index(codes).get_indexer(pd.Index(rows["code"]))
    keys, inverse = np.unique(code * len(segments) + segment, return_inverse=True)
    bits = np.zeros(len(keys), dtype=np.int64)
    np.bitwise_or.at(bits, inverse, np.int64(1) << coder)
    return keys // len(segments), keys % len(segments), bits


def _patterns(
    groups: IntArray, bits: IntArray, size: IntArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Count equal patterns of yeses within groups, and add the segments without any yes."""
    order = np.lexsort((bits, groups))
    group, pattern = groups[order], bits[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(group) != 0) | (np.diff(pattern) != 0)
    starts = np.flatnonzero(new)
    weight = np.diff(np.append(starts, len(order)))
    rest = size - np.bincount(groups, minlength=len(size))
    silent = np.flatnonzero(rest)
    return (
        np.concatenate([silent, group[starts]]),
        np.concatenate([np.zeros(len(silent), dtype=np.int64), pattern[starts]]),
        np.concatenate([rest[silent], weight]).astype(float),
    )
