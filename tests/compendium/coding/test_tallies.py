"""Counts of distinct segments and cases, against counting with Python sets."""

import numpy as np
import pandas as pd
import pytest

from compendium.coding import tallies
from compendium.coding.cases import segment_cases, with_cases
from compendium.coding.reconciliation import reconcile
from compendium.coding.tallies import cross_table, tally


@pytest.fixture(scope="module")
def coded(evidence):
    applied = reconcile(evidence["applications"], "either")
    return with_cases(applied, evidence["segments"], evidence["speakers"])


@pytest.fixture(scope="module")
def everyone(evidence):
    return segment_cases(evidence["segments"], evidence["speakers"])


def sets(frame, columns, unit):
    """Distinct units of each group, the slow way."""
    found: dict[tuple, set] = {}
    for row in frame[[*columns, unit]].itertuples(index=False, name=None):
        if not pd.isna(row[-1]):
            found.setdefault(row[:-1], set()).add(row[-1])
    return {key: len(units) for key, units in found.items()}


def test_the_public_names():
    for name in ("tally", "cross_table", "roll_up", "direction_balance"):
        assert callable(getattr(tallies, name))


@pytest.mark.parametrize(("unit", "column"), [("segment", "segment_id"), ("case", "case")])
def test_tally_counts_distinct_units(coded, unit, column):
    table = tally(coded, ["code", "document"], unit)
    expected = sets(coded, ["code", "document"], column)
    for row in table.itertuples():
        assert row.n == expected.get((row.code, row.document), 0)
    assert (table["base"] == coded[column].nunique()).all()
    assert table["n"].is_monotonic_decreasing
    np.testing.assert_allclose(table["share"], table["n"] / table["base"])


def test_ten_remarks_of_one_person_are_one_case():
    said = pd.DataFrame(
        {"segment_id": [f"S{i}" for i in range(10)], "code": "pace", "case": "a/Maya"}
    )
    assert tally(said)["n"].tolist() == [10]
    assert tally(said, unit="case")["n"].tolist() == [1]


def test_a_segment_coded_by_two_coders_counts_once(applications):
    table = tally(applications).set_index("code")["n"]
    assert table.to_dict() == {"pace": 2, "policy": 2, "time": 1}


def test_segments_that_nobody_identifiable_speaks_are_shown(coded):
    table = tally(coded, unit="case").set_index("code")
    nobody = coded[coded["case"].isna()]
    expected = sets(nobody, ["code"], "segment_id")
    assert table["segments_without_case"].to_dict() == {
        code: expected.get((code,), 0) for code in table.index
    }


def test_a_missing_group_is_a_group(coded):
    table = tally(coded, ["district"])
    assert table["district"].isna().sum() == 1
    expected = coded[coded["district"].isna()]["segment_id"].nunique()
    assert table.loc[table["district"].isna(), "n"].tolist() == [expected]


@pytest.mark.parametrize("by", ["document", "level", "speaker_role", "case"])
@pytest.mark.parametrize("unit", ["segment", "case"])
def test_cross_table_against_sets(coded, everyone, evidence, by, unit):
    codes = list(evidence["codebook"]["code"])
    column = {"segment": "segment_id", "case": "case"}[unit]
    table = cross_table(coded, by, unit, codes=codes, segments=everyone)
    cells = {name: sets(coded, ["code", by], name) for name in ("segment_id", "case")}
    rows, columns = sets(coded, ["code"], column), sets(everyone, [by], column)
    assert len(table) == len(codes) * everyone[by].nunique(dropna=False)
    for row in table[table[by].notna()].itertuples():
        key = (row.code, getattr(row, by))
        assert row.n_segments == cells["segment_id"].get(key, 0)
        assert row.n_cases == cells["case"].get(key, 0)
        assert row.code_base == rows.get(key[:1], 0)
        assert row.group_base == columns.get(key[1:], 0)


def test_shares_follow_from_counts_and_bases(coded):
    table = cross_table(coded, "document", "case")
    known = table["group_base"] > 0
    np.testing.assert_allclose(
        table["share_of_group"][known], (table["n_cases"] / table["group_base"])[known]
    )
    assert table["share_of_group"].isna().equals(~known)
    assert (table["unit"] == "case").all()


def test_row_shares_add_up_where_groups_do_not_overlap(coded):
    table = cross_table(coded, "document", "segment")
    totals = table.groupby("code")["share_of_code"].sum()
    np.testing.assert_allclose(totals, 1)


def test_the_base_without_segments_is_what_is_coded(coded, everyone):
    alone = cross_table(coded, "document").groupby("document")["group_base"].first()
    table = cross_table(coded, "document", segments=everyone)
    given = table.groupby("document")["group_base"].first()
    assert alone.sum() == coded["segment_id"].nunique()
    assert given.sum() == everyone["segment_id"].nunique()
    assert (alone <= given).all()


def test_a_code_never_applied_has_zeros_and_no_share(coded):
    table = cross_table(coded, "document", codes=[*coded["code"].unique(), "never"])
    row = table[table["code"] == "never"]
    assert row[["n_segments", "n_cases", "code_base"]].to_numpy().sum() == 0
    assert row["share_of_code"].isna().all()
    assert (row["share_of_group"] == 0).all()


def test_the_order_of_rows_does_not_matter(coded):
    shuffled = coded.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        cross_table(coded, "level", "case"), cross_table(shuffled, "level", "case")
    )
    pd.testing.assert_frame_equal(tally(coded, unit="case"), tally(shuffled, unit="case"))


def test_bad_input(applications, coded):
    with pytest.raises(ValueError, match=r"no column document.*Call with_cases"):
        cross_table(applications.assign(case="a/Maya"), "document")
    with pytest.raises(ValueError, match=r"no column case.*Call with_cases"):
        tally(applications, unit="case")
    with pytest.raises(ValueError, match="'person' is not one of segment, case"):
        tally(coded, unit="person")
    with pytest.raises(ValueError, match="is not in the codebook"):
        cross_table(coded, "document", codes=["pace_individual"])


def test_categories_that_do_not_occur_are_no_groups():
    codes = pd.Categorical(["pace", "pace"], categories=["pace", "time"])
    applied = pd.DataFrame({"segment_id": ["S1", "S2"], "code": codes})
    assert tally(applied)["code"].tolist() == ["pace"]
