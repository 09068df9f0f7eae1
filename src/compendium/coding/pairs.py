"""Which codes come together: on the same segments, or from the same cases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from compendium.coding.checks import check_codes
from compendium.coding.units import share, unit_column


def co_occurrence(
    applications: pd.DataFrame, unit: str = "segment", codes: Sequence[str] | None = None
) -> pd.DataFrame:
    """Count for each pair of codes the distinct units that carry both.

    The count is the product of the units x codes table with itself, kept sparse, so that a million
    applications take seconds. The Jaccard index is both / (code + other - both).

    Parameters
    ----------
    applications
        Columns `segment_id`, `code`; `case` for cases (rows without a case are left out then).
    unit
        `segment` or `case`.
    codes
        The codes to show, in this order; default those applied, sorted.

    Returns
    -------
    pandas.DataFrame
        One row for each ordered pair, the diagonal included, so that `pivot` gives the whole
        matrix and `code < other` each pair once: `code`, `other`, `n_code`, `n_other`, `n_both`,
        `jaccard` (missing where neither code occurs).

    Raises
    ------
    ValueError
        When a column is missing, or a code or the unit is unknown.

    Examples
    --------
    >>> applied = pd.DataFrame({"segment_id": ["S1", "S1", "S2"], "code": ["pace", "time", "pace"]})
    >>> co_occurrence(applied)[["code", "other", "n_both", "jaccard"]]
       code other  n_both  jaccard
    0  pace  pace       2      1.0
    1  pace  time       1      0.5
    2  time  pace       1      0.5
    3  time  time       1      1.0
    """
    from scipy import sparse

    column = unit_column(unit, applications)
    check_codes(applications, codes)
    positions, applied = pd.factorize(applications["code"], sort=True)
    units = pd.factorize(applications[column])[0]
    rows = applied if codes is None else pd.Index(codes)
    positions, known = rows.get_indexer(applied)[positions], units >= 0
    size, shape = len(rows), (int(units.max(initial=-1)) + 1, len(rows))
    ones = np.ones(int(known.sum()), dtype=np.int64)
    incidence = sparse.csr_matrix((ones, (units[known], positions[known])), shape=shape)
    incidence.data[:] = 1  # the same application twice is one
    both = (incidence.T @ incidence).toarray()
    alone = both.diagonal()
    result = pd.DataFrame(
        {
            "code": rows.repeat(size),
            "other": rows.take(np.tile(np.arange(size), size)),
            "n_code": np.repeat(alone, size),
            "n_other": np.tile(alone, size),
            "n_both": both.ravel(),
        }
    )
    union = result["n_code"] + result["n_other"] - result["n_both"]
    return result.assign(jaccard=share(result["n_both"], union))
