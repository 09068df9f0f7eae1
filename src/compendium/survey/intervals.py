r"""Confidence intervals for a share under a survey design.

All three rest on the share, its design-based standard error, and Student's t with the design's
degrees of freedom. An effective sample size :math:`n^* = p(1-p)/se^2`, times
:math:`(t_{n-1}/t_{df})^2`, carries the design into intervals made for a binomial count (Korn and
Graubard 1998). A share of exactly 0 or 1 has a standard error of 0 that says nothing; its
interval is the beta one with Kish's effective sample size of the answers, whatever was asked for.
"""

from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from compendium.survey.arrays import FloatArray
from compendium.survey.checks import check_option, is_number

Interval: TypeAlias = Literal["logit", "beta", "wilson"]
INTERVALS: tuple[str, ...] = get_args(Interval)


def check_level(level: float) -> None:
    """Refuse a confidence level that is no number between 0 and 1, both excluded."""
    if not is_number(level) or not 0 < level < 1:
        raise ValueError(f"level: {level!r} is not between 0 and 1; 0.95 is 95 percent")


def _student(level: float, df: FloatArray) -> FloatArray:
    from scipy.special import stdtrit  # here: slow to import

    return np.asarray(stdtrit(df, (1 + level) / 2))


def student_interval(
    estimate: FloatArray, se: FloatArray, df: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Interval estimate ± t · se, for means and ratios; null (nan) where df is 0."""
    check_level(level)
    with np.errstate(invalid="ignore"):
        half = _student(level, np.where(df > 0, df, np.nan)) * se
    return estimate - half, estimate + half


def _logit(p: FloatArray, se: FloatArray, df: FloatArray, level: float) -> tuple[FloatArray, ...]:
    from scipy.special import expit, logit

    centre, half = logit(p), _student(level, df) * se / (p * (1 - p))
    return expit(centre - half), expit(centre + half)


def _beta(p: FloatArray, size: FloatArray, level: float) -> tuple[FloatArray, ...]:
    from scipy.special import betaincinv

    low, high = np.zeros_like(p), np.ones_like(p)
    some, not_all = p > 0, p < 1
    x, y = size * p, size * (1 - p)
    low[some] = betaincinv(x[some], y[some] + 1, (1 - level) / 2)
    high[not_all] = betaincinv(x[not_all] + 1, y[not_all], (1 + level) / 2)
    return low, high


def _wilson(p: FloatArray, size: FloatArray, level: float) -> tuple[FloatArray, ...]:
    from statsmodels.stats.proportion import proportion_confint

    return proportion_confint(p * size, size, alpha=1 - level, method="wilson")


def share_interval(
    share: FloatArray,
    se: FloatArray,
    df: FloatArray,
    *,
    n: FloatArray,
    kish: FloatArray,
    interval: Interval = "logit",
    level: float = 0.95,
) -> tuple[FloatArray, FloatArray]:
    """Interval of a share: limits within [0, 1], null (nan) where df is 0.

    `n` are the answers behind each share, `kish` their effective sample size, for shares of exactly
    0 or 1; for the kinds of `interval` see `compendium.survey.tabulate`.
    """
    check_level(level)
    check_option("interval", interval, INTERVALS)
    lower, upper = np.full(len(share), np.nan), np.full(len(share), np.nan)
    edge = ((share <= 0) | (share >= 1)) & (df > 0)
    lower[edge], upper[edge] = _beta(share[edge], kish[edge], level)
    some = (share > 0) & (share < 1) & (df > 0)
    p, se, df, n = share[some], se[some], df[some], n[some]
    exact = se == 0  # every stratum of one mind: no variance, the interval is the share itself
    lower[some], upper[some] = p, p
    some[some] = ~exact
    p, se, df, n = p[~exact], se[~exact], df[~exact], n[~exact]
    if interval == "logit":
        lower[some], upper[some] = _logit(p, se, df, level)
    else:
        size = p * (1 - p) / se**2 * (_student(level, n - 1) / _student(level, df)) ** 2
        limits = _beta if interval == "beta" else _wilson
        lower[some], upper[some] = limits(p, size, level)
    return lower, upper


def fixed_share(limits: pd.DataFrame, fixed: float) -> pd.Series:
    """Return the middle between limits that are no further apart than `fixed`, else missing."""
    lower, upper = limits["limit_lower"], limits["limit_upper"]
    crossed = limits.index[~(lower <= upper)]
    if len(crossed):
        item = limits.loc[crossed[0], "item_id"]
        raise ValueError(f"limits, {item}: limit_lower is not at most limit_upper; correct them")
    return ((lower + upper) / 2).where(upper - lower <= fixed + 1e-9)
