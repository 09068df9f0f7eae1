"""The rows of the survey: an origin that travels in the files, and a column for each item."""

import pytest

from compendium import data

FILES = ("roster", "responses_web", "responses_paper")
NEW = ["OWN-1", "own_1", "Feel prepared", "agreement", "false", "agree", "agree;strongly agree"]


def fill(project, name, field, value):
    """Put one value into every cell of a column."""
    rows = project.read(name)
    place = rows[0].index(field)
    project.write(name, [rows[0], *([*r[:place], value, *r[place + 1 :]] for r in rows[1:])])


def add_column(project, name, field, value):
    """Put a column at the end of a file."""
    rows = project.read(name)
    project.write(name, [[*rows[0], field], *([*row, value] for row in rows[1:])])


def drop_column(project, name, field):
    rows = project.read(name)
    place = rows[0].index(field)
    project.write(name, [row[:place] + row[place + 1 :] for row in rows])


def origins(project):
    return {data.resource(name, root=project.root)["origin"] for name in FILES}


def test_the_rows_say_where_they_come_from(project):
    assert origins(project) == {"reconstructed"}
    for name in FILES:
        fill(project, name, "origin", "collected")
    assert origins(project) == {"collected"}
    assert not project.faults(*FILES)


def test_an_origin_that_is_none_is_refused_and_not_taken_for_collected(project):
    for name in FILES:
        fill(project, name, "origin", "reconstucted")
    assert origins(project) == {"reconstructed"}
    first = project.faults("roster")[0]
    assert first.endswith("'reconstucted' is not one of reconstructed, collected")


def test_one_row_of_another_origin_is_refused(project):
    project.set("roster", 5, "origin", "collected")
    told = "'collected' where row 2 has 'reconstructed': all rows need the same"
    assert project.faults("roster") == [f"{project.file('roster')}, row 5, field origin: {told}"]


def test_files_of_two_origins_are_refused(project):
    fill(project, "responses_web", "origin", "collected")
    assert "'collected' is no origin of teacher_id 'T001'" in project.faults("responses_web")[0]


def test_the_origin_is_no_column_of_the_survey():
    assert "origin" not in data.load_survey()
    assert "origin" in data.load("roster")


@pytest.mark.parametrize("identifier", ["7", "R_3fG9aQ", "smith.j", "Østergård 12"])
def test_identifiers_may_have_any_form(project, identifier):
    project.set("roster", 2, "teacher_id", identifier)
    project.set("responses_web", 2, "teacher_id", identifier)
    assert not project.faults(*FILES)


def test_a_question_more_is_added_in_the_instrument_and_the_rows_alone(project):
    project.write("instrument", [*project.read("instrument"), NEW])
    add_column(project, "responses_web", "own_1", "agree")
    add_column(project, "responses_paper", "own_1", "")
    assert not project.faults("instrument", *FILES)
    assert data.load("responses_web", project.root)["own_1"].unique().tolist() == ["agree"]
    project.set("responses_web", 3, "own_1", "often")
    (fault,) = project.faults("responses_web")
    assert "field own_1: 'often' is not one of strongly disagree, disagree, agree" in fault


def test_a_question_less_is_left_out_in_the_instrument_and_the_rows_alone(project):
    rows = project.read("instrument")
    project.write("instrument", [row for row in rows if row[0] != "EPIC-I-006"])
    for name in FILES[1:]:
        drop_column(project, name, "epic_i_006")
    assert not project.faults("instrument", *FILES)
    assert "epic_i_006" not in data.load("responses_paper", project.root)


def test_a_missing_column_is_named_with_the_table_and_where_to_add_it(project):
    drop_column(project, "responses_web", "epic_i_007")
    assert project.faults("responses_web") == [
        f"{project.file('responses_web')}, row 1, field epic_i_007: the column is missing; "
        "data/raw/survey/instrument.csv, row 8 lists its item: add the column, or take that row out"
    ]


def test_an_unknown_column_is_named_with_where_its_question_belongs(project):
    add_column(project, "responses_paper", "own_1", "agree")
    assert project.faults("responses_paper") == [
        f"{project.file('responses_paper')}, row 1, field own_1: is not a column of this table; "
        "a new question needs a row in data/raw/survey/instrument.csv"
    ]


def test_a_level_of_a_scale_is_added_in_the_scales_alone(project):
    scales = project.read("scales")
    project.write("scales", [*scales, ["agreement", "5", "fully agree", "true"]])
    project.set("responses_web", 2, "epic_i_001", "fully agree")
    assert not project.faults("scales", "instrument", *FILES)
