"""Counting codes: a tally, a cross table with documents, pairs of codes on one segment."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from contest import Contest, Prepared

from coding.data import CODES, DOCUMENTS, Data

CONTEST = Contest()
ROWS = "counts applications, not distinct segments"
PART = 1 / 100


@CONTEST.enter("tally", "growth_tally")
def ours_tally(folder: Path) -> Prepared:
    """Count distinct segments with each code; untimed, also applications."""
    from compendium.coding.tallies import tally

    applications = Data(folder).applications()

    def numbers(table: Any) -> dict[str, Any]:
        by_coder = tally(applications, ["coder", "code"])
        return {
            "segments": table.set_index("code")["n"].sort_index(),
            "applications": by_coder.groupby("code")["n"].sum(),
        }

    return partial(tally, applications), numbers


@CONTEST.enter("tally", "growth_tally", library="pandas")
def pandas_tally(folder: Path) -> Prepared:
    """Count distinct segments with each code."""
    frame = Data(folder).applications()
    run = frame.groupby("code")["segment_id"].nunique
    return run, lambda counts: {"segments": counts.sort_index()}


@CONTEST.enter("tally", library="qdaPy", environment="peers", note=ROWS)
def qdapy_tally(folder: Path) -> Prepared:
    """Count applications of each code."""
    import qdapy

    run = partial(qdapy.code_counts, Data(folder).fragments())
    return run, lambda table: {"applications": table.set_index("code")["n"].sort_index()}


@CONTEST.enter("cross_table")
def ours_cross(folder: Path) -> Prepared:
    """Count segments and cases with each code in each document, and their shares."""
    from compendium.coding.tallies import cross_table, tally

    applications = Data(folder).applications()

    def numbers(table: Any) -> dict[str, Any]:
        first = applications[applications["code"] == "code 000"]
        rows = tally(first, ["coder", "document"]).groupby("document")["n"].sum()
        every = sorted(applications["document"].unique())
        return {
            "segments": table["n_segments"][:DOCUMENTS],
            "applications": rows.reindex(every, fill_value=0),
        }

    return partial(cross_table, applications, "document"), numbers


@CONTEST.enter("cross_table", library="pandas", note="distinct segments only: no cases, no shares")
def pandas_cross(folder: Path) -> Prepared:
    """Count distinct segments with each code in each document."""
    import pandas as pd

    frame = Data(folder).applications()

    def run() -> Any:
        distinct = frame.drop_duplicates(["segment_id", "code"])
        return pd.crosstab(distinct["code"], distinct["document"])

    return run, lambda table: {"segments": table.iloc[0]}


@CONTEST.enter("cross_table", library="pandas crosstab", note=ROWS)
def pandas_cross_rows(folder: Path) -> Prepared:
    """Count applications of each code in each document."""
    import pandas as pd

    frame = Data(folder).applications()
    run = partial(pd.crosstab, frame["code"], frame["document"])
    return run, lambda table: {"applications": table.iloc[0]}


@CONTEST.enter("cross_table", library="qdaPy", environment="peers", note=ROWS)
def qdapy_cross(folder: Path) -> Prepared:
    """Count applications of each code in each document."""
    import qdapy

    run = partial(qdapy.code_matrix, Data(folder).fragments(), long=False)
    return run, lambda table: {"applications": table.iloc[0]}


def first_row(table: Any) -> Any:
    """Pick the Jaccard coefficients of the first code with the others, sorted by name."""
    return table["jaccard"].iloc[1:CODES]


@CONTEST.enter("co_occurrence", "growth_co_occurrence")
def ours_pairs(folder: Path) -> Prepared:
    """Count segments with each pair of codes, by a sparse product."""
    from compendium.coding.tallies import co_occurrence

    def numbers(table: Any) -> dict[str, Any]:
        part = co_occurrence(Data(folder, PART).applications())
        return {"jaccard": first_row(table), "jaccard of a part": first_row(part)}

    return partial(co_occurrence, Data(folder).applications()), numbers


@CONTEST.enter("co_occurrence", library="pandas", note="a dense table of segments and codes")
def pandas_pairs(folder: Path) -> Prepared:
    """Multiply the table of segments and codes with itself."""
    import pandas as pd

    frame = Data(folder).applications()

    def run() -> Any:
        table = (pd.crosstab(frame["segment_id"], frame["code"]) > 0).astype(np.float64)
        both = table.T @ table
        alone = np.diag(both)
        return both / (alone[:, None] + alone - both)

    return run, lambda jaccard: {"jaccard": jaccard.iloc[0, 1:]}


@CONTEST.enter(
    "co_occurrence",
    library="qdaPy",
    environment="peers",
    part=PART,
    note="its distances between codes, on a hundredth of the segments",
)
def qdapy_pairs(folder: Path) -> Prepared:
    """Compute Jaccard distances of codes."""
    import qdapy

    run = partial(qdapy.code_distance, Data(folder, PART).fragments(), min_n=1)
    return run, lambda distance: {"jaccard of a part": 1 - distance.iloc[0, 1:]}
