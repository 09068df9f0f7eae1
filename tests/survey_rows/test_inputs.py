"""Whatever people give comes in as it was, or one sentence says why not; nothing half written."""

import random

import openpyxl
import pandas as pd
import pytest
import true_rows

ONE_LINE = 400  # characters; a sentence for hundreds of cells stays one


def check_refused(said, told):
    assert told in said
    assert "Traceback" not in said
    assert max(map(len, said.splitlines())) < ONE_LINE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_encoding_and_separator(encoding, separator, frames, files, rows, contents):  # noqa: PLR0917
    given = files()
    web = frames["responses_web"].rename(columns={"epic_i_001": "epic_i_001 – É"})
    wording = true_rows.questions()["epic_i_001"]
    web = web.rename(columns={"epic_i_001 – É": f"É – {wording}"})
    web.to_csv(given[1], index=False, sep=separator, encoding=encoding)
    status, said = rows(*given)
    assert status == 0, said
    assert contents() == true_rows.written(frames)
    assert ("Windows-1252" in said) == (encoding == "cp1252")


@pytest.mark.parametrize("kind", ["1", "1.0"])
def test_codes_without_labels_are_proposed_whole_or_not(kind, frames, files, rows, contents):
    levels = ["strongly disagree", "disagree", "agree", "strongly agree"]
    codes = {level: kind.replace("1", str(n)) for n, level in enumerate(levels, start=1)}
    web = frames["responses_web"].replace({"epic_i_001": codes})
    before, given = contents(), files(responses_web=web)
    status, said = rows(*given)
    assert status == 1
    assert f"answers, agreement, '{codes['agree']}': agree (?)" in said
    assert contents() == before
    path = given[0].parent / "rows.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(" (?)", ""), encoding="utf-8")
    assert rows(*given)[0] == 0
    assert contents() == true_rows.written(frames)


def test_a_code_beyond_the_scale_is_not_guessed(frames, files, rows):
    web = frames["responses_web"].replace({"epic_i_001": {"agree": "9", "disagree": "2"}})
    status, said = rows(*files(responses_web=web))
    assert status == 1
    assert "'9': nothing" in said and "'2': disagree (?)" in said


def test_two_files_that_overlap_are_one_sentence(frames, files, rows, contents):
    before, given = contents(), files()
    again = given[1].with_name("web_again.csv")
    again.write_bytes(given[1].read_bytes())
    status, said = rows(*given, again)
    assert status == 1
    more = len(frames["responses_web"]) - 3
    told = f"{more} more in rows 2-{more + 4}: is already in responses_web.csv; keep one of the"
    check_refused(said, told)
    assert contents() == before


def test_identifiers_of_another_kind_are_one_sentence(frames, files, rows, contents):
    before = contents()
    web = frames["responses_web"].assign(teacher_id=lambda t: "A" + t["teacher_id"])
    status, said = rows(*files(responses_web=web))
    assert status == 1
    more = len(web) - 3
    check_refused(said, f"{more} more in rows 2-{more + 4}: is not on the roster")
    assert contents() == before


def test_a_file_given_twice_or_two_of_a_name(files, rows):
    given = files()
    status, said = rows(*given, given[0])
    assert status == 1
    check_refused(said, "roster.csv: two files have this name; rename one")


def test_cells_beyond_the_heading(frames, files, rows, contents):
    before, given = contents(), files()
    lines = given[1].read_text(encoding="utf-8").splitlines()
    lines[4] += ",agree"
    given[1].write_text("\n".join(lines), encoding="utf-8")
    status, said = rows(*given)
    assert status == 1
    check_refused(said, "row 5: has 17 cells, the heading 16; look for a separator")
    assert contents() == before


def test_a_question_that_was_not_asked_is_left_empty_when_its_line_is_taken_out(
    frames, files, rows, contents
):
    given = files(**{
        name: frames[name].drop(columns="epic_i_006", errors="ignore") for name in true_rows.TABLES
    })  # fmt: skip
    status, said = rows(*given)
    assert status == 1
    check_refused(said, "columns, epic_i_006: nothing")
    path = given[0].parent / "rows.yml"
    path.write_text(path.read_text("utf-8").replace("      epic_i_006:\n", ""), encoding="utf-8")
    assert rows(*given)[0] == 0
    empty = {n: f.assign(epic_i_006="") if n != "roster" else f for n, f in frames.items()}
    assert contents() == true_rows.written(empty)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace("epic_i_003: epic_i_003", "epic_i_003: epic_i_004"),
         "'epic_i_004' stands for two fields; keep one"),
        (lambda text: text.replace("      teacher_id: teacher_id\n", ""),
         "no column is mapped to teacher_id; name one"),
        (lambda text: text.replace("      gender: gender\n", ""),
         "no column is mapped to gender; name one"),
        (lambda text: "- a\n- b\n", "is no mapping"),
        (lambda text: "files: {a: b", "is no mapping"),
        (lambda text: "", "is no mapping"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_meant(change, told, files, rows, contents):
    given = files()
    assert rows(*given)[0] == 0
    after, path = contents(), given[0].parent / "rows.yml"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    status, said = rows(*given)
    assert status == 1
    check_refused(said, told)
    assert contents() == after


def test_yes_and_1_in_a_mapping_are_words(frames, files, rows, contents):
    web = frames["responses_web"].replace({"epic_i_001": {"agree": "Yes", "disagree": "No"}})
    given = files(responses_web=web)
    assert rows(*given)[0] == 1
    path = given[0].parent / "rows.yml"
    text = path.read_text(encoding="utf-8")
    text = text[: text.index("answers:")] + "answers: {agreement: {Yes: agree, No: disagree}}\n"
    path.write_text(text, encoding="utf-8")
    assert rows(*given)[0] == 0
    assert contents() == true_rows.written(frames)


def test_a_mapping_in_a_folder_of_its_own(files, rows, tmp_path):
    status, said = rows(*files(), map=tmp_path / "new" / "mine.yml")
    assert status == 0, said
    assert (tmp_path / "new" / "mine.yml").exists()


def workbook(path, frame, *others):
    book = openpyxl.Workbook()
    for sheet in [book.active, *(book.create_sheet(name) for name in others)]:
        for row in [list(frame.columns), *frame.to_numpy().tolist()]:
            sheet.append(row)
    book.save(path)
    return path


def test_sheets_of_a_workbook(frames, files, rows, contents):
    given = files()
    web = workbook(given[1].with_suffix(".xlsx"), frames["responses_web"], "Notes")
    status, said = rows(given[0], web, given[2])
    assert status == 1
    check_refused(said, "has several sheets (sheet 'Sheet', sheet 'Notes'); save the one")
    book = openpyxl.load_workbook(web)
    book["Notes"].delete_rows(1, 1000)
    book.save(web)
    assert rows(given[0], web, given[2])[0] == 0
    assert contents() == true_rows.written(frames)


def test_origins_that_are_none_of_collected_rows(frames, files, rows, contents):
    before = contents()
    web = frames["responses_web"].assign(origin="reconstucted")
    status, said = rows(*files(responses_web=web))
    assert status == 1
    check_refused(said, "row 2, column origin: 'reconstucted'; such rows do not become collected")
    assert contents() == before
    assert rows(*files(responses_web=web.assign(origin="Collected")))[0] == 0


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx", ".sav", ".zsav", ".dta"])
@pytest.mark.parametrize("seed", range(4))
def test_bytes_that_are_nothing(ending, seed, files, rows, contents):
    """Random bytes, and the beginning of a real file, under any name."""
    before, given = contents(), files()
    chance = random.Random(seed)
    noise = bytes(chance.randrange(256) for _ in range(chance.randrange(2, 4000)))
    if seed > 1:
        real = true_rows.coded(pd.DataFrame({"teacher_id": ["a"]}), given[1].with_suffix(".sav"))
        noise = real.read_bytes()[: chance.randrange(8, 300)]
    broken = given[1].with_name(f"broken{ending}")
    broken.write_bytes(noise)
    status, said = rows(given[0], broken, given[2])
    assert status == 1
    assert "Traceback" not in said
    assert contents() == before


def test_a_folder_is_no_file(files, rows):
    given = files()
    folder = given[0].with_name("answers.csv")
    folder.mkdir()
    status, said = rows(given[0], folder)
    assert status == 1
    check_refused(said, "there is no such file")
