"""Estimates from a survey: shares of answers, means, ratios, tests of association, bootstrap.

Each function takes a frame (one row per respondent), names of columns, and a `SurveyDesign`, and
returns a tidy table. Missing answers are counted, never imputed: they lie outside the domain of
an estimate while their rows stay in the design, unless the weights say that a row without an
answer is not in the sample (see `compendium.survey.weights.equal_group_weights`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from compendium.survey.arrays import FloatArray, Mask
from compendium.survey.association import ChiSquare, chisquare
from compendium.survey.checks import Column, column, encode, named, numbers
from compendium.survey.design import SurveyDesign
from compendium.survey.domains import Grouping, sample_of
from compendium.survey.intervals import Interval, share_interval, student_interval
from compendium.survey.linearisation import Domain, estimate_ratio, estimate_shares
from compendium.survey.replication import bootstrap
from compendium.survey.sampling import BoundDesign

__all__ = ["ChiSquare", "SurveyDesign", "bootstrap", "chisquare", "mean", "ratio", "tabulate"]

NOTHING = Domain(
    n=0, estimate=np.array([np.nan]), se=np.array([np.nan]), df=0, kish=np.nan, simple=np.zeros(1)
)


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
    bound, groups = BoundDesign(design, frame), Grouping(frame, by)
    parts = []
    for item in named(items, "items"):
        answers, levels = encode(column(frame, item, "item"), f"item {item!r}", missing=True)
        sample = sample_of(bound, item)
        for label, domain, missing in groups.domains(sample, answers >= 0):
            found = NOTHING
            if domain.any():
                found = estimate_shares(sample, answers[sample.rows], len(levels), domain)
            labels = {"item": item, "level": levels, "group": label, "n_missing": missing}
            parts.append(_rows(labels, "share", found))
    table = pd.concat(parts, ignore_index=True)
    share, se, df, n, kish = table[["share", "se", "df", "n", "kish"]].to_numpy(np.float64).T
    table["lower"], table["upper"] = share_interval(
        share, se, df, n=n, kish=kish, interval=interval, level=level
    )
    return table[_columns("item", "level", estimate="share")]


def mean(
    frame: pd.DataFrame,
    variables: str | Sequence[str],
    design: SurveyDesign,
    by: Column | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate means of numbers.

    Parameters
    ----------
    frame, design, by, level
        As for `tabulate`.
    variables
        Columns of numbers.

    Returns
    -------
    pandas.DataFrame
        One row per variable and group: variable, group, n, n_missing, mean, se, lower, upper
        (Student's t), design_effect, df.

    Raises
    ------
    ValueError
        As for `tabulate`; also if a value is not a number.

    Examples
    --------
    >>> frame = pd.DataFrame({"years": [1, 2, 6]})
    >>> mean(frame, "years", SurveyDesign(None))[["n", "mean", "df"]]
       n  mean  df
    0  3   3.0   2
    """
    bound, groups = BoundDesign(design, frame), Grouping(frame, by)
    parts = []
    for variable in named(variables, "variables"):
        values, answered = _measure(frame, variable)
        sample, ones = sample_of(bound, variable), np.ones(len(frame))
        for label, domain, missing in groups.domains(sample, answered):
            found = NOTHING
            if domain.any():
                found = estimate_ratio(sample, values[sample.rows], ones[sample.rows], domain)
            labels = {"variable": variable, "group": label, "n_missing": missing}
            parts.append(_rows(labels, "mean", found))
    return _with_limits(parts, "mean", level)[_columns("variable", estimate="mean")]


def ratio(  # noqa: PLR0917 - the arguments of `mean`, with a numerator and a denominator
    frame: pd.DataFrame,
    numerator: str,
    denominator: str,
    design: SurveyDesign,
    by: Column | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the ratio of two totals.

    Parameters
    ----------
    frame, design, by, level
        As for `tabulate`.
    numerator, denominator
        Columns of numbers. Rows without either are outside the estimate, and counted.

    Returns
    -------
    pandas.DataFrame
        One row per group: numerator, denominator, group, n, n_missing, ratio, se, lower, upper
        (Student's t), design_effect, df.

    Raises
    ------
    ValueError
        As for `tabulate`; also if a value is not a number, or the denominator's total is 0.

    Examples
    --------
    >>> frame = pd.DataFrame({"passed": [1, 4], "sat": [2, 8]})
    >>> ratio(frame, "passed", "sat", SurveyDesign(None))[["n", "ratio", "se"]]
       n  ratio   se
    0  2    0.5  0.0
    """
    bound, groups = BoundDesign(design, frame), Grouping(frame, by)
    (top, has_top), (bottom, has_bottom) = _measure(frame, numerator), _measure(frame, denominator)
    sample = sample_of(bound, numerator, denominator)
    parts = []
    for label, domain, missing in groups.domains(sample, has_top & has_bottom):
        found = NOTHING
        if domain.any():
            found = estimate_ratio(sample, top[sample.rows], bottom[sample.rows], domain)
        labels = {"numerator": numerator, "denominator": denominator, "group": label}
        parts.append(_rows({**labels, "n_missing": missing}, "ratio", found))
    columns = _columns("numerator", "denominator", estimate="ratio")
    return _with_limits(parts, "ratio", level)[columns]


def _measure(frame: pd.DataFrame, variable: str) -> tuple[FloatArray, Mask]:
    """Numbers of a column, 0 where missing, and where they are not."""
    series = column(frame, variable, "variable")
    return numbers(series.fillna(0), "variable"), series.notna().to_numpy()


def _rows(labels: dict[str, Any], estimate: str, found: Domain) -> pd.DataFrame:
    """Table rows of one domain; what is unknown for want of degrees of freedom stays null."""
    size = np.zeros(len(labels.get("level", [0])))
    return pd.DataFrame(
        {
            **labels,
            "n": found.n,
            estimate: found.estimate + size,
            "se": found.se + size if found.df > 0 else np.nan,
            "design_effect": found.design_effect + size,
            "df": found.df,
            "kish": found.kish,
        }
    )


def _with_limits(parts: list[pd.DataFrame], estimate: str, level: float) -> pd.DataFrame:
    table = pd.concat(parts, ignore_index=True)
    values, se, df = table[[estimate, "se", "df"]].to_numpy(np.float64).T
    table["lower"], table["upper"] = student_interval(values, se, df, level)
    return table


def _columns(*labels: str, estimate: str) -> list[str]:
    described = ["group", "n", "n_missing", estimate, "se", "lower", "upper", "design_effect", "df"]
    return [*labels, *described]
