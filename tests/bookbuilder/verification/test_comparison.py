"""Equal records pass; every kind of difference has a twin that is found and named."""

import json

import pytest

from bookbuilder.verification.comparison import (
    Difference,
    Tolerance,
    compare_records,
    compare_tables,
    display_labels,
    parse_table,
    same_picture,
)
from compendium import triangulation
from compendium.triangulation import across

TABLE = "results/tables/t.csv"
CLAIMS = "results/claims.csv"
FIGURE = "results/figures/f.csv"
PICTURE = "results/figures/f.svg"
VALUES = "results/values.json"
EXHIBITS = "results/exhibits.json"
RECORD = {
    TABLE: b"code,cases,share\npace,4,0.25\npolicy,2,0.125\n",
    CLAIMS: b"claim,verdict\nC-1,reproduced\nC-2,derived\n",
    FIGURE: b"group,share\nA,0.5\nB,0.75\n",
    PICTURE: b'<svg><g id="m0123456789"/><path d="M 1.5 20.25"/></svg>',
    VALUES: json.dumps({"a.rate": {"value": 72.7, "unit": "percent"}}).encode(),
    EXHIBITS: json.dumps({"t": {"caption": "Codes (6).", "inputs": [{"sha256": "ab"}]}}).encode(),
}


def changed(path: str, old: str, new: str) -> dict[str, bytes]:
    assert old.encode() in RECORD[path]
    return RECORD | {path: RECORD[path].replace(old.encode(), new.encode())}


def test_the_same_record_has_no_difference() -> None:
    assert compare_records(RECORD, dict(RECORD)) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (TABLE, "pace,4", "pace,5", [("cell", "pace", "cases", "4", "5")]),
        (TABLE, "0.25", "0.2500001", [("cell", "pace", "share", "0.25", "0.2500001")]),
        (TABLE, "policy,2,0.125\n", "", [("row removed", "policy", "", "", "")]),
        (TABLE, "0.125\n", "0.125\nzeal,1,0.1\n", [("row added", "zeal", "", "", "")]),
        (TABLE, "policy,2", "policies,2", [("cell", "policy", "code", "policy", "policies")]),
        (
            TABLE,
            "4,0.25\npolicy,2",
            "4.0,0.25\npolicy,2.0",
            [("type", "", "cases", "whole numbers", "numbers")],
        ),
        (
            TABLE,
            "code,cases",
            "code,count",
            [("column removed", "", "cases", "", ""), ("column added", "", "count", "", "")],
        ),
        (
            TABLE,
            "pace,4,0.25\npolicy,2,0.125",
            "policy,2,0.125\npace,4,0.25",
            [("order", "", "rows", "", "")],
        ),
        (CLAIMS, "reproduced", "derived", [("verdict", "C-1", "verdict", "reproduced", "derived")]),
        (FIGURE, "B,0.75", "B,0.8", [("cell", "B", "share", "0.75", "0.8")]),
        (PICTURE, "20.25", "21.25", [("picture", "", "", "", "")]),
        (PICTURE, "<path", "<line", [("picture", "", "", "", "")]),
        (VALUES, "72.7", "72.8", [("value", "a.rate", "value", "72.7", "72.8")]),
        (VALUES, '"percent"', '"share"', [("description", "a.rate", "unit", "percent", "share")]),
        (EXHIBITS, "(6)", "(7)", [("description", "t", "caption", "Codes (6).", "Codes (7).")]),
        (EXHIBITS, '"ab"', '"cd"', [("description", "t", "inputs.0.sha256", "ab", "cd")]),
    ],
)
def test_a_change_is_found_and_named(
    path: str, old: str, new: str, expected: list[tuple[str, ...]]
) -> None:
    found = compare_records(RECORD, changed(path, old, new))
    assert found == [Difference(kind, path, *rest) for kind, *rest in expected]


@pytest.mark.parametrize("path", RECORD)
def test_a_removed_and_an_added_file_are_found(path: str) -> None:
    without = {key: content for key, content in RECORD.items() if key != path}
    assert compare_records(RECORD, without) == [Difference("removed", path)]
    assert compare_records(without, RECORD) == [Difference("added", path)]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (TABLE, "0.125", "0.12500000001"),
        (FIGURE, "0.75", "0.750000001"),
        (VALUES, "72.7", "72.70000000001"),
        (PICTURE, "20.25", "20.2500001"),
        (PICTURE, "m0123456789", "m9876543210"),
    ],
)
def test_last_bits_and_drawn_identifiers_may_differ(path: str, old: str, new: str) -> None:
    assert compare_records(RECORD, changed(path, old, new)) == []


def test_the_tolerance_is_what_is_said() -> None:
    old, new = parse_table(b"a,x\nq,1000.5\n"), parse_table(b"a,x\nq,1000.5001\n")
    assert compare_tables("t", old, new)
    assert not compare_tables("t", old, new, tolerance=Tolerance(relative=1e-6))
    whole, other = parse_table(b"a,x\nq,1000000000\n"), parse_table(b"a,x\nq,1000000001\n")
    assert compare_tables("t", whole, other, tolerance=Tolerance(relative=1))  # counts are exact


def test_rows_are_matched_by_the_key_that_is_given() -> None:
    old = parse_table(b"who,code,n\na,x,1\na,y,2\n")
    new = parse_table(b"who,code,n\na,x,1\na,z,2\n")
    (found,) = compare_tables("t", old, new, key=["who", "code"])
    assert (found.row, found.column, found.after) == ("a / y", "code", "z")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("1,1\n1,1\n1,1\n2,2", [("row added", "row 4", "")]),
        ("1,1\n2,2", [("row removed", "row 3", "")]),
        ("1,1\n1,5\n2,2", [("cell", "row 3", "b")]),
        ("2,2\n1,1\n1,1", [("order", "", "rows")]),
        ("1,1\n1,1\n2,2", []),
    ],
)
def test_rows_that_nothing_names_are_matched_by_what_they_hold(
    rows: str, expected: list[tuple[str, str, str]]
) -> None:
    old, new = parse_table(b"a,b\n1,1\n1,1\n2,2\n"), parse_table(f"a,b\n{rows}\n".encode())
    found = compare_tables("t", old, new)
    assert [(one.kind, one.row, one.column) for one in found] == expected


def test_only_labels_of_joint_displays_are_judgements() -> None:
    assert {*triangulation.LABELS, *across.ACROSS_LABELS} == display_labels()
    old, new = (parse_table(f"claim,label\nq,{word}\n".encode()) for word in ("silence", "x"))
    assert [one.kind for one in compare_tables("t", old, new)] == ["label"]
    old, new = (parse_table(f"code,label\nq,{word}\n".encode()) for word in ("Pace", "Pacing"))
    assert [one.kind for one in compare_tables("t", old, new)] == ["cell"]


def test_pictures_of_different_shape_are_not_the_same() -> None:
    assert same_picture(b"<svg/>", b"<svg/>")
    assert not same_picture(b"<svg>1 2</svg>", b"<svg>1</svg>")


def test_long_texts_are_cut_to_where_they_part() -> None:
    before, after = "a" * 300 + "b" + "c" * 300, "a" * 300 + "d" + "c" * 300
    cut = Difference("cell", "t", "r", "c", before, after).excerpts
    assert all(len(text) < 125 and text.startswith("…a") for text in cut)
    assert ("b" in cut[0], "d" in cut[1]) == (True, True)
    assert Difference("cell", "t", "r", "c", "1", "2").excerpts == ("1", "2")
