"""Tables of Dedoose, Taguette, QualCoder and our own: what each row means, what is dropped.

The Excel files were written by openpyxl (`tests/oracles/exchange/make_workbooks.py`).
"""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from exchange_files import ORACLES, pack, whats

from qda_exchange import ImportedProject, Limits, RefusedFileError, read

WORKBOOKS = ORACLES / "exchange"


def rows(imported: ImportedProject, *columns: str) -> list[list[Any]]:
    frame = imported.project.applications[list(columns)].astype("object")
    return frame.where(frame.notna(), None).values.tolist()


def as_csv(*table: list[str], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(table)
    return written.getvalue().encode(encoding)


@pytest.fixture(scope="module")
def dedoose() -> ImportedProject:
    return read((WORKBOOKS / "dedoose.xlsx").read_bytes(), "dedoose.xlsx", site="district")


def test_dedoose_reads_the_applied_columns(dedoose: ImportedProject) -> None:
    assert dedoose.format == "Dedoose excerpts"
    assert rows(dedoose, "source", "coder", "code", "start", "end", "unit", "weight") == [
        ["Lola.docx", "Ada", "slow", 12, 40, "Lola.docx:12-40", 3.0],
        ["Lola.docx", "Ada", "talk: in class", 12, 40, "Lola.docx:12-40", None],
        ["Lola.docx", "Ben", "slow", 12, 40, "Lola.docx:12-40", 2.5],
        ["Mark.docx", "Ada", "fast", None, None, "Mark.docx:row 4", None],
    ]
    assert dedoose.project.applications["site"].tolist() == ["Lehigh"] * 4


def test_dedoose_brings_codes_units_and_texts(dedoose: ImportedProject) -> None:
    codes = dedoose.project.codes[["code", "parent", "codable"]].fillna("-")
    assert codes.values.tolist() == [
        ["Pacing", "-", False],
        ["slow", "Pacing", True],
        ["fast", "Pacing", True],
        ["talk: in class", "-", True],
    ]
    units = dedoose.project.units.set_index("unit")["text"]
    assert units["Mark.docx:row 4"] == "Größe, with\na line end"
    assert units["Mark.docx:77-112"] == "Nothing coded"


def test_dedoose_says_what_it_drops(dedoose: ImportedProject) -> None:
    found = dedoose.report.frame()
    dropped = found[found["kind"] == "dropped"]
    assert dropped["detail"].tolist() == ["", "Excerpt Date"]
    assert dropped["place"].tolist() == ["sheet 'Cover'", ""]
    assert found[found["kind"] == "choice"]["place"].tolist() == ["sheet 'Excerpts'", "row 4"]


def test_dedoose_reads_csv_too_and_doubts_other_words() -> None:
    header = ["Media Title", "Excerpt Range", "Code: pace Applied", "Code: pace Weight"]
    imported = read(
        as_csv(header, ["L", "3-4", "True", "high"], ["L", "5-6", "perhaps", ""]), "export.csv"
    )
    assert rows(imported, "unit", "weight") == [["L:3-4", None]]
    assert "neither true nor false: read as not applied" in whats(imported.report)
    assert "weight that is no number, left empty" in whats(imported.report)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_taguette(kind: str) -> None:
    table = [
        ["id", "document", "tag", "content"],
        ["1", "Lola.html", "pace", "We wait."],
        ["1", "Lola.html", "pace.slow", "We wait."],
        ["2", "Lola.html", "", "untagged"],
    ]
    content = (WORKBOOKS / "taguette.xlsx").read_bytes() if kind == "xlsx" else as_csv(*table)
    imported = read(content, f"highlights.{kind}", coder="Ada")
    assert imported.format == "Taguette highlights"
    assert rows(imported, "source", "unit", "coder", "code") == [
        ["Lola.html", "1", "Ada", "pace"],
        ["Lola.html", "1", "Ada", "pace.slow"],
    ]
    units = imported.project.units[["unit", "text"]].values.tolist()
    assert units == [["1", "We wait."], ["2", "untagged"]]


def test_taguette_without_a_coder_says_so() -> None:
    header = ["id", "document", "tag", "content"]
    imported = read(as_csv(header, ["", "d", "t", "c"], ["1", "d", "t", "c"]), "h.csv")
    assert len(imported.project.applications) == 1
    what = "codings of which the file does not say who made them: name the coder "
    what += "(--coder, or CODER=FILE in a merge)"
    assert what in whats(imported.report)
    assert "row without a passage or a code" in whats(imported.report)


QUALCODER = [
    ["File", "Coder", "Coded", "Id", "Codename", "Coded_Memo", "Category", "Category", "grade"],
    ["Lola", "Ada", "We wait.", "ctid:1", "slow", "sure?", "Pacing", "Practice", "8"],
    ["Lola", "Ben", "We wait.", "ctid:2", "slow", "", "Pacing", "Practice", "8"],
    ["Lola", "Ada", "Yes.", "ctid:3", "talk", "", "", "", "8"],
    ["Lola", "Ada", "Yes.", "ctid:4", "talk", "", "", "", "8"],
    ["Lola", "Ben", "Yes.", "ctid:5", "talk", "", "", "", "8"],
    ["Lola", "Ben", "", "", "", "", "", "", ""],
]


def test_qualcoder_joins_coders_on_the_same_words() -> None:
    imported = read(as_csv(*QUALCODER, encoding="utf-8-sig"), "report.csv", role="Grade")
    assert imported.format == "QualCoder coding report"
    assert rows(imported, "source", "unit", "coder", "code", "role") == [
        ["Lola", "ctid:1", "Ada", "slow", "8"],
        ["Lola", "ctid:1", "Ben", "slow", "8"],
        ["Lola", "ctid:3", "Ada", "talk", "8"],
        ["Lola", "ctid:4", "Ada", "talk", "8"],
        ["Lola", "ctid:3", "Ben", "talk", "8"],
    ]
    codes = imported.project.codes[["code", "parent"]].fillna("-").values.tolist()
    assert codes == [["Practice", "-"], ["Pacing", "Practice"], ["slow", "Pacing"], ["talk", "-"]]
    dropped = imported.report.frame().query("kind == 'dropped'")[["what", "detail"]]
    assert ["memo on a coding", "sure?"] in dropped.values.tolist()
    assert ["row without a passage or a code", ""] in dropped.values.tolist()


@pytest.mark.parametrize(
    ("first", "source", "case"), [("Case", None, "Lola"), ("File/case", "Lola", None)]
)
def test_qualcoder_by_case(first: str, source: str | None, case: str | None) -> None:
    imported = read(as_csv([first, *QUALCODER[0][1:]], QUALCODER[1]), "report.csv")
    assert rows(imported, "source", "case") == [[source, case]]
    assert ("the file or the case is not said: read as the file" in whats(imported.report)) == (
        first == "File/case"
    )


def test_a_code_in_two_categories_is_said() -> None:
    other = [*QUALCODER[2][:6], "Speed", "", "8"]
    imported = read(as_csv(QUALCODER[0], QUALCODER[1], other), "report.csv")
    assert "code in two categories, the first taken" in whats(imported.report)
    assert rows(imported, "code") == [["slow"], ["slow"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_long_table_in_any_honest_dialect(delimiter: str, encoding: str) -> None:
    table = ["Unit", "code", "source", "coder"], ["u;1", 'Größe, \n"so"', "Lola", "A"]
    imported = read(as_csv(*table, delimiter=delimiter, encoding=encoding), "long.csv")
    assert rows(imported, "unit", "code", "source") == [["u;1", 'Größe, \n"so"', "Lola"]]


def test_odd_rows_of_a_long_table_are_said() -> None:
    header = ["source", "unit", "code", "start", "end", "direction", "weight", "mood", "coder"]
    table = [
        ["L", "1", "pace", "4", "2", "helpz", "x", "grim", "A"],
        ["L", "1", "pace", "", "", "", "", "", "A"],
        ["L", "2", "", "0", "3", "", "", "", "", "more"],
        ["L", "", "pace", "", "", "", "", "", ""],
        ["", "", "", "", "", "", "", "", ""],
        ["L", "3", "pace", "0", str(10**15), "", "inf", "", ""],
        ["L", "3", "pace:helps", "", "", "", "1_0", "", ""],
    ]
    imported = read(as_csv(header, *table), "long.csv")
    assert rows(imported, "unit", "code", "direction", "weight", "start") == [
        ["1", "pace", None, None, None],
        ["3", "pace", None, None, None],
        ["3", "pace:helps", None, None, None],
    ]
    found = imported.report.frame()[["what", "place", "detail"]].values.tolist()
    assert ["column without a place in the long table", "", "mood"] in found
    assert ["start and end that are no span, left empty", "row 2", ""] in found
    assert ["unknown direction, left empty", "row 2", "helpz"] in found
    assert ["weight that is no number, left empty", "row 2", "x"] in found
    assert ["cells beyond the header", "row 4", "more"] in found
    assert ["row without a passage or a code", "row 5", "pace"] in found
    assert ["weight that is no number, left empty", "row 7", "inf"] in found
    assert "same coding twice: a coder applies a code to a unit once" in whats(imported.report)
    assert imported.project.units["unit"].tolist() == ["1", "2", "3"]


def test_a_table_of_something_else_is_refused() -> None:
    with pytest.raises(RefusedFileError, match=r"its header is 'name, age'.*QualCoder"):
        read(as_csv(["name", "age"], ["Ada", "36"]), "people.csv")
    with pytest.raises(RefusedFileError, match="old Office file"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "old.xls")
    with pytest.raises(RefusedFileError, match="root element is 'html'"):
        read(b"<html/>", "page.html")


WORKBOOK = (
    '<workbook xmlns:r="x"><sheets><sheet name="one" r:id="r1"/></sheets></workbook>',
    '<Relationships><Relationship Id="r1" Target="{}"/></Relationships>',
)


def workbook(sheet: str, target: str = "worksheets/sheet1.xml", **more: str) -> bytes:
    entries = {
        "xl/workbook.xml": WORKBOOK[0],
        "xl/_rels/workbook.xml.rels": WORKBOOK[1].format(target),
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{sheet}</sheetData></worksheet>",
    }
    return pack({**entries, **more})


def inline(*cells: str) -> str:
    return "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)


def test_a_workbook_of_the_barest_sort() -> None:
    sheet = f"<row>{inline('id', 'document', 'tag', 'content')}</row>"
    sheet += (
        '<row r="9"><c r="A9"><v>7</v></c><c r="C9" t="str"><f>1+1</f><v>a_x000D_b</v></c></row>'
    )
    imported = read(workbook(sheet, "/xl/worksheets/sheet1.xml"), "bare.xlsx")
    assert rows(imported, "unit", "code", "source") == [["7", "a\rb", None]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (workbook('<row><c t="s"><v>0</v></c></row>'), "points at the shared text '0'"),
        (workbook('<row><c t="s"><v>-1</v></c></row>'), "points at the shared text '-1'"),
        (workbook("<row/>", "worksheets/sheet2.xml"), "holds no table, or an empty one"),
        (pack({"xl/workbook.xml": WORKBOOK[0]}), "entry xl/_rels/workbook.xml.rels: is missing"),
        (workbook('<row><c r="ZZZ1"><v>1</v></c></row>'), "column"),
    ],
)
def test_broken_workbooks_are_refused(content: bytes, message: str) -> None:
    with pytest.raises(RefusedFileError, match=message):
        read(content, "broken.xlsx", limits=Limits(columns=10_000))
