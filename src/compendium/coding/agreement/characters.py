r"""Texts character by character: who coded which stretch, and where passages begin and end.

Where coders select passages by themselves, each character is a unit that a coder did or did not
give the code; neighbours coded alike are one cell with a weight. Krippendorff's alpha for unitised
text also sees whether a stretch is one passage or three: disagreement is the squared distances of
the ends of two passages that overlap, or of the length of a passage that faces a gap. With b and e
for the ends of a passage, l for its length, m coders, L characters and N passages of all coders,

.. math:: D_o = \frac{1}{m(m-1)L^2} \sum_{i \ne j} \Big(
    \sum_{overlapping} \big[(b - b')^2 + (e - e')^2\big] + \sum_{facing\ a\ gap} l^2 \Big)

.. math:: D_e = \frac{2}{L} \cdot \frac{\sum \big[ \frac{N-1}{3}(2l^3 - 3l^2 + l)
    + l^2 \sum_{gaps \ge l} (gap - l + 1) \big]}{mL(mL-1) - \sum l(l-1)}

and alpha is 1 - D_o / D_e, over several codes one less the ratio of their sums (Krippendorff 2004,
Content Analysis, 2nd ed., ch. 11.6, example p. 254; 1995, Sociological Methodology 25, 47-76).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Unpack

import numpy as np
import pandas as pd

from compendium.coding.agreement.bootstrap import Agreement, Draws, Sums, resample
from compendium.coding.agreement.cells import MISSING, Cells, FloatArray, IntArray
from compendium.coding.agreement.formulas import divide
from compendium.coding.checks import (
    check_applications,
    check_segments,
    coders_of,
    coverage,
    raise_faults,
)
from compendium.coding.passages import ends_of, join_overlapping, overlapping_pairs

NAME = "Krippendorff's alpha (unitised)"


@dataclass(frozen=True)
class Continuum:
    """Documents laid end to end: where each starts and ends, and what was coded.

    `read` has documents x coders, True where the coder read the document; `spans` one row per
    application: `code`, `coder` (position), `start`, `end`.
    """

    start: FloatArray
    end: FloatArray
    read: np.ndarray
    spans: pd.DataFrame

    def document(self, places: FloatArray) -> IntArray:
        """Return the document of each character."""
        return np.searchsorted(self.end, places, side="right")

    def of_code(self, code: str) -> pd.DataFrame:
        """Return the stretches with a code."""
        return self.spans[self.spans["code"] == code]

    def cells(self, code: str) -> Cells:
        """Collapse the characters to those coded alike; a document is a cluster."""
        spans = self.of_code(code)
        places = np.unique(np.concatenate([[0.0], self.end, spans["start"], spans["end"]]))
        depth = np.zeros((len(places), self.read.shape[1]), dtype=np.int64)
        for edge, step in (("start", 1), ("end", -1)):
            np.add.at(depth, (np.searchsorted(places, spans[edge]), spans["coder"]), step)
        document = self.document(places[:-1])
        covered = depth.cumsum(axis=0)[:-1] > 0
        ratings = np.where(self.read[document], covered, MISSING)
        return Cells(ratings, np.diff(places), document, len(self.end), (0, 1))


def continuum(
    applications: pd.DataFrame,
    segments: pd.DataFrame,
    lengths: Mapping[str, int] | pd.Series,
    codes: Sequence[str],
    coders: Sequence[str] | None = None,
) -> Continuum:
    """Lay the documents end to end; see `agreement_by_character` for parameters and errors."""
    check_segments(segments, ["document"])
    starts, ends = ends_of(segments, whole_documents=False)
    check_applications(applications, codes=codes, segments=segments, ranks=False)
    names = coders_of(applications, coders)
    read = coverage(applications, segments, names)
    size = read.index.map(dict(lengths)).to_numpy(dtype=float)
    faults = [f"{name!r}: no length in characters" for name in read.index[~(size >= 0)]]
    document = read.index.get_indexer(pd.Index(segments["document"]))
    faults += [
        f"{segments['document'].iloc[i]!r}: {size[document[i]]:.0f} characters, but the passage of "
        f"row {segments.index[i]} ends at {ends[i]:.0f}"
        for i in np.flatnonzero(ends > size[document]).tolist()
    ]
    raise_faults("lengths", faults)
    end = np.cumsum(size)
    offset = (end - size)[document]
    spans = pd.DataFrame({"start": starts + offset, "end": ends + offset}, segments["segment_id"])
    rows = applications.loc[applications["coder"].isin(names), ["segment_id", "coder", "code"]]
    rows = rows.assign(coder=pd.Index(names).get_indexer(pd.Index(rows["coder"])))
    return Continuum(end - size, end, read.to_numpy(), rows.join(spans, on="segment_id"))


def unitised_alpha(
    applications: pd.DataFrame,
    segments: pd.DataFrame,
    lengths: Mapping[str, int] | pd.Series,
    codes: Sequence[str],
    *,
    coders: Sequence[str] | None = None,
    **resampling: Unpack[Draws],
) -> Agreement:
    """Krippendorff's (2004) alpha for unitised text, over all codes together.

    Parameters are those of `agreement_by_character`. A coder's own overlapping passages of one code
    are one passage; documents that not every coder has read are left out. n counts the passages of
    all coders; None when no document was read by all, or none of them has a passage.

    Examples
    --------
    >>> segments = pd.DataFrame(
    ...     {"segment_id": ["p", "q"], "document": "Ada", "start": [0, 0], "end": [40, 39]}
    ... )
    >>> applications = pd.DataFrame({"segment_id": ["p", "q"], "coder": ["A", "B"], "code": "pace"})
    >>> round(unitised_alpha(applications, segments, {"Ada": 200}, ["pace"]).value, 5)
    0.99953
    """
    texts = continuum(applications, segments, lengths, codes, coders)
    return estimate_unitised(texts, codes, resampling)


def estimate_unitised(texts: Continuum, codes: Sequence[str], resampling: Draws) -> Agreement:
    """Compute the alpha of some codes together; see `unitised_alpha`."""
    common, m = np.asarray(texts.read.all(axis=1)), texts.read.shape[1]
    sums = [_sums_of_code(texts, texts.of_code(code)) for code in codes]
    rows = np.hstack([(texts.end - texts.start)[:, None], *(rows for _, rows in sums)])[common]
    n, n_documents = int(sum(rows[common, 1].sum() for _, rows in sums)), len(rows)
    reason = "" if n else "no passage in the documents that every coder has read"
    if not n_documents:
        reason = "no document was read by every coder"
    if m < 2:
        reason = "one rater only: agreement needs two"
    if n_documents < 2 or not resampling.get("replicates", 1):
        rows = rows.sum(axis=0, keepdims=True)
    value = partial(_alpha, sizes=[sizes for sizes, _ in sums], m=m)
    parts = [Sums(NAME, reason, rows, value)]
    return resample(parts, np.ones(len(rows)), n, n_documents, resampling)[0]


def _sums_of_code(texts: Continuum, spans: pd.DataFrame) -> tuple[FloatArray, FloatArray]:
    """Return the lengths that passages have, and for each document the sums that alpha needs.

    These are the observed disagreement, the number of passages N, the sums of (2l^3 - 3l^2 + l) / 3
    and of l(l - 1), then for each length how many passages have it and how many places gaps offer
    to it.
    """
    coder, begin, end = join_overlapping(spans["coder"], spans["start"], spans["end"])
    m = texts.read.shape[1]
    gaps = [_gaps(texts, begin[coder == i], end[coder == i]) for i in range(m)]
    gap_start, gap = (np.concatenate(parts) for parts in zip(*gaps, strict=True))
    length, document = end - begin, texts.document(begin)
    sizes, size = np.unique(length, return_inverse=True)
    n_of_size, places = np.zeros((2, len(texts.end), len(sizes)))
    np.add.at(n_of_size, (document, size), 1)
    np.add.at(places, texts.document(gap_start), np.maximum(gap[:, None] - sizes + 1, 0))
    columns = (
        _disagreement(begin, end, coder, m),
        np.ones(len(begin)),
        (2 * length**3 - 3 * length**2 + length) / 3,
        length * (length - 1),
    )
    sums = [np.bincount(document, column, minlength=len(texts.end)) for column in columns]
    return sizes, np.column_stack([*sums, n_of_size, places])


def _gaps(texts: Continuum, begin: FloatArray, end: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return where the gaps between a coder's passages start, and how long they are."""
    start = np.sort(np.concatenate([texts.start, end]))
    length = np.sort(np.concatenate([texts.end, begin])) - start
    return start[length > 0], length[length > 0]


def _disagreement(begin: FloatArray, end: FloatArray, coder: IntArray, m: int) -> FloatArray:
    """Return for each passage its squared distances from the other coders' texts, over m(m - 1)."""
    pairs = overlapping_pairs(np.zeros(len(begin)), begin, end)
    apart = np.diff(begin[pairs])[:, 0] ** 2 + np.diff(end[pairs])[:, 0] ** 2
    total = np.bincount(pairs.T.ravel(), np.tile(apart, 2), minlength=len(begin))
    met = np.unique(np.column_stack([pairs.ravel(), coder[pairs[:, ::-1].ravel()]]), axis=0)
    facing_a_gap = m - 1 - np.bincount(met[:, 0], minlength=len(begin))
    return (total + 2 * facing_a_gap * (end - begin) ** 2) / max(m * (m - 1), 1)


def _alpha(sums: FloatArray, sizes: list[FloatArray], m: int) -> FloatArray:
    length = sums[..., 0]
    observed, expected = np.zeros_like(length), np.zeros_like(length)
    at = 1
    for size in sizes:
        apart, n, cubes, squares = np.moveaxis(sums[..., at : at + 4], -1, 0)
        counts = sums[..., at + 4 : at + 4 + len(size)]
        places = sums[..., at + 4 + len(size) : at + 4 + 2 * len(size)]
        at += 4 + 2 * len(size)
        fits = (n - 1) * cubes + (size**2 * counts * places).sum(axis=-1)
        observed += apart / length**2
        expected += 2 * fits / length / (m * length * (m * length - 1) - squares)
    return 1 - divide(observed, expected)
