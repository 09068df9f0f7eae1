"""Collected rows from the files of six tools in the survey's tables, and what has no place."""

import subprocess
import sys

import pandas as pd
import pytest
import true_rows
import yaml

from compendium import data
from survey_rows import sources

FOLDER = "data/raw/survey"


def settle(path, *changes):
    """Change a mapping as a person would in an editor."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("kind", true_rows.EXPORTS)
def test_rows_of_each_tool_come_in_as_they_were(kind, frames, project, rows, tmp_path, contents):  # noqa: PLR0917
    status, said = rows(*true_rows.export(kind, frames, tmp_path / "mine"))
    assert status == 0, said
    assert contents() == true_rows.written(frames)
    assert not data.check(root=project)
    assert {data.resource(n, project)["origin"] for n in true_rows.TABLES} == {"collected"}
    assert "next      make book" in said


def test_the_tool_is_recognised(frames, tmp_path):
    tools = {}
    for kind in true_rows.EXPORTS:
        path = true_rows.export(kind, frames, tmp_path / kind)[0]
        tools[kind] = sources.read_source(path).tool
    assert tools == {
        "qualtrics": "Qualtrics", "limesurvey": "LimeSurvey", "google_forms": "Google Forms",
        "excel": "a table", "spss": "SPSS", "stata": "Stata",
    }  # fmt: skip


def table(frame, path):
    frame.to_csv(path, index=False)
    return path


def test_numeric_codes_without_labels_are_proposed_and_not_taken(frames, files, rows, contents):
    before = contents()
    codes = {"strongly disagree": "1", "disagree": "2", "agree": "3", "strongly agree": "4", "": ""}
    web = frames["responses_web"].copy()
    web["epic_i_001"] = web["epic_i_001"].map(codes)
    given = files(responses_web=web)
    status, said = rows(*given)
    assert status == 1
    assert "answers, agreement, '3': agree (?)" in said
    assert contents() == before
    settle(given[0].parent / "rows.yml", (" (?)", ""))
    assert rows(*given)[0] == 0
    assert contents() == true_rows.written(frames)


def test_an_answer_that_resembles_one_is_proposed_with_a_mark(frames, files, rows):
    web = frames["responses_web"].replace({"epic_i_003": {"agree": "agreee"}})
    given = files(responses_web=web)
    status, said = rows(*given)
    assert status == 1
    assert "answers, agreement, 'agreee': agree (?)" in said


def test_an_answer_that_resembles_nothing_waits_for_a_person(frames, files, rows, contents):
    web = frames["responses_web"].copy()
    web.loc[3, "epic_i_003"] = "-99"
    given = files(responses_web=web)
    status, said = rows(*given)
    assert status == 1
    assert "answers, agreement, '-99': nothing" in said
    settle(given[0].parent / "rows.yml", ("'-99':\n", "'-99': ''\n"))
    assert rows(*given)[0] == 0
    expected = web.replace({"epic_i_003": {"-99": ""}})
    assert contents() == true_rows.written(frames | {"responses_web": expected})


def test_every_cell_without_a_place_is_named_with_its_row(frames, files, rows, contents):
    before, given = contents(), files()
    assert rows(*given)[0] == 0
    web = frames["responses_web"].copy()
    web.loc[[4, 5, 6, 9], "epic_i_003"] = "maybe"
    web.loc[2, "epic_i_011"] = "daily"
    roster = frames["roster"].copy()
    roster.loc[0, "gender"] = ""
    given, after = files(responses_web=web, roster=roster), contents()
    status, said = rows(*given)
    assert status == 1
    assert "responses_web.csv, column epic_i_003: 'maybe' in rows 6-8, 11: is no answer" in said
    assert "responses_web.csv, column epic_i_011: 'daily' in row 4" in said
    assert "roster.csv, column gender: '' in row 2" in said
    assert contents() == after != before


def test_people_who_are_not_on_the_roster_or_twice(frames, files, rows, contents):
    before = contents()
    web = frames["responses_web"].copy()
    web.loc[0, "teacher_id"] = "somebody"
    web.loc[1, "teacher_id"] = web.loc[2, "teacher_id"]
    status, said = rows(*files(responses_web=web))
    assert status == 1
    assert "responses_web.csv, column teacher_id: 'somebody' in row 2: is not on the roster" in said
    twice = f"'{web.loc[2, 'teacher_id']}' in row 4: is already in responses_web.csv, row 3; keep"
    assert twice in said
    assert contents() == before


def test_who_gave_no_answer_at_all_is_no_respondent(frames, files, project, rows):
    web = frames["responses_web"].copy()
    web.loc[[0, 5], web.columns[1:]] = ""
    status, said = rows(*files(responses_web=web))
    assert status == 0
    assert "no answer at all, so no respondent, in rows 2, 7" in said
    assert len(data.load("responses_web", project)) == len(web) - 2


def test_one_file_may_hold_everybody(frames, project, rows, tmp_path):
    answers = pd.concat([frames["responses_web"], frames["responses_paper"]])
    whole = frames["roster"].merge(answers, on="teacher_id", how="left").fillna("")
    assert rows(true_rows.coded(whole, tmp_path / "all.sav"))[0] == 0
    assert len(data.load("roster", project)) == len(whole)
    assert len(data.load("responses_web", project)) == len(answers)
    assert len(data.load("responses_paper", project)) == 0


def test_respondents_alone_are_not_taken_for_everybody_asked(frames, rows, tmp_path):
    answers = pd.concat([frames["responses_web"], frames["responses_paper"]])
    whole = frames["roster"].merge(answers, on="teacher_id")
    status, said = rows(table(whole, tmp_path / "all.csv"))
    assert status == 1
    assert "tables: responses_web (?)" in said


def test_without_a_roster_nothing_is_written(frames, files, rows, contents):
    before = contents()
    status, said = rows(*files()[1:])
    assert status == 1
    assert "no file holds the roster" in said
    assert contents() == before


def test_reconstructed_rows_do_not_become_collected_ones(frames, files, rows, contents):
    before = contents()
    drawn = {name: frame.assign(origin="reconstructed") for name, frame in frames.items()}
    status, said = rows(*files(**drawn))
    assert status == 1
    assert "column origin: 'reconstructed'; such rows do not become collected ones" in said
    assert contents() == before


def test_a_missing_question_names_the_column_and_the_instrument(frames, files, rows):
    web = frames["responses_web"].drop(columns="epic_i_006")
    status, said = rows(*files(responses_web=web))
    assert status == 1
    assert "files, responses_web.csv, columns, epic_i_006: nothing" in said


def test_columns_nobody_asked_for_are_named(frames, files, rows):
    web = frames["responses_web"].assign(Duration="12", IPAddress="")
    status, said = rows(*files(responses_web=web))
    assert status == 0
    assert "responses_web.csv: not taken: Duration, IPAddress" in said


def test_two_answers_where_one_is_possible(frames, rows, tmp_path):
    paths = true_rows.export("limesurvey", frames, tmp_path / "mine")
    web = pd.read_csv(paths[0], sep=";", dtype=str, keep_default_na=False)
    spread = [column for column in web if column.startswith("epic_i_001[")]
    web.loc[0, spread] = "Yes"
    web.to_csv(paths[0], sep=";", index=False)
    status, said = rows(*paths)
    assert status == 1
    assert "in row 2: several answers to epic_i_001, which takes one" in said


def test_grades_ticked_in_several_columns_are_multiple(frames, files, project, rows):
    roster = frames["roster"].drop(columns="grade_level")
    for level in frames["roster"]["grade_level"].unique():
        roster[f"grade level [{level}]"] = frames["roster"]["grade_level"].eq(level).map(int)
    two = roster.columns[-2:]
    roster.loc[0, roster.columns[-8:]] = 0
    roster.loc[0, two] = 1
    assert rows(*files(roster=roster))[0] == 0
    assert data.load("roster", project).loc[0, "grade_level"] == "Multiple"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("epic_i_003: epic_i_003", "epic_i_003: epic_i_03"), "did you mean 'epic_i_0"),
        (("epic_i_003: epic", "epic_i_993: epic"), "'epic_i_993' is not among our fields"),
        (("tables: responses_web", "tables: responses_wep"), "did you mean 'responses_web'?"),
        (("files:", "fils:"), "is no mapping"),
        (("answers: {}", "answers: {agreement: {x: agre}}"), "did you mean 'agree'?"),
        (("responses_paper.csv:", "paper.csv:"), "delete it for a new proposal"),
    ],
)
def test_a_mistake_in_the_mapping_is_one_sentence(change, told, files, rows, contents):
    before, given = contents(), files()
    assert rows(*given)[0] == 0
    settle(given[0].parent / "rows.yml", change)
    after = contents()
    status, said = rows(*given)
    assert status == 1
    assert told in said
    assert "Traceback" not in said
    assert contents() == after != before


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("rows.ods", b"x", "cannot read a file of this kind; give .csv"),
        ("rows.sav", b"this is no data", "is no SPSS file that can be read"),
        ("rows.dta", b"this is no data", "is no Stata file that can be read"),
        ("rows.xlsx", b"this is no data", "is no readable archive"),
        ("rows.csv", b"", "holds no rows"),
        ("rows.csv", b"teacher_id,epic_i_001\n", "holds no rows"),
        ("rows.csv", b"a,b\n\xff\x81,\xc3\xa9\n", "save it as CSV UTF-8"),
    ],
)
def test_a_file_that_is_none_is_one_sentence(name, content, told, rows, tmp_path):
    (tmp_path / name).write_bytes(content)
    status, said = rows(tmp_path / name)
    assert status == 1
    assert told in said
    assert "Traceback" not in said


def test_a_file_that_is_not_there(rows, tmp_path):
    status, said = rows(tmp_path / "none.csv")
    assert status == 1
    assert "none.csv: there is no such file" in said


def test_nothing_is_half_written(frames, files, project, monkeypatch, rows, contents):  # noqa: PLR0917
    """A disk that fills up at the last file leaves all three as they were."""
    before, given = contents(), files()
    import tempfile

    real, calls = tempfile.mkstemp, []

    def full(*args, **kwargs):
        calls.append(args)
        if "responses_paper" in kwargs.get("prefix", ""):
            raise OSError(28, "No space left on device")
        return real(*args, **kwargs)

    monkeypatch.setattr(tempfile, "mkstemp", full)
    status, said = rows(*given)
    assert status == 1
    assert "No space left" in said
    assert len(calls) > 3
    assert contents() == before
    assert {p.name for p in (project / FOLDER).iterdir()} == {
        "instrument.csv", "scales.csv", *(f"{name}.csv" for name in true_rows.TABLES),
    }  # fmt: skip


def test_the_proposal_can_be_read_by_a_person(frames, rows, tmp_path):
    paths = true_rows.export("qualtrics", frames, tmp_path / "mine")
    assert rows(*paths)[0] == 0
    text = (tmp_path / "mine/rows.yml").read_text(encoding="utf-8")
    assert text.startswith("# What the columns and answers of your files mean.")
    read = yaml.safe_load(text)
    assert read["files"]["web.csv"]["tables"] == "responses_web"
    assert read["files"]["web.csv"]["columns"]["epic_i_001"] == "Q5_1"
    assert read["answers"]["agreement"]["Strongly Agree"] == "strongly agree"


def test_help_gives_an_example():
    done = subprocess.run(
        [sys.executable, "-m", "bookbuilder.cli", "rows", "--help"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "compendium rows web.csv paper.sav roster.xlsx" in done.stdout
