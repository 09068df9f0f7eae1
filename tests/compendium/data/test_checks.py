"""Every fault that a file can have: the sound file passes, its broken twin says exactly why."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compendium import data

APPLICATIONS = "data/raw/coding/applications.csv"
SEGMENTS = "data/raw/coding/segments.csv"


def test_the_data_of_the_project_have_no_fault(project):
    assert project.faults() == []


# One cell of a sound file is changed: (table, row, field, value), and the whole of what is said.
CELLS = {
    "enum": (
        ("applications", 17, "direction", "helpz"),
        "'helpz' is not one of helps, hinders, mixed, neutral",
    ),
    "enum_in_another_case": (
        ("applications", 17, "direction", "Helps"),
        "'Helps' is not one of helps, hinders, mixed, neutral",
    ),
    "enum_with_a_space": (
        ("applications", 2, "direction", "helps "),
        "'helps ' is not one of helps, hinders, mixed, neutral",
    ),
    "required": (
        ("segments", 3, "summary", ""),
        "the cell is empty; it needs a value",
    ),
    "whole_number": (
        ("segments", 3, "source_words", "12a"),
        "'12a' is not a whole number",
    ),
    "whole_number_with_a_point": (
        ("segments", 3, "source_words", "12.5"),
        "'12.5' is not a whole number",
    ),
    "number": (
        ("claims", 3, "lower", "seven"),
        "'seven' is not a number",
    ),
    "number_with_a_comma": (
        ("epic_table3_representativeness", 2, "sample_percent", "75,2"),
        "'75,2' is not a number",
    ),
    "number_that_is_none": (
        ("claims", 3, "lower", "NaN"),
        "'NaN' is not a number",
    ),
    "infinite_number": (
        ("claims", 3, "upper", "INF"),
        "'INF' is not a number",
    ),
    "number_with_an_underscore": (
        ("claims", 6, "upper", "500_000"),
        "'500_000' is not a number",
    ),
    "truth_value": (
        ("epic_table4_participants", 2, "quoted_in_text", "yes"),
        "'yes' is not true or false",
    ),
    "minimum": (
        ("epic_table2_response_rates", 2, "responses", "-1"),
        "'-1' is below the least allowed value 0",
    ),
    "maximum": (
        ("epic_table2_response_rates", 2, "response_rate_percent", "100.1"),
        "'100.1' is above the greatest allowed value 100",
    ),
    "pattern": (
        ("instrument", 2, "column", "Epic I"),
        "'Epic I' does not have the form [a-z][a-z0-9]*(_[a-z0-9]+)*",
    ),
    "pattern_with_a_tail": (
        ("segments", 467, "segment_id", "WISE-0441"),
        "'WISE-0441' does not have the form (EPIC|PADG|I4TL|WISE)-[0-9]{3}",
    ),
    "unique": (
        ("codebook", 3, "label", "Teacher-set pace"),
        "'Teacher-set pace' is already in row 2",
    ),
    "foreign_key": (
        ("applications", 3, "code", "curriculm"),
        "'curriculm' is not a code in data/raw/coding/codebook.csv; did you mean 'curriculum'?",
    ),
    "foreign_key_far_from_any": (
        ("claims", 2, "document", "zzz"),
        "'zzz' is not a document in data/published/documents.csv",
    ),
    "enum_of_answers": (
        ("crosswalk", 2, "survey_answer", "agre"),
        "'agre' is not one of agree, frequent, never, not provided, not addressed",
    ),
    "foreign_key_without_its_first_field": (
        ("crosswalk", 2, "item_id", "EPIC-I-017"),
        "'EPIC-I-017' is not an item_id in data/published/epic_items.csv; "
        "did you mean 'EPIC-I-016'?",
    ),
    "speaker": (
        ("segments", 70, "speaker", "Lola and Candice and Ginger"),
        "'Lola and Candice and Ginger' is no speaker of document 'epic2021pedal' in "
        "data/raw/coding/speakers.csv; did you mean 'Lola, Candice, and Ginger'?",
    ),
    "at_most": (
        ("claims", 3, "lower", "8"),
        "'8' is above upper '7'",
    ),
    "responses_above_population": (
        ("epic_table2_response_rates", 2, "responses", "81"),
        "'81' is above target_population '80'",
    ),
    "consecutive": (
        ("applications", 4, "rank", "2"),
        "'2' stands where 3 should: segment_id EPIC-001, coder A has 1, 2, 2",
    ),
    "unknown_code_in_a_pair": (
        ("claim_proxies", 3, "supporting", "data_use:helps;needs_interest:helps"),
        "'needs_interest' is not a code in data/raw/coding/codebook.csv; "
        "did you mean 'needs_interests'?",
    ),
    "unknown_direction_in_a_pair": (
        ("claim_proxies", 3, "disconfirming", "management:hinder"),
        "'hinder' is not one of helps, hinders, mixed, neutral",
    ),
    "half_a_pair": (
        ("claim_proxies", 3, "disconfirming", "management"),
        "'management' does not have the form code:direction",
    ),
    "pair_listed_twice": (
        ("claim_proxies", 3, "supporting", "data_use:helps;data_use:helps"),
        "'data_use:helps' is listed twice",
    ),
    "pair_on_both_sides": (
        ("claim_proxies", 3, "disconfirming", "data_use:helps"),
        "'data_use:helps' is also listed under supporting",
    ),
    "trailing_semicolon": (
        ("claim_proxies", 3, "supporting", "data_use:helps;"),
        "'' does not have the form code:direction",
    ),
    "override_without_a_reason": (
        ("crosswalk", 3, "override", "silence"),
        ("label_reason", "empty beside override 'silence': fill in both or neither"),
    ),
    "reason_without_an_override": (
        ("crosswalk", 3, "label_reason", "few were asked"),
        ("override", "empty beside label_reason 'few were asked': fill in both or neither"),
    ),
    "reader_whom_nobody_registered": (
        ("stances", 2, "reader", "C"),
        "'C' is not a reader in data/raw/coding/readers.csv",
    ),
    "stance_of_a_segment": (
        ("stances", 2, "stance", "hinders"),
        "'hinders' is not one of for, against, mixed",
    ),
    "claim_of_a_stance": (
        ("stances", 2, "row_id", "X-16"),
        "'X-16' is not a row_id in data/raw/coding/crosswalk.csv; did you mean 'X-15'?",
    ),
    "participant_behind_a_voice": (
        ("speakers", 38, "participants", "Mark;Spence"),
        "'Spence' is no participant of document 'epic2021pedal' in "
        "data/raw/coding/participants.csv; did you mean 'Spencer'?",
    ),
    "level_of_another_scale": (
        ("instrument", 2, "levels", "agree;weekly"),
        "'weekly' is no level of scale 'agreement' in data/raw/survey/scales.csv",
    ),
    "district_of_a_segment": (
        ("segments", 3, "district", "Mercer; Lehihg"),
        "'Lehihg' is not one of Davis, Lehigh, Mercer, Brookings School District, "
        "Lindsay Unified School District, Marshall County Schools, Milton Area School District, "
        "Pequea Valley School District, Westminster Public Schools",
    ),
}


@pytest.mark.parametrize(("change", "message"), CELLS.values(), ids=CELLS)
def test_one_broken_cell_is_named(project, change, message):
    name, row, field, _ = change
    if isinstance(message, tuple):  # the fault is in another field than the one that was changed
        field, message = message
    project.set(*change)
    assert project.faults(name) == [f"{project.file(name)}, row {row}, field {field}: {message}"]


def test_a_fault_carries_its_parts(project):
    project.set("applications", 17, "direction", "helpz")
    (fault,) = data.check(["applications"], root=project.root)
    assert (fault.file, fault.row, fault.field, fault.value) == (
        APPLICATIONS, 17, "direction", "helpz",
    )  # fmt: skip


def test_a_key_may_not_come_twice(project):
    rows = project.read("roster")
    project.write("roster", [*rows, rows[1]])
    last = len(rows) + 1
    assert project.faults("roster") == [
        f"data/raw/survey/roster.csv, row {last}, field teacher_id: 'T001' is already in row 2"
    ]


def test_the_same_code_twice_for_a_segment_and_reader(project):
    project.set("applications", 3, "code", "pace_individual")
    assert project.faults("applications") == [
        f"{APPLICATIONS}, row 3, field segment_id, coder, code: "
        "'EPIC-001, A, pace_individual' is already in row 2"
    ]


def test_a_gap_between_ranks(project):
    rows = project.read("applications")
    del rows[2]
    project.write("applications", rows)
    assert project.faults("applications") == [
        f"{APPLICATIONS}, row 3, field rank: "
        "'3' stands where 2 should: segment_id EPIC-001, coder A has 1, 3"
    ]


def test_ranks_may_stand_in_any_order(project):
    rows = project.read("applications")
    project.write("applications", [rows[0], *reversed(rows[1:])])
    assert project.faults("applications") == []


def test_a_row_that_repeats_another_under_an_empty_field(project):
    rows = project.read("padgett_themes")
    project.write("padgett_themes", [*rows, rows[1]])
    theme = rows[1][0]
    assert project.faults("padgett_themes") == [
        f"data/published/padgett_themes.csv, row {len(rows) + 1}, field theme, subtheme: "
        f"'{theme}, ' is already in row 2"
    ]


def test_a_teacher_who_answered_twice(project):
    web, paper = project.read("responses_web"), project.read("responses_paper")
    project.write("responses_paper", [*paper, web[1]])
    assert project.faults("responses_paper") == [
        f"data/raw/survey/responses_paper.csv, row {len(paper) + 1}, field teacher_id: "
        f"'{web[1][0]}' is also in data/raw/survey/responses_web.csv, row 2"
    ]


def test_a_unit_removed_elsewhere_breaks_what_refers_to_it(project):
    rows = project.read("segments")
    project.write("segments", [row for row in rows if row[0] != "EPIC-001"])
    faults = project.faults()
    assert len(faults) == 11
    assert faults[0] == (
        f"{APPLICATIONS}, row 2, field segment_id: "
        f"'EPIC-001' is not a segment_id in {SEGMENTS}; did you mean 'EPIC-101'?"
    )


def test_a_missing_file(project):
    project.path("claims").unlink()
    assert project.faults() == ["data/published/claims.csv: the file is missing"]


def test_a_missing_file_that_others_refer_to_is_said_once(project):
    project.path("segments").unlink()
    assert project.faults() == [f"{SEGMENTS}: the file is missing"]


def test_a_folder_in_place_of_a_file(project):
    project.path("claims").unlink()
    project.path("claims").mkdir()
    assert project.faults("claims") == [
        "data/published/claims.csv: the file cannot be read: Is a directory"
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file(project, content):
    project.path("claims").write_bytes(content)
    assert project.faults("claims") == [
        "data/published/claims.csv: the file is empty; it needs at least a header row"
    ]


def test_a_header_without_rows_is_no_fault_of_the_file_itself(project):
    project.write("claims", project.read("claims")[:1])
    assert project.faults("claims") == []


def test_another_encoding(project):
    content = project.path("roster").read_text(encoding="utf-8")
    broken = content.replace("Not female", "Not féminin", 1).encode("latin-1")
    project.path("roster").write_bytes(broken)
    row = 1 + next(i for i, line in enumerate(content.splitlines()) if "Not female" in line)
    assert project.faults("roster") == [
        f"data/raw/survey/roster.csv, row {row}: "
        "the text is not UTF-8 (byte 0xE9); save it as CSV in UTF-8"
    ]


def test_an_open_quotation_mark(project):
    rows = project.path("codebook").read_text(encoding="utf-8").splitlines()
    rows[3] = '"' + rows[3]
    project.path("codebook").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (fault,) = project.faults("codebook")
    assert fault.startswith("data/raw/coding/codebook.csv, row 4: the row is no valid CSV (")
    assert fault.endswith("); is a quotation mark left open?")


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator(project, mark, word):
    rows = project.read("epic_table2_response_rates")
    project.path("epic_table2_response_rates").write_text(
        "\n".join(mark.join(row) for row in rows), encoding="utf-8"
    )
    faults = project.faults("epic_table2_response_rates")
    assert faults == [
        "data/published/epic_table2_response_rates.csv, row 1: "
        f"the cells are separated by {word}; save the file with commas"
    ]


def rename(rows):
    rows[0][4] = "directon"


def remove(rows):
    for row in rows:
        del row[4]


def add(rows):
    for row in rows:
        row.append("1")
    rows[0][-1] = "weight"


def double(rows):
    for row in rows:
        row.append(row[4])


def swap(rows):
    for row in rows:
        row[2], row[3] = row[3], row[2]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (rename, "directon: is not a column of this table; did you mean 'direction'?"),
        (remove, "direction: the column is missing"),
        (add, "weight: is not a column of this table"),
        (double, "direction: the column appears twice"),
    ],
)
def test_another_header(project, spoil, message):
    rows = project.read("applications")
    spoil(rows)
    project.write("applications", rows)
    assert project.faults("applications") == [f"{APPLICATIONS}, row 1, field {message}"]


def test_columns_in_another_order(project):
    rows = project.read("applications")
    swap(rows)
    project.write("applications", rows)
    assert project.faults("applications") == [
        f"{APPLICATIONS}, row 1: the columns are in another order than the contract's: "
        "segment_id, coder, rank, code, direction"
    ]


def test_cells_are_judged_under_a_broken_header_too(project):
    rows = project.read("applications")
    rename(rows)
    rows[4][3] = "none"
    project.write("applications", rows)
    assert project.faults("applications") == [
        f"{APPLICATIONS}, row 1, field directon: "
        "is not a column of this table; did you mean 'direction'?",
        f"{APPLICATIONS}, row 5, field code: 'none' is not a code in data/raw/coding/codebook.csv",
    ]


@pytest.mark.parametrize("row", [[], ["", "", "", "", ""]])
def test_a_blank_row(project, row):
    rows = project.read("applications")
    rows.insert(9, row)
    project.write("applications", rows)
    assert project.faults("applications") == [
        f"{APPLICATIONS}, row 10: the row is blank; delete it"
    ]


def test_a_row_with_too_many_cells(project):
    rows = project.read("codebook")
    rows[4].append("more")
    project.write("codebook", rows)
    assert project.faults("codebook") == [
        "data/raw/coding/codebook.csv, row 5: the row has 7 cells and the header 6; "
        "a cell with a comma in it needs quotation marks around it"
    ]


def test_a_row_with_too_few_cells(project):
    rows = project.read("codebook")
    del rows[4][-1]
    project.write("codebook", rows)
    assert project.faults("codebook") == [
        "data/raw/coding/codebook.csv, row 5: the row has 5 cells and the header 6; "
        "a cell with a comma in it needs quotation marks around it"
    ]


def test_rows_after_a_broken_one_keep_their_numbers(project):
    rows = project.read("applications")
    rows.insert(9, [])
    rows[19][4] = "none"
    project.write("applications", rows)
    assert [fault.row for fault in data.check(["applications"], root=project.root)] == [10, 20]


def test_all_faults_of_all_files_at_once(project):
    project.set("applications", 17, "direction", "helpz")
    project.set("applications", 17, "code", "curriculm")
    project.set("applications", 899, "coder", "")
    project.set("claims", 3, "lower", "8")
    project.path("scales").unlink()
    assert project.faults() == [
        "data/published/claims.csv, row 3, field lower: '8' is above upper '7'",
        f"{APPLICATIONS}, row 17, field code: 'curriculm' is not a code in "
        "data/raw/coding/codebook.csv; did you mean 'curriculum'?",
        f"{APPLICATIONS}, row 17, field direction: "
        "'helpz' is not one of helps, hinders, mixed, neutral",
        f"{APPLICATIONS}, row 899, field coder: the cell is empty; it needs a value",
        "data/raw/survey/scales.csv: the file is missing",
    ]


def test_more_faults_than_frictionless_lists_by_default(project):
    rows = project.read("applications")
    for row in rows[1:]:
        row[4] = "none"
    project.write("applications", rows)
    assert len(project.faults("applications")) == len(rows) - 1


def test_a_contract_that_is_no_json(project):
    (project.root / "data/datapackage.json").write_text('{\n "name": }', encoding="utf-8")
    with pytest.raises(data.ContractError, match=r"datapackage.json, row 2: is not valid JSON"):
        data.check(root=project.root)


def test_an_origin_that_is_none_of_the_list(project):
    """A misspelt origin would take the mark of reconstructed rows off every page."""

    def misspell(package):
        package["resources"][-1]["origin"] = "reconstucted"

    project.change_contract(misspell)
    with pytest.raises(data.ContractError) as refused:
        data.check(root=project.root)
    (fault,) = refused.value.faults
    lines = (project.root / "data/datapackage.json").read_text(encoding="utf-8").splitlines()
    assert '"reconstucted"' in lines[fault.row - 1]
    assert fault.field == "origin"
    assert fault.message.startswith(
        "responses_paper: 'reconstucted' is not one of printed, coded, reconstructed, "
    )


def test_a_contract_with_a_type_that_does_not_exist(project):
    def misspell(package):
        package["resources"][0]["schema"]["fields"][0]["type"] = "strng"

    project.change_contract(misspell)
    (fault,) = project.faults("documents")
    assert fault.startswith("data/datapackage.json: documents: ")
    assert "strng" in fault


def test_a_contract_with_a_rule_that_does_not_exist(project):
    def misspell(package):
        table = next(one for one in package["resources"] if one["name"] == "claims")
        table["rules"][0]["rule"] = "at_mst"

    project.change_contract(misspell)
    assert project.faults("claims") == [
        "data/datapackage.json: claims: there is no rule 'at_mst'; did you mean 'at_most'?"
    ]


def test_a_contract_that_refers_to_a_table_that_does_not_exist(project):
    def misspell(package):
        table = next(one for one in package["resources"] if one["name"] == "claims")
        table["schema"]["foreignKeys"][0]["reference"]["resource"] = "document"

    project.change_contract(misspell)
    with pytest.raises(ValueError, match=r"there is no table 'document' in data/datapackage\.json"):
        data.check(["claims"], root=project.root)


@pytest.mark.parametrize("itself", ["", "codebook"])
def test_a_table_that_refers_to_itself(project, itself):
    def refer(package):
        table = next(one for one in package["resources"] if one["name"] == "codebook")
        reference = {"resource": itself, "fields": ["code"]}
        table["schema"]["foreignKeys"] = [{"fields": ["label"], "reference": reference}]

    project.change_contract(refer)
    faults = project.faults("codebook")
    assert len(faults) == 25
    assert faults[0] == (
        "data/raw/coding/codebook.csv, row 2, field label: 'Teacher-set pace' is not a code in "
        "data/raw/coding/codebook.csv"
    )


def test_another_limit_of_the_standard(project):
    def limit(package):
        table = next(one for one in package["resources"] if one["name"] == "codebook")
        table["schema"]["fields"][1]["constraints"]["maxLength"] = 35

    project.change_contract(limit)
    (fault,) = project.faults("codebook")
    assert fault.endswith("breaks the limit maxLength 35")


def test_an_unknown_table(project):
    with pytest.raises(ValueError, match=r"no table 'segmentz'.*did you mean 'segments'"):
        data.check(["segmentz"], root=project.root)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    row=st.integers(2, 612),
    field=st.sampled_from(["district", "gender", "department", "race_ethnicity", "grade_level"]),
    value=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1).map(lambda t: f"?{t}"),
)
def test_whatever_stands_in_a_wrong_cell_is_quoted_with_its_place(project, row, field, value):
    sound = project.read("roster")
    project.set("roster", row, field, value)
    found = data.check(["roster"], root=project.root)
    project.write("roster", sound)
    assert [(one.row, one.field, one.value) for one in found] == [(row, field, value)]
