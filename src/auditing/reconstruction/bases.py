"""Of which teachers the printed percentages are: the stated totals, or bases nobody states.

A table may leave teachers out, those without a department for example, and take its percentages
of the rest without saying so. Which bases could give a set of percentages is decided by
granularity (the idea of the GRIM test, Brown & Heathers 2017).
"""

from __future__ import annotations

import numpy as np

from auditing.reconstruction.relaxation import least_excess
from auditing.reconstruction.representativeness import MarginProblem


def rounding_excess(problem: MarginProblem, column: int, base: int) -> float:
    """Sum what whole counts of `base` must miss in one column, categories taken one by one.

    A lower bound of the total excess of any table with that base, and 0 exactly when the base
    could give every percentage of the column.

    Examples
    --------
    >>> from auditing.reconstruction.representativeness import MarginProblem
    >>> third = MarginProblem("Gender", ("Female",), np.array([[33.3, 50.0, 16.7]]),
    ...     np.array([0.1]), np.array([[0.5, 0.5, 1.0]]), 9, 2, 9, 2, "complement")
    >>> rounding_excess(third, 0, 9), round(rounding_excess(third, 0, 10), 1)
    (0.0, 32.5)
    """
    percent = problem.printed[:, column]
    nearest = 100 * np.rint(percent * base / 100) / base
    gap = np.abs(nearest - percent) / problem.unit - problem.half_width[:, column]
    return float(np.where(gap > 1e-9, gap, 0.0).sum())


def choose_bases(problem: MarginProblem, largest_unlisted_share: float) -> MarginProblem:
    """Find the bases that make the smallest relaxation smallest, the stated totals first.

    Only a characteristic without a row "Unknown" can leave teachers out of all its categories.
    Among equally good bases the ones that leave out fewest teachers are taken.

    Parameters
    ----------
    problem
        One characteristic, with the stated totals as bases.
    largest_unlisted_share
        Largest share of the teachers that may be left out.

    Returns
    -------
    MarginProblem
        The same characteristic with the chosen bases.

    Examples
    --------
    No count out of 100 is 33.3 % or 66.7 %, but 33 and 66 out of 99 are:

    >>> from auditing.reconstruction.representativeness import MarginProblem
    >>> printed = np.array([[33.3, 50.0, 16.7], [66.7, 50.0, -16.7]])
    >>> parts = MarginProblem("Teacher Department", ("Math", "Music"), printed, np.full(2, 0.1),
    ...                       np.full((2, 3), 0.5), 100, 10, 100, 10, "unlisted")
    >>> choose_bases(parts, 0.1).population
    99
    """
    if problem.rest != "unlisted":
        return problem
    bases = [
        (n, rounding_excess(problem, column, n), total - n)
        for column, total in enumerate((problem.population_total, problem.sample_total))
        for n in range(total, int(np.ceil(total * (1 - largest_unlisted_share))) - 1, -1)
    ]
    split = next(k for k, base in enumerate(bases) if k and base[2] == 0)
    pairs = sorted(
        (a[1] + b[1], a[2] + b[2], -a[0], -b[0])
        for a in bases[:split]
        for b in bases[split:]
        if b[2] <= a[2]
    )
    best, chosen = np.inf, problem
    for bound, _, population, sample in pairs:
        if bound >= best - 1e-7:
            break
        trial = problem.with_bases(-population, -sample)
        excess = least_excess(trial)
        if excess < best - 1e-7:
            best, chosen = excess, trial
    return chosen
