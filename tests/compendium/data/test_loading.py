"""Loading: typed columns, and no way around the contract."""

import pickle

import pandas as pd
import pytest

from compendium import context, data


def test_types_follow_the_contract():
    claims, figures = data.load("claims"), data.load("epic_districts")
    assert claims["lower"].dtype == "float64"
    assert claims["subject"].dtype == pd.StringDtype(na_value=float("nan"))
    assert data.load("applications")["rank"].dtype == "int64"
    assert figures["surveyed"].dtype == "bool"
    assert data.load("padgett_categories")["codes"].dtype == "Int64"


def test_empty_cells_are_missing_and_words_like_na_are_not(project):
    project.set("segments", 2, "section", "NA")
    segments = data.load("segments", root=project.root)
    assert segments.loc[0, "section"] == "NA"
    assert segments["school"].isna()[0]
    assert segments["school"].notna().any()


def test_types_do_not_depend_on_what_the_cells_hold(project):
    rows = project.read("padgett_categories")
    for row in rows[1:]:
        row[2] = "104"
    project.write("padgett_categories", rows)
    assert data.load("padgett_categories", root=project.root)["codes"].dtype == "Int64"


def test_a_table_without_rows_keeps_its_columns_and_types(project):
    rows = project.read("epic_table2_response_rates")[:1]
    project.write("epic_table2_response_rates", rows)
    empty = data.load("epic_table2_response_rates", root=project.root)
    assert list(empty) == rows[0]
    assert empty["responses"].dtype == "int64"


def test_every_table_loads_with_the_rows_of_its_file(project):
    for name in data.names(root=project.root):
        assert len(data.load(name, root=project.root)) == len(project.read(name)) - 1


def test_a_file_saved_by_a_spreadsheet_loads_the_same(project):
    sound = data.load("epic_table4_participants", root=project.root)
    path = project.path("epic_table4_participants")
    text = path.read_text(encoding="utf-8").replace("true", "TRUE").replace("false", "FALSE")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    pd.testing.assert_frame_equal(data.load("epic_table4_participants", root=project.root), sound)


def test_a_broken_table_is_not_loaded_and_all_its_faults_are_listed(project):
    project.set("applications", 17, "direction", "helpz")
    project.set("applications", 18, "direction", "x")
    with pytest.raises(data.ContractError) as caught:
        data.load("applications", root=project.root)
    assert str(caught.value).splitlines() == [
        "2 faults in the data:",
        "  data/raw/coding/applications.csv, row 17, field direction: "
        "'helpz' is not one of helps, hinders, mixed, neutral",
        "  data/raw/coding/applications.csv, row 18, field direction: "
        "'x' is not one of helps, hinders, mixed, neutral",
        "Correct the file; or data/datapackage.json, if it is the contract that is wrong.",
    ]


def test_a_table_is_not_loaded_when_what_it_refers_to_is_gone(project):
    project.path("codebook").unlink()
    with pytest.raises(data.ContractError, match=r"codebook\.csv: the file is missing"):
        data.load("applications", root=project.root)


def test_a_fault_elsewhere_does_not_keep_a_table_from_loading(project):
    project.set("claims", 3, "lower", "8")
    assert len(data.load("codebook", root=project.root)) == 25


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match=r"no table 'segmnts'.*did you mean 'segments'"):
        data.load("segmnts")


def test_a_run_loads_only_what_it_declares(project, monkeypatch):
    told = context.RunContext(
        run="tallies", notebook="notebooks/tallies.ipynb", root=str(project.root),
        stage=str(project.root), inputs=("codebook",), after=(), parameters={}, tables=(),
        figures=(),
    )  # fmt: skip
    told.save(project.root / "context.json")
    monkeypatch.setenv(context.VARIABLE, str(project.root / "context.json"))
    assert len(data.load("codebook")) == 25
    with pytest.raises(ValueError, match=r"needs the line\n  inputs: \[.*segments\]"):
        data.load("segments")


def test_the_error_crosses_processes(project):
    project.set("claims", 3, "lower", "8")
    with pytest.raises(data.ContractError) as caught:
        data.load("claims", root=project.root)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value)
    assert copy.faults == caught.value.faults


def test_what_a_caller_does_to_a_descriptor_stays_with_the_caller(project) -> None:
    data.descriptor(project.root)["resources"].clear()
    data.resource("roster", project.root).clear()
    assert data.resource("roster", project.root)["origin"] == "reconstructed"


def test_a_changed_descriptor_is_read_anew(project) -> None:
    assert data.resource("roster", project.root)["title"] != "Another"

    def retitle(package) -> None:
        next(r for r in package["resources"] if r["name"] == "roster")["title"] = "Another"

    project.change_contract(retitle)
    assert data.resource("roster", project.root)["title"] == "Another"


def test_the_survey_has_a_row_for_each_answer_and_people_have_their_case() -> None:
    rows = data.load_survey()
    answered = [
        *data.load("responses_web")["teacher_id"],
        *data.load("responses_paper")["teacher_id"],
    ]
    assert sorted(rows["teacher_id"]) == sorted(answered)
    people = data.load_people(["epic2021pedal"])
    assert set(people["case"].str.split("/").str[0]) == {"epic2021pedal"}
    assert len(people) < len(data.load_people())


def test_coding_is_that_of_one_document() -> None:
    segments, applications = data.load_coding("wiseways6832")
    assert set(segments["document"]) == {"wiseways6832"}
    assert set(applications["segment_id"]) <= set(segments["segment_id"])
    with pytest.raises(ValueError, match="segments has no row of document 'wiseways'; it has epic"):
        data.load_coding("wiseways")
    with pytest.raises(ValueError, match="participants has no row of document 'wiseways6832'"):
        data.load_people(["epic2021pedal", "wiseways6832"])
