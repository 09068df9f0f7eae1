"""One file per coder: what is the same meets, what is not stays apart, and both are said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from commands import call
from exchange_files import small_project, sort, whats

from qda_exchange import ImportedProject, applications_of, merge, read, write_qdpx, write_taguette
from qda_exchange.model import CodedProject, records

HEAD = "id,document,tag,content\n"


def taguette(coder: str, *rows: str) -> ImportedProject:
    return read((HEAD + "\n".join(rows) + "\n").encode(), f"{coder}.csv", coder=coder)


def units_by_coder(project: CodedProject) -> dict[str, list[str]]:
    return project.applications.groupby("coder")["unit"].agg(list).to_dict()


def test_the_same_words_meet_whatever_their_ids() -> None:
    ada = taguette("Ada", "1,Lola,pace,We wait.", "2,Lola,talk,We talk.")
    ben = taguette("Ben", "7,Lola,pace,We  wait. ", "9,Lola,talk,We talked.")
    merged = merge([ada, ben], ["ada.csv", "ben.csv"])
    assert units_by_coder(merged.project) == {"Ada": ["1", "2"], "Ben": ["1", "9"]}
    found = merged.report.frame()[["what", "place", "detail"]].values.tolist()
    assert ["passages matched", "ben.csv", "1"] in found
    assert ["passages only in this file", "ben.csv", "1"] in found


def test_words_that_come_twice_are_counted() -> None:
    ada = taguette("Ada", "1,Lola,pace,Yes.", "2,Lola,talk,Yes.")
    ben = taguette("Ben", "5,Lola,pace,Yes.", "6,Lola,talk,Yes.", "7,Lola,talk,Yes.")
    units = units_by_coder(merge([ada, ben]).project)
    assert units == {"Ada": ["1", "2"], "Ben": ["1", "2", "7"]}


def test_other_documents_and_names_stay_apart() -> None:
    ada = taguette("Ada", "1,Lola,pace,We wait.")
    ben = taguette("Ben", "1,Mark,pace,We wait.")
    merged = merge([ada, ben])
    assert merged.project.units[["source", "unit"]].values.tolist() == [
        ["Lola", "1"],
        ["Mark", "1"],
    ]
    assert "file without a document in common with those before" in whats(merged.report)
    assert applications_of(merged.project)["segment_id"].tolist() == ["Lola:1", "Mark:1"]


@pytest.mark.parametrize("name", ["Lola.docx", "lola.txt"])
def test_documents_meet_by_name_without_ending(name: str) -> None:
    merged = merge(
        [taguette("Ada", "1,Lola,pace,We wait."), taguette("Ben", f"3,{name},pace,We wait.")]
    )
    assert len(merged.project.units) == 1
    assert "document known by another name in another file" in whats(merged.report)


def test_places_and_words_meet() -> None:
    whole = read(write_qdpx(small_project(), "study"), "study.qdpx")
    words = taguette(
        "Cleo", "1,Lola.txt,talk & <more>,We talk.", "2,Lola.txt,new,We wait. We talk."
    )
    merged = merge([whole, words]).project
    cleo = merged.applications[merged.applications["coder"] == "Cleo"]
    assert cleo.drop_duplicates("code")["unit"].tolist() == ["L-2", "2"]
    # Whoever speaks in the one file speaks in the other.
    assert cleo[cleo["unit"] == "L-2"]["case"].tolist() == ["Lola", "Ada"]
    other_way = merge([words, whole]).project
    pairs = ["code", "coder"]
    assert sort(other_way.applications[pairs]).equals(sort(merged.applications[pairs]))
    assert len(other_way.units.drop_duplicates("unit")) == len(merged.units.drop_duplicates("unit"))


def test_texts_that_differ_are_matched_by_words() -> None:
    one, other = small_project(), small_project()
    text = other.sources["text"].str.replace("We wait.", "So. We wait.", regex=False)
    moved = {name: getattr(other, name).copy() for name in ("applications", "units")}
    for frame in moved.values():
        frame.loc[frame["source"] == "Lola", ["start", "end"]] += 4
        frame["unit"] = "x" + frame["unit"]
    moved["applications"]["coder"] = "C"
    changed = CodedProject(**moved, codes=other.codes, sources=other.sources.assign(text=text))
    files = [read(write_qdpx(one_of, "study"), "study.qdpx") for one_of in (one, changed)]
    merged = merge(files)
    assert any("whose text differs between files" in what for what in whats(merged.report))
    c = merged.project.applications.query("coder == 'C'")
    assert set(c["unit"]) == {"L-1", "L-2", "M-1"}
    assert dict(zip(c["unit"], c["start"], strict=True)) == {"L-1": 0, "L-2": 9, "M-1": 0}


def test_what_two_files_say_of_codes_and_coders_is_said() -> None:
    ada = taguette("Ada", "1,Lola,pace.slow,We wait.", "2,Lola,Talk,We talk.")
    flat = read(b"source,unit,code,coder\nLola,1,pace.slow,Ada\nLola,2,talk,Ada\n", "flat.csv")
    found = whats(merge([ada, flat]).report)
    assert "codes that differ only in large and small letters: kept apart" in found
    assert "code below another code in another file: the first taken" in found
    assert "coder of one name in two files: taken as the same person" in found


def test_three_files_and_none() -> None:
    files = [taguette(coder, "1,Lola,pace,We wait.") for coder in ("Ada", "Ben", "Cleo")]
    assert units_by_coder(merge(files).project) == {"Ada": ["1"], "Ben": ["1"], "Cleo": ["1"]}
    with pytest.raises(ValueError, match="at least two files"):
        merge(files[:1])


def test_a_project_merged_with_itself_is_itself() -> None:
    whole = read(write_qdpx(small_project(), "study"), "study.qdpx")
    merged = merge([whole, whole]).project
    for name in ("applications", "units", "codes", "sources", "variables"):
        assert sort(getattr(merged, name)).equals(sort(getattr(whole.project, name))), name


def test_merge_at_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "ada.csv").write_text(HEAD + "1,Lola,pace,We wait.\n")
    (tmp_path / "b.csv").write_text(HEAD + "8,Lola,pace,We wait.\n")
    (tmp_path / "c.csv").write_text(HEAD + "9,Lola,talk,We wait.\n")
    done = call(tmp_path, "merge", "ada.csv", "Ben=b.csv", "c.csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("merged: 3 codings, 3 coders, 2 codes, 1 passage, ")
    table_of = pd.read_csv(tmp_path / "merged/applications.csv")
    assert sorted(table_of["coder"]) == ["Ben", "ada", "c"]
    assert table_of["segment_id"].nunique() == 1
    report = pd.read_csv(tmp_path / "merged/report.csv")
    assert report[report["what"] == "coder named after the file"]["detail"].tolist() == ["ada", "c"]
    alone = call(tmp_path, "merge", "ada.csv", "--output", "alone")
    assert (alone.returncode, "at least two files" in alone.stderr) == (1, True)
    again = call(tmp_path, "merge", "ada.csv", "b.csv")
    assert (again.returncode, "is there already" in again.stderr) == (1, True)
    bare = call(tmp_path, "merge", "Ada=", "b.csv", "--output", "new")
    assert (bare.returncode, "Ada=: names no file" in bare.stderr) == (1, True)
    folder = call(tmp_path, "merge", "ada.csv", "merged", "--output", "new")
    assert (folder.returncode, "is a folder without a project" in folder.stderr) == (1, True)
    gone = call(tmp_path, "merge", "ada.csv", "gone.csv", "--output", "new")
    assert (gone.returncode, "gone.csv: cannot be read" in gone.stderr) == (1, True)
    assert not (tmp_path / "new").exists()


def test_formats_may_differ(tmp_path: Path) -> None:
    project = small_project()
    (tmp_path / "a.qdpx").write_bytes(write_qdpx(project, "study"))
    (tmp_path / "b.sqlite3").write_bytes(write_taguette(project, "study"))
    files = [
        read((tmp_path / name).read_bytes(), name, directions=True)
        for name in ("a.qdpx", "b.sqlite3")
    ]
    merged = merge(files).project
    spans = set(records(project.units, ["source", "start", "end"]))
    assert set(records(merged.units, ["source", "start", "end"])) == spans
    assert set(merged.units["unit"]) == set(project.units["unit"])
