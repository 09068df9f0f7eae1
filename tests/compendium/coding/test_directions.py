"""Directions per code and group, and the balance drawn from them."""

import pandas as pd
import pytest

from compendium.coding.cases import with_cases
from compendium.coding.checks import DIRECTIONS
from compendium.coding.reconciliation import cautious_direction, reconcile
from compendium.coding.tallies import direction_balance


@pytest.fixture(scope="module")
def coded(evidence):
    return with_cases(reconcile(evidence["applications"]), evidence["segments"])


@pytest.mark.parametrize(("unit", "column"), [("segment", "segment_id"), ("case", "case")])
def test_counts_against_sets(coded, unit, column):
    table = direction_balance(coded, ["code", "document"], unit)
    assert len(table) == len(coded[["code", "document"]].drop_duplicates())
    for row in table.to_dict("records"):
        group = coded[(coded["code"] == row["code"]) & (coded["document"] == row["document"])]
        for direction in DIRECTIONS:
            assert row[direction] == group.loc[group["direction"] == direction, column].nunique()
        assert row["base"] == group[column].nunique()


def test_directions_of_segments_add_up_to_the_base(coded):
    table = direction_balance(coded)
    assert (table[list(DIRECTIONS)].sum(axis=1) == table["base"]).all()


def test_a_group_without_a_name_is_a_group(coded):
    table = direction_balance(
        coded.assign(role=coded["speaker_role"].where(coded.index % 2 == 0)), "role"
    )
    unnamed = table[table["role"].isna()]
    assert unnamed["base"].item() == coded.loc[coded.index % 2 == 1, "segment_id"].nunique()


def test_a_case_that_says_both_counts_under_both():
    said = pd.DataFrame(
        {
            "segment_id": ["S1", "S2"],
            "case": ["a/Maya", "a/Maya"],
            "code": ["pace", "pace"],
            "direction": ["helps", "hinders"],
        }
    )
    row = direction_balance(said, unit="case").iloc[0]
    assert row[list(DIRECTIONS)].tolist() == [1, 1, 0, 0]
    assert (row["base"], row["balance"]) == (1, 0)


def test_balance_is_helps_minus_hinders_of_the_base(coded):
    table = direction_balance(coded, ["document"])
    for row in table.itertuples():
        assert row.balance == pytest.approx((row.helps - row.hinders) / row.base)
    assert table["balance"].between(-1, 1).all()
    assert table["balance"].nunique() > 1


@pytest.mark.parametrize(
    ("stated", "cautious"),
    [
        (["helps", "helps"], "helps"),
        (["helps", "hinders"], "mixed"),
        (["helps", "neutral"], "neutral"),
        (["mixed", None], "neutral"),
        ([None, None], None),
    ],
)
def test_the_cautious_direction(stated, cautious):
    rows = pd.DataFrame({"code": ["x", "x", "y"], "direction": [*stated, "helps"]})
    found = cautious_direction(rows, ["code"])
    assert found.astype(object).where(found.notna(), None).tolist() == [cautious] * 2 + ["helps"]


@pytest.mark.parametrize(
    ("direction", "message"),
    [(None, "row 1, column direction: empty"), ("helpz", "row 1, column direction: 'helpz' is")],
)
def test_missing_or_unknown_directions(applications, direction, message):
    one = applications[applications["coder"] == "B"].reset_index(drop=True)
    one.loc[1, "direction"] = direction
    with pytest.raises(ValueError, match=message):
        direction_balance(one)


def test_two_directions_for_one_code_need_reconciling(applications):
    with pytest.raises(ValueError, match="'S3' has another direction for code 'policy'; reconcile"):
        direction_balance(applications)
