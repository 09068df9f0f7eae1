"""The printed table of population and sample percentages, as a problem in whole numbers.

For each characteristic the table prints, per category, the population's percentage, the sample's
percentage and their difference. Behind these stand counts: p teachers of the population and s of
the sample, both whole, s at most p (a respondent belongs to the population), adding up to the
teachers that the percentages are of (the *base*). This module reads the table into that form;
`relaxation` solves it.

Three readings of the printed figures are made here, so that no false alarm is raised:

- A percentage may have been rounded half up or half to even, so both ends of its interval count.
- A row of three whole numbers (98, 98, 0) is taken as rounded to whole percents.
- A difference may be that of the unrounded percentages or that of the printed ones. Where it
  equals the latter it adds nothing to what the two percentages say.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]

ATTRIBUTES = {
    "Gender": "gender",
    "Teacher Department": "department",
    "Race / Ethnicity": "race_ethnicity",
    "Teacher Grade Level": "grade_level",
}
"""Characteristic as printed, and its column in the roster."""

COLUMNS = ("population_percent", "sample_percent", "difference")
NOT_STATED = "Not stated"
UNKNOWN = "Unknown"


@dataclass(frozen=True)
class MarginProblem:
    """One characteristic of the table: which whole numbers could stand behind it.

    Parameters
    ----------
    group
        Name of the characteristic as printed.
    categories
        Its k printed categories.
    printed
        k x 3: population percent, sample percent, difference in percentage points.
    unit
        k: the last printed place of each row, in percentage points.
    half_width
        k x 3: how far, in units, an unrounded figure may be from the printed one.
    population, sample
        Base of the percentages: the teachers they are of.
    population_total, sample_total
        All teachers and all respondents; never below the base.
    rest
        Teachers in no printed category: `none` where the table prints "Unknown", `complement`
        where only one category is printed (they count in the base), otherwise `unlisted`
        (they do not).
    """

    group: str
    categories: tuple[str, ...]
    printed: FloatArray
    unit: FloatArray
    half_width: FloatArray
    population: int
    sample: int
    population_total: int
    sample_total: int
    rest: Literal["none", "complement", "unlisted"]

    def with_bases(self, population: int, sample: int) -> MarginProblem:
        """Return the same table read as percentages of other bases."""
        return replace(self, population=population, sample=sample)

    def exchange(self) -> MarginProblem:
        """Return the table with its population and sample columns the other way round."""
        printed = self.printed[:, [1, 0, 2]] * np.array([1.0, 1.0, -1.0])
        return replace(self, printed=printed, half_width=self.half_width[:, [1, 0, 2]])

    def percentages(self, population: Any, sample: Any) -> tuple[Any, Any, Any]:
        """Turn counts into the three printed figures, unrounded (percent, percent, points)."""
        first, second = 100 * population / self.population, 100 * sample / self.sample
        return first, second, second - first

    def excess(self, row: int, population: Any, sample: Any) -> FloatArray:
        """Say how far counts miss the three printed figures of a row, in units beyond rounding."""
        figures = np.stack(np.broadcast_arrays(*self.percentages(population, sample)), axis=-1)
        gap = np.abs(figures - self.printed[row]) / self.unit[row] - self.half_width[row]
        return np.asarray(np.where(gap > 1e-9, gap, 0.0), dtype=float)

    def closes(self, population: int, sample: int) -> bool:
        """Say whether column sums are possible, the teachers in no printed category included."""
        if self.population_total - population < self.sample_total - sample:
            return False
        if self.rest == "complement":
            return population <= self.population and sample <= self.sample
        return population == self.population and sample == self.sample

    @property
    def rest_name(self) -> str:
        """What the roster calls a teacher in no printed category."""
        return f"Not {self.categories[0].lower()}" if self.rest == "complement" else NOT_STATED


def margin_problems(
    table: pd.DataFrame, population: int, sample: int, exchanged: Collection[str] = ()
) -> dict[str, MarginProblem]:
    """Read the table of representativeness, one problem per characteristic.

    Parameters
    ----------
    table
        `epic_table3_representativeness`.
    population, sample
        Teachers in the target population and respondents (persons).
    exchanged
        Characteristics whose two percentage columns are taken as printed the wrong way round.

    Returns
    -------
    dict of str to MarginProblem
        In the order printed.

    Raises
    ------
    ValueError
        For an unknown characteristic, a category printed twice, or a percentage that is missing
        or outside 0-100.

    Examples
    --------
    >>> table = pd.DataFrame({"characteristic_group": ["Gender"], "category": ["Female"],
    ...     "population_percent": [73.6], "sample_percent": [75.2], "difference": [1.6]})
    >>> problem = margin_problems(table, 611, 444)["Gender"]
    >>> problem.excess(0, 450, 334).tolist(), problem.rest_name
    ([0.0, 0.0, 0.0], 'Not female')
    """
    _check(table, exchanged)
    problems = {}
    for group, rows in table.groupby("characteristic_group", sort=False):
        problem = _problem(str(group), rows, population, sample)
        problems[str(group)] = problem.exchange() if group in exchanged else problem
    return problems


def _problem(group: str, rows: pd.DataFrame, population: int, sample: int) -> MarginProblem:
    printed = rows[list(COLUMNS)].to_numpy(float)
    unit = np.array([10.0 ** -max(map(_decimals, row)) for row in printed.tolist()])
    of_printed = np.isclose(printed[:, 1] - printed[:, 0], printed[:, 2], rtol=0, atol=1e-9)
    half_width = np.full(printed.shape, 0.5)
    half_width[of_printed, 2] = 1.0
    categories = tuple(rows["category"].astype(str))
    rest: Literal["none", "complement", "unlisted"] = "unlisted"
    if UNKNOWN in categories:
        rest = "none"
    elif len(categories) == 1:
        rest = "complement"
    return MarginProblem(
        group, categories, printed, unit, half_width, population, sample, population, sample, rest
    )


def _decimals(value: float) -> int:
    text = f"{value:.10f}".rstrip("0")
    return len(text.partition(".")[2])


def _check(table: pd.DataFrame, exchanged: Collection[str]) -> None:
    for name in [*table["characteristic_group"].unique(), *exchanged]:
        if name not in ATTRIBUTES:
            raise ValueError(
                f"characteristic_group {name!r} is unknown; it must be one of "
                f"{', '.join(ATTRIBUTES)}"
            )
    twice = table[table.duplicated(["characteristic_group", "category"])]
    if len(twice):
        row = twice.iloc[0]
        raise ValueError(
            f"row {twice.index[0]}: {row['characteristic_group']} / {row['category']} is printed "
            "twice; keep one of the rows"
        )
    for name in COLUMNS:
        low = -100 if name == "difference" else 0
        wrong = table[~table[name].between(low, 100)]
        if len(wrong):
            raise ValueError(
                f"{name}, row {wrong.index[0]} ({wrong['category'].iloc[0]}): "
                f"{wrong[name].iloc[0]} is not a percentage from {low} to 100"
            )
