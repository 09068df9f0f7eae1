"""Directions per code and group, and the balance drawn from them."""

import pandas as pd
import pytest

from compendium.coding.cases import with_cases
from compendium.coding.reconciliation import reconcile
from compendium.coding.tallies import direction_balance, directions


@pytest.fixture(scope="module")
def coded(evidence):
    return with_cases(reconcile(evidence["applications"]), evidence["segments"])


@pytest.mark.parametrize(("unit", "column"), [("segment", "segment_id"), ("case", "case")])
def test_counts_against_sets(coded, unit, column):
    table = directions(coded, ["code", "document"], unit)
    for row in table.itertuples():
        group = coded[(coded["code"] == row.code) & (coded["document"] == row.document)]
        assert row.n == group.loc[group["direction"] == row.direction, column].nunique()
        assert row.base == group[column].nunique()


def test_directions_of_segments_add_up_to_the_base(coded):
    table = directions(coded)
    totals = table.groupby("code").agg(n=("n", "sum"), base=("base", "first"))
    assert (totals["n"] == totals["base"]).all()


def test_a_case_that_says_both_counts_under_both():
    said = pd.DataFrame(
        {
            "segment_id": ["S1", "S2"],
            "case": ["a/Maya", "a/Maya"],
            "code": ["pace", "pace"],
            "direction": ["helps", "hinders"],
        }
    )
    table = directions(said, unit="case").set_index("direction")
    assert table["n"].to_dict() == {"helps": 1, "hinders": 1, "mixed": 0, "neutral": 0}
    assert table["base"].unique().tolist() == [1]


def test_balance_is_helps_minus_hinders_of_the_base(coded):
    table = direction_balance(coded, ["document"])
    long = directions(coded, ["document"]).set_index(["document", "direction"])["n"].to_dict()
    for row in table.itertuples():
        helps, hinders = long[row.document, "helps"], long[row.document, "hinders"]
        assert (row.helps, row.neutral) == (helps, long[row.document, "neutral"])
        assert row.balance == pytest.approx((helps - hinders) / row.base)
    assert table["balance"].between(-1, 1).all()


@pytest.mark.parametrize(
    ("direction", "message"),
    [(None, "row 1, column direction: empty"), ("helpz", "row 1, column direction: 'helpz' is")],
)
def test_missing_or_unknown_directions(applications, direction, message):
    one = applications[applications["coder"] == "B"].reset_index(drop=True)
    one.loc[1, "direction"] = direction
    with pytest.raises(ValueError, match=message):
        directions(one)


def test_two_directions_for_one_code_need_reconciling(applications):
    with pytest.raises(ValueError, match="'S3' has another direction for code 'policy'; reconcile"):
        directions(applications)
