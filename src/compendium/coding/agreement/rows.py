"""Rows of the agreement tables: which coefficients, and how they are laid out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from compendium.coding.agreement import alpha, formulas
from compendium.coding.agreement.bootstrap import Formula, Resampling, estimate_all
from compendium.coding.agreement.cells import Cells
from compendium.coding.agreement.result import Agreement

FORMULAS: dict[str, Formula] = {
    "percent_agreement": formulas.PERCENT,
    "positive_agreement": formulas.POSITIVE,
    "negative_agreement": formulas.NEGATIVE,
    "cohen_kappa": formulas.COHEN,
    "fleiss_kappa": formulas.FLEISS,
    "krippendorff_alpha": alpha.NOMINAL,
    "gwet_ac1": formulas.AC1,
    "brennan_prediger": formulas.BRENNAN_PREDIGER,
}
DEFAULT = (
    "percent_agreement",
    "positive_agreement",
    "negative_agreement",
    "krippendorff_alpha",
    "gwet_ac1",
    "brennan_prediger",
)
NAMED = ("percent_agreement", "krippendorff_alpha", "gwet_ac1", "brennan_prediger")
Clusters = str | Sequence[str]


def formula(name: str) -> Formula:
    """Find a coefficient by its name; raise ValueError for an unknown one."""
    if name not in FORMULAS:
        raise ValueError(f"coefficient: {name!r} is not one of {', '.join(FORMULAS)}.")
    return FORMULAS[name]


def named_rows(
    labels: dict[str, str | None],
    cells: Cells,
    resampling: Resampling,
    names: Sequence[str] = NAMED,
) -> list[dict[str, object]]:
    """Estimate several coefficients of the same ratings, a row for each."""
    found = estimate_all([formula(name) for name in names], cells, resampling)
    return [
        {**labels, "coefficient": name, **fields(one)}
        for name, one in zip(names, found, strict=True)
    ]


def fields(found: Agreement) -> dict[str, object]:
    """Return the columns of a result, its long name left out."""
    row = found.as_row()
    del row["name"]
    return row


def as_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Make the table, with None as a missing number."""
    table = pd.DataFrame(rows)
    numbers = [c for c in ("value", "lower", "upper", "prevalence") if c in table.columns]
    return table.astype(dict.fromkeys(numbers, np.float64))
