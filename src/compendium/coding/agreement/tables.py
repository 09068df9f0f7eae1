"""Agreement as tables: per code, per character, on directions, and over everything.

"Overall" has three meanings, side by side: every yes/no decision pooled (which the many noes make
look good), the set of codes of a segment (MASI), and the code ranked first.
"""

from collections.abc import Mapping, Sequence
from typing import Unpack

import numpy as np
import pandas as pd

from compendium.coding.agreement import alpha, formulas
from compendium.coding.agreement.bootstrap import Draws, Formula, Resampling, estimate_all
from compendium.coding.agreement.cells import Cells, collapse
from compendium.coding.agreement.characters import continuum, estimate_unitised
from compendium.coding.agreement.code_cells import cluster_labels, code_cells, pool
from compendium.coding.agreement.coefficients import percent_agreement
from compendium.coding.agreement.ratings import (
    NONE,
    direction_ratings,
    first_code_ratings,
    set_ratings,
)
from compendium.coding.checks import DIRECTIONS, check_applications
from compendium.coding.passages import warn_of_near_misses

FORMULAS: dict[str, Formula] = {
    "percent_agreement": formulas.PERCENT,
    "positive_agreement": formulas.POSITIVE,
    "negative_agreement": formulas.NEGATIVE,
    "jaccard": formulas.JACCARD,
    "cohen_kappa": formulas.cohen(),
    "fleiss_kappa": formulas.FLEISS,
    "krippendorff_alpha": alpha.NOMINAL,
    "gwet_ac1": formulas.gwet(),
    "brennan_prediger": formulas.BRENNAN_PREDIGER,
}
NAMED = ("percent_agreement", "krippendorff_alpha", "gwet_ac1", "brennan_prediger")
DEFAULT = ("percent_agreement", "positive_agreement", "negative_agreement", *NAMED[1:])
UNITISED = "unitised_alpha"
SPANS = ("percent_agreement", "positive_agreement", "jaccard", *NAMED[1:3], UNITISED)
Clusters = str | Sequence[str]


def agreement_by_code(
    applications: pd.DataFrame,
    segments: pd.DataFrame,
    codes: Sequence[str],
    clusters: Clusters = ("document", "speaker"),
    *,
    coders: Sequence[str] | None = None,
    coefficients: Sequence[str] = DEFAULT,
    **resampling: Unpack[Draws],
) -> pd.DataFrame:
    """Compute how far coders agree on each code: applied to a segment or not.

    Warns where passages of different coders nearly coincide: see `match_passages`.

    Parameters
    ----------
    applications
        Columns `segment_id`, `coder`, `code`.
    segments
        All segments that were to be coded: `segment_id`, `document` and the columns of `clusters`.
    codes, coders
        The codebook's codes; the coders, default all.
    clusters
        What the bootstrap resamples, one or more columns of `segments`: speakers within documents,
        `document`, or `segment_id` for segments as if they were independent.
    coefficients
        Names among `FORMULAS`.
    **resampling
        See `Draws`.

    Returns
    -------
    pandas.DataFrame
        One row per code and coefficient: `code`, `coefficient`, `value`, `lower`, `upper`, `n`
        (segments with at least two coders), `n_clusters`, `n_undefined`, `reason` (see
        `Agreement`), `prevalence` (share of yes among all ratings), `n_any` and `n_all` (of the n,
        those to which any coder, and every coder who read them, applied the code).

    Examples
    --------
    >>> applications = pd.DataFrame(
    ...     {"segment_id": ["S1", "S1", "S2"], "coder": ["A", "B", "A"], "code": ["x", "x", "y"]}
    ... )
    >>> segments = pd.DataFrame({"segment_id": ["S1", "S2"], "document": ["a", "a"]})
    >>> table = agreement_by_code(
    ...     applications, segments, ["x", "y"], "document", coefficients=["krippendorff_alpha"]
    ... )
    >>> table[["code", "value", "prevalence", "n_any", "n_all"]]
      code  value  prevalence  n_any  n_all
    0    x    1.0        0.50      1      1
    1    y    0.0        0.25      1      0
    """
    _check_coefficients(coefficients, [*FORMULAS])
    by_code = code_cells(applications, segments, codes, clusters, coders)
    warn_of_near_misses(applications, segments)
    rows = []
    for code, cells in by_code.items():
        rows += _rows({"code": code}, cells, resampling, coefficients, _prevalence(cells))
    return _as_table(rows)


def agreement_by_character(
    applications: pd.DataFrame,
    segments: pd.DataFrame,
    lengths: Mapping[str, int] | pd.Series,
    codes: Sequence[str],
    *,
    coders: Sequence[str] | None = None,
    coefficients: Sequence[str] = SPANS,
    **resampling: Unpack[Draws],
) -> pd.DataFrame:
    """Compute how far coders agree on each code, every character of the text being a unit.

    For coders who select passages by themselves: nearly the same passage is nearly full agreement.
    Text that nobody coded counts as agreement on no, except in `positive_agreement` (Dice's index),
    `jaccard` and `unitised_alpha`.

    Parameters
    ----------
    applications, codes, coders
        See `agreement_by_code`. Where a coder applied nothing in a document, it is missing.
    segments
        The passages: `segment_id`, `document`, `start`, `end` (characters from 0, the end not
        included); a coder's own may overlap. ValueError for one without a start, or beyond its
        text.
    lengths
        Characters of each document, by its name.
    coefficients
        Names among `FORMULAS`, and `unitised_alpha`, which comes last.
    **resampling
        See `Draws`; documents are resampled.

    Returns
    -------
    pandas.DataFrame
        As from `agreement_by_code`, with n, `n_any` and `n_all` in characters (for
        `unitised_alpha`, n in passages). First the rows over all codes (`code` missing).

    Examples
    --------
    >>> segments = pd.DataFrame(
    ...     {"segment_id": ["p", "q"], "document": "Ada", "start": [0, 0], "end": [40, 39]}
    ... )
    >>> applications = pd.DataFrame({"segment_id": ["p", "q"], "coder": ["A", "B"], "code": "pace"})
    >>> table = agreement_by_character(applications, segments, {"Ada": 200}, ["pace"]).round(3)
    >>> table.loc[table["code"].notna(), ["coefficient", "value", "n_any", "n_all"]].head(3)
              coefficient  value  n_any  n_all
    6   percent_agreement  0.995     40     39
    7  positive_agreement  0.987     40     39
    8             jaccard  0.975     40     39
    """
    _check_coefficients(coefficients, [*FORMULAS, UNITISED])
    texts = continuum(applications, segments, lengths, codes, coders)
    by_code = {code: texts.cells(code) for code in codes}
    plain = [name for name in coefficients if name != UNITISED]
    rows = []
    for code in (None, *codes):
        cells = pool(list(by_code.values())) if code is None else by_code[code]
        of_code = _rows({"code": code}, cells, resampling, plain, _prevalence(cells))
        if UNITISED in coefficients:
            unitised = estimate_unitised(texts, codes if code is None else [code], resampling)
            of_code.append(
                {"code": code, "coefficient": UNITISED, **unitised.as_row(), **_prevalence(cells)}
            )
        rows += sorted(of_code, key=lambda row: coefficients.index(str(row["coefficient"])))
    return _as_table(rows)


def direction_agreement(
    applications: pd.DataFrame,
    segments: pd.DataFrame,
    codes: Sequence[str] = (),
    clusters: Clusters = ("document", "speaker"),
    *,
    coders: Sequence[str] | None = None,
    **resampling: Unpack[Draws],
) -> pd.DataFrame:
    """Compute agreement on the direction, where coders applied the same code to a segment.

    Directions are taken as names: helps and hinders are as far apart as helps and neutral.
    Parameters are those of `agreement_by_code`; applications need a `direction`, and `codes` names
    those to show apart, after the rows over all (`code` missing). The columns are `code`,
    `coefficient` and those of `Agreement`; n counts segment and code pairs that at least two coders
    applied.

    Examples
    --------
    >>> applications = pd.DataFrame(
    ...     {"segment_id": ["S1", "S1", "S2", "S2"], "coder": ["A", "B", "A", "B"], "code": "x"}
    ... ).assign(direction=["helps", "helps", "mixed", "helps"])
    >>> segments = pd.DataFrame({"segment_id": ["S1", "S2"], "document": ["a", "b"]})
    >>> table = direction_agreement(applications, segments, clusters="document", replicates=0)
    >>> table["value"].round(3).tolist()
    [0.5, 0.0, 0.429, 0.333]
    """
    check_applications(applications, codes=list(codes) or None, segments=segments, ranks=False)
    ratings = direction_ratings(applications, coders)
    labels = cluster_labels(segments, clusters)
    rows = []
    for code in (None, *codes):
        of_code = ratings.index.get_level_values("code") == code
        shown = ratings if code is None else ratings[of_code]
        cluster = labels.loc[shown.index.get_level_values("segment_id")].to_numpy()
        rows += _rows({"code": code}, collapse(shown, cluster, DIRECTIONS), resampling)
    return _as_table(rows)


def overall_agreement(
    applications: pd.DataFrame,
    segments: pd.DataFrame,
    codes: Sequence[str],
    clusters: Clusters = ("document", "speaker"),
    *,
    coders: Sequence[str] | None = None,
    **resampling: Unpack[Draws],
) -> pd.DataFrame:
    """Compute agreement over all codes, in three senses of the word.

    Parameters are those of `agreement_by_code`; applications also need a `rank`. The columns are
    `ratings`, `coefficient` and those of `Agreement`; `ratings` says what is compared: `every
    decision` (segment x code, yes or no), `set of codes` (all codes of a segment) or `first code`
    (the code ranked first, `(none)` included).

    Examples
    --------
    >>> applications = pd.DataFrame(
    ...     {"segment_id": ["S1", "S1", "S2", "S2"], "coder": ["A", "B", "A", "B"], "rank": 1}
    ... ).assign(code=["x", "x", "y", "x"])
    >>> segments = pd.DataFrame({"segment_id": ["S1", "S2"], "document": ["a", "a"]})
    >>> table = overall_agreement(applications, segments, ["x", "y"], "document", replicates=0)
    >>> table.query("coefficient == 'percent_agreement'")[["ratings", "value", "n"]]
              ratings  value  n
    0  every decision    0.5  4
    6    set of codes    0.5  2
    9      first code    0.5  2
    """
    pooled = pool(list(code_cells(applications, segments, codes, clusters, coders).values()))
    warn_of_near_misses(applications, segments)
    rows = _rows({"ratings": "every decision"}, pooled, resampling, DEFAULT)
    drawing = Resampling(**resampling, clusters=cluster_labels(segments, clusters))
    sets = set_ratings(applications, segments, coders)
    first = first_code_ratings(applications, segments, coders)
    set_measures = {
        "percent_agreement": percent_agreement(sets, **drawing),
        "masi_alpha": alpha.set_alpha(sets, **drawing),
        "jaccard_alpha": alpha.set_alpha(sets, "jaccard", **drawing),
    }
    rows += [
        {"ratings": "set of codes", "coefficient": name, **result.as_row()}
        for name, result in set_measures.items()
    ]
    cells = collapse(first, drawing["clusters"], [*codes, NONE])
    return _as_table(rows + _rows({"ratings": "first code"}, cells, resampling))


def _check_coefficients(names: Sequence[str], known: Sequence[str]) -> None:
    for name in set(names) - set(known):
        raise ValueError(f"coefficient: {name!r} is not one of {', '.join(known)}.")


def _rows(
    labels: Mapping[str, object],
    cells: Cells,
    resampling: Draws,
    names: Sequence[str] = NAMED,
    counts: Mapping[str, object] | None = None,
) -> list[dict[str, object]]:
    """Estimate several coefficients of the same ratings, a row for each."""
    results = estimate_all([FORMULAS[name] for name in names], cells, resampling)
    return [
        {**labels, "coefficient": name, **result.as_row(), **(counts or {})}
        for name, result in zip(names, results, strict=True)
    ]


def _as_table(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Make the table, with None as a missing number."""
    table = pd.DataFrame(rows)
    numbers = [c for c in ("value", "lower", "upper", "prevalence") if c in table.columns]
    return table.astype(dict.fromkeys(numbers, np.float64))


def _prevalence(cells: Cells) -> dict[str, object]:
    paired = cells.n_ratings >= 2
    yes = (cells.ratings == 1).sum(axis=1)
    all_ratings = float((cells.n_ratings * cells.weight).sum())
    return {
        "prevalence": float((yes * cells.weight).sum()) / all_ratings if all_ratings else None,
        "n_any": int(cells.weight[paired & (yes > 0)].sum()),
        "n_all": int(cells.weight[paired & (yes == cells.n_ratings)].sum()),
    }
