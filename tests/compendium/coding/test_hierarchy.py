"""Rolling up the hierarchy: distinct units, direct and with children, to any depth."""

import pandas as pd
import pytest

from compendium.coding.cases import with_cases
from compendium.coding.reconciliation import reconcile
from compendium.coding.tallies import roll_up

TREE = pd.DataFrame(
    {"code": ["top", "left", "right", "leaf"], "parent": [None, "top", "top", "left"]}
)


def said(*rows):
    frame = pd.DataFrame(rows, columns=["segment_id", "case", "code"])
    return frame.assign(case=frame["case"].astype("str"))


def test_categories_of_the_evidence_against_sets(evidence):
    coded = with_cases(reconcile(evidence["applications"]), evidence["segments"])
    codebook = evidence["codebook"]
    table = roll_up(coded, codebook).set_index("node")
    for category, codes in codebook.groupby("category")["code"]:
        below = coded[coded["code"].isin(codes)]
        row = table.loc[category]
        assert row["segments_with_children"] == below["segment_id"].nunique()
        assert row["cases_with_children"] == below["case"].nunique()
        assert (row["segments_direct"], row["cases_direct"]) == (0, 0)
        assert not row["is_code"]
    assert table["is_code"].sum() == len(codebook)


def test_a_parent_that_is_a_code_itself():
    table = roll_up(
        said(("S1", "a/M", "top"), ("S1", "a/M", "leaf"), ("S2", "a/N", "right")),
        TREE,
        levels=("code", "parent"),
    ).set_index("node")
    assert table.index.tolist() == ["top", "left", "leaf", "right"]
    assert table["depth"].tolist() == [0, 1, 2, 1]
    assert table["segments_direct"].tolist() == [1, 0, 1, 1]
    assert table["segments_with_children"].tolist() == [2, 1, 1, 1]
    assert table["cases_with_children"].tolist() == [2, 1, 1, 1]
    assert table["parent"].fillna("").tolist() == ["", "top", "left", "top"]


def test_a_unit_with_two_codes_of_a_category_counts_once():
    book = pd.DataFrame({"code": ["x", "y"], "category": ["C", "C"], "theme": ["T", "T"]})
    coded = said(("S1", "a/M", "x"), ("S1", "a/M", "y"))
    table = roll_up(coded, book, ("code", "category", "theme")).set_index("node")
    assert table.loc[["T", "C"], "segments_with_children"].tolist() == [1, 1]
    assert table.loc[["T", "C"], "cases_with_children"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("book", "message"),
    [
        ({"code": ["x", "y"], "parent": ["y", "x"]}, "x under y under x: a node above itself"),
        ({"code": ["x", "x"], "parent": ["a", "b"]}, "row 1: 'x' is under 'a' and under 'b'"),
        ({"code": ["z"], "parent": ["a"]}, "'x' is not in the codebook"),
    ],
)
def test_hierarchies_that_cannot_be(book, message):
    with pytest.raises(ValueError, match=message):
        roll_up(said(("S1", "a/M", "x")), pd.DataFrame(book), levels=("code", "parent"))


def test_what_nobody_applied_counts_zero():
    applied = pd.DataFrame({"segment_id": ["S1"], "case": ["a"], "code": ["pace"]})
    codebook = pd.DataFrame({"code": ["pace", "time"], "category": ["Practice", "Other"]})
    table = roll_up(applied, codebook).set_index("node")
    numbers = table.filter(regex="segments|cases")
    assert numbers.loc[["Other", "time"]].to_numpy().tolist() == [[0] * 4] * 2
    assert numbers.loc["Practice"].tolist() == [0, 1, 0, 1]
