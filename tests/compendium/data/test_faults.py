"""Faults as a person reads them: one by one while they are few, a sentence a table when many."""

from compendium import data
from compendium.data.faults import LISTED_FAULTS, LISTED_OF_MANY, VERY_MANY, Fault

ADVICE = "Tables of another study need their own descriptions"


def cells(file, field, count):
    return [Fault(file, n, field, "x", f"'x{n}' is not a {field}") for n in range(2, 2 + count)]


def test_few_faults_are_listed_one_by_one():
    faults = cells("data/a.csv", "code", LISTED_FAULTS) + cells("data/b.csv", "code", 1)
    lines = str(data.ContractError(faults)).splitlines()
    assert lines[0] == f"{LISTED_FAULTS + 1} faults in the data:"
    assert lines[1:-1] == [f"  {fault}" for fault in faults]
    assert lines[-1].startswith("Correct the file; or data/datapackage.json")


def test_many_faults_of_a_table_are_one_sentence():
    header = [
        Fault("data/a.csv", 1, "start", "start", "is not a column of this table"),
        Fault("data/a.csv", 1, "end", "end", "is not a column of this table"),
        Fault("data/a.csv", 1, "level", "level", "the column is missing"),
        Fault("data/a.csv", 9, None, None, "the row has 2 cells, not 3"),
    ]
    faults = header + cells("data/a.csv", "code", LISTED_FAULTS)
    assert str(data.ContractError(faults)).splitlines()[1:-1] == [
        f"  data/a.csv, {LISTED_FAULTS + 4} faults: start, end: is not a column of this table; "
        "level: the column is missing; row in row 9: the row has 2 cells, not 3; "
        f"code in {LISTED_FAULTS} rows, such as row 2: 'x2' is not a code"
    ]


def test_a_project_of_another_study_gets_a_sentence_per_table_and_advice():
    faults = [
        *cells("data/a.csv", "code", VERY_MANY),
        *cells("data/b.csv", "segment_id", LISTED_OF_MANY + 1),
        *cells("data/c.csv", "code", LISTED_OF_MANY),
    ]
    lines = str(data.ContractError(faults)).splitlines()
    assert [line.split(":")[0] for line in lines[1:3]] == [
        f"  data/a.csv, {VERY_MANY} faults",
        f"  data/b.csv, {LISTED_OF_MANY + 1} faults",
    ]
    assert lines[3:-2] == [f"  {fault}" for fault in faults[-LISTED_OF_MANY:]]
    assert lines[-1].startswith(ADVICE)
    assert ADVICE not in str(data.ContractError(faults[:VERY_MANY]))
