r"""Test of association between two answers under a survey design (Rao and Scott 1984).

Pearson's statistic of the weighted table does not follow a chi-square distribution when the
sample is weighted, stratified or clustered. Divided by the trace of the generalised design effects
:math:`\Delta`, it follows about an F distribution with :math:`d_0 = tr(\Delta)^2 / tr(\Delta^2)`
and :math:`d_0 \nu` degrees of freedom, :math:`\nu` those of the design (R's ``svychisq``).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from compendium.survey.arrays import FloatArray
from compendium.survey.checks import column, encode
from compendium.survey.design import SurveyDesign
from compendium.survey.domains import Grouping, sample_of
from compendium.survey.sampling import BoundDesign
from compendium.survey.shares import share_covariance
from compendium.survey.stages import compact


@dataclass(frozen=True)
class ChiSquare:
    """Result of a test of association.

    Parameters
    ----------
    statistic, df1, df2, p_value
        Rao and Scott's F, its degrees of freedom (not whole numbers in general), and the
        probability of an F as large, were there no association.
    pearson, mean_design_effect
        Pearson's statistic of the weighted table, scaled to n answers, and what it is inflated by,
        on average over the contrasts of the table.
    n, n_missing
        Rows with both answers and a weight, and without.
    """

    statistic: float
    df1: float
    df2: float
    p_value: float
    pearson: float
    mean_design_effect: float
    n: int
    n_missing: int


def chisquare(
    frame: pd.DataFrame, row: str, col: str, design: SurveyDesign | None = None
) -> ChiSquare:
    """Test whether two answers are associated.

    `row` and `col` are columns of answers in `frame` (one row per respondent); levels that nobody
    chose are left out. A rule for weights in `design` is asked for those who gave both answers.
    ValueError if an answer has a single level, the design leaves no degrees of freedom, or the
    table has too many empty cells for its contrasts to vary.

    Examples
    --------
    >>> frame = pd.DataFrame({"q1": list("aaabbb"), "q2": list("xxyxyy")})
    >>> result = chisquare(frame, "q1", "q2", SurveyDesign(None))
    >>> round(result.statistic, 4), result.df1
    (0.5556, 1.0)
    """
    if row == col:
        raise ValueError(f"col: {col!r} is also the row; name two columns to associate")
    answers = [column(frame, name, "answers") for name in (row, col)]
    bound = BoundDesign(design, frame)
    answered = (answers[0].notna() & answers[1].notna()).to_numpy()
    sample = sample_of(bound, row, col)
    inside = Grouping(frame, None).inside(sample, answered)
    codes, sizes = [], []
    for name, series in zip((row, col), answers, strict=True):
        part = encode(series, name, missing=True)[0][sample.rows]
        code, labels = compact(part[inside])
        if len(labels) < 2:
            raise ValueError(f"{name}: all answers are alike, so there is nothing to associate")
        codes.append(code)
        sizes.append(len(labels))
    cells = np.full(len(inside), sizes[0] * sizes[1])
    cells[inside] = codes[0] * sizes[1] + codes[1]
    shares, covariance = share_covariance(sample, cells, sizes[0] * sizes[1])
    n, df = int(shares.n[0]), int(shares.df[0])
    if df < 1:
        raise ValueError("design: no degrees of freedom; there are as many strata as units")
    return _rao_scott(shares.share.reshape(sizes), covariance, (n, len(frame) - n, df))


def _rao_scott(
    share: FloatArray, covariance: FloatArray, counts: tuple[int, int, int]
) -> ChiSquare:
    from scipy.special import fdtrc  # here: slow to import

    n, missing, df = counts
    expected = np.outer(share.sum(axis=1), share.sum(axis=0))
    pearson = n * float(((share - expected) ** 2 / expected).sum())
    flat = share.ravel()
    inverse = np.divide(1, flat, out=np.zeros_like(flat), where=flat > 0)
    contrasts = np.kron(_contrasts(share.shape[0]), _contrasts(share.shape[1])) * inverse[:, None]
    simple = contrasts.T @ (contrasts * flat[:, None]) / n
    if not 1 / np.linalg.cond(simple, 1) > np.finfo(np.float64).eps:  # as R's solve refuses it
        raise ValueError("table: too many empty cells to test; merge levels")
    delta = np.linalg.solve(simple, contrasts.T @ covariance @ contrasts)
    trace = float(np.trace(delta))
    df1 = trace**2 / float(np.trace(delta @ delta))
    statistic = pearson / trace
    p_value = float(fdtrc(df1, df1 * df, statistic))
    return ChiSquare(
        statistic, df1, df1 * df, p_value, pearson, trace / len(delta), n, missing
    )  # fmt: skip


def _contrasts(levels: int) -> FloatArray:
    """Differences of each level but the first from the first."""
    return np.vstack([-np.ones(levels - 1), np.eye(levels - 1)])
