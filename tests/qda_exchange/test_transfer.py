"""Files in and out: a folder appears whole or not at all, and nothing is overwritten."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from commands import call
from exchange_files import ORACLES, pack, qde, small_project

from compendium import data
from qda_exchange import FORMATS, RefusedFileError, transfer, write_qdpx
from qda_exchange.model import COLUMNS

TABLES = {"applications", "units", "codes", "sources", "variables", "report"}


def test_an_import_is_a_folder_of_tables(tmp_path: Path) -> None:
    (tmp_path / "study.qdpx").write_bytes(write_qdpx(small_project(), "study"))
    done = call(tmp_path, "import", "study.qdpx")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "read as REFI-QDA: 6 codings, 2 coders, 3 codes, 4 passages, 2 cases, " + (
        "2 sources"
    )
    assert lines[-1] == "written: study-import, with every finding in study-import/report.csv"
    assert {path.stem for path in (tmp_path / "study-import").iterdir()} == TABLES
    applied = pd.read_csv(tmp_path / "study-import/applications.csv")
    assert list(applied.columns) == ["segment_id", *COLUMNS]
    assert len(applied) == len(small_project().applications)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["study-import", "study.qdpx"]


def test_findings_are_said_and_listed(tmp_path: Path) -> None:
    done = call(tmp_path, "import", str(ORACLES / "refi/base.qde"), "--output", "here/tables")
    assert done.returncode == 0, done.stderr
    assert "  dropped: note (memo) (1)" in done.stdout.splitlines()
    found = pd.read_csv(tmp_path / "here/tables/report.csv")
    assert found["detail"].str.contains("idea").any()


def test_options_name_the_coder_the_site_and_the_role(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "Media Title,Excerpt Range,Code: pace Applied,School,Post\nLola,1-2,True,Winslow,teacher\n"
    )
    options = ["--coder", "Ada", "--site", "school", "--role", "post", "--output", "out"]
    done = call(tmp_path, "import", "export.csv", *options)
    assert done.returncode == 0, done.stderr
    row = pd.read_csv(tmp_path / "out/applications.csv").iloc[0]
    assert (row["coder"], row["site"], row["role"]) == ("Ada", "Winslow", "teacher")


@pytest.mark.parametrize(
    "content",
    [
        pack({"project.qde": qde("<Users>"), "../../evil.txt": "x"}),
        b"<!DOCTYPE Project><Project/>",
        write_qdpx(small_project(), "study")[:-40],
        b"name,age\nAda,36\n",
    ],
    ids=["path", "document type", "cut off", "other table"],
)
def test_a_refusal_leaves_nothing_behind(tmp_path: Path, content: bytes) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "study.qdpx").write_bytes(content)
    done = call(inner, "import", "study.qdpx", "--output", "new/tables")
    assert done.returncode == 1
    assert done.stderr.startswith("study.qdpx")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*"))
    assert left == ["a", "a/b", "a/b/study.qdpx"]


def test_a_crash_while_writing_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "study.qdpx"
    path.write_bytes(write_qdpx(small_project(), "study"))
    written: list[str] = []
    write = Path.write_bytes

    def fail_at_the_third(target: Path, content: bytes) -> int:
        written.append(target.name)
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        return write(target, content)

    monkeypatch.setattr(Path, "write_bytes", fail_at_the_third)
    with pytest.raises(ValueError, match=r"out: cannot be written \(No space left on device\)"):
        transfer.import_file(path, tmp_path / "out")
    assert len(written) == 3
    assert [one.name for one in tmp_path.iterdir()] == ["study.qdpx"]


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, project_root: Path) -> None:
    path = tmp_path / "study.qdpx"
    path.write_bytes(write_qdpx(small_project(), "study"))
    with pytest.raises(ValueError, match="cannot be written"):
        transfer.import_file(path, path / "out")
    with pytest.raises(ValueError, match="cannot be written"):
        transfer.export_corpus(project_root, "qdc", path / "codes.qdc")
    assert [one.name for one in tmp_path.iterdir()] == ["study.qdpx"]


@pytest.mark.parametrize("command", ["import", "merge", "export"])
def test_help_shows_examples(command: str, tmp_path: Path) -> None:
    done = call(tmp_path, command, "--help")
    assert done.returncode == 0
    assert f"compendium {command} " in done.stdout.split("examples:")[1]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "study.qdpx"
    path.write_bytes(write_qdpx(small_project(), "study"))
    (tmp_path / "out").mkdir()
    with pytest.raises(ValueError, match="out: is there already; remove it, or name another"):
        transfer.import_file(path, tmp_path / "out")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="is there already"):
        transfer.import_file(path, link)
    with pytest.raises(ValueError, match="is there already"):
        transfer.export_corpus(tmp_path, "qdpx", path)


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError, match=r"nowhere\.qdpx: cannot be read \(No such file"):
        transfer.import_file(tmp_path / "nowhere.qdpx", tmp_path / "out")
    with pytest.raises(RefusedFileError, match="is a folder without a project of QualCoder"):
        transfer.import_file(tmp_path, tmp_path / "out")


@pytest.mark.parametrize("kind", FORMATS)
def test_the_corpus_goes_out_and_comes_in(kind: str, project_root: Path, tmp_path: Path) -> None:
    path, notices = transfer.export_corpus(project_root, kind, tmp_path / f"corpus.{kind}")
    assert notices == []
    # What has no place for directions is asked for them.
    imported, folder = transfer.import_file(path, tmp_path / "in", directions=kind == "taguette")
    applied = data.load("applications", root=project_root)
    codings, coders = (0, 0) if kind == "qdc" else (len(applied), applied["coder"].nunique())
    codes = len(data.load("codebook", root=project_root))
    assert transfer.describe(imported, folder)[0].startswith(
        f"read as {imported.format}: {codings} codings, {coders} coders, {codes} codes"
    )


def test_export_names_its_formats(project_root: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"format: 'xml' is not one of qdpx, qdc, taguette, csv"):
        transfer.export_corpus(project_root, "xml", tmp_path / "x")
    done = call(tmp_path, "export", "--format", "xml")
    assert done.returncode == 2
    done = call(tmp_path, "export", "--format", "qdc", "--output", "codes.qdc")
    assert (done.returncode, done.stdout) == (0, "written: codes.qdc\n")
    assert [path.name for path in tmp_path.iterdir()] == ["codes.qdc"]


def test_passages_that_nearly_coincide_are_said(tmp_path: Path) -> None:
    cases = ORACLES / "exchange/cases"
    done = call(tmp_path, "import", str(cases / "span.qdpx"))
    what = "pairs of passages by two coders share 80% of their text and count as two"
    assert (
        f"  choice: {what}: match them by overlap before comparing (8)" in done.stdout.splitlines()
    )
    found = pd.read_csv(tmp_path / "span-import/report.csv")
    assert found["detail"].str.startswith("U1: Ada:0-39; U2: Ada:0-38").sum() == 1
    # One coder alone, or passages that are the same, are no near misses.
    for name in ("i1298.qdpx", "crlf_raw.qdpx"):
        done = call(tmp_path, "import", str(cases / name))
        assert done.returncode == 0
        assert what not in done.stdout
        assert "1 coding, 1 coder, 2 codes, 1 passage, 0 cases, 1 source" in done.stdout
