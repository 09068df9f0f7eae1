"""Estimates from a survey: shares of answers, means and ratios.

Each function takes a frame (one row per respondent), names of columns, and a `SurveyDesign`, and
returns a tidy table. Missing answers are counted, never imputed: they lie outside the domain of an
estimate while their rows stay in the design, unless the weights say otherwise.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from compendium.survey.arrays import FloatArray, Mask
from compendium.survey.checks import check_option, column, named, numbers
from compendium.survey.counting import counted_shares
from compendium.survey.design import SurveyDesign
from compendium.survey.domains import By, Grouping, answers_of, sample_of
from compendium.survey.intervals import (
    INTERVALS,
    Interval,
    check_level,
    share_interval,
    student_interval,
)
from compendium.survey.sampling import BoundDesign, Sample
from compendium.survey.shares import Shares, estimate_shares
from compendium.survey.variance import estimate_ratio


def tabulate(  # noqa: PLR0917 - a published signature
    frame: pd.DataFrame,
    items: str | Sequence[str],
    design: SurveyDesign | None = None,
    by: By = None,
    interval: Interval = "logit",
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the share of each answer to each item.

    Parameters
    ----------
    frame
        One row per respondent.
    items
        Columns of answers. The levels of a categorical column are tabulated in its order, chosen or
        not; those of another column are its sorted values.
    design
        Weights, strata, clusters and population sizes; never left out, ``SurveyDesign(None)`` says
        that rows count alike. Weights given as a rule are made anew for each item.
    by
        Column of groups to estimate separately, each as a domain of the whole design; a list of
        columns to cross. To estimate for some people only, give a column that marks them.
    interval
        ``"logit"`` (R's ``xlogit``), ``"beta"`` (Korn and Graubard 1998) or ``"wilson"`` (score
        interval with the effective sample size). A share of 0 or 1 has the exact (beta) one.
    level
        Confidence level.

    Returns
    -------
    pandas.DataFrame
        One row per item, group and level: item, level, group (``"all"`` without `by`; a tuple of
        labels for crossed groups with rows), n (answers in the group that carry weight), n_missing
        (the other rows of the group), share in [0, 1], se, lower, upper, design_effect (variance
        over that of a simple random sample of n drawn with replacement; null for a share of 0 or 1)
        and df (first-stage units less strata, of those with answers in the group). With n = 0 there
        is no estimate, with df = 0 no standard error and interval: these cells are null. ValueError
        if a column is absent, a group or weight missing, labels are empty, padded with blanks or of
        mixed types, or the design does not fit.

    Examples
    --------
    >>> from functools import partial
    >>> from compendium.survey.weights import equal_group_weights
    >>> frame = pd.DataFrame({"district": list("AAABB"), "q1": ["yes", "no", "no", "yes", "no"]})
    >>> design = SurveyDesign(partial(equal_group_weights, group="district"), strata="district")
    >>> tabulate(frame, "q1", design)[["level", "n", "share", "se", "df"]].round(4)
      level  n   share      se  df
    0    no  5  0.5833  0.3005   3
    1   yes  5  0.4167  0.3005   3
    """
    check_option("interval", interval, INTERVALS)
    check_level(level)
    bound, groups = BoundDesign(design, frame), Grouping(frame, by)
    names = named(items, "items")
    counted = zip(names, counted_shares(bound, groups, names), strict=True)
    table = _table(groups, [(i, *(shares or _by_rows(bound, groups, i))) for i, shares in counted])
    share, se, df, n, kish = table[["share", "se", "df", "n", "kish"]].to_numpy(np.float64).T
    table["lower"], table["upper"] = share_interval(
        share, se, df, n=n, kish=kish, interval=interval, level=level
    )
    return table[_columns("item", "level", estimate="share")].reset_index(drop=True)


def _by_rows(bound: BoundDesign, groups: Grouping, item: str) -> tuple[list, Shares]:
    answers, levels = answers_of(bound.frame, item)
    sample = sample_of(bound, item)
    cells = groups.cells(sample, answers, len(levels))
    return levels, estimate_shares(sample, cells, len(groups.labels), len(levels))


def _table(groups: Grouping, items: list[tuple[str, list, Shares]]) -> pd.DataFrame:
    """One row per item, group and level."""
    parts: dict[str, list] = {name: [] for name in ("share", "se", "design_effect")}
    by_group: dict[str, list] = {name: [] for name in ("n", "n_missing", "df", "kish")}
    labels: dict[str, list] = {name: [] for name in ("item", "level", "group")}
    for item, levels, shares in items:
        width, size = len(levels), len(groups.labels)
        simple = shares.share * (1 - shares.share) / np.maximum(shares.n - 1, 1)[:, None]
        known = (shares.df > 0)[:, None] & np.ones_like(shares.share, dtype=bool)
        effect = np.full(shares.share.shape, np.nan)
        np.divide(shares.variance, simple, out=effect, where=known & (simple > 0))
        parts["share"].append(shares.share.ravel())
        parts["se"].append(np.sqrt(np.where(known, shares.variance, np.nan)).ravel())
        parts["design_effect"].append(effect.ravel())
        counts = (shares.n, groups.rows - shares.n, np.maximum(shares.df, 0), shares.kish)
        for name, values in zip(by_group, counts, strict=True):
            by_group[name].append(np.repeat(values, width))
        labels["item"] += [item] * (size * width)
        labels["level"] += levels * size
        labels["group"] += [label for label in groups.labels for _ in levels]
    numbers = {name: np.concatenate(values) for name, values in (parts | by_group).items()}
    return pd.DataFrame({**labels, **numbers})


def mean(
    frame: pd.DataFrame,
    variables: str | Sequence[str],
    design: SurveyDesign | None = None,
    by: By = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate means of numbers: of one column or several, the other arguments as for `tabulate`.

    Returns
    -------
    pandas.DataFrame
        One row per variable and group: variable, group, n, n_missing, mean, se, lower, upper
        (Student's t), design_effect, df.

    Examples
    --------
    >>> frame = pd.DataFrame({"years": [1, 2, 6]})
    >>> mean(frame, "years", SurveyDesign(None))[["n", "mean", "df"]]
       n  mean  df
    0  3   3.0   2
    """
    check_level(level)
    bound, groups = BoundDesign(design, frame), Grouping(frame, by)
    parts = []
    for variable in named(variables, "variables"):
        values, answered = _measure(frame, variable)
        sample, ones = sample_of(bound, variable), np.ones(len(frame))
        parts.append(_ratios(sample, groups, values, ones, answered).assign(variable=variable))
    return _finished(pd.concat(parts), "mean", level, "variable")


def ratio(  # noqa: PLR0917 - the arguments of `mean`, with a numerator and a denominator
    frame: pd.DataFrame,
    numerator: str,
    denominator: str,
    design: SurveyDesign | None = None,
    by: By = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the ratio of two totals of numbers; the other arguments as for `tabulate`.

    Returns
    -------
    pandas.DataFrame
        One row per group: numerator, denominator, group, n (rows with both), n_missing, ratio, se,
        lower, upper (Student's t), design_effect, df. ValueError if the denominator's total is 0.

    Examples
    --------
    >>> frame = pd.DataFrame({"passed": [1, 4], "sat": [2, 8]})
    >>> ratio(frame, "passed", "sat", SurveyDesign(None))[["n", "ratio", "se"]]
       n  ratio   se
    0  2    0.5  0.0
    """
    check_level(level)
    bound, groups = BoundDesign(design, frame), Grouping(frame, by)
    (top, has_top), (bottom, has_bottom) = _measure(frame, numerator), _measure(frame, denominator)
    sample = sample_of(bound, numerator, denominator)
    table = _ratios(sample, groups, top, bottom, has_top & has_bottom)
    table = table.assign(numerator=numerator, denominator=denominator)
    return _finished(table, "ratio", level, "numerator", "denominator")


def _measure(frame: pd.DataFrame, variable: str) -> tuple[FloatArray, Mask]:
    """Numbers of a column, and where they are not missing."""
    values = numbers(column(frame, variable, "variable"), "variable", missing=True)
    return values, ~np.isnan(values)


def _ratios(
    sample: Sample, groups: Grouping, y: FloatArray, x: FloatArray, answered: Mask
) -> pd.DataFrame:
    """Ratios of the groups; what is unknown for want of answers or degrees of freedom is null."""
    rows = []
    inside = groups.inside(sample, answered)
    for code, label in enumerate(groups.labels):
        domain = inside & (groups.codes[sample.rows] == code)
        n = int(domain.sum())
        row: dict[str, Any] = {"group": label, "n": n, "n_missing": groups.rows[code] - n, "df": 0}
        if n:
            row |= estimate_ratio(sample, y[sample.rows], x[sample.rows], domain)
        rows.append(row)
    named_columns = ["group", "n", "n_missing", "estimate", "se", "design_effect", "df"]
    kinds = dict.fromkeys(("estimate", "se", "design_effect"), np.float64)
    return pd.DataFrame(rows, columns=named_columns).astype(kinds)


def _finished(table: pd.DataFrame, estimate: str, level: float, *labels: str) -> pd.DataFrame:
    values, se, df = table[["estimate", "se", "df"]].to_numpy(np.float64).T
    table["lower"], table["upper"] = student_interval(values, se, df, level)
    table = table.rename(columns={"estimate": estimate}).reset_index(drop=True)
    return table[_columns(*labels, estimate=estimate)]


def _columns(*labels: str, estimate: str) -> list[str]:
    described = ["group", "n", "n_missing", estimate, "se", "lower", "upper", "design_effect", "df"]
    return [*labels, *described]
