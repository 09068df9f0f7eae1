"""Agreement on the direction, given that coders applied the same code."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from compendium.coding.agreement.bootstrap import Resampling
from compendium.coding.agreement.cells import collapse
from compendium.coding.agreement.code_cells import cluster_labels
from compendium.coding.agreement.ratings import direction_ratings
from compendium.coding.agreement.rows import Clusters, as_table, named_rows
from compendium.coding.checks import DIRECTIONS, check_applications


def direction_agreement(
    applications: pd.DataFrame,
    segments: pd.DataFrame,
    codes: Sequence[str] = (),
    clusters: Clusters = ("document", "speaker"),
    *,
    coders: Sequence[str] | None = None,
    replicates: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Compute agreement on the direction, where coders applied the same code to a segment.

    Directions are taken as names: helps and hinders are as far apart as helps and neutral.

    Parameters
    ----------
    applications
        Columns `segment_id`, `coder`, `code`, `direction`.
    segments, clusters, coders, replicates, confidence, seed
        See `agreement_by_code`.
    codes
        Codes to show apart, after the row over all codes (`code` missing).

    Returns
    -------
    pandas.DataFrame
        Columns `code`, `coefficient` and those of `Agreement`; n counts segment and code pairs
        that at least two coders applied.

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
    ...         "code": ["x", "x", "x", "x"],
    ...         "direction": ["helps", "helps", "mixed", "helps"],
    ...     }
    ... )
    >>> segments = pd.DataFrame({"segment_id": ["S1", "S2"], "document": ["a", "b"]})
    >>> table = direction_agreement(applications, segments, clusters="document", replicates=0)
    >>> table["value"].round(3).tolist()
    [0.5, 0.0, 0.429, 0.333]
    """
    resampling = Resampling(replicates=replicates, confidence=confidence, seed=seed)
    check_applications(applications, codes=list(codes) or None, segments=segments, ranks=False)
    ratings = direction_ratings(applications, coders)
    labels = cluster_labels(segments, clusters)
    rows = []
    for code in (None, *codes):
        of_code = ratings.index.get_level_values("code") == code
        shown = ratings if code is None else ratings[of_code]
        cluster = labels.loc[shown.index.get_level_values("segment_id")].to_numpy()
        cells = collapse(shown, cluster, DIRECTIONS)
        rows += named_rows({"code": code}, cells, resampling)
    return as_table(rows)
