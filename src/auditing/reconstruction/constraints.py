"""Every printed number that the reconstructed rows must agree with, as one table.

The table is data: the reconstruction draws rows that meet it, `verification` checks rows against
it without knowing how they were drawn, and a ledger of claims can look up which claims served as
constraints, for those can only hold by construction.

The columns are described in `fields`; what claims say in words is read in `claim_constraints`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from auditing.reconstruction.claim_constraints import claim_constraints
from auditing.reconstruction.fields import FIELDS, constraint_row
from auditing.reconstruction.rates import OVERALL
from auditing.reconstruction.relaxation import Relaxation
from auditing.reconstruction.representativeness import ATTRIBUTES, COLUMNS, MarginProblem
from auditing.reconstruction.settings import Settings

RATES, MARGINS = "epic_table2_response_rates", "epic_table3_representativeness"
EXCHANGED = "The two percentage columns are taken as exchanged, so the difference is reversed."


def constraint_table(
    tables: Mapping[str, pd.DataFrame],
    counts: pd.DataFrame,
    relaxations: Mapping[str, Relaxation],
    settings: Settings,
) -> pd.DataFrame:
    """Write all constraints of the survey rows as one table.

    Parameters
    ----------
    tables
        The printed tables, claims, items, instrument and scales, by name.
    counts
        Respondents and target population per district, from `response_counts`.
    relaxations
        Smallest relaxation of each characteristic of the table of representativeness.
    settings
        Assumptions.

    Returns
    -------
    pandas.DataFrame
        Columns `FIELDS`, one row per constraint.

    Raises
    ------
    ValueError
        If a claim or item that is read as a constraint is missing, a claim has no interval where
        one is needed, or claim and item give different intervals.
    """
    rows = [
        *_rates(tables[RATES], counts),
        *_margins(relaxations, settings),
        *claim_constraints(tables, settings),
        *_structure(tables["instrument"], tables["scales"]),
    ]
    frame = pd.DataFrame(rows, columns=list(FIELDS))
    for end in ("lower", "upper"):
        frame[f"allowed_{end}"] = frame[f"allowed_{end}"].fillna(frame[end]).astype(float)
    return frame.astype({"lower": float, "upper": float, "open_lower": bool, "open_upper": bool})


def _rates(table: pd.DataFrame, counts: pd.DataFrame) -> Iterable[dict[str, Any]]:
    printed = table.set_index("district")
    derived = set(counts.loc[counts["derived"], "district"])
    known = counts.set_index("district")
    for district in [*known.index, OVERALL]:
        for column, kind in (
            ("responses", "response_count"),
            ("target_population", "target_count"),
        ):
            source = known if district in derived else printed
            value = int(source.loc[district, column])
            basis = "derived" if district in derived else "printed"
            note = "Overall row less the printed districts." if district in derived else ""
            where = {"table": RATES, "row": district, "column": column, "district": district}
            name = f"{RATES}/{district}/{column}"
            yield constraint_row(name, kind, value, (value, value), basis=basis, note=note, **where)
        if district not in derived:
            rate = float(printed.loc[district, "response_rate_percent"])
            where = {"table": RATES, "row": district, "column": "response_rate_percent"}
            bounds = (round(rate - 0.05, 10), round(rate + 0.05, 10))
            name = f"{RATES}/{district}/response_rate_percent"
            yield constraint_row(name, "response_rate", rate, bounds, district=district, **where)


def _margins(relaxations: Mapping[str, Relaxation], settings: Settings) -> Iterable[dict[str, Any]]:
    for group, found in relaxations.items():
        problem = found.problem
        headed = COLUMNS if group not in settings.exchanged else (COLUMNS[1], COLUMNS[0])
        for i, category in enumerate(problem.categories):
            achieved = np.array([problem.percentages(p, s) for p, s in found.counts(i)])
            for k, kind in enumerate(COLUMNS):
                where = {
                    "levels": f"{ATTRIBUTES[group]}={category}",
                    "row": f"{group} / {category}",
                    "column": (*headed[:2], COLUMNS[2])[k],
                    "note": EXCHANGED if group in settings.exchanged else "",
                }
                yield _margin(problem, (i, k), kind, achieved[:, k], where)


def _margin(
    problem: MarginProblem,
    cell: tuple[int, int],
    kind: str,
    achieved: Any,
    where: dict[str, Any],
) -> dict[str, Any]:
    printed = float(problem.printed[cell])
    reach = float(problem.half_width[cell] * problem.unit[cell[0]])
    bounds = (round(printed - reach, 10), round(printed + reach, 10))
    name = f"{MARGINS}/{where['row']}/{where['column']}"
    row = constraint_row(name, kind, f"{printed:g}", bounds, table=MARGINS, **where)
    # A hair of room, as an achieved percentage is a fraction and its decimal is not.
    row["allowed_lower"] = min(bounds[0], float(achieved.min()) - 1e-9)
    row["allowed_upper"] = max(bounds[1], float(achieved.max()) + 1e-9)
    if row["allowed_lower"] < bounds[0] or row["allowed_upper"] > bounds[1]:
        row["note"] = f"{row['note']} Widened by the smallest relaxation.".strip()
    return row


def _structure(instrument: pd.DataFrame, scales: pd.DataFrame) -> Iterable[dict[str, Any]]:
    for name, note in (
        ("one_row_per_teacher", "No teacher is twice in the roster or in the responses."),
        ("respondents_in_roster", "Every respondent is a teacher of the target population."),
    ):
        yield constraint_row(name, "structure", 0, (0, 0), basis="structure", note=note)
    for row in instrument.to_dict("records"):
        levels = ";".join(scales.loc[scales["scale"] == row["scale"], "level"])
        yield constraint_row(
            f"on_scale/{row['item_id']}", "structure", 0, (0, 0), items=row["item_id"],
            levels=levels, basis="structure", note="Every answer is a level of the item's scale.",
        )  # fmt: skip
