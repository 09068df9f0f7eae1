"""Which of several tests could have produced the stars of a table.

In the spirit of statcheck (Nuijten et al. 2016): a decision printed beside rounded numbers can be
recomputed, but only over everything that the numbers can stand for. Each candidate test is run over
all whole counts behind the printed percentages; a star is possible under a test when some counts
are significant, its absence when some are not. The tests themselves are arguments.

References
----------
Nuijten M. B., Hartgerink C. H. J., van Assen M. A. L. M., Epskamp S., Wicherts J. M. (2016). The
prevalence of statistical reporting errors in psychology (1985-2013). Behavior Research Methods
48(4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import floor
from typing import NamedTuple

import pandas as pd

from auditing.consistency.columns import named_rows, need, per_row
from auditing.consistency.findings import COLUMNS, Comparison, findings_table
from auditing.consistency.granularity import possible_counts
from auditing.consistency.rounding import Number, Rounding, exact

#: p-value of a test of a sample against its population:
#: (sample count, sample size, population count, population size).
Test = Callable[[int, int, int, int], float]

# Beyond this many pairs of counts only the ends and what lies nearest to no difference are tried.
_PAIRS = 400


def check_decisions(
    table: pd.DataFrame,
    sample: str,
    population: str,
    star: str,
    tests: Mapping[str, Test],
    *,
    label: str,
    sample_of: int | str,
    population_of: int | str,
    alpha: float = 0.05,
    digits: int | None = None,
    rounding: Rounding = "nearest",
) -> pd.DataFrame:
    """Ask for each test and row whether it can have given the printed decision.

    Parameters
    ----------
    table : DataFrame
        One row per comparison of a sample with its population.
    sample, population : str
        Columns with the percentages as printed.
    star : str
        Column with the mark of significance, empty where there is none.
    tests : mapping of str to callable
        p-value of each candidate from (sample count, sample size, population count, population
        size), all whole numbers.
    label : str
        Column that names the category.
    sample_of, population_of : int or str
        Sizes of sample and population, or the columns that have them.
    alpha : float
        Level below which the document prints a star.
    digits, rounding
        How the percentages were rounded, as in `possible_counts`.

    Returns
    -------
    DataFrame
        As `auditing.consistency.findings.findings_table`, one row per test and row, with
        column ``test`` in front, and ``lowest_p``, ``highest_p`` over the counts tried.

    Raises
    ------
    ValueError
        For a missing column, a cell that is no number, no test, or a p-value outside [0, 1].

    Notes
    -----
    Each row is asked by itself: counts are not tied to their total across rows, and p-values are
    not adjusted for their number. Where no whole count gives a percentage (a finding of
    `check_granularity`), the two nearest counts are tried, so that one fault is not counted twice.

    Examples
    --------
    >>> def z_test(k, n, big_k, big_n):
    ...     from statistics import NormalDist
    ...     p = big_k / big_n
    ...     return 2 * NormalDist().cdf(-abs(k / n - p) / (p * (1 - p) / n) ** 0.5)
    >>> table = pd.DataFrame({"category": ["Elementary", "ELA"], "sample": ["34.5", "11.5"],
    ...                       "population": ["29.9", "10.9"], "star": ["*", "*"]})
    >>> result = check_decisions(table, "sample", "population", "star", {"z": z_test},
    ...                          label="category", sample_of=444, population_of=611)
    >>> result["consistent"].tolist(), result.loc[0, "arithmetic"]
    ([True, False], '153 of 444 against 182 to 183 of 611: p = 0.0313 to 0.0381')
    """
    need(table, star)
    if not tests:
        raise ValueError("tests: none given; name at least one candidate")
    drawn, there = (
        per_row(table, sample_of, "sample_of"),
        per_row(table, population_of, "population_of"),
    )
    stars = [not (pd.isna(mark) or not str(mark).strip()) for mark in table[star]]
    comparisons: list[Comparison] = []
    ranges: list[tuple[str, float, float]] = []
    for position, subject, (small, large) in named_rows(table, label, sample, population):
        n, size = drawn[position], there[position]
        counts = (
            _Counts(_nearby(small, n, digits, rounding), n),
            _Counts(_nearby(large, size, digits, rounding), size),
        )
        for name, test in tests.items():
            lowest, highest = _extremes(test, name, *counts)
            possible = lowest < alpha if stars[position] else highest >= alpha
            comparisons.append(
                {
                    "check": "decision against shares",
                    "subject": subject,
                    "printed": "star" if stars[position] else "no star",
                    "implied": _decisions(lowest, highest, alpha),
                    "consistent": possible,
                    "arithmetic": f"{counts[0]} against {counts[1]}: {_p_words(lowest, highest)}",
                }
            )
            ranges.append((name, lowest, highest))
    result = findings_table(comparisons).assign(
        test=pd.array([name for name, _, _ in ranges], dtype="string"),
        lowest_p=pd.array([low for _, low, _ in ranges], dtype="Float64"),
        highest_p=pd.array([high for _, _, high in ranges], dtype="Float64"),
    )
    return result[["test", *COLUMNS, "lowest_p", "highest_p"]]


def decisions_by_test(decisions: pd.DataFrame) -> pd.DataFrame:
    """Summarise `check_decisions`: how many printed decisions each test can have given.

    Returns
    -------
    DataFrame
        One row per test: test, rows, possible, stars, stars_possible, impossible (the subjects).

    Examples
    --------
    >>> decisions = pd.DataFrame({"test": ["z", "z"], "subject": ["A", "B"],
    ...                           "printed": ["star", "no star"], "consistent": [True, False]})
    >>> decisions_by_test(decisions).to_numpy().tolist()
    [['z', 2, 1, 1, 1, 'B']]
    """
    records = []
    for test, group in decisions.groupby("test", sort=False):
        fits = group["consistent"].astype(bool)
        stars = group["printed"] == "star"
        records.append(
            {
                "test": test,
                "rows": len(group),
                "possible": int(fits.sum()),
                "stars": int(stars.sum()),
                "stars_possible": int((stars & fits).sum()),
                "impossible": "; ".join(group.loc[~fits, "subject"]),
            }
        )
    columns = ["test", "rows", "possible", "stars", "stars_possible", "impossible"]
    return pd.DataFrame(records, columns=columns)


class _Counts(NamedTuple):
    """Counts that may be behind a percentage, and the number they are out of."""

    counts: range
    of: int

    def __str__(self) -> str:
        first, last = self.counts[0], self.counts[-1]
        return f"{first} of {self.of}" if first == last else f"{first} to {last} of {self.of}"


def _nearby(percent: Number, n: int, digits: int | None, rounding: Rounding) -> range:
    counts = possible_counts(percent, n, digits=digits, rounding=rounding)
    if counts:
        return counts
    below = min(max(floor(exact(percent) * n / 100), 0), n)
    return range(below, min(below + 1, n) + 1)


def _extremes(test: Test, name: str, sample: _Counts, population: _Counts) -> tuple[float, float]:
    values = [test(k, sample.of, big, population.of) for k, big in _pairs(sample, population)]
    for value in values:
        if not 0 <= value <= 1:
            raise ValueError(f"test {name!r} gives p = {value} for {sample} against {population}")
    return min(values), max(values)


def _pairs(sample: _Counts, population: _Counts) -> Iterator[tuple[int, int]]:
    if len(sample.counts) * len(population.counts) <= _PAIRS:
        yield from product(sample.counts, population.counts)
        return
    ends = (population.counts[0], population.counts[-1])
    yield from product((sample.counts[0], sample.counts[-1]), ends)
    for k in sample.counts:
        level = round(Fraction(k * population.of, sample.of))
        yield k, min(max(level, ends[0]), ends[1])


def _decisions(lowest: float, highest: float, alpha: float) -> str:
    if highest < alpha:
        return "star"
    return "no star" if lowest >= alpha else "star or no star"


def _p_words(lowest: float, highest: float) -> str:
    low, high = _p(lowest), _p(highest)
    return f"p = {low}" if low == high else f"p = {low} to {high}"


def _p(value: float) -> str:
    return "under 0.0001" if value < 0.0001 else f"{value:.4f}"
