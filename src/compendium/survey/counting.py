"""Shares of many items at once, from counts of their answers.

Where each row was drawn by itself, all that an estimate needs of an item is, by stratum, group and
answer, how many rows there are, and the sums of their weights and squared weights. So several items
are counted in one pass, as the cells of a joint table small enough for the processor's cache.
Weights that are the same for all rows of a *class* (the districts under the study's equal-group
weights) need no sums at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from compendium.survey.arrays import Codes, FloatArray, IntArray
from compendium.survey.checks import column, encode, stored_codes
from compendium.survey.domains import Grouping
from compendium.survey.moments import RowMoments
from compendium.survey.raking import cross
from compendium.survey.sampling import BoundDesign
from compendium.survey.shares import Shares, finish_shares
from compendium.survey.weighting import Weights
from compendium.survey.weights import equal_group_weights

TABLE = 2**15  # cells of a joint table, at most: 256 kB of counts
BLOCK = 2**17  # rows counted at once, so that what is written between stays in the cache


def counted_shares(
    bound: BoundDesign, groups: Grouping, items: Sequence[str]
) -> Iterator[tuple[list, Shares] | None]:
    """Estimate the shares of items from counts, where that is possible.

    Yields levels and shares for each item; None for an item that has to be looked at row by row:
    one with clusters, population sizes, calibrated weights or weights of zero, or with a stratum
    or class of weights that holds fewer than two answers.
    """
    classes = _classes(bound)
    if classes is None:
        yield from (None for _ in items)
        return
    size = len(groups.labels)
    pairs = (classes.pair * size + groups.codes) if size > 1 else classes.pair
    lead: Codes = pairs.astype(np.int32 if len(classes.stratum) * size > 1000 else np.int16)
    for batch, tables in _tables(bound, lead, len(classes.stratum) * size, items, classes.sums):
        for (_, labels), item_tables in zip(batch, tables, strict=True):
            shaped = [table.reshape(len(classes.stratum), size, -1) for table in item_tables]
            moments = classes.moments(shaped) if labels else None
            yield None if moments is None else (labels, finish_shares(moments))


@dataclass(frozen=True, eq=False)
class _Classes:
    """Rows of one stratum whose weights are alike, or described by their sums.

    `pair` has the stratum and class of each row as one code, `stratum` and `weight_class` those of
    each pair. With `rule`, a weight is one over the answers in the class; else `usual` has the mean
    weight by stratum, and `sums` the deviations from it and their squares (empty where there are
    none).
    """

    pair: IntArray
    stratum: IntArray
    weight_class: IntArray
    rule: bool
    usual: FloatArray
    sums: tuple[FloatArray, ...]

    def moments(self, tables: list[FloatArray]) -> RowMoments | None:
        """Turn sums by pair, group and answer (the first: none) into moments by stratum."""
        answered = tables[0][:, :, 1:].astype(np.float64)
        strata = np.eye(int(self.stratum.max()) + 1)[self.stratum].T
        here = (answered if self.rule else tables[0]).sum(axis=(1, 2))
        drawn = strata @ here
        weight = self.usual[self.stratum]
        if self.rule:
            in_class = np.bincount(self.weight_class, here)
            if not in_class.all():
                return None
            weight = 1 / in_class[self.weight_class]
        if drawn.min() < 2:
            return None
        gather = partial(np.einsum, "sp,pgl->sgl", strata)
        counts = gather(answered)
        sums = gather(answered * weight[:, None, None])
        if self.sums:
            extra, squares = (gather(part[:, :, 1:]) for part in tables[1:])
            sums = sums + extra
            drift = np.divide(extra**2, counts, out=np.zeros_like(counts), where=counts > 0)
            within = np.maximum(squares - drift, 0)
        else:
            mean = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)
            apart = weight[:, None, None] - mean[self.stratum]
            within = gather(answered * apart**2)
        return RowMoments(counts, sums, within, drawn, drawn / (drawn - 1))


def _classes(bound: BoundDesign) -> _Classes | None:
    """Find the classes of weights, where each row is a unit and counts are enough."""
    design, strata = bound.design, len(bound.stratum_labels)
    source, each = design.weights, np.arange(strata)
    if design.clusters is not None or design.population_size is not None or not len(bound.frame):
        return None
    if isinstance(source, partial):
        return _equal_groups(bound, source)
    if source is None:
        return _Classes(bound.strata, each, each, False, np.ones(strata), ())
    if callable(source) or (isinstance(source, Weights) and (source.item or source.calibration)):
        return None
    sample = bound.sample()
    if not sample.each_row_is_a_unit or not sample.weights.all():
        return None
    usual, apart, squares = sample.spread
    sums = () if apart is None or squares is None else (apart, squares)
    return _Classes(bound.strata, each, each, False, usual, sums)


def _equal_groups(bound: BoundDesign, rule: partial[Weights]) -> _Classes | None:
    """Pairs of strata and groups that occur, for the rule of equal groups and no other."""
    if rule.func is not equal_group_weights or rule.args or set(rule.keywords) != {"group"}:
        return None
    group, labels = encode(column(bound.frame, rule.keywords["group"], "group"), "group")
    strata = len(bound.stratum_labels)
    pair, (stratum, weight_class) = cross([bound.strata, group], [strata, len(labels)])
    return _Classes(pair, stratum, weight_class, True, np.ones(strata), ())


def _tables(
    bound: BoundDesign, lead: Codes, size: int, items: Sequence[str], sums: tuple[FloatArray, ...]
) -> Iterator[tuple[list[tuple[Codes, list]], list[list[FloatArray]]]]:
    """Count items in batches; each table has the shape (lead, 1 + levels), no answer first."""
    waiting: list[tuple[Codes, list]] = []
    cells = size
    for item in items:
        codes, labels = stored_codes(
            column(bound.frame, item, "item"), f"item {item!r}", missing=True
        )
        if waiting and cells * (len(labels) + 1) > TABLE:
            yield waiting, _count(lead, size, waiting, sums)
            waiting, cells = [], size
        waiting.append((codes, labels))
        cells *= len(labels) + 1
    yield waiting, _count(lead, size, waiting, sums)


def _count(
    lead: Codes, size: int, batch: list[tuple[Codes, list]], sums: tuple[FloatArray, ...]
) -> list[list[FloatArray]]:
    widths = [len(labels) + 1 for _, labels in batch]
    cells = size * int(np.prod(widths))
    tables = [np.zeros(cells) for _ in (None, *sums)]
    for start in range(0, len(lead), BLOCK):
        rows = slice(start, start + BLOCK)
        joint = _joint(lead[rows], [codes[rows] for codes, _ in batch], widths, cells)
        for at, values in enumerate((None, *sums)):
            tables[at] += np.bincount(joint, None if values is None else values[rows], cells)
    shaped = [table.reshape(size, *widths) for table in tables]
    axes = range(1, len(widths) + 1)
    return [
        [table.sum(axis=tuple(a for a in axes if a != axis)) for table in shaped] for axis in axes
    ]


def _joint(lead: Codes, items: list[Codes], widths: list[int], cells: int) -> IntArray:
    """Find the cell of each row in the joint table."""
    joint: Codes = lead.astype(np.int16 if cells <= 2**15 else np.int64)
    offset = 0
    for codes, width in zip(items, widths, strict=True):
        joint *= width  # in place, and narrow: memory is what this waits for
        joint += codes.astype(joint.dtype, copy=False)
        offset = offset * width + 1  # the code -1, no answer, comes first
    joint += offset
    return joint.astype(np.intp)
