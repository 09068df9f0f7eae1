"""Ratings, collapsed to what a coefficient needs to see.

A table of units x raters holds few different rows: with two raters and a yes/no code, four. So
units of a cluster that were rated alike become one *cell* with a weight; that keeps a thousand
replicates over a hundred thousand segments cheap.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
MISSING = -1


@dataclass(frozen=True)
class Cells:
    """Units that were rated alike.

    `ratings` has cells x raters, positions in `categories`, -1 where a rater gave none; `weight`
    the units in each cell; `cluster` the cluster of each cell, None when every unit is one of
    `n_clusters`.
    """

    ratings: IntArray
    weight: FloatArray
    cluster: IntArray | None
    n_clusters: int
    categories: tuple[Hashable, ...]

    @property
    def n_ratings(self) -> FloatArray:
        """Ratings per unit of each cell."""
        return (self.ratings != MISSING).sum(axis=1).astype(float)

    @property
    def n_units(self) -> int:
        """Units with at least two ratings."""
        return int(self.weight[self.n_ratings >= 2].sum())

    @property
    def n_groups(self) -> int:
        """Rows of the sums that `add_up` makes."""
        return len(self.weight) if self.cluster is None else self.n_clusters

    def together(self) -> Self:
        """Put all units into one cluster, where none is to be resampled: one row of sums."""
        return replace(self, cluster=np.zeros(len(self.weight), dtype=np.int64), n_clusters=1)

    def add_up(self, values: FloatArray) -> FloatArray:
        """Sum values per unit by cluster; where units are clusters, keep those of one of a cell."""
        if self.cluster is None:
            return values
        weighted = values * self.weight
        return np.bincount(self.cluster, weighted, minlength=self.n_clusters).astype(np.float64)

    def add_up_by(self, column: IntArray, size: int, values: FloatArray) -> FloatArray:
        """Sum values per unit by cluster and by `column` (-1 = left out); clusters x size."""
        group = np.arange(len(self.weight)) if self.cluster is None else self.cluster
        weighted = values if self.cluster is None else values * self.weight
        there = column != MISSING
        sums = np.bincount(
            (group * size + column)[there], weighted[there], minlength=self.n_groups * size
        )
        return sums.reshape(self.n_groups, size).astype(np.float64)


def collapse(
    ratings: pd.DataFrame | npt.NDArray[Any] | Sequence[Sequence[Any]],
    clusters: pd.Series | npt.ArrayLike | None = None,
    categories: Sequence[Hashable] | None = None,
) -> Cells:
    """Collapse units x raters to cells; None, NaN and NA are missing ratings.

    `clusters` is a Series with the index of the ratings, or values in their order. `categories` are
    all possible ratings; default: those that occur, in the order of an ordered categorical dtype,
    else sorted. ValueError for other ratings, and for clusters that do not match.
    """
    frame = ratings if isinstance(ratings, pd.DataFrame) else _as_frame(ratings)
    codes, names = _codes(frame, categories)
    if clusters is None:
        patterns, weight = _unique_rows(codes)
        return Cells(patterns, weight, None, len(frame), names)
    # Sorted, so that the order of the units does not decide which cluster is drawn.
    labels = pd.factorize(_aligned(clusters, frame.index), sort=True)[0]
    patterns, weight = _unique_rows(np.column_stack([labels, codes]))
    n_clusters = int(labels.max()) + 1 if len(labels) else 0
    return Cells(patterns[:, 1:], weight, patterns[:, 0], n_clusters, names)


def _as_frame(ratings: npt.NDArray[Any] | Sequence[Sequence[Any]]) -> pd.DataFrame:
    values = np.array(ratings, dtype=object)
    if values.ndim != 2:
        raise ValueError(
            f"ratings: {values.ndim} dimension(s), but a table of units x raters has 2; "
            "give a DataFrame when the ratings are themselves sequences."
        )
    return pd.DataFrame(values)


def _codes(
    frame: pd.DataFrame, categories: Sequence[Hashable] | None
) -> tuple[IntArray, tuple[Hashable, ...]]:
    values = frame.astype(object).to_numpy().ravel()
    try:
        codes, distinct = pd.factorize(values)
    except TypeError as error:
        raise ValueError(
            f"ratings: {error}; a rating must be hashable (a set of codes: frozenset)."
        ) from None
    order = list(categories) if categories is not None else _order(frame, distinct)
    position = {category: i for i, category in enumerate(order)}
    for number, value in enumerate(distinct):
        if value not in position:
            row, column = divmod(int(np.flatnonzero(codes == number)[0]), frame.shape[1])
            allowed = ", ".join(map(repr, order))
            raise ValueError(
                f"ratings: unit {frame.index[row]!r}, rater {frame.columns[column]!r}: {value!r} "
                f"is not one of the categories {allowed}."
            )
    lookup = np.array([position[value] for value in distinct] + [MISSING], dtype=np.int64)
    return lookup[codes].reshape(frame.shape), tuple(order)


def _order(frame: pd.DataFrame, distinct: npt.NDArray[np.object_]) -> list[Hashable]:
    dtypes = {str(dtype): dtype for dtype in frame.dtypes}
    first = next(iter(dtypes.values()), None)
    if len(dtypes) == 1 and isinstance(first, pd.CategoricalDtype) and first.ordered:
        return list(first.categories)
    if all(isinstance(value, frozenset) for value in distinct):
        return sorted(distinct, key=lambda value: sorted(map(str, value)))
    try:
        return sorted(distinct)
    except TypeError:
        return sorted(distinct, key=str)


def _aligned(clusters: pd.Series | npt.ArrayLike, index: pd.Index) -> npt.NDArray[np.object_]:
    if isinstance(clusters, pd.Series):
        absent = index.difference(clusters.index)
        if len(absent):
            raise ValueError(f"clusters: no cluster for unit {absent[0]!r}; every unit needs one.")
        clusters = clusters.loc[index]
    values = np.asarray(clusters, dtype=object)
    if len(values) != len(index):
        raise ValueError(f"clusters: {len(values)} values for {len(index)} units.")
    empty = np.flatnonzero(pd.isna(values))
    if len(empty):
        raise ValueError(f"clusters: unit {index[empty[0]]!r} has none; every unit needs one.")
    return values


def _unique_rows(rows: IntArray) -> tuple[IntArray, FloatArray]:
    low = rows.min(axis=0, initial=0)
    width = rows.max(axis=0, initial=0) - low + 1
    if np.prod(width.astype(float)) < 2**62:
        key = (rows - low) @ np.concatenate([[1], np.cumprod(width[:-1])])
        _, first, count = np.unique(key, return_index=True, return_counts=True)
        return rows[first], count.astype(float)
    unique, count = np.unique(rows, axis=0, return_counts=True)
    return unique, count.astype(float)
