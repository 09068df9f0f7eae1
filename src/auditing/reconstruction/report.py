"""What the print does not say, or says in contradiction: one table with the arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from auditing.reconstruction.conflicts import conflicts
from auditing.reconstruction.relaxation import Relaxation
from auditing.reconstruction.representativeness import COLUMNS, MarginProblem

FIELDS = ("kind", "table", "row", "column", "printed", "achieved", "gap", "reason")
RATES, MARGINS = "epic_table2_response_rates", "epic_table3_representativeness"


def report(
    counts: pd.DataFrame,
    stated: Mapping[str, MarginProblem],
    relaxations: Mapping[str, Relaxation],
) -> pd.DataFrame:
    """List what was derived, what base was taken, and what gave way.

    Parameters
    ----------
    counts
        Respondents and teachers per district.
    stated
        Per characteristic, the percentages as of the stated totals.
    relaxations
        Per characteristic, what was solved.

    Returns
    -------
    pandas.DataFrame
        `kind` (`derived`, `base` or `relaxed`), `table`, `row`, `column`, `printed` (missing where
        not printed), `achieved`, `gap` (units of the last printed place beyond rounding; missing
        unless relaxed) and `reason`. What is relaxed is achieved by the nearest tables at worst;
        the rows drawn may come nearer.
    """
    rows = list(_derived(counts))
    for group, problem in stated.items():
        found = relaxations[group]
        rows += [*_bases(problem, found), *_relaxed(found)]
    return pd.DataFrame(rows, columns=list(FIELDS))


def _row(kind: str, table: str, row: str, column: str, reason: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "table": table, "row": row, "column": column, "reason": reason} | more


def _derived(counts: pd.DataFrame) -> Iterable[dict[str, Any]]:
    for row in counts[counts["derived"]].to_dict("records"):
        reason = "Not printed: the overall row less the printed districts."
        rate = 100 * row["responses"] / row["target_population"]
        for column, value in (
            ("responses", row["responses"]),
            ("target_population", row["target_population"]),
            ("response_rate_percent", rate),
        ):
            yield _row("derived", RATES, row["district"], column, reason, achieved=float(value))


def _bases(problem: MarginProblem, found: Relaxation) -> Iterable[dict[str, Any]]:
    for column, base, total in (
        (COLUMNS[0], found.problem.population, problem.population_total),
        (COLUMNS[1], found.problem.sample, problem.sample_total),
    ):
        if base < total:
            fit = f"misses least ({found.excess:.3f} units)" if found.excess > 1e-6 else "fits all"
            reason = (
                f"The percentages are taken as of {base} teachers instead of {total}: the base "
                f"that {fit}. The other {total - base} are in no printed category."
            )
            yield _row(
                "base", MARGINS, problem.group, column, reason, printed=float(total),
                achieved=float(base),
            )  # fmt: skip


def _relaxed(found: Relaxation) -> Iterable[dict[str, Any]]:
    """List figures that some or all of the best tables miss, with the range over these tables."""
    problem = found.problem
    own = {cell for c in conflicts(problem) for cell in c.cells}
    for i, category in enumerate(problem.categories):
        options = sorted(found.counts(i))
        gaps = np.array([problem.excess(i, p, s) for p, s in options])
        for k, column in enumerate(COLUMNS):
            if not gaps[:, k].max() > 0:
                continue
            worst = int(gaps[:, k].argmax())
            p, s = options[worst]
            how = f"{p} of {problem.population} teachers and {s} of {problem.sample} respondents"
            why = (
                "The figure is itself in a conflict"
                if (category, column) in own
                else "It gives way so that the column sums and the other figures can hold"
            )
            yield _row(
                "relaxed", MARGINS, f"{problem.group} / {category}", column,
                f"{why}; nearest: {how}, one of {found.count} equally near tables.",
                printed=float(problem.printed[i, k]),
                achieved=float(problem.percentages(p, s)[k]), gap=float(gaps[worst, k]),
            )  # fmt: skip
