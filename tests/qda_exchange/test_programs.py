"""What QualCoder and Taguette keep of our files.

The programs themselves run where they are at hand (see `oracles/exchange/README.md`). What they
made of the small project is stored, so that it is read here in any case; and QualCoder's rules are
held against the whole corpus by an independent count.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from exchange_files import ORACLES, pack, small_project, whats

from compendium import data
from qda_exchange import COLUMNS, CodedProject, read, write_qdpx, write_taguette
from qda_exchange.model import table
from qda_exchange.refi import document
from qda_exchange.transfer import load_corpus

PROGRAMS = ORACLES / "exchange"
QUALCODER = os.environ.get("QUALCODER_PYTHON", ""), os.environ.get("QUALCODER_SOURCE", "")
TAGUETTE = os.environ.get("TAGUETTE_PYTHON", "")
NAME = "{urn:QDA-XML:project:1.0}"
PLACE = "startPosition", "endPosition"
SAID = ["source", "start", "end", "coder", "code", "direction"]


def restore(name: str, path: Path) -> bytes:
    """Return the database that a program made, from its SQL."""
    connection = sqlite3.connect(path)
    connection.executescript((PROGRAMS / name).read_text(encoding="utf-8"))
    connection.close()
    return path.read_bytes()


def said(project: CodedProject, columns: list[str]) -> list[tuple[object, ...]]:
    """Return what is said of which passage by whom, once each and in order."""
    rows = project.applications[columns].astype("object")
    rows = rows.where(rows.notna(), "").drop_duplicates().itertuples(index=False, name=None)
    return sorted(rows, key=str)


def test_what_qualcoder_kept_is_what_we_wrote(tmp_path: Path) -> None:
    kept = read(restore("qualcoder.sql", tmp_path / "data.qda"), "data.qda", directions=True)
    assert kept.format == "QualCoder project"
    ours = small_project()
    # QualCoder has a coder of its own for what nobody is said to have coded, and flat folders.
    applied = ours.applications.assign(coder=ours.applications["coder"].fillna("default"))
    plain = kept.project.applications.assign(
        code=kept.project.applications["code"].str.replace(r".*\\(\w+\\)", r"\1", regex=True)
    )
    assert said(CodedProject(plain), SAID) == said(CodedProject(applied), SAID)
    # QualCoder keeps cases with their values, but not which passages are theirs.
    values = kept.project.variables[["name", "variable", "value"]].values.tolist()
    assert ["Lola", "site", "Lehigh"] in values
    assert ["Ada", "role", "leader"] in values
    assert set(kept.project.codes["description"].dropna()) >= {'It says "slow".\nTwo lines.'}


def test_what_taguette_kept_is_what_we_wrote(tmp_path: Path) -> None:
    content = restore("taguette.sql", tmp_path / "taguette.sqlite3")
    kept = read(content, "taguette.sqlite3", directions=True)
    assert kept.format == "Taguette project"
    columns = [name for name in SAID if name != "coder"]
    assert said(kept.project, columns) == said(small_project(), columns)
    assert kept.project.applications["coder"].isna().all()
    assert any("one user for all" in what for what in whats(kept.report))
    table = read((PROGRAMS / "taguette.csv").read_bytes(), "h.csv", directions=True)
    assert said(table.project, ["source", "code", "direction"]) == said(
        small_project(), ["source", "code", "direction"]
    )


def test_our_taguette_file_knows_its_coders() -> None:
    back = read(write_taguette(small_project(), "study"), "s.sqlite3", directions=True)
    ours = small_project().applications
    named = ours.assign(coder=ours["coder"].str.lower().fillna("unknown"))
    assert said(back.project, SAID) == said(CodedProject(named), SAID)


def kept_by_qualcoder(packed: bytes) -> tuple[dict[str, int], list[str]]:
    """Count codings as QualCoder does, and list the names that it would refuse.

    It takes the coder from the selection, never from the coding; a code of one coder on one span of
    a file is there once; names of codes and of cases are there once.
    """
    root = ET.fromstring(zipfile.ZipFile(io.BytesIO(packed)).read("project.qde"))
    users = {one.get("guid"): one.get("name") or "" for one in root.iter(f"{NAME}User")}
    codings = {
        (source.get("name"), *map(one.get, PLACE), user, ref.get("targetGUID"))
        for source in root.iter(f"{NAME}TextSource")
        for one in source.iter(f"{NAME}PlainTextSelection")
        for user in [users.get(one.get("creatingUser"), "default")]
        for ref in one.iter(f"{NAME}CodeRef")
    }
    coders = [user for *_, user, _ in codings]
    twice: list[str] = []
    for kind in ("Code", "Case"):
        names = [one.get("name", "") for one in root.iter(NAME + kind) if one.get("name")]
        twice += [name for name in names if names.count(name) > 1]
    return {coder: coders.count(coder) for coder in coders}, twice


def test_qualcoder_keeps_every_coding_of_the_corpus(project_root: Path) -> None:
    applied = data.load("applications", root=project_root)
    expected = applied["coder"].value_counts().to_dict()
    kept, twice = kept_by_qualcoder(write_qdpx(load_corpus(project_root), "corpus"))
    assert kept == expected
    assert twice == []
    assert sum(kept.values()) == len(applied) > 1_200


def test_one_selection_for_two_coders_would_lose_codings(
    project_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The form that was written before: QualCoder gives all codings of it to one coder.
    corpus = load_corpus(project_root)
    by_coder = document._passages

    def joined(project: CodedProject) -> dict[object, object]:
        return {
            passage: {"A": [part for one in parts.values() for part in one]}
            for passage, parts in by_coder(project).items()
        }

    monkeypatch.setattr(document, "_passages", joined)
    packed = pack({"project.qde": document.project_document(corpus, "corpus", "x")})
    kept, _ = kept_by_qualcoder(packed)
    assert sum(kept.values()) < len(corpus.applications.drop_duplicates(SAID))


def test_cases_of_one_name_are_written_apart_and_come_back_alike() -> None:
    applied = pd.DataFrame(
        {
            "source": "s",
            "unit": ["u", "v"],
            "start": [0, 3],
            "end": [2, 5],
            "case": ["Lola", "Lola"],
            "site": ["Lehigh", "Mercer"],
            "code": "pace",
        }
    )
    project = CodedProject(table(applied, COLUMNS))
    packed = write_qdpx(project, "study")
    assert kept_by_qualcoder(packed)[1] == []
    text = zipfile.ZipFile(io.BytesIO(packed)).read("project.qde").decode()
    assert 'name="Lola (2)"' in text
    back = read(packed, "s.qdpx").project.applications
    assert back[["case", "site"]].values.tolist() == [["Lola", "Lehigh"], ["Lola", "Mercer"]]


def run(python: str, *words: str | Path) -> dict[str, object]:
    done = subprocess.run(
        [python, *map(str, words)], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    kept: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return kept


@pytest.mark.skipif(not all(QUALCODER), reason="QUALCODER_PYTHON and QUALCODER_SOURCE are not set")
def test_the_corpus_opens_in_qualcoder(project_root: Path, tmp_path: Path) -> None:
    corpus = load_corpus(project_root)
    (tmp_path / "corpus.qdpx").write_bytes(write_qdpx(corpus, "corpus"))
    dump = tmp_path / "kept.sql"
    kept = run(
        QUALCODER[0],
        PROGRAMS / "open_in_qualcoder.py",
        QUALCODER[1],
        tmp_path / "corpus.qdpx",
        dump,
    )
    applied = data.load("applications", root=project_root)
    assert kept["codings"] == len(applied)
    assert kept["by coder"] == applied["coder"].value_counts().to_dict()
    people = corpus.units[["case", "site", "role"]].dropna(subset="case").drop_duplicates()
    assert kept["cases"] == len(people)
    connection = sqlite3.connect(tmp_path / "data.qda")
    connection.executescript(dump.read_text(encoding="utf-8"))
    connection.close()
    back = read((tmp_path / "data.qda").read_bytes(), "data.qda", directions=True).project
    assert said(back, SAID) == said(corpus, SAID)


@pytest.mark.skipif(not TAGUETTE, reason="TAGUETTE_PYTHON is not set")
def test_the_corpus_opens_in_taguette(project_root: Path, tmp_path: Path) -> None:
    corpus = load_corpus(project_root)
    (tmp_path / "corpus.sqlite3").write_bytes(write_taguette(corpus, "corpus"))
    kept = run(TAGUETTE, PROGRAMS / "open_in_taguette.py", tmp_path / "corpus.sqlite3")
    assert kept["codings"] == len(data.load("applications", root=project_root))
    assert kept["documents"] == len(corpus.sources)
    assert kept["extracted otherwise"] == 0
