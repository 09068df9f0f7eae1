"""Which codes come together: on a segment, from a case, or where passages overlap."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from compendium.coding.checks import check_codes, share, unit_column


def co_occurrence(
    applications: pd.DataFrame, unit: str = "segment", codes: Sequence[str] | None = None
) -> pd.DataFrame:
    """Count for each pair of codes the distinct units that carry both.

    Parameters
    ----------
    applications
        Columns `segment_id`, `code`; `case` for cases (rows without one are left out then);
        `document`, `start`, `end` for overlaps.
    unit
        `segment`, `case`, or `overlap`: passages, those of one code that overlap being one.
    codes
        The codes to show, in this order; default those applied, sorted.

    Returns
    -------
    pandas.DataFrame
        One row for each ordered pair, the diagonal included: `code`, `other`, `n_code`, `n_other`,
        `n_both` and `jaccard` = both / (code + other - both), by characters for overlaps (missing
        where neither code occurs).

    Examples
    --------
    >>> applied = pd.DataFrame({"segment_id": ["S1", "S1", "S2"], "code": ["pace", "time", "pace"]})
    >>> co_occurrence(applied)[["code", "other", "n_both", "jaccard"]].head(2)
       code other  n_both  jaccard
    0  pace  pace       2      1.0
    1  pace  time       1      0.5
    """
    check_codes(applications, codes)
    positions, applied = pd.factorize(applications["code"], sort=True)
    shown = applied if codes is None else pd.Index(codes)
    size, code = len(shown), shown.get_indexer(applied)[positions]
    count = _by_overlap if unit == "overlap" else _by_unit
    both, common = count(applications, code, size, unit)
    alone, carried = both.diagonal(), common.diagonal()
    either = carried[:, None] + carried - common
    return pd.DataFrame(
        {
            "code": shown.repeat(size),
            "other": shown.take(np.tile(np.arange(size), size)),
            "n_code": np.repeat(alone, size),
            "n_other": np.tile(alone, size),
            "n_both": both.ravel(),
            "jaccard": share(pd.Series(common.ravel()), pd.Series(either.ravel())),
        }
    )


def _by_unit(
    applications: pd.DataFrame, code: np.ndarray, size: int, unit: str
) -> tuple[np.ndarray, np.ndarray]:
    """Multiply the table of units x codes, kept sparse, with itself."""
    from scipy import sparse

    units = pd.factorize(applications[unit_column(unit, applications)])[0]
    has_unit, shape = units >= 0, (int(units.max(initial=-1)) + 1, size)
    ones = np.ones(int(has_unit.sum()), dtype=np.int64)
    incidence = sparse.csr_matrix((ones, (units[has_unit], code[has_unit])), shape=shape)
    incidence.data[:] = 1  # the same application twice is one
    both = (incidence.T @ incidence).toarray()
    return both, both


def _by_overlap(
    applications: pd.DataFrame, code: np.ndarray, size: int, unit: str
) -> tuple[np.ndarray, np.ndarray]:
    """Count passages of each code that overlap one of each other, and the characters of both."""
    from compendium.coding.passages import ends_of, join_overlapping, overlapping_pairs

    start, end = ends_of(applications, whole_documents=False)
    lane, start, end = join_overlapping(
        pd.factorize(applications["document"])[0] * size + code, start, end
    )
    code, both, common = lane % size, *np.zeros((2, size, size), dtype=np.int64)
    left, right = overlapping_pairs(lane // size, start, end).T
    shared = np.minimum(end[left], end[right]) - np.maximum(start[left], start[right])
    np.add.at(both, (code, code), 1)
    np.add.at(common, (code, code), (end - start).astype("int64"))
    ours, theirs = np.r_[left, right], code[np.r_[right, left]]
    np.add.at(common, (code[ours], theirs), np.tile(shared, 2).astype("int64"))
    met = np.unique(np.column_stack([ours, theirs]), axis=0)
    np.add.at(both, (code[met[:, 0]], met[:, 1]), 1)
    return both, common
