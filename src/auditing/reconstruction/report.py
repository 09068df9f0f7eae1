"""What the print does not say, or says in contradiction: one table with the arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from auditing.reconstruction.conflicts import conflicts, explanations
from auditing.reconstruction.relaxation import Relaxation
from auditing.reconstruction.representativeness import COLUMNS, MarginProblem

__all__ = ["report"]

FIELDS = ("kind", "table", "row", "column", "printed", "achieved", "gap", "reason")
RATES, MARGINS = "epic_table2_response_rates", "epic_table3_representativeness"


def report(
    counts: pd.DataFrame,
    stated: Mapping[str, MarginProblem],
    relaxations: Mapping[str, Relaxation],
) -> pd.DataFrame:
    """List what was derived, what contradicts what, what gave way, and what would explain it.

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
        `kind` (`derived`, `base`, `conflict`, `explanation`, `relaxed` or `difference`, where the
        printed difference fits only one way of taking it), `table`, `row`, `column`, `printed`
        (missing where not printed), `achieved`, `gap` (units of the last printed place beyond
        rounding; missing unless relaxed) and `reason`.
    """
    rows = list(_derived(counts))
    for group, problem in stated.items():
        found = relaxations[group]
        rows += [*_bases(problem, found), *_conflicts(problem), *_relaxed(found)]
        rows += _differences(found)
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
            reason = (
                f"The percentages are taken as of {base} teachers instead of {total}: of all "
                f"bases this one misses the printed figures least, by {found.excess:.3f} units. "
                f"The other {total - base} are in no printed category."
            )
            yield _row(
                "base", MARGINS, problem.group, column, reason, printed=float(total),
                achieved=float(base),
            )  # fmt: skip


def _conflicts(problem: MarginProblem) -> Iterable[dict[str, Any]]:
    for conflict in conflicts(problem):
        categories = list(dict.fromkeys(category for category, _ in conflict.cells))
        columns = list(dict.fromkeys(column for _, column in conflict.cells))
        shown = categories[0] if len(categories) == 1 else "all categories"
        printed = None
        if len(conflict.cells) == 1:
            where = problem.categories.index(categories[0]), COLUMNS.index(columns[0])
            printed = float(problem.printed[where])
        yield _row(
            "conflict", MARGINS, f"{problem.group} / {shown}", "; ".join(columns),
            conflict.reason + ".", printed=printed,
        )  # fmt: skip
    for sentence in explanations(problem):
        text = sentence[0].upper() + sentence[1:] + "."
        yield _row("explanation", MARGINS, problem.group, "; ".join(COLUMNS), text)


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


def _differences(found: Relaxation) -> Iterable[dict[str, Any]]:
    """Say of which percentages a difference is, where only one answer fits."""
    problem = found.problem
    for i, category in enumerate(problem.categories):
        first, second, printed = problem.printed[i].tolist()
        options = [float(problem.percentages(p, s)[2]) for p, s in found.counts(i)]
        if any(problem.excess(i, p, s).any() for p, s in found.counts(i)):
            continue
        unrounded = min(options, key=lambda value: abs(value - printed))
        of_printed = abs(second - first - printed) < 1e-9
        of_unrounded = abs(unrounded - printed) <= 0.5 * problem.unit[i] + 1e-9
        if of_printed == of_unrounded:
            continue
        which = "printed" if of_printed else "unrounded"
        reason = (
            f"The difference is that of the {which} percentages: {second:g} less {first:g} is "
            f"{second - first:.1f}, the unrounded ones differ by {unrounded:.3f}."
        )
        yield _row(
            "difference", MARGINS, f"{problem.group} / {category}", COLUMNS[2], reason,
            printed=printed, achieved=unrounded,
        )  # fmt: skip
