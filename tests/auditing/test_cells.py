"""Every printed cell has a verdict; each rule has a cell that breaks it."""

import pandas as pd
import pytest

from auditing.cells import COLUMNS, TABLE_1, TABLE_2, TABLE_3, TABLES, decide_cells
from auditing.ledger import VERDICTS
from auditing.reconstruction import TABLES as SOURCES
from auditing.reconstruction import constraints, verify
from compendium import data


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: data.load(name) for name in TABLES}


@pytest.fixture(scope="module")
def bound() -> pd.DataFrame:
    table = constraints({name: data.load(name) for name in SOURCES})
    rows = {name: data.load(name) for name in ("roster", "responses_web", "responses_paper")}
    checked = verify(rows, table)[["constraint", "achieved", "as_printed"]]
    return table.merge(checked, left_on="constraint_id", right_on="constraint")


def decided(tables: dict[str, pd.DataFrame], bound: pd.DataFrame) -> dict[tuple, str]:
    cells = decide_cells(tables, bound)
    assert tuple(cells.columns) == COLUMNS
    return cells.set_index(["place", "row", "column"])["verdict"].to_dict()


def changed(
    tables: dict[str, pd.DataFrame], name: str, where: dict[str, str], column: str, value: object
) -> dict[str, pd.DataFrame]:
    table = tables[name].copy()
    mask = pd.Series(True, index=table.index)
    for key, word in where.items():
        mask &= table[key] == word
    assert mask.sum() == 1
    table.loc[mask, column] = value
    return {**tables, name: table}


def test_every_cell_has_one_verdict_with_its_reason(
    tables: dict[str, pd.DataFrame], bound: pd.DataFrame
) -> None:
    cells = decide_cells(tables, bound)
    assert set(cells["verdict"]) <= set(VERDICTS)
    assert not cells.duplicated(["place", "row", "column"]).any()
    assert cells["why"].notna().all()
    assert (cells["needs"].notna() == (cells["verdict"] == "not checkable")).all()
    printed = cells[cells["place"].isin([f"EPIC Table {k}" for k in (1, 2, 3)])]
    assert len(printed) == 96 + 5 * 3 + 3 + 29 * 4


def test_a_constraint_of_the_rows_is_never_reproduced(
    tables: dict[str, pd.DataFrame], bound: pd.DataFrame
) -> None:
    cells = decide_cells(tables, bound)
    shares = cells["place"].eq("EPIC Table 3") & cells["column"].str.endswith("_percent")
    counts = cells["place"].eq("EPIC Table 2") & ~cells["column"].str.endswith("_percent")
    assert "reproduced" not in set(cells.loc[shares | counts, "verdict"])


@pytest.mark.parametrize(
    ("edit", "cell", "expected"),
    [
        (
            (TABLE_2, {"district": "Mercer"}, "response_rate_percent", 91.9),
            ("EPIC Table 2", "Mercer", "response_rate_percent"),
            ("reproduced", "contradicted"),
        ),
        (
            (TABLE_1, {"district": "Mercer", "measure": "Ratio"}, "value", 19.3),
            ("EPIC Table 1", "Mercer", "Ratio"),
            ("reproduced", "contradicted"),
        ),
        (
            (TABLE_1, {"district": "Mercer", "measure": "N (teachers)"}, "value", 242),
            ("EPIC Table 1", "Mercer", "N (teachers)"),
            ("not checkable", "contradicted"),
        ),
        (
            (TABLE_1, {"district": "Davis", "measure": "Master's Degree or higher"}, "value", 12.5),
            ("EPIC Table 1", "Davis", "Master's Degree or higher"),
            ("internally impossible", "not checkable"),
        ),
        (
            (TABLE_3, {"category": "Female"}, "difference", 1.9),
            ("EPIC Table 3", "Gender / Female", "difference"),
            ("reproduced", "contradicted"),
        ),
        (
            (TABLE_3, {"category": "Female"}, "population_percent", 50.0),
            ("EPIC Table 3", "Gender / Female", "sample_percent"),
            ("by construction", "internally impossible"),
        ),
        (
            ("i4tl_levers", {"lever_id": "I4TL-L-003"}, "moderate_percent", 23),
            ("Leadership levers", "I4TL-L-003", "great"),
            ("reproduced", "contradicted"),
        ),
    ],
)
def test_each_rule_and_its_twin(
    tables: dict[str, pd.DataFrame],
    bound: pd.DataFrame,
    edit: tuple[str, dict[str, str], str, object],
    cell: tuple,
    expected: tuple[str, str],
) -> None:
    assert decided(tables, bound)[cell] == expected[0]
    assert decided(changed(tables, *edit), bound)[cell] == expected[1]


def test_a_cell_that_the_rows_miss_is_contradicted(
    tables: dict[str, pd.DataFrame], bound: pd.DataFrame
) -> None:
    cell = ("EPIC Table 3", "Gender / Female", "sample_percent")
    assert decided(tables, bound)[cell] == "by construction"
    missed = bound.copy()
    missed.loc[missed["row"] == "Gender / Female", "as_printed"] = False
    assert decided(tables, missed)[cell] == "contradicted"


def test_what_is_not_printed_is_derived(
    tables: dict[str, pd.DataFrame], bound: pd.DataFrame
) -> None:
    cells = decide_cells(tables, bound)
    fifth = cells[(cells["place"] == "EPIC Table 2") & (cells["row"] == "Lehigh")]
    assert set(fifth["verdict"]) == {"derived"}
    assert fifth["recomputed"].round(1).tolist() == [98.0, 173.0, 56.6]
    assert decided(tables, bound)["EPIC Table 4", "Jesse", "building"] == "derived"
