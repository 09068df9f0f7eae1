"""Which printed percentages cannot hold together, with the arithmetic, and what would make them.

A conflict is a smallest set of printed figures that no whole numbers satisfy. They are looked for
from small to large: one percentage that no count of the base rounds to (the idea of the GRIM
test, Brown & Heathers 2017); the percentages of one row against each other, as respondents are
part of the population; a column whose counts cannot add up to its base. For each characteristic
with a conflict, two explanations are tried: other bases than the stated totals, and columns
printed the wrong way round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auditing.reconstruction.bases import rounding_excess
from auditing.reconstruction.relaxation import candidates
from auditing.reconstruction.representativeness import COLUMNS, MarginProblem


@dataclass(frozen=True)
class Conflict:
    """A smallest set of printed figures that cannot all hold.

    Parameters
    ----------
    cells
        (category, column) of each figure.
    reason
        The arithmetic, in a sentence.
    """

    cells: tuple[tuple[str, str], ...]
    reason: str


def conflicts(problem: MarginProblem) -> list[Conflict]:
    """List the smallest sets of printed figures that no whole numbers satisfy.

    Parameters
    ----------
    problem
        One characteristic with its bases.

    Returns
    -------
    list of Conflict
        Single figures first, then rows, then columns.

    Examples
    --------
    >>> from auditing.reconstruction.representativeness import MarginProblem
    >>> rare = MarginProblem("Teacher Grade Level", ("Unknown",), np.array([[0.9, 3.2, 2.3]]),
    ...     np.array([0.1]), np.array([[0.5, 0.5, 1.0]]), 611, 444, 611, 444, "complement")
    >>> for found in conflicts(rare):
    ...     print(found.reason)
    No whole number out of 611 is 0.9%: 5 is 0.818% and 6 is 0.982%
    0.9% of 611 is at most 5 teachers, but 3.2% of 444 is at least 14 respondents
    """
    found = []
    for row in range(len(problem.categories)):
        found += _row_conflicts(problem, row)
    return sorted(found, key=lambda c: len(c.cells)) + _column_conflicts(problem)


def _row_conflicts(problem: MarginProblem, row: int) -> list[Conflict]:
    category = problem.categories[row]
    found = []
    for column, base in ((0, problem.population), (1, problem.sample)):
        if not len(_counts(problem, row, column)):
            cells = ((category, COLUMNS[column]),)
            found.append(Conflict(cells, _no_count(problem.printed[row, column], base)))
    most, least = _most_population(problem, row), _least_sample(problem, row)
    if most < least:
        pair = ((category, COLUMNS[0]), (category, COLUMNS[1]))
        reason = (
            f"{problem.printed[row, 0]:g}% of {problem.population} is at most {most} teachers, "
            f"but {problem.printed[row, 1]:g}% of {problem.sample} is at least {least} respondents"
        )
        found.append(Conflict(pair, reason))
    if not found and not candidates(problem, row, 0.0):
        found += _difference_conflict(problem, row)
    return found


def _difference_conflict(problem: MarginProblem, row: int) -> list[Conflict]:
    category = problem.categories[row]
    pairs = [
        (int(p), int(s))
        for p in _counts(problem, row, 0)
        for s in _counts(problem, row, 1)
        if s <= p
    ]
    if not pairs:
        return []
    differences = [float(problem.percentages(p, s)[2]) for p, s in pairs]
    reason = (
        f"the percentages allow a difference from {min(differences):.3f} to "
        f"{max(differences):.3f}, not {problem.printed[row, 2]:g}"
    )
    return [Conflict(tuple((category, column) for column in COLUMNS), reason)]


def _column_conflicts(problem: MarginProblem) -> list[Conflict]:
    if problem.rest == "complement":
        return []
    found = []
    for column, base in ((0, problem.population), (1, problem.sample)):
        counts = [_counts(problem, row, column) for row in range(len(problem.categories))]
        if not all(len(c) for c in counts):
            continue
        low, high = sum(int(c[0]) for c in counts), sum(int(c[-1]) for c in counts)
        if not low <= base <= high:
            cells = tuple((category, COLUMNS[column]) for category in problem.categories)
            reason = f"the percentages stand for {low} to {high} teachers in all, not {base}"
            found.append(Conflict(cells, reason))
    return found


def _interval(problem: MarginProblem, row: int, column: int) -> tuple[float, float]:
    """Return the counts, not yet whole, that round to a printed percentage."""
    base = (problem.population, problem.sample)[column]
    reach = problem.half_width[row, column] * problem.unit[row]
    printed = problem.printed[row, column]
    return (printed - reach) * base / 100, (printed + reach) * base / 100


def _counts(problem: MarginProblem, row: int, column: int) -> list[int]:
    low, high = _interval(problem, row, column)
    return list(range(max(0, int(np.ceil(low - 1e-9))), int(np.floor(high + 1e-9)) + 1))


def _most_population(problem: MarginProblem, row: int) -> int:
    return int(np.floor(_interval(problem, row, 0)[1] + 1e-9))


def _least_sample(problem: MarginProblem, row: int) -> int:
    return max(0, int(np.ceil(_interval(problem, row, 1)[0] - 1e-9)))


def _no_count(percent: float, base: int) -> str:
    below = int(percent * base / 100)
    return (
        f"No whole number out of {base} is {percent:g}%: {below} is {100 * below / base:.3f}% "
        f"and {below + 1} is {100 * (below + 1) / base:.3f}%"
    )


def explanations(problem: MarginProblem) -> list[str]:
    """Say which unstated bases, or an exchange of columns, would let every figure hold.

    Parameters
    ----------
    problem
        One characteristic with its stated bases.

    Returns
    -------
    list of str
        One sentence per explanation; empty where nothing needs explaining or nothing does.
    """
    if _holds(problem):
        return []
    found = []
    for reading, words in (
        (problem, "with the columns as headed"),
        (problem.exchange(), "with the population and sample columns exchanged"),
    ):
        bases = [
            n
            for n in range(problem.population_total, problem.sample, -1)
            if rounding_excess(reading, 0, n) == 0 and _holds(reading.with_bases(n, problem.sample))
        ]
        if bases:
            kept = f"{problem.group}: all numbers hold {words}"
            if_of = f" if the population's percentages are out of {_spans(bases)} teachers, not "
            if_of += f"{problem.population} (and the sample's out of {problem.sample})"
            found.append(kept if problem.population in bases else kept + if_of)
    return found


def _holds(problem: MarginProblem) -> bool:
    """Say whether whole numbers exist that meet every figure exactly."""
    if rounding_excess(problem, 0, problem.population) or rounding_excess(
        problem, 1, problem.sample
    ):
        return False
    sums = {(0, 0)}
    for row in range(len(problem.categories)):
        options = candidates(problem, row, 0.0)
        sums = {(a + p, b + s) for a, b in sums for p, s, _ in options}
    return any(problem.closes(a, b) for a, b in sums)


def _spans(bases: list[int]) -> str:
    """Write whole numbers as ranges: 546-571, 600."""
    ordered = sorted(bases)
    starts = [n for n in ordered if n - 1 not in ordered]
    ends = [n for n in ordered if n + 1 not in ordered]
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True))
