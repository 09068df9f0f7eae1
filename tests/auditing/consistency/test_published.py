"""The checks on the tables of the four documents: what they must find, and what they must not."""

import pandas as pd
import pytest

from auditing.cells import TABLES, printed_cells
from auditing.consistency import check_published, faults
from compendium import data

FIELDS = {name: data.resource(name)["schema"]["fields"] for name in TABLES}

OTHERS = ("claims", "claim_relations", "printed_lists", "segments", "speakers")
Tables = dict[str, pd.DataFrame]


def never(k: int, n: int, big: int, size: int) -> float:
    return 1.0


def tenth(k: int, n: int, big: int, size: int) -> float:
    """Mark the two differences that the document marks, and no others."""
    marked = (k, n, size) == (153, 444, 611) or (big in (5, 6) and k > 10)
    return 0.01 if marked else 1.0


@pytest.fixture(scope="module")
def tables() -> Tables:
    return {name: data.load(name) for name in (*TABLES, *OTHERS)}


def run(tables: Tables, **tests: object) -> pd.DataFrame:
    return check_published(tables, printed_cells(tables, FIELDS), tests)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def result(tables: Tables) -> pd.DataFrame:
    return run(tables, never=never)


def found(result: pd.DataFrame, check: str, place: str = "Table 3") -> dict[str, bool | None]:
    rows = result[(result["check"] == check) & (result["place"] == place)]
    return dict(zip(rows["subject"], rows["consistent"], strict=False))


def test_grade_levels_of_table_3_fit_only_with_the_columns_exchanged(result: pd.DataFrame) -> None:
    assert found(result, "exchanged columns") == {
        "Teacher Department": True, "Race / Ethnicity": True, "Teacher Grade Level": False,
    }  # fmt: skip
    # More sampled than there are, unless exchanged.
    subset = found(result, "subset")
    assert [name for name, fits in subset.items() if not fits] == ["Teacher Grade Level / Unknown"]


def test_percentages_are_searched_for_every_base(result: pd.DataFrame) -> None:
    rows = result[(result["check"] == "denominators") & (result["place"] == "Table 3")]
    implied = rows.loc[rows["subject"] == "Teacher Department", "implied"].tolist()
    assert implied == ["1 possible: 608", "1 possible: 444"]
    shares = result.loc[result["place"] == "shares", "implied"].iloc[0]
    assert shares.split(": ")[1].startswith("32, 36, 48, 52")
    # Davis prints 16 teachers; its percentages are of 17.
    davis = result["subject"].eq("Davis, Master's Degree or higher")
    assert result.loc[davis, "implied"].iloc[0].endswith("bases that fit: 17, 34, 51, ...")


def test_what_agrees_raises_nothing(result: pd.DataFrame) -> None:
    for check, place in (
        ("rate against counts", "Table 1"), ("rate against counts", "Table 2"),
        ("parts against total", "Table 1"), ("parts against total", "Table 2"),
        ("parts against total", "Table 3"), ("difference against shares", "Table 3"),
        ("table against text", "Table 4"), ("table against table", "Tables 2 and 3"),
    ):  # fmt: skip
        outcomes = found(result, check, place)
        assert outcomes and all(outcomes.values())


def test_what_fails_in_the_text(result: pd.DataFrame) -> None:
    said = faults(result[result["place"] == "text and tables"])
    assert set(said["subject"]) == {
        "R-074", "R-083", "R-085", "R-130", "R-147", "R-156", "R-158", "R-165", "R-188", "R-189",
        "R-210", "R-211", "R-218", "R-231", "R-265", "R-272", "R-316", "R-317",
    }  # fmt: skip


def test_stars_need_a_test_that_gives_them_all(tables: Tables, result: pd.DataFrame) -> None:
    assert set(found(result, "decision against shares").values()) == {False}
    with_one = found(run(tables, never=never, tenth=tenth), "decision against shares")
    assert len(with_one) == 29 and all(with_one.values())


def test_each_comparison_is_about_cells_and_claims_that_exist(
    tables: Tables, result: pd.DataFrame
) -> None:
    known = {f"[{name}]" for name in printed_cells(tables, FIELDS)["cell_id"]}
    known |= {*tables["claims"]["claim_id"], *tables["segments"]["segment_id"]}
    for column in ("bears_on", "recomputes"):
        named = {m for members in result[column].fillna("") for m in members.split(";") if m}
        assert named <= known
    about_lists = result["printed"].str.fullmatch(r"(L-[A-Z0-9]+-[0-9]+(; )?)+")
    assert ((result["bears_on"].fillna("") == "") == about_lists).all()


@pytest.mark.parametrize(
    ("name", "row", "column"),
    [
        ("epic_table4_participants", "Maya", "building"),
        ("padgett_table3_dimensions", "Framing school goals", "dimension"),
    ],
)
def test_a_table_that_says_otherwise_is_found(
    tables: Tables, name: str, row: str, column: str
) -> None:
    table = tables[name].copy()
    key = table.columns[0] if name.startswith("epic") else "construct"
    table.loc[table[key] == row, column] = "Barrett"
    failing = faults(run({**tables, name: table}))
    assert failing["check"].str.startswith("table against").sum() == 1
