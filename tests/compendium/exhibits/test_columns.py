"""One declaration of what columns are called and how they are shown."""

import csv
import json
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd
import pytest
import study_rows

from compendium import context, exhibits, files
from compendium.exhibits.columns import headings, read_declaration

HEAD = "column,table,heading,format\n"
DECLARED = HEAD + (
    "share,,Share,percent:0\n"
    "share,*_estimates,Agree,percent:0\n"
    'share,profile_*_estimates,"Here, percent",percent:1\n'
    "district,,District,\n"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(context.VARIABLE, raising=False)
    monkeypatch.setenv(context.ROOT_VARIABLE, str(tmp_path))
    files.write_text(tmp_path / context.COLUMNS, DECLARED)
    return tmp_path


@pytest.mark.parametrize(
    ("table", "heading", "form"),
    [
        ("rates", "Share", "percent:0"),
        ("other_estimates", "Agree", "percent:0"),
        ("profile_mercer_estimates", "Here, percent", "percent:1"),
    ],
)
def test_the_most_particular_row_holds(project: Path, table: str, heading: str, form: str) -> None:
    assert headings(table, ["share"]) == ({"share": heading}, {"share": form})


def test_a_table_lists_its_columns_and_may_name_one_itself(project: Path) -> None:
    frame = pd.DataFrame({"share": [0.5], "district": ["Mercer"], "other": [1]})
    options: dict = {"caption": "({n})", "n": 1}
    shown = exhibits.table(frame, "rates", columns=["district", "share"], **options)
    assert shown.display == {
        "labels": {"district": "District", "share": "Share"},
        "formats": {"share": "percent:0"},
        "group": None,
    }
    own = exhibits.table(
        frame, "rates", columns=["other", "share"], labels={"share": "95% interval"}, **options
    )
    assert own.display is not None
    assert own.display["labels"] == {"other": "other", "share": "95% interval"}
    assert own.display["formats"] == {}
    for wrong, where in ((["shar"], "columns"), (["district"], "labels")):
        with pytest.raises(ValueError, match=f"{where}: the table has no column 'shar"):
            exhibits.table(frame, "rates", columns=wrong, labels={"share": "S"}, **options)


def test_a_changed_declaration_is_read_anew(project: Path) -> None:
    assert headings("rates", ["share"])[0] == {"share": "Share"}
    files.write_text(project / context.COLUMNS, HEAD + "share,,Part,\n")
    assert headings("rates", ["share"]) == ({"share": "Part"}, {})
    (project / context.COLUMNS).unlink()
    assert headings("rates", ["share"]) == ({"share": "share"}, {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("column,heading\n", "row 1: the columns must be column, table, heading, format"),
        (HEAD + "share,,,\n", "row 2, field column or heading: the cell is empty"),
        (HEAD + "share,,Share,percnt:0\n", "row 2, field format: 'percnt:0' is not integer"),
        (HEAD + "gap,,Gap, points,\n", "row 2, the row needs 4 cells; put quotation marks"),
        (HEAD + "gap,,Gap\n", "row 2, the row needs 4 cells"),
        (HEAD + "a,,A,\na,,B,\n", "row 3, 'a' of any table stands here twice"),
        (HEAD + "a,t,A,\na,t,B,\n", "row 3, 'a' of t stands here twice"),
    ],
)
def test_a_faulty_declaration_is_refused_with_its_row(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"notebooks/columns\.csv, ") as refusal:
        read_declaration(text)
    assert message in str(refusal.value)


def unused(declared: dict[str, dict], shown: dict[str, list[str]]) -> list[str]:
    """Return declared rows that hold for no column of the tables shown."""
    return [
        f"{column} {pattern}".strip()
        for column, rows in declared.items()
        for pattern in rows
        if not any(
            column in columns and (not pattern or fnmatchcase(table, pattern))
            for table, columns in shown.items()
        )
    ]


@study_rows.on_reconstructed
def test_every_row_of_the_declaration_is_used_and_in_order(project_root: Path) -> None:
    text = (project_root / context.COLUMNS).read_text(encoding="utf-8")
    record = json.loads((project_root / "results/exhibits.json").read_text(encoding="utf-8"))
    shown = {k: list(v["display"]["labels"]) for k, v in record.items() if v["kind"] == "table"}
    assert unused(read_declaration(text), shown) == []
    rows = [(one["column"], one["table"]) for one in csv.DictReader(text.splitlines())]
    assert rows == sorted(rows, key=lambda row: (row[0].lower(), *row))


def test_no_heading_is_the_bare_name_of_a_column(project_root: Path) -> None:
    record = json.loads((project_root / "results/exhibits.json").read_text(encoding="utf-8"))
    bare = {
        name: [c for c, head in entry["display"]["labels"].items() if c == head and "_" in c]
        for name, entry in record.items()
        if entry["kind"] == "table" and name != "explorer_settings"  # looked up, not read
    }
    assert not any(bare.values()), bare


def test_an_unused_row_would_be_seen() -> None:
    shown = {"rates": ["district"], "other_estimates": ["share"]}
    assert unused(read_declaration(DECLARED), shown) == ["share profile_*_estimates"]
