"""Agreement of coders: alpha and kappa, over all codes at once and code by code."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from contest import Contest, Prepared

from coding.data import CODES, Data

CONTEST = Contest()
TWENTIETH = {"part": 1 / 20, "note": "on a twentieth of the segments"}


def krippendorff_value(ratings: Any) -> Any:
    """Compute nominal alpha with the package named after it."""
    import krippendorff

    return krippendorff.alpha(reliability_data=ratings.T, level_of_measurement="nominal")


@CONTEST.enter("alpha")
def ours_alpha(folder: Path) -> Prepared:
    """Compute nominal alpha; untimed, also of the parts that others do."""
    from compendium.coding.agreement import krippendorff_alpha

    def value(share: float) -> float:
        return krippendorff_alpha(Data(folder, share).matrix(), replicates=0).value

    run = partial(krippendorff_alpha, Data(folder).matrix(), replicates=0)
    return run, lambda _: {"of 1/20": [value(1 / 20)], "of 1/1000": [value(1 / 1000)]}


@CONTEST.enter(
    "alpha",
    library="krippendorff",
    environment="peers",
    part=1 / 1000,
    note="on a thousandth of the segments: it holds segments x codes x codes numbers at once",
)
def krippendorff_alpha(folder: Path) -> Prepared:
    """Compute nominal alpha."""
    ratings = Data(folder, 1 / 1000).ratings.astype(np.float64)
    return partial(krippendorff_value, ratings), lambda value: {"of 1/1000": [value]}


@CONTEST.enter("alpha", library="qdaPy", environment="peers", **TWENTIETH)
def qdapy_alpha(folder: Path) -> Prepared:
    """Compute nominal alpha."""
    import qdapy

    matrix = Data(folder, 1 / 20).text_matrix()
    return partial(qdapy.alpha, matrix), lambda value: {"of 1/20": [value]}


@CONTEST.enter("fleiss_kappa")
def ours_fleiss(folder: Path) -> Prepared:
    """Compute Fleiss's kappa; untimed, also of a twentieth."""
    from compendium.coding.agreement import fleiss_kappa

    def numbers(found: Any) -> dict[str, Any]:
        part = fleiss_kappa(Data(folder, 1 / 20).matrix(), replicates=0)
        return {"of all": [found.value], "of 1/20": [part.value]}

    return partial(fleiss_kappa, Data(folder).matrix(), replicates=0), numbers


@CONTEST.enter("fleiss_kappa", library="statsmodels")
def statsmodels_fleiss(folder: Path) -> Prepared:
    """Aggregate ratings, then compute Fleiss's kappa."""
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

    ratings = Data(folder).ratings.astype(np.int64)
    return lambda: fleiss_kappa(aggregate_raters(ratings)[0]), lambda value: {"of all": [value]}


@CONTEST.enter("fleiss_kappa", library="qdaPy", environment="peers", **TWENTIETH)
def qdapy_fleiss(folder: Path) -> Prepared:
    """Compute Fleiss's kappa."""
    import qdapy

    matrix = Data(folder, 1 / 20).text_matrix()
    return partial(qdapy.fleiss, matrix), lambda value: {"of 1/20": [value]}


def ours_by_code(folder: Path, coefficient: str, replicates: int = 0, **chosen: int) -> Prepared:
    """Compute a coefficient for each code, all frames checked."""
    from compendium.coding.agreement import agreement_by_code

    data = Data(folder)
    run = partial(
        agreement_by_code,
        data.applications(**chosen),
        data.segments(),
        data.codes,
        "document",
        coefficients=[coefficient],
        replicates=replicates,
    )
    return run, lambda table: {
        "of 500": table["value"],
        "of 5": table["value"][:5],
        "of 2": table["value"][:2],
    }


@CONTEST.enter("kappa_by_code")
def ours_kappa_by_code(folder: Path) -> Prepared:
    """Compute Cohen's kappa of two coders for each code."""
    return ours_by_code(folder, "cohen_kappa", coders=2)


@CONTEST.enter(
    "kappa_by_code", library="statsmodels", note="on tables of two coders made by pandas and numpy"
)
def statsmodels_by_code(folder: Path) -> Prepared:
    """Cross the two coders' decisions on each code, then compute Cohen's kappa."""
    import pandas as pd
    from statsmodels.stats.inter_rater import cohens_kappa

    data = Data(folder)
    frame, everyone = data.applications(coders=2), data.segments()["segment_id"]

    def run() -> Any:
        pairs = frame.groupby("coder")
        first, second = (
            pd.crosstab(part["segment_id"], part["code"])
            .reindex(index=everyone, columns=data.codes, fill_value=0)
            .to_numpy(dtype=bool)
            for _, part in pairs
        )
        both, one, other = (first & second).sum(0), first.sum(0), second.sum(0)
        none = len(everyone) - one - other + both
        tables = np.stack([[both, one - both], [other - both, none]]).transpose(2, 0, 1)
        return [cohens_kappa(table, return_results=False) for table in tables]

    return run, lambda values: {"of 500": values}


@CONTEST.enter(
    "kappa_by_code",
    library="qdaPy",
    environment="peers",
    part=2 / CODES,
    note="for two of the codes",
)
def qdapy_by_code(folder: Path) -> Prepared:
    """Compute Cohen's kappa of two coders for each of two codes."""
    import qdapy

    data = Data(folder)
    frame = data.fragments(coders=2)

    def run() -> Any:
        return [qdapy.kappa(qdapy.units_binary(frame, code)) for code in data.codes[:2]]

    return run, lambda values: {"of 2": values}


@CONTEST.enter("alpha_by_code")
def ours_alpha_by_code(folder: Path) -> Prepared:
    """Compute alpha of all coders for each code."""
    return ours_by_code(folder, "krippendorff_alpha")


@CONTEST.enter(
    "alpha_by_code",
    library="krippendorff",
    environment="peers",
    part=5 / CODES,
    note="for five of the codes",
)
def krippendorff_by_code(folder: Path) -> Prepared:
    """Compute alpha of all coders for each of five codes."""
    ratings = Data(folder).ratings

    def run() -> Any:
        return [krippendorff_value((ratings == code).astype(np.float64)) for code in range(5)]

    return run, lambda values: {"of 5": values}
