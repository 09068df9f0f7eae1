"""Agreement as tables: per code, and over everything.

Each row is one coefficient with value, interval, n and reason. Three ways of saying "overall" stand
side by side, because they answer different questions: every yes/no decision pooled (which the many
noes make look good), the set of codes of a segment (MASI), and the code ranked first.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from compendium.coding.agreement import alpha
from compendium.coding.agreement.bootstrap import Resampling, estimate_all
from compendium.coding.agreement.cells import Cells, collapse
from compendium.coding.agreement.code_cells import cluster_labels, code_cells, pool
from compendium.coding.agreement.coefficients import percent_agreement
from compendium.coding.agreement.ratings import NONE, first_code_ratings, set_ratings
from compendium.coding.agreement.rows import (
    DEFAULT,
    Clusters,
    as_table,
    fields,
    formula,
    named_rows,
)


def agreement_by_code(
    applications: pd.DataFrame,
    segments: pd.DataFrame,
    codes: Sequence[str],
    clusters: Clusters = ("document", "speaker"),
    *,
    coders: Sequence[str] | None = None,
    coefficients: Sequence[str] = DEFAULT,
    replicates: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Compute how far coders agree on each code: applied to a segment or not.

    Parameters
    ----------
    applications
        Columns `segment_id`, `coder`, `code`.
    segments
        All segments that were to be coded, also those without codes: `segment_id`, `document` and
        the columns of `clusters`.
    codes
        The codebook's codes.
    clusters
        What the bootstrap resamples, one or more columns of `segments`: speakers within
        documents, `document`, or `segment_id` for segments as if they were independent.
    coders
        The coders; default all.
    coefficients
        Names among `FORMULAS`.
    replicates, confidence, seed
        See `Resampling`.

    Returns
    -------
    pandas.DataFrame
        One row per code and coefficient: `code`, `coefficient`, `value`, `lower`, `upper`, `n`
        (segments with at least two coders), `n_clusters`, `n_undefined`, `reason` (see
        `Agreement`), `prevalence` (share of yes among all ratings), `n_any` and `n_all` (segments
        to which any coder, and every coder who read them, applied the code; among the n).

    Raises
    ------
    ValueError
        When the frames do not fit together or a coefficient is unknown.

    Examples
    --------
    >>> applications = pd.DataFrame(
    ...     {"segment_id": ["S1", "S1", "S2"], "coder": ["A", "B", "A"], "code": ["x", "x", "y"]}
    ... )
    >>> segments = pd.DataFrame({"segment_id": ["S1", "S2"], "document": ["a", "a"]})
    >>> table = agreement_by_code(
    ...     applications, segments, ["x", "y"], "document", coefficients=["krippendorff_alpha"]
    ... )
    >>> table[["code", "value", "prevalence", "n_any", "n_all", "reason"]]
      code  value  prevalence  n_any  n_all                         reason
    0    x    1.0        0.50      1      1  no interval: one cluster only
    1    y    0.0        0.25      1      0  no interval: one cluster only
    """
    resampling = Resampling(replicates=replicates, confidence=confidence, seed=seed)
    chosen = {name: formula(name) for name in coefficients}
    rows = []
    for code, cells in code_cells(applications, segments, codes, clusters, coders).items():
        counts = _prevalence(cells)
        found = estimate_all(list(chosen.values()), cells, resampling)
        rows += [
            {"code": code, "coefficient": name, **fields(one), **counts}
            for name, one in zip(chosen, found, strict=True)
        ]
    return as_table(rows)


def overall_agreement(
    applications: pd.DataFrame,
    segments: pd.DataFrame,
    codes: Sequence[str],
    clusters: Clusters = ("document", "speaker"),
    *,
    coders: Sequence[str] | None = None,
    replicates: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Compute agreement over all codes, in three senses of the word.

    Parameters
    ----------
    applications
        Columns `segment_id`, `coder`, `code`, `rank`.
    segments, codes, clusters, coders, replicates, confidence, seed
        See `agreement_by_code`.

    Returns
    -------
    pandas.DataFrame
        Columns `ratings`, `coefficient` and those of `Agreement`. `ratings` says what is compared:
        `every decision` (segment x code, yes or no), `set of codes` (all codes of a segment) or
        `first code` (the code ranked first, `(none)` included).

    Raises
    ------
    ValueError
        When the frames do not fit together.

    Examples
    --------
    >>> applications = pd.DataFrame(
    ...     {
    ...         "segment_id": ["S1", "S1", "S2", "S2"],
    ...         "coder": ["A", "B", "A", "B"],
    ...         "code": ["x", "x", "y", "x"],
    ...         "rank": [1, 1, 1, 1],
    ...     }
    ... )
    >>> segments = pd.DataFrame({"segment_id": ["S1", "S2"], "document": ["a", "a"]})
    >>> table = overall_agreement(applications, segments, ["x", "y"], "document", replicates=0)
    >>> table.query("coefficient == 'percent_agreement'")[["ratings", "value", "n"]]
              ratings  value  n
    0  every decision    0.5  4
    6    set of codes    0.5  2
    9      first code    0.5  2
    """
    resampling = Resampling(replicates=replicates, confidence=confidence, seed=seed)
    pooled = pool(list(code_cells(applications, segments, codes, clusters, coders).values()))
    rows = named_rows({"ratings": "every decision"}, pooled, resampling, DEFAULT)
    resampling["clusters"] = cluster_labels(segments, clusters)
    sets = set_ratings(applications, segments, coders)
    first = first_code_ratings(applications, segments, coders)
    set_measures = {
        "percent_agreement": percent_agreement(sets, **resampling),
        "masi_alpha": alpha.set_alpha(sets, **resampling),
        "jaccard_alpha": alpha.set_alpha(sets, "jaccard", **resampling),
    }
    rows += [
        {"ratings": "set of codes", "coefficient": name, **fields(found)}
        for name, found in set_measures.items()
    ]
    cells = collapse(first, resampling["clusters"], [*codes, NONE])
    rows += named_rows({"ratings": "first code"}, cells, resampling)
    return as_table(rows)


def _prevalence(cells: Cells) -> dict[str, object]:
    paired = cells.n_ratings >= 2
    yes = (cells.ratings == 1).sum(axis=1)
    all_ratings = float((cells.n_ratings * cells.weight).sum())
    return {
        "prevalence": float((yes * cells.weight).sum()) / all_ratings if all_ratings else None,
        "n_any": int(cells.weight[paired & (yes > 0)].sum()),
        "n_all": int(cells.weight[paired & (yes == cells.n_ratings)].sum()),
    }
