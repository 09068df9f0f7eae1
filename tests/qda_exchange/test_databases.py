"""Projects that are databases: what each program's tables mean, and what a hostile one may not do.

The databases are made here with the tables that the programs' own sources create.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from exchange_files import whats

from qda_exchange import ImportedProject, Limits, RefusedFileError, read, transfer
from qda_exchange.model import records

ROWS = ["source", "case", "coder", "code", "start", "end", "unit"]


def database(script: str, path: Path | None = None) -> bytes:
    """Return a database made by SQL."""
    connection = sqlite3.connect(path or ":memory:")
    connection.executescript(script)
    connection.commit()
    content = connection.serialize()
    connection.close()
    return content


def rows(imported: ImportedProject, *columns: str) -> list[tuple[Any, ...]]:
    return list(records(imported.project.applications, columns or ROWS))


QUALCODER = """
CREATE TABLE source (id INTEGER, name TEXT, fulltext TEXT, mediapath TEXT, memo TEXT);
CREATE TABLE code_cat (catid INTEGER, name TEXT, supercatid INTEGER, memo TEXT);
CREATE TABLE code_name (cid INTEGER, name TEXT, memo TEXT, catid INTEGER, color TEXT,
  supercid INTEGER);
CREATE TABLE code_text (cid INTEGER, fid INTEGER, seltext TEXT, pos0 INTEGER, pos1 INTEGER,
  owner TEXT, memo TEXT);
CREATE TABLE code_image (imid INTEGER, id INTEGER, x1 INTEGER, y1 INTEGER, width INTEGER,
  height INTEGER, cid INTEGER, owner TEXT, pdf_page INTEGER);
CREATE TABLE code_av (id INTEGER, pos0 INTEGER, pos1 INTEGER, cid INTEGER, owner TEXT);
CREATE TABLE cases (caseid INTEGER, name TEXT);
CREATE TABLE case_text (caseid INTEGER, fid INTEGER, pos0 INTEGER, pos1 INTEGER);
CREATE TABLE attribute (name TEXT, attr_type TEXT, value TEXT, id INTEGER);
CREATE TABLE journal (name TEXT, jentry TEXT);
INSERT INTO source VALUES (1, 'Lola', 'Grüße. We wait.', NULL, ''),
  (2, 'wall', '', '/images/wall.jpg', ''), (3, 'class', NULL, '/audio/class.mp3', '');
INSERT INTO code_cat VALUES (1, 'Practice', NULL, 'What is done'), (2, 'Pacing', 1, '');
INSERT INTO code_name VALUES (1, 'slow', 'Slowly', 2, '#00ff00', NULL),
  (2, 'very slow', '', NULL, '', 1), (3, 'talk', '', NULL, '', NULL);
INSERT INTO code_text VALUES (1, 1, 'We wait.', 7, 15, 'Ada', 'sure?'),
  (2, 1, 'We wait.', 7, 15, 'Ben', ''), (3, 1, 'Grüße.', 0, 6, 'Ada', ''),
  (9, 1, 'lost', 0, 4, 'Ada', '');
INSERT INTO code_image VALUES (1, 2, 3, 4, 10, 20, 3, 'Ada', NULL);
INSERT INTO code_av VALUES (3, 1000, 2000, 3, 'Ben');
INSERT INTO cases VALUES (1, 'Lola R.');
INSERT INTO case_text VALUES (1, 1, 7, 15), (1, 3, 0, 0);
INSERT INTO attribute VALUES ('site', 'case', 'Lehigh', 1), ('year', 'file', '2021', 1);
INSERT INTO journal VALUES ('day 1', 'We began.');
"""


def test_qualcoder(tmp_path: Path) -> None:
    imported = read(database(QUALCODER), "data.qda")
    assert imported.format == "QualCoder project"
    assert rows(imported) == [
        ("Lola", "Lola R.", "Ada", "slow", 7, 15, "Lola:7-15"),
        ("Lola", "Lola R.", "Ben", "very slow", 7, 15, "Lola:7-15"),
        ("Lola", None, "Ada", "talk", 0, 6, "Lola:0-6"),
        ("class", "Lola R.", "Ben", "talk", 1000, 2000, "class:1000-2000"),
        ("wall", None, "Ada", "talk", None, None, "wall:3,4,10,20"),
    ]
    assert rows(imported, "site")[0] == ("Lehigh",)
    assert list(records(imported.project.codes, ["code", "parent", "codable", "description"])) == [
        ("Practice", None, False, "What is done"),
        ("Pacing", "Practice", False, None),
        ("slow", "Pacing", True, "Slowly"),
        ("very slow", "slow", True, None),
        ("talk", None, True, None),
    ]
    kinds = imported.project.sources.set_index("source")["kind"].to_dict()
    assert kinds == {"Lola": "text", "wall": "picture", "class": "audio"}
    assert ("source", "Lola", "year") in records(
        imported.project.variables, ["of", "name", "variable"]
    )
    found = imported.report.frame()[["what", "detail"]].values.tolist()
    assert ["memo on a coding", "sure?"] in found
    assert ["journal", "We began."] in found
    assert any("code that is not there" in what for what, _ in found)
    folder = tmp_path / "study.qda"
    folder.mkdir()
    (folder / "data.qda").write_bytes(database(QUALCODER))
    again, _ = transfer.import_file(folder, tmp_path / "out")
    assert rows(again) == rows(imported)


TAGUETTE = """
CREATE TABLE projects (id INTEGER, name TEXT);
CREATE TABLE documents (id INTEGER, name TEXT, project_id INTEGER, contents TEXT);
CREATE TABLE tags (id INTEGER, project_id INTEGER, path TEXT, description TEXT);
CREATE TABLE highlights (id INTEGER, document_id INTEGER, start_offset INTEGER, end_offset INTEGER,
  snippet TEXT);
CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);
CREATE TABLE commands (user_login TEXT, payload TEXT);
INSERT INTO projects VALUES (1, 'study');
INSERT INTO documents VALUES (1, 'Lola', 1, '<p>Größe &amp; more</p><p>We <b>wait</b>.</p>');
INSERT INTO tags VALUES (1, 1, 'time', ''), (2, 1, 'time.slow', 'Slowly');
INSERT INTO highlights VALUES (1, 1, 0, 7, '<p>Größe</p>'),
  (2, 1, 14, 22, '<p>We <b>wait</b>.</p>'), (3, 9, 0, 3, 'lost');
INSERT INTO highlight_tags VALUES (1, 1), (2, 2), (2, 7);
INSERT INTO commands VALUES ('ada', '{"type": "highlight_add", "highlight_id": 1, "tags": [1]}'),
  ('ben', '{"type": "highlight_add", "highlight_id": 2, "tags": [2]}'), ('ben', 'no json'),
  ('ben', '[1, 2]'), ('eve', '{"type": "highlight_add", "highlight_id": 1, "tags": [1]}');
"""


def test_taguette() -> None:
    imported = read(database(TAGUETTE), "study.sqlite3")
    assert imported.format == "Taguette project"
    assert rows(imported, "source", "coder", "code", "start", "end") == [
        ("Lola", "ada", "time", 0, 5),
        ("Lola", "ben", "time.slow", 13, 21),
    ]
    assert imported.project.units["text"].tolist() == ["Größe", "We wait."]
    assert imported.project.sources["text"].tolist() == ["Größe & more\nWe wait."]
    assert list(records(imported.project.codes, ["code", "parent", "description"])) == [
        ("time", None, None),
        ("time.slow", "time", "Slowly"),
    ]
    assert "highlight without a document or a place" in whats(imported.report)


def test_a_taguette_file_of_several_projects_keeps_them_apart() -> None:
    script = TAGUETTE + "INSERT INTO projects VALUES (2, 'other');"
    script += "INSERT INTO documents VALUES (2, 'Lola', 2, '<p>Yes.</p>');"
    sources = read(database(script), "two.sqlite3").project.sources
    assert sources["source"].tolist() == ["study\\Lola", "other\\Lola"]


RQDA = """
CREATE TABLE source (id INTEGER, name TEXT, file TEXT, status INTEGER);
CREATE TABLE freecode (id INTEGER, name TEXT, memo TEXT, color TEXT, status INTEGER);
CREATE TABLE codecat (catid INTEGER, name TEXT, status INTEGER);
CREATE TABLE treecode (cid INTEGER, catid INTEGER, status INTEGER);
CREATE TABLE coding (cid INTEGER, fid INTEGER, seltext TEXT, selfirst REAL, selend REAL,
  status INTEGER, owner TEXT, memo TEXT);
CREATE TABLE cases (id INTEGER, name TEXT, status INTEGER);
CREATE TABLE caselinkage (caseid INTEGER, fid INTEGER, selfirst REAL, selend REAL, status INTEGER);
INSERT INTO source VALUES (1, 'Lola', 'We wait. We talk.', 1), (2, 'gone', 'x', 0);
INSERT INTO freecode VALUES (1, 'slow', 'Slowly', NULL, 1), (2, 'old', NULL, NULL, 0);
INSERT INTO codecat VALUES (1, 'Pacing', 1);
INSERT INTO treecode VALUES (1, 1, 1);
INSERT INTO coding VALUES (1, 1, 'We wait.', 0, 8, 1, 'ada', NULL),
  (1, 1, 'We talk.', 9, 17, 0, 'ada', NULL), (2, 1, 'We talk.', 9, 17, 1, 'ada', NULL);
INSERT INTO cases VALUES (1, 'Lola R.', 1);
INSERT INTO caselinkage VALUES (1, 1, 0, 17, 1);
"""


def test_rqda_leaves_out_what_was_deleted() -> None:
    imported = read(database(RQDA), "study.rqda")
    assert imported.format == "RQDA project"
    assert rows(imported) == [("Lola", "Lola R.", "ada", "slow", 0, 8, "Lola:0-8")]
    assert imported.project.codes["code"].tolist() == ["Pacing", "slow"]
    assert imported.project.sources["source"].tolist() == ["Lola"]


REQUAL = """
CREATE TABLE documents (doc_id INTEGER, doc_name TEXT, doc_text TEXT);
CREATE TABLE codes (code_id INTEGER, code_name TEXT, code_description TEXT, code_color TEXT);
CREATE TABLE categories (category_id INTEGER, category_name TEXT);
CREATE TABLE categories_codes_map (category_id INTEGER, code_id INTEGER);
CREATE TABLE segments (doc_id INTEGER, code_id INTEGER, segment_start INTEGER, segment_end INTEGER,
  segment_text TEXT, user_id INTEGER);
CREATE TABLE users (user_id INTEGER, user_name TEXT, user_login TEXT);
CREATE TABLE cases (case_id INTEGER, case_name TEXT);
CREATE TABLE cases_documents_map (case_id INTEGER, doc_id INTEGER);
CREATE TABLE attributes (attribute_id INTEGER, attribute_name TEXT);
CREATE TABLE attribute_values (attribute_value_id INTEGER, attribute_id INTEGER, value TEXT);
CREATE TABLE attributes_cases_map (case_id INTEGER, attribute_id INTEGER,
  attribute_value_id INTEGER);
INSERT INTO documents VALUES (1, 'Lola', 'We wait. We talk.');
INSERT INTO codes VALUES (1, 'slow', 'Slowly', NULL);
INSERT INTO categories VALUES (1, 'Pacing');
INSERT INTO categories_codes_map VALUES (1, 1);
INSERT INTO segments VALUES (1, 1, 1, 8, 'We wait.', 1), (1, 1, 0, 8, 'We wait.', 1);
INSERT INTO users VALUES (1, 'Ada', 'ada');
INSERT INTO cases VALUES (1, 'Lola R.');
INSERT INTO cases_documents_map VALUES (1, 1);
INSERT INTO attributes VALUES (1, 'role');
INSERT INTO attribute_values VALUES (1, 1, 'teacher');
INSERT INTO attributes_cases_map VALUES (1, 1, 1);
"""


def test_requal_counts_from_one_and_includes_the_last() -> None:
    imported = read(database(REQUAL), "study.requal")
    assert imported.format == "requal project"
    assert rows(imported) == [("Lola", "Lola R.", "Ada", "slow", 0, 8, "Lola:0-8")]
    assert rows(imported, "role") == [("teacher",)]
    assert imported.project.units["text"].tolist() == ["We wait."]
    assert any("without a place" in what for what in whats(imported.report))


@pytest.mark.parametrize("script", [QUALCODER, TAGUETTE, RQDA, REQUAL])
def test_every_table_but_those_it_is_known_by_may_be_missing(script: str) -> None:
    needed = {
        "source",
        "code_text",
        "code_name",
        "highlights",
        "highlight_tags",
        "tags",
        "documents",
    }
    needed |= {"coding", "freecode", "segments", "codes"}
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    for (table,) in tables:
        if table not in needed:
            connection.execute(f"DROP TABLE {table}")
    connection.commit()
    assert len(read(connection.serialize(), "bare").project.applications)


ENDLESS = """CREATE VIEW code_text AS WITH RECURSIVE n(x) AS (
  SELECT 1 UNION ALL SELECT x + 1 FROM n)
  SELECT x AS cid, x AS fid, 'a' AS seltext, 0 AS pos0, 1 AS pos1, 'x' AS owner FROM n;"""
VIRTUAL = "CREATE VIRTUAL TABLE code_text USING fts5(cid, fid, seltext, pos0, pos1, owner);"
HEAD = """CREATE TABLE code_name (cid INTEGER, name TEXT);
  CREATE TABLE source (id INTEGER, name TEXT);
  INSERT INTO source VALUES (1, 'a'); INSERT INTO code_name VALUES (1, 'pace');"""
GENERATED = """CREATE TABLE code_text (cid INTEGER, fid INTEGER, pos0 INTEGER, pos1 INTEGER,
  owner TEXT, seltext TEXT AS (hex(zeroblob(400000000))));
  INSERT INTO code_text VALUES (1, 1, 0, 1, 'Ada');"""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (database(HEAD + ENDLESS), "is a database of no known program"),
        (database(HEAD + VIRTUAL), "is a database of no known program"),
        (database(HEAD + GENERATED), "cannot be read"),
        (database("CREATE TABLE people (name TEXT);"), "its tables are people; known are projects"),
        (database(QUALCODER)[:2_000], "is no readable database|cannot be read|no known program"),
        (b"SQLite format 3\x00" + b"\xff" * 5_000, "is no readable database"),
    ],
    ids=["endless view", "virtual table", "computed column", "other", "cut off", "noise"],
)
def test_a_hostile_database_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(RefusedFileError, match=message) as refused:
        read(content, "study.qda")
    assert str(refused.value).startswith("study.qda")
    assert refused.value.remedy


def test_limits_hold_for_databases() -> None:
    content = database(QUALCODER)
    with pytest.raises(RefusedFileError, match="is larger than the limit of 0 MiB"):
        read(content, "data.qda", limits=Limits(table_bytes=100))
    with pytest.raises(RefusedFileError, match="more codings than the limit of 1"):
        read(content, "data.qda", limits=Limits(applications=1))
    assert read(content, "data.qda").project.applications.size


def test_text_that_is_none_is_left_out_and_said() -> None:
    script = QUALCODER + "UPDATE code_text SET memo = CAST(X'ff41' AS TEXT) WHERE cid = 1;"
    script += "UPDATE code_name SET memo = 'a' || char(0) || 'b' WHERE cid = 3;"
    imported = read(database(script), "data.qda")
    found = imported.report.frame()
    said = found[found["what"].str.contains("not in UTF-8, or holds zero bytes")]
    assert said["place"].tolist() == ["table code_name, row 3", "table code_text, row 1"]
    assert not imported.project.codes["description"].str.contains("\x00").any()
    assert len(imported.project.applications) == len(
        read(database(QUALCODER), "d").project.applications
    )


def test_a_database_beside_its_log_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "data.qda"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript(QUALCODER)
    connection.close()
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    imported, _ = transfer.import_file(path, tmp_path / "out")
    assert len(imported.project.applications) == 5
    assert any("(-wal), which is not read" in what for what in whats(imported.report))
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir() if one.is_file()} == before
