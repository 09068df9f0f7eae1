"""Shares in a sample against those of the population it comes from.

Five tests that reports use without always saying which. The one-sample tests take the population
share as exact and the sample as drawn from an endless population; the two-sample test takes the
population as a second, independent sample; the hypergeometric and finite-population tests take the
sample as a part of the population. Probabilities are those of statsmodels and scipy.
"""

import math
from collections.abc import Hashable, Mapping
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from compendium.survey.checks import check_option, encode, is_number, quote

Test: TypeAlias = Literal[
    "one_sample_z", "two_sample_z", "exact_binomial", "hypergeometric", "finite_population_z"
]
TESTS: tuple[Test, ...] = get_args(Test)
Counts: TypeAlias = pd.Series | Mapping[Any, int]


def compare_shares(
    sample: Counts,
    population: Counts,
    test: Test = "finite_population_z",
    adjust: str | None = "holm",
) -> pd.DataFrame:
    """Test each level's share in a sample against its share in the population.

    Parameters
    ----------
    sample, population
        A mapping from each level to its count, or a Series of labels, one per person. A Series of
        numbers is read as labels if its index is one of plain row numbers; any other is refused.
        ValueError if a level of the sample is not in the population, a count is no whole number
        from 0, or a sample exceeds its population.
    test
        One of `TESTS`; see `share_p_value`.
    adjust
        How to adjust p values for the number of levels, a method of statsmodels' ``multipletests``
        such as ``"holm"``, ``"bonferroni"`` or ``"fdr_bh"``; None for not.

    Returns
    -------
    pandas.DataFrame
        One row per level of the population: level, sample_count, sample_share, population_count,
        population_share, difference (of shares), test, statistic, p_value, p_adjusted, adjustment.

    Examples
    --------
    >>> table = compare_shares({"f": 60, "m": 20}, {"f": 70, "m": 40}, "hypergeometric")
    >>> table[["level", "difference", "p_value", "p_adjusted"]].round(4)
      level  difference  p_value  p_adjusted
    0     f      0.1136   0.0001      0.0002
    1     m     -0.1136   0.0001      0.0002
    """
    people, asked = _counted(population, "population"), _counted(sample, "sample")
    unknown = [level for level in asked if level not in people]
    if unknown:
        raise ValueError(
            f"sample: {quote(unknown)} is not a level of the population, which has "
            f"{quote(people)}; use the same labels on both sides"
        )
    n, size = sum(asked.values()), sum(people.values())
    rows = []
    for level, level_size in people.items():
        count = asked.get(level, 0)
        if count > level_size:
            raise ValueError(
                f"sample: {level!r} has {count} people but the population only {level_size}"
            )
        statistic, p_value = share_p_value(count, n, level_size, size, test)
        rows.append((level, count, count / n, level_size, level_size / size, statistic, p_value))
    table = pd.DataFrame(rows, columns=[*_DESCRIBED, "statistic", "p_value"])
    table.insert(5, "difference", table["sample_share"] - table["population_share"])
    table.insert(6, "test", test)
    table["p_adjusted"] = _adjusted(table["p_value"], adjust)
    return table.assign(adjustment=adjust or "none")


_DESCRIBED = ["level", "sample_count", "sample_share", "population_count", "population_share"]


def share_p_value(
    count: float, n: float, level_size: float, size: float, test: Test
) -> tuple[float, float]:
    r"""Two-sided test of one share, with p the share count / n and P the share level_size / size.

    - ``one_sample_z``: :math:`(p - P) / \sqrt{P (1 - P) / n}`.
    - ``two_sample_z``: :math:`(p - P) / \sqrt{Q (1 - Q) (1/n + 1/N)}`, Q the pooled share.
    - ``exact_binomial``: n draws with probability P; outcomes no likelier than the count.
    - ``hypergeometric``: n of the N drawn without replacement; likewise.
    - ``finite_population_z``: as the first, times :math:`\sqrt{(N - 1) / (N - n)}`.

    Parameters
    ----------
    count, n
        People of the level in the sample, and people in the sample.
    level_size, size
        People of the level in the population, and people in the population (N). ValueError if the
        population has one level only, or the numbers do not fit together.
    test
        One of `TESTS`. The z tests take numbers that are not whole, for what a rounded percentage
        leaves open.

    Returns
    -------
    statistic, p_value : float
        z, or the count itself for an exact test; two-sided.

    Examples
    --------
    >>> z, p = share_p_value(334, 444, 450, 611, "one_sample_z")
    >>> round(z, 3), round(p, 3)
    (0.754, 0.451)
    """
    check_option("test", test, TESTS)
    if not all(map(is_number, (count, n, level_size, size))):
        raise ValueError(f"counts: {quote((count, n, level_size, size))} are not all numbers")
    if not (0 <= count <= n and 0 < n <= size):
        raise ValueError(
            f"sample: {count:g} of {n:g} people cannot come from a population of {size:g}"
        )
    if not 0 < level_size < size:
        raise ValueError(
            f"population: {level_size:g} of {size:g} people leave nothing to compare; a level must "
            "hold some people, but not all"
        )
    return _run(count, n, level_size, size, test)


def _run(count: float, n: float, level_size: float, size: float, test: Test) -> tuple[float, float]:
    share = level_size / size
    if test == "exact_binomial":
        from statsmodels.stats.proportion import binom_test  # here: slow to import

        return count, float(binom_test(*_whole(count, n), share))
    if test == "hypergeometric":
        from scipy.stats import fisher_exact

        x, drawn, of_level, people = _whole(count, n, level_size, size)
        rest = [[x, drawn - x], [of_level - x, people - drawn - of_level + x]]
        if min(map(min, rest)) < 0:
            raise ValueError(
                f"sample: {x} of {drawn} people cannot come from a population with {of_level} of "
                f"{people}"
            )
        return count, float(fisher_exact(rest).pvalue)
    if test == "finite_population_z" and n == size:
        raise ValueError("sample: it is the whole population, so that its shares are known")
    from statsmodels.stats.proportion import proportions_ztest

    if test == "two_sample_z":
        z, p = proportions_ztest([count, level_size], [n, size])
    else:  # left alone, statsmodels takes the variance from the sample's share
        z, p = proportions_ztest(count, n, value=share, prop_var=share)
    if test == "finite_population_z":
        z *= math.sqrt((size - 1) / (size - n))
        p = math.erfc(abs(z) / math.sqrt(2))
    return float(z), float(p)


def _whole(*numbers: float) -> list[int]:
    broken = [number for number in numbers if number != int(number)]
    if broken:
        raise ValueError(f"counts: {quote(broken)} are not whole numbers; an exact test needs them")
    return [int(number) for number in numbers]


def _counted(given: Counts, role: str) -> dict[Hashable, int]:
    """Read counts by level, from counts or from one label per person."""
    if isinstance(given, pd.Series):
        _check_labels(given, role)
        codes, labels = encode(given, role)
        given = dict(zip(labels, np.bincount(codes).tolist(), strict=True))
    if not isinstance(given, Mapping):
        raise ValueError(
            f"{role}: a {type(given).__name__} is neither a mapping from levels to counts nor a "
            "Series of labels, one per person"
        )
    bad = {k: n for k, n in given.items() if not is_number(n) or n < 0 or n != n // 1}
    if bad or not sum(given.values()):
        raise ValueError(f"{role}: counts must be whole numbers from 0, not all 0; got {bad}")
    return {level: int(count) for level, count in given.items()}


def _check_labels(series: pd.Series, role: str) -> None:
    """Refuse a Series of numbers that may be counts with their levels as the index."""
    values = pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series)
    rows = pd.api.types.is_integer_dtype(series.index) and series.index.name is None
    if values and (not rows or series.name in ("count", "proportion")):
        raise ValueError(
            f"{role}: the numbers of this Series may be counts or labels; give counts as a mapping "
            "(series.to_dict()), and labels as text (series.astype(str))"
        )


def _adjusted(p_values: pd.Series, adjust: str | None) -> pd.Series:
    if adjust is None:
        return p_values
    from statsmodels.stats.multitest import multipletests, multitest_alias

    check_option("adjust", adjust, list(multitest_alias))
    return pd.Series(multipletests(p_values, method=adjust)[1], index=p_values.index)
