"""Estimates from a survey: shares of answers, means, ratios, tests of association, bootstrap.

Each function takes a frame (one row per respondent), names of columns, and a `SurveyDesign`, and
returns a tidy table. Missing answers are counted, never imputed: they lie outside the domain of
an estimate while their rows stay in the design, unless the weights say that a row without an
answer is not in the sample (see `compendium.survey.weights.equal_group_weights`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from compendium.survey.checks import Column, IntArray, column, encode, quote
from compendium.survey.design import BoundDesign, Sample, SurveyDesign
from compendium.survey.intervals import Interval, share_interval
from compendium.survey.linearisation import Domain, Mask, estimate_shares

__all__ = ["SurveyDesign", "tabulate"]

EVERYONE = "all"


class Grouping:
    """The domains asked for: the groups of a column, or everyone.

    Parameters
    ----------
    frame
        One row per respondent.
    by
        Column of groups, or None.
    """

    def __init__(self, frame: pd.DataFrame, by: Column | None) -> None:
        self.codes: IntArray = np.zeros(len(frame), dtype=np.intp)
        self.labels: list[Any] = [EVERYONE]
        if by is not None:
            self.codes, self.labels = encode(column(frame, by, "by"), "by")

    def domains(self, answered: Mask) -> Iterator[tuple[Any, Mask, int]]:
        """Each group's label, its rows with an answer, and the number without."""
        for code, label in enumerate(self.labels):
            inside = self.codes == code
            yield label, inside & answered, int(np.count_nonzero(inside & ~answered))


def _within(sample: Sample, domain: Mask, frame: pd.DataFrame, item: str) -> Mask:
    """Give the domain as rows of the sample; refuse answers that the weights do not cover."""
    inside = domain[sample.rows]
    if np.count_nonzero(inside) < np.count_nonzero(domain):
        covered = np.zeros(len(frame), dtype=bool)
        covered[sample.rows] = True
        rows = frame.index[domain & ~covered]
        raise ValueError(
            f"weights: {len(rows)} rows answer {item!r} but weigh zero ({quote(rows)}); "
            "make the weights for this item"
        )
    return inside


def tabulate(  # noqa: PLR0917 - a published signature
    frame: pd.DataFrame,
    items: str | Sequence[str],
    design: SurveyDesign,
    by: Column | None = None,
    interval: Interval = "logit",
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the share of each answer to each item.

    Parameters
    ----------
    frame
        One row per respondent.
    items
        Columns of answers. The levels of a categorical column are tabulated in its order,
        chosen or not; those of another column are its sorted values.
    design
        Weights, strata, clusters and population sizes. Weights given as a rule are made anew
        for each item.
    by
        Column of groups to estimate separately, each as a domain of the whole design.
    interval
        ``"logit"``, ``"beta"`` or ``"wilson"``; see `compendium.survey.intervals`.
    level
        Confidence level.

    Returns
    -------
    pandas.DataFrame
        One row per item, group and level: item, level, group (``"all"`` without `by`), n
        (answers in the group), n_missing (rows of the group without an answer), share in [0, 1],
        se, lower, upper, design_effect (variance over that of a simple random sample of n drawn
        with replacement; null for a share of 0 or 1) and df (first-stage units less strata, of
        those with answers in the group). With n = 0 there is no estimate, with df = 0 no
        standard error and interval: these cells are null.

    Raises
    ------
    ValueError
        If a column is absent, a group or weight missing, or the design does not fit.

    Examples
    --------
    >>> frame = pd.DataFrame({"district": list("AAABB"), "q1": ["yes", "no", "no", "yes", "no"]})
    >>> from functools import partial
    >>> from compendium.survey.weights import equal_group_weights
    >>> design = SurveyDesign(partial(equal_group_weights, group="district"), strata="district")
    >>> table = tabulate(frame, "q1", design)
    >>> table[["level", "n", "share", "se", "df"]].round(4)
      level  n   share      se  df
    0    no  5  0.5833  0.3005   3
    1   yes  5  0.4167  0.3005   3
    """
    names = [items] if isinstance(items, str) else list(items)
    bound, groups = BoundDesign(design, frame), Grouping(frame, by)
    parts = [_tabulate_item(bound, groups, item) for item in names]
    if not parts:
        raise ValueError("items: name at least one column of answers")
    table = pd.concat(parts, ignore_index=True)
    share, se, df, n, kish = table[["share", "se", "df", "n", "kish"]].to_numpy(np.float64).T
    table["lower"], table["upper"] = share_interval(
        share, se, df, n=n, kish=kish, interval=interval, level=level
    )
    return table[_COLUMNS]


_COLUMNS = [
    "item", "level", "group", "n", "n_missing", "share", "se", "lower", "upper", "design_effect",
    "df",
]  # fmt: skip


def _tabulate_item(bound: BoundDesign, groups: Grouping, item: str) -> pd.DataFrame:
    answers, levels = encode(column(bound.frame, item, "item"), f"item {item!r}", missing=True)
    sample = bound.sample(item)
    parts = []
    for label, domain, absent in groups.domains(answers >= 0):
        inside = _within(sample, domain, bound.frame, item)
        found = NOTHING
        if inside.any():
            found = estimate_shares(sample, answers[sample.rows], len(levels), inside)
        parts.append(
            pd.DataFrame(
                {
                    "item": item,
                    "level": levels,
                    "group": label,
                    "n": found.n,
                    "n_missing": absent,
                    "share": found.estimate + np.zeros(len(levels)),
                    "se": found.se if found.df > 0 else np.nan,
                    "design_effect": _design_effect(found),
                    "df": found.df,
                    "kish": found.kish,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


NOTHING = Domain(n=0, estimate=np.array([np.nan]), se=np.array([np.nan]), df=0, kish=np.nan)


def _design_effect(found: Domain) -> Any:
    """Variance over that of a simple random sample with replacement; null where that is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        simple = found.estimate * (1 - found.estimate) / max(found.n - 1, 0)
        return np.where((simple > 0) & (found.df > 0), found.se**2 / simple, np.nan)
