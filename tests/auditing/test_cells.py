"""Every printed cell is listed once, and nothing that we wrote is called printed."""

import pandas as pd
import pytest

from auditing.cells import COLUMNS, TABLES, printed_cells
from compendium import data

FIELDS = {name: data.resource(name)["schema"]["fields"] for name in TABLES}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: data.load(name) for name in TABLES}


@pytest.fixture(scope="module")
def cells(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return printed_cells(tables, FIELDS)


def test_every_cell_once(cells: pd.DataFrame) -> None:
    assert tuple(cells.columns) == COLUMNS
    assert cells.index.tolist() == list(range(len(cells)))
    assert (cells[["lower", "upper", "recomputed"]].dtypes == "float64").all()
    assert not cells["cell_id"].duplicated().any()
    counts = cells.groupby("place", sort=False).size().to_dict()
    assert counts["EPIC Table 1"] == 96
    assert counts["EPIC Table 2"] == 5 * 3 + 3
    assert counts["EPIC Table 3"] == 29 * 4
    assert counts["Padgett Table 2"] == counts["Padgett Table 3"] == 11 + 3
    assert cells["needs"].notna().all()


def test_nothing_of_ours_is_called_printed(cells: pd.DataFrame) -> None:
    for name in TABLES:
        fields = data.resource(name)["schema"]["fields"]
        ours = {field["name"] for field in fields if "ours" in field}
        shown = set(cells.loc[cells["table"] == name, "column"])
        assert not ours & shown
    assert not set(cells["column"]) & {"question", "criterion", "barrier", "goal", "note"}
    # Tables that are put together from running text are no printed tables.
    assert all(data.resource(name)["origin"] == "printed" for name in TABLES)


def test_numbers_stand_for_what_rounds_to_them(cells: pd.DataFrame) -> None:
    limits = cells.set_index("cell_id")[["printed", "lower", "upper"]]
    shown = limits.loc["EPIC Table 3: Race / Ethnicity / White, sample_percent"].tolist()
    assert shown == ["98", 97.5, 98.5]  # printed without decimals
    share = limits.loc["EPIC Table 1: Mercer, White students"].tolist()
    assert share == ["73.8", 73.75, 73.85]
    count = limits.loc["EPIC Table 1: Mercer, N (teachers)"].tolist()
    assert count == ["272", 272, 272]
    assert limits.loc["Padgett Table 5: Macy, role", ["lower", "upper"]].isna().all()
    answers = limits.loc["EPIC Table 2: Mercer, responses"].tolist()
    assert answers == ["222", 222, 222]
    women = limits.loc["EPIC Table 3: Gender / Female, sample_percent"].tolist()
    assert women == ["75.2", 75.15, 75.25]  # others of the table have their decimal


def test_words_are_printed_as_they_stand(
    cells: pd.DataFrame, tables: dict[str, pd.DataFrame]
) -> None:
    shown = cells.set_index("cell_id")["printed"]
    for person in tables["padgett_table5_participants"].to_dict("records"):
        assert shown[f"Padgett Table 5: {person['participant']}, role"] == person["role"]
    stars = tables["epic_table3_representativeness"]
    for row in stars.to_dict("records"):
        cell = f"EPIC Table 3: {row['characteristic_group']} / {row['category']}, star"
        assert shown[cell] == ("" if pd.isna(row["star"]) else str(row["star"]))
    assert shown["Padgett Tables 6 to 8: Table 6, 1, 1, research_question"] == "RQ1"


def test_a_number_without_decimals_is_so_in_one_table_only(
    tables: dict[str, pd.DataFrame],
) -> None:
    rates = tables["epic_table2_response_rates"].assign(response_rate_percent=98.0)
    other = printed_cells(tables | {"epic_table2_response_rates": rates}, FIELDS)
    rate = other.set_index("cell_id").loc["EPIC Table 2: Mercer, response_rate_percent"]
    assert rate["printed"] == "98.0"


def test_equal_words_under_different_names_stay_two_cells(
    tables: dict[str, pd.DataFrame],
) -> None:
    twice = pd.concat([tables["epic_table4_participants"]] * 2)
    again = printed_cells(tables | {"epic_table4_participants": twice}, FIELDS)
    once = printed_cells(tables, FIELDS)
    assert again["cell_id"].tolist() == once["cell_id"].tolist()


def test_what_is_not_printed_is_derived(cells: pd.DataFrame) -> None:
    derived = cells[cells["derived"].notna()].set_index("cell_id")
    fifth = derived[derived["place"] == "EPIC Table 2"]
    assert fifth["recomputed"].round(1).tolist() == [98.0, 173.0, 56.6]
    assert set(derived["row"]) == {"Lehigh", "Jesse"}


def test_a_heading_that_spans_rows_is_one_cell(cells: pd.DataFrame) -> None:
    roles = cells[(cells["place"] == "Padgett Table 4") & (cells["column"] == "role")]
    assert len(roles) == data.load("padgett_table4_criteria")["role"].nunique()


def test_a_missing_table_is_refused(tables: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(KeyError, match="padgett_table2"):
        fewer = {name: table for name, table in tables.items() if name != "padgett_table2"}
        printed_cells(fewer, FIELDS)
