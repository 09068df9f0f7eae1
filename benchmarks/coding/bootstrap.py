"""Intervals of agreement: documents drawn anew, a thousand times."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from contest import Contest, Prepared

from coding.agreement import krippendorff_value, ours_by_code
from coding.data import CODES, DOCUMENTS, Data

CONTEST = Contest()
REPLICATES = 1000


@CONTEST.enter("alpha_bootstrap", "growth_alpha_bootstrap")
def ours(folder: Path) -> Prepared:
    """Compute alpha and its interval from documents drawn anew."""
    from compendium.coding.agreement import krippendorff_alpha

    data = Data(folder)
    run = partial(krippendorff_alpha, data.matrix(), clusters=data.document, replicates=REPLICATES)
    return run, lambda found: {}


@CONTEST.enter(
    "alpha_bootstrap",
    library="qdaPy",
    environment="peers",
    part=2 / REPLICATES / 20,
    note="two replicates on a twentieth of the segments; it draws segments, not documents",
)
def qdapy(folder: Path) -> Prepared:
    """Draw segments, compute alpha; again and again."""
    import qdapy

    matrix = Data(folder, 1 / 20).text_matrix()
    return partial(qdapy.bootstrap_ci, matrix, qdapy.alpha, resamples=2), lambda found: {}


@CONTEST.enter("alpha_by_code_bootstrap")
def ours_all_codes(folder: Path) -> Prepared:
    """Compute alpha and its interval for each code."""
    return ours_by_code(folder, "krippendorff_alpha", REPLICATES)


@CONTEST.enter(
    "alpha_by_code_bootstrap",
    library="krippendorff",
    environment="peers",
    part=2 / REPLICATES / CODES,
    note="two replicates of one code: rows of the documents drawn, gathered and counted anew",
)
def krippendorff(folder: Path) -> Prepared:
    """Draw documents, gather their rows, compute alpha; again and again."""
    data = Data(folder)
    ratings = (data.ratings == 0).astype(np.float64)
    members = [np.flatnonzero(data.document == number) for number in range(DOCUMENTS)]
    random = np.random.default_rng(1)

    def run() -> Any:
        found = []
        for _ in range(2):
            drawn = random.integers(DOCUMENTS, size=DOCUMENTS)
            rows = np.concatenate([members[number] for number in drawn])
            found.append(krippendorff_value(ratings[rows]))
        return found

    return run, lambda values: {}
