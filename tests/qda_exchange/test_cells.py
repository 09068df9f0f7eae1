"""No cell that is written is run by a spreadsheet; every cell comes back as it was."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from exchange_files import guid, pack, qde, sort, whats
from hypothesis import given
from hypothesis import strategies as st

from qda_exchange import CodedProject, RefusedFileError, read, transfer, write_csv
from qda_exchange.cells import csv_file, neutralised, restored
from qda_exchange.model import COLUMNS, table

RUN = [
    "=1+1",
    "+1",
    "-1",
    "@sum",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    "'=1",
    "''=1",
]
KEPT = ["pace", "a=b", "'quoted'", "1-2", " =1", "", "’=1"]


@pytest.mark.parametrize("text", [*RUN, *KEPT])
def test_only_what_would_run_is_changed(text: str) -> None:
    written = neutralised(text)
    assert (written == text) == (text in KEPT)
    assert written == text or written == "'" + text
    assert restored(written) == text


@given(st.text(st.sampled_from("'=+-@\t\r\na１＝"), max_size=6))
def test_every_text_comes_back(text: str) -> None:
    assert restored(neutralised(text)) == text


def project() -> CodedProject:
    rows = {"source": "-a", "unit": ["=u"], "coder": "@ada", "code": "=cmd|' /C calc'!A0"}
    return CodedProject(table({**rows, "case": "+b", "weight": [-1.5]}, COLUMNS))


def test_a_table_for_spreadsheets_comes_back() -> None:
    written = write_csv(project())
    assert written.startswith(b"\xef\xbb\xbf")
    cells = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))[1]
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "@"}]
    assert [cell for cell in cells if cell.startswith("-")] == ["-1.5"]
    back = read(written, "long.csv").project.applications
    pd.testing.assert_frame_equal(sort(back), sort(project().applications))
    assert csv_file(project().applications)[1] == 5


def test_an_import_says_what_it_neutralised(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("source,unit,code,coder\na,1,=pace,Ada\n")
    imported, folder = transfer.import_file(path, tmp_path / "in")
    assert imported.project.codes["code"].tolist() == ["=pace"]
    assert pd.read_csv(folder / "codes.csv")["code"].tolist() == ["'=pace"]
    report = pd.read_csv(folder / "report.csv")
    assert report["what"].str.contains("spreadsheet would run as a formula").sum() == 1
    path.write_text("source,unit,code,coder\na,1,pace,Ada\n")
    _, folder = transfer.import_file(path, tmp_path / "plain")
    assert not pd.read_csv(folder / "report.csv")["what"].str.contains("spreadsheet").any()


def source(path: str, number: int, name: str, more: str = "") -> str:
    head = f'<TextSource guid="{guid(number)}" name="{name}" plainTextPath="{path}">'
    return f"{head}{more}</TextSource>"


def test_a_blank_picture_is_no_bomb() -> None:
    blank = b"\x00" * 4_000_000
    sources = (
        f'<Sources><PictureSource guid="{guid(1)}" name="wall" path="internal://a.bmp"/></Sources>'
    )
    read_back = read(pack({"project.qde": qde(sources), "sources/a.bmp": blank}), "study.qdpx")
    assert read_back.project.sources["source"].tolist() == ["wall"]
    for name in ("a.txt", "a.docx", "b.qde"):
        with pytest.raises(RefusedFileError, match=r"zip bomb|holds 2 project files"):
            read(pack({"project.qde": qde(sources), f"sources/{name}": blank}), "study.qdpx")
    text = f"<Sources>{source('internal://a.bmp', 1, 'wall')}</Sources>"
    with pytest.raises(RefusedFileError, match="zip bomb"):
        read(pack({"project.qde": qde(text), "sources/a.bmp": blank}), "study.qdpx")


def test_files_of_one_name_in_two_folders_are_kept_apart() -> None:
    both = source("internal://one/t.txt", 1, "Lola") + source("internal://two/t.txt", 2, "Mark")
    entries = {"sources/one/t.txt": "We wait.", "sources/two/t.txt": "We talk."}
    imported = read(pack({"p.qde": qde(f"<Sources>{both}</Sources>"), **entries}), "s.qdpx")
    assert imported.project.sources["text"].tolist() == ["We wait.", "We talk."]
    vague = source("internal://t.txt", 1, "Lola")
    imported = read(pack({"p.qde": qde(f"<Sources>{vague}</Sources>"), **entries}), "s.qdpx")
    assert imported.project.sources["text"].isna().all()
    assert "text that is not in the file" in whats(imported.report)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"We \x00wait.", "text that holds zero bytes"),
        (b"We \xffwait.", "text that is not in UTF-8"),
        ("We wait.".encode("utf-16"), "text in UTF-16 instead of UTF-8"),
    ],
)
def test_a_text_that_is_none_is_said_with_its_file(content: bytes, what: str) -> None:
    document = qde(f"<Sources>{source('internal://t.txt', 1, 'Lola')}</Sources>")
    imported = read(pack({"p.qde": document, "sources/t.txt": content}), "s.qdpx")
    found = imported.report.frame().set_index("what")["detail"]
    assert found[what] == "internal://t.txt"
    kept = imported.project.sources["text"].fillna("").tolist()
    assert kept == (["We wait."] if "UTF-16" in what else [""])
