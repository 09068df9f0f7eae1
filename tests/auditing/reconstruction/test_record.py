"""Columns of the book that are headed "in the rows" hold what the rows on record have."""

from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[3]
ATTRIBUTES = {
    "Gender": "gender",
    "Teacher Department": "department",
    "Race / Ethnicity": "race_ethnicity",
    "Teacher Grade Level": "grade_level",
}


def percents() -> dict[tuple[str, str, str], float]:
    """Count the make-up of the rows with pandas alone, not with the package's own counting."""
    survey = ROOT / "data/raw/survey"
    roster = pd.read_csv(survey / "roster.csv", keep_default_na=False)
    answers = [pd.read_csv(survey / f"responses_{mode}.csv") for mode in ("web", "paper")]
    sampled = roster[roster["teacher_id"].isin(pd.concat(answers)["teacher_id"])]
    found = {}
    for block, attribute in ATTRIBUTES.items():
        shares = []
        for rows in (roster, sampled):
            stated = rows[rows[attribute] != "Not stated"]
            shares.append(100 * stated[attribute].value_counts(normalize=True))
        for category in shares[0].index:
            population, sample = (share.get(category, 0.0) for share in shares)
            found[block, category, "Population, %"] = population
            found[block, category, "Sample, %"] = sample
            found[block, category, "Difference, points"] = sample - population
    return found


def differing(table: pd.DataFrame) -> list[str]:
    known = percents()
    return [
        f"{row.block} / {row.category}, {row.column}"
        for row in table.itertuples()
        if row.achieved != pytest.approx(known[row.block, row.category, row.column], abs=1e-6)
    ]


def test_figures_that_gave_way_are_those_of_the_rows() -> None:
    if "collected" in set(pd.read_csv(ROOT / "data/raw/survey/roster.csv")["origin"]):
        pytest.skip("of collected rows the table speaks of a drawn set, which is in no file")
    table = pd.read_csv(ROOT / "results/tables/printed_relaxed.csv")
    assert len(table) > 10
    assert differing(table) == []
    # The nearest tables at worst, which once stood there, are not the rows.
    other = table.assign(achieved=table["achieved"].where(table["category"] != "K-2", 16.366612))
    assert len(differing(other)) == 3


def test_constraints_are_those_of_the_rows() -> None:
    table = pd.read_csv(ROOT / "results/tables/survey_constraints.csv")
    cells = table[table["table"] == "epic_table3_representativeness"].copy()
    cells[["block", "category"]] = cells["row"].str.rsplit(" / ", n=1).tolist()
    names = {"population_percent": "Population, %", "sample_percent": "Sample, %"}
    cells["column"] = cells["column"].map(names | {"difference": "Difference, points"})
    assert len(cells) == 3 * 29
    shown = cells.dropna(subset=["achieved"])  # not what shows few persons, of collected rows
    assert len(shown) > 30
    assert differing(shown) == []
