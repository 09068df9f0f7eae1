"""The contract is complete, true to the files, and a Data Package that others can read."""

import inspect
import json
import re
from pathlib import Path

import frictionless
import pytest
import study_rows

from compendium import data
from compendium.data import rules

ROOT = Path(__file__).parents[3]
PACKAGE = data.descriptor(ROOT)
TABLES = {table["name"]: table for table in PACKAGE["resources"]}
FIELDS = [(name, field) for name, table in TABLES.items() for field in table["schema"]["fields"]]
ORIGINS = {"printed", "coded", "reconstructed", "collected", "derived", "compiled"}


def rows(name):
    return data.load(name, ROOT).to_dict("records")


def field(name, label):
    (found,) = (f for f in TABLES[name]["schema"]["fields"] if f["name"] == label)
    return found


def test_frictionless_itself_accepts_the_package():
    report = frictionless.Package(str(ROOT / "data/datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])


def test_every_csv_file_is_in_the_contract_and_every_table_has_a_file():
    files = {path.relative_to(ROOT / "data").as_posix() for path in ROOT.glob("data/**/*.csv")}
    assert files == {table["path"] for table in TABLES.values()}


def test_nothing_but_tables_lies_beside_them():
    others = [p for p in ROOT.glob("data/**/*") if p.is_file() and p.suffix != ".csv"]
    assert others == [ROOT / "data/datapackage.json"]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_what_it_is_and_where_it_comes_from(name):
    table = TABLES[name]
    assert Path(table["path"]).stem == name
    assert table["title"] and table["description"].endswith(".")
    assert table["origin"] in ORIGINS
    assert str(Path(table["path"]).parent) in PACKAGE["groups"]
    assert table["licenses"][0]["name"] == "CC-BY-4.0"
    documents = set(data.load("documents", ROOT)["document"])
    assert table["sources"]
    for source in table["sources"]:
        assert source["title"]
        assert source["document"] in documents
        assert source["place"]


@pytest.mark.parametrize(
    ("name", "described"), FIELDS, ids=lambda x: x if isinstance(x, str) else x["name"]
)
def test_a_field_is_described(name, described):
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", described["name"])
    assert described["title"]
    assert described["description"].endswith(".")
    assert described["type"] in {"string", "integer", "number", "boolean"}


def test_every_measured_number_has_a_unit():
    # Ordinal numbers and years of publication count nothing.
    bare = {"year", "position", "number", "criterion_number", "list", "round", "row", "rank"}
    without = [
        (n, f["name"]) for n, f in FIELDS if f["type"] in ("integer", "number") and "unit" not in f
    ]
    assert {label for _, label in without} == bare


@study_rows.on_reconstructed
def test_origins_are_defined_and_survey_rows_are_marked():
    assert set(PACKAGE["origins"]) == ORIGINS
    reconstructed = {name for name, table in TABLES.items() if table["origin"] == "reconstructed"}
    assert reconstructed == {"roster", "responses_web", "responses_paper"}


@pytest.mark.parametrize("name", TABLES)
def test_keys_and_rules_name_fields_that_exist(name):
    table, labels = TABLES[name], {f["name"] for f in TABLES[name]["schema"]["fields"]}
    assert set(table["schema"].get("primaryKey", [])) <= labels
    for key in table["schema"].get("foreignKeys", []):
        assert set(key["fields"]) <= labels
        for label in key["reference"]["fields"]:
            assert field(key["reference"]["resource"], label)
    for rule in table.get("rules", []):
        assert rule["rule"] in rules.RULES
        about = {*rule.get("fields", []), *rule.get("within", []), rule.get("field")} - {None}
        assert about <= labels
        for part in rule.get("parts", []):
            assert "values" in part or field(part["resource"], part["field"])


def test_every_kind_of_rule_is_documented_and_in_use():
    used = {rule["rule"] for table in TABLES.values() for rule in table.get("rules", [])}
    documented = set(re.findall(r"- ``(\w+)``", inspect.getdoc(rules) or ""))
    assert used == documented == set(rules.RULES)


def test_key_fields_need_a_value():
    for name, table in TABLES.items():
        for label in table["schema"].get("primaryKey", []):
            assert field(name, label)["constraints"]["required"], (name, label)


def test_answers_allowed_in_a_column_are_the_levels_of_its_scale():
    scales = data.load("scales", ROOT).groupby("scale")["level"].agg(list)
    for item in rows("instrument"):
        for name in ("responses_web", "responses_paper"):
            assert field(name, item["column"])["constraints"]["enum"] == scales[item["scale"]]


def test_both_response_files_have_the_same_columns():
    assert TABLES["responses_web"]["schema"] == TABLES["responses_paper"]["schema"]


def test_every_item_with_a_column_is_in_the_instrument():
    described = json.loads((ROOT / "data/datapackage.json").read_text(encoding="utf-8"))
    (table,) = (t for t in described["resources"] if t["name"] == "responses_web")
    columns = [f["name"] for f in table["schema"]["fields"]][2:]
    assert list(data.load("instrument", ROOT)["column"]) == columns


def test_the_register_of_participants_follows_the_printed_tables():
    register = {(case["document"], case["participant"]): case for case in rows("participants")}
    districts = {one["table4_name"]: one["text_name"] for one in rows("epic_districts")}
    table4, table5 = rows("epic_table4_participants"), rows("padgett_table5_participants")
    quoted = [site for site in rows("i4tl_sites") if isinstance(site["quoted_person"], str)]
    assert len(register) == len(table4) + len(table5) + len(quoted) == 47
    for row in table4:
        case = register["epic2021pedal", row["participant_name"]]
        assert case["district"] == districts[row["district"]]
        assert case["school"].startswith(row["building"].removesuffix(" CHS"))
        for flag in ("in_published_table", "quoted_in_text"):
            assert case[flag] == row[flag]
    for row in table5:
        assert register["padgett2022perceptions", row["participant"]]["position"] == row["role"]
    for row in quoted:
        case = register["i4tl2019leadership", row["quoted_person"]]
        assert (case["district"], case["position"]) == (row["district"], row["quoted_role"])


def test_a_participant_who_speaks_is_the_one_of_the_register():
    speaking = data.load("segments", ROOT).merge(
        data.load("participants", ROOT),
        left_on=["document", "speaker"],
        right_on=["document", "participant"],
        suffixes=("", "_registered"),
    )
    assert len(speaking) == 116
    assert (speaking["speaker_role"] == speaking["role"]).all()
    for label in ("district", "school", "level"):
        assert speaking[label].fillna("").equals(speaking[f"{label}_registered"].fillna(""))


def test_the_kind_of_a_voice_agrees_with_the_participants_behind_it():
    for voice in data.load("speakers", ROOT).fillna({"participants": ""}).to_dict("records"):
        behind = rules.split_list(voice["participants"])
        if voice["kind"] == "participant":
            assert behind == [voice["speaker"]]
        elif voice["kind"] == "named group":
            assert len(behind) > 1
            assert all(name in voice["speaker"] for name in behind)
        elif voice["kind"].startswith("unnamed"):  # identified by what is told elsewhere, or not
            assert len(behind) <= 1 or voice["kind"] == "unnamed group"
        else:
            assert behind == []


def test_every_participant_is_a_voice():
    voices = data.load("speakers", ROOT).query("kind == 'participant'")
    register = data.load("participants", ROOT)
    assert set(zip(voices["document"], voices["speaker"], strict=True)) == set(
        zip(register["document"], register["participant"], strict=True)
    )


def test_names_of_districts_are_those_of_the_printed_tables():
    names = data.load("epic_districts", ROOT)
    printed = {
        "table1_name": set(data.load("epic_table1_district_characteristics", ROOT)["district"]),
        "table2_name": set(data.load("epic_table2_response_rates", ROOT)["district"]),
        "table4_name": set(data.load("epic_table4_participants", ROOT)["district"]),
    }
    for column, there in printed.items():
        assert set(names[column].dropna()) == there - {"State-wide", "Overall"}
    assert set(names.loc[names["surveyed"], "district"]) == set(
        data.load("roster", ROOT)["district"]
    )


SUSPECT = {
    "electronic mail": r"[\w.+-]+@[\w-]+\.\w+",
    "telephone": r"\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b",
    "social security number": r"\b\d{3}-\d{2}-\d{4}\b",
    "date of birth": r"(?i)\bborn on\b|\bdate of birth\b|\bdob\b",
    "street": r"\b\d+ \w+ (Street|Avenue|Road|Drive|Lane)\b",
    "folder of a machine": r"(?<![\w.])/(work|home|root|tmp|usr|Users|mnt|var)/|\b[A-Z]:\\",
    "address in a network": r"\b\d{1,3}(\.\d{1,3}){3}\b|localhost",
}


@pytest.mark.parametrize("kind", SUSPECT)
def test_no_personal_data_and_no_address_of_a_machine(kind):
    for path in [*ROOT.glob("data/**/*.csv"), ROOT / "data/datapackage.json"]:
        text = path.read_text(encoding="utf-8")
        found = re.search(SUSPECT[kind], text)
        assert found is None, (path.name, found)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("electronic mail", "write to jane.doe@school.org"),
        ("telephone", "call (517) 555-0100"),
        ("social security number", "078-05-1120"),
        ("date of birth", "she was born on"),
        ("street", "620 Farm Lane"),
        ("folder of a machine", "see /mnt/jane/rows.csv"),
        ("address in a network", "from 10.0.0.7"),
    ],
)
def test_the_search_for_personal_data_finds_some(kind, text):
    assert re.search(SUSPECT[kind], text)


@study_rows.on_reconstructed
def test_reconstructed_rows_carry_no_identifier_but_a_number():
    assert data.load("roster", ROOT)["teacher_id"].str.fullmatch(r"T\d{3}").all()
    assert {f["name"] for f in TABLES["roster"]["schema"]["fields"]} == {
        "teacher_id", "origin", "district", "gender", "department", "race_ethnicity", "grade_level",
    }  # fmt: skip
