"""Cells of every code at once, from the applications that exist.

With 500 codes and 100,000 segments nearly every decision is a no. So only the yeses are looked at,
one entry per segment and code with a bit for each coder; the noes follow by subtraction.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from compendium.coding.agreement.cells import MISSING, Cells, FloatArray, IntArray
from compendium.coding.checks import check_applications, check_segments, coders_of, coverage

MAXIMUM_CODERS = 60  # one bit of an int64 for each


def code_cells(
    applications: pd.DataFrame,
    segments: pd.DataFrame,
    codes: Sequence[str],
    clusters: str | Sequence[str],
    coders: Sequence[str] | None = None,
) -> dict[str, Cells]:
    """Collapse yes/no decisions on each code to cells of 0/1 ratings; see `agreement_by_code`."""
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
        cells[name] = Cells(ratings, weight, group_cluster[group], n_clusters, (0, 1))
    return cells


def cluster_labels(segments: pd.DataFrame, clusters: str | Sequence[str]) -> pd.Series:
    """Name the cluster of each segment: the values of one or several columns."""
    columns = [clusters] if isinstance(clusters, str) else list(clusters)
    check_segments(segments, columns)
    labels = segments[columns[0]].astype("str")
    for column in columns[1:]:
        labels = labels + "/" + segments[column].astype("str")
    return pd.Series(labels.to_numpy(), index=segments["segment_id"], name="cluster")


def pool(cells: Sequence[Cells]) -> Cells:
    """Put the decisions on all codes together; clusters stay what they are."""
    return replace(
        cells[0],
        ratings=np.concatenate([part.ratings for part in cells]),
        weight=np.concatenate([part.weight for part in cells]),
        cluster=np.concatenate([part.cluster for part in cells if part.cluster is not None]),
    )


def _groups(
    segments: pd.DataFrame, read: np.ndarray, clusters: str | Sequence[str]
) -> tuple[IntArray, np.ndarray, IntArray, int]:
    """Group segments by cluster and by who read them.

    Returns the group of each segment, who read each group, its cluster, and how many clusters.
    """
    readers = np.unique(read, axis=0, return_inverse=True)[1].ravel()
    labels, names = pd.factorize(cluster_labels(segments, clusters), sort=True)
    _, first, groups = np.unique(
        labels * (readers.max(initial=0) + 1) + readers, return_index=True, return_inverse=True
    )
    return groups, read[first], labels[first], len(names)


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
