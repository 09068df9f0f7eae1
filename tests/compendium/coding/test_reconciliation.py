"""One coding out of two, by a rule, and by recorded decisions."""

import pandas as pd
import pytest

from compendium.coding.reconciliation import disputes, reconcile


def pairs(frame):
    return set(zip(frame["segment_id"], frame["code"], strict=True))


def decision(*rows):
    return pd.DataFrame(rows, columns=["segment_id", "code", "decision", "direction"])


AGREED = {("S1", "pace"), ("S2", "pace"), ("S3", "policy")}
DISPUTED = {("S2", "policy"), ("S3", "time")}


def test_the_rules(applications):
    assert pairs(reconcile(applications, "both")) == AGREED
    assert pairs(reconcile(applications, "either")) == AGREED | DISPUTED
    assert pairs(reconcile(applications, "A")) == AGREED | {("S2", "policy")}
    assert pairs(reconcile(applications, "B")) == AGREED | {("S3", "time")}


def test_a_third_coder_makes_a_majority() -> None:
    given = [("A", "pace"), ("B", "pace"), ("C", "plan"), ("A", "plan"), ("B", "policy")]
    three = pd.DataFrame(given, columns=["coder", "code"])
    three = three.assign(segment_id="S1", direction="helps")
    assert reconcile(three, "majority")["code"].tolist() == ["pace", "plan"]
    assert reconcile(three, "both").empty
    two = three[three["coder"] != "C"]
    assert (
        reconcile(two, "majority")
        .drop(columns="coder")
        .equals(reconcile(two, "both").drop(columns="coder"))
    )


def test_a_majority_decides_the_direction_too() -> None:
    given = [("A", "helps"), ("B", "helps"), ("C", "hinders")]
    three = pd.DataFrame(given, columns=["coder", "direction"])
    three = three.assign(segment_id="S1", code="pace")
    found = reconcile(three, "majority")
    assert found["direction"].tolist() == ["helps"]
    assert reconcile(three, "both")["direction"].tolist() == ["mixed"]
    assert reconcile(three.iloc[1:], "majority")["direction"].tolist() == ["mixed"]


def test_a_majority_is_of_those_who_read_the_document() -> None:
    """C read the first document only, so that in the second A and B are all there are."""
    given = [("A", "S1"), ("C", "S1"), ("A", "S2"), ("B", "S2"), ("B", "S3"), ("B", "S1")]
    applied = pd.DataFrame(given, columns=["coder", "segment_id"])
    applied = applied.assign(code="pace", direction="helps")
    applied.loc[applied["segment_id"].eq("S1") & applied["coder"].eq("B"), "code"] = "plan"
    segments = pd.DataFrame({"segment_id": ["S1", "S2", "S3"], "document": ["x", "y", "y"]})
    found = reconcile(applied, "majority", segments=segments)
    assert found[["segment_id", "code"]].to_numpy().tolist() == [["S1", "pace"], ["S2", "pace"]]
    with pytest.raises(ValueError, match="coder 'C' has coded nothing in document 'y'"):
        reconcile(applied, "both", segments=segments)


def test_the_rules_on_the_evidence_by_sets(evidence):
    coded = evidence["applications"]
    of = {name: pairs(coded[coded["coder"] == name]) for name in "AB"}
    both = reconcile(coded, "both", segments=evidence["segments"])
    assert pairs(both) == of["A"] & of["B"]
    assert pairs(reconcile(coded, "either")) == of["A"] | of["B"]
    assert not both.duplicated(["segment_id", "code"]).any()


@pytest.mark.parametrize(
    ("first", "second", "direction"),
    [
        ("helps", "helps", "helps"),
        ("helps", "hinders", "mixed"),
        ("mixed", "hinders", "mixed"),
        ("helps", "neutral", "neutral"),
        ("neutral", "mixed", "neutral"),
    ],
)
def test_a_direction_in_dispute_counts_for_neither_side(first, second, direction):
    coded = pd.DataFrame(
        {
            "segment_id": ["S1", "S1"],
            "coder": ["A", "B"],
            "code": ["pace", "pace"],
            "direction": [first, second],
        }
    )
    row = reconcile(coded).iloc[0]
    assert row["direction"] == direction
    assert row["direction_agreed"] == (first == second)


def test_decisions_overrule_the_rule(applications):
    decided = decision(
        ("S2", "policy", "apply", "mixed"),
        ("S3", "policy", "apply", "hinders"),
        ("S3", "time", "drop", None),
    )
    both = reconcile(applications, "both", decided).set_index(["segment_id", "code"])
    assert set(both.index) == AGREED | {("S2", "policy")}
    assert both.loc[("S2", "policy"), "direction"] == "mixed"
    assert both.loc[("S3", "policy"), "direction"] == "hinders"
    assert both["decided_by"].value_counts().to_dict() == {"rule": 2, "adjudication": 2}
    assert pairs(reconcile(applications, "either", decided)) == set(both.index)


def test_what_is_not_decided_falls_to_the_rule(applications):
    decided = decision(("S2", "policy", "apply", "helps"))
    assert pairs(reconcile(applications, "both", decided)) == AGREED | {("S2", "policy")}
    assert ("S3", "time") in pairs(reconcile(applications, "either", decided))


def test_disputes_are_listed_ready_to_be_settled(applications):
    listed = disputes(applications)
    assert pairs(listed) == DISPUTED | {("S3", "policy")}
    assert listed.set_index(["segment_id", "code"])["dispute"].to_dict() == {
        ("S2", "policy"): "code",
        ("S3", "policy"): "direction",
        ("S3", "time"): "code",
    }
    decided = listed[["segment_id", "code"]].assign(decision="apply", direction="mixed")
    assert (reconcile(applications, "both", decided)["n_coders"] > 0).all()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("S1", "pace", "drop", None), "row 0, segment 'S1', code 'pace': not in dispute"),
        (("S1", "time", "apply", "helps"), "not in dispute"),
        (("S2", "policy", "keep", None), "decision 'keep' is not one of apply, drop"),
        (("S2", "policy", "apply", None), "is not one of helps, hinders, mixed, neutral"),
    ],
)
def test_decisions_that_cannot_be_right(applications, row, message):
    with pytest.raises(ValueError, match=message):
        reconcile(applications, "both", decision(row))


def test_a_pair_decided_twice(applications):
    twice = decision(("S3", "time", "drop", None), ("S3", "time", "apply", "helps"))
    with pytest.raises(ValueError, match="row 1: decided twice"):
        reconcile(applications, "both", twice)


def test_decisions_do_not_go_with_one_coder(applications):
    with pytest.raises(ValueError, match="one coder's"):
        reconcile(applications, "A", decision(("S3", "time", "drop", None)))


def test_one_coder_only(applications):
    alone = applications[applications["coder"] == "A"]
    with pytest.raises(ValueError, match="needs two coders, but only A has coded"):
        reconcile(alone, "both")
    assert len(reconcile(alone, "A")) == len(alone)


def test_unknown_rule_and_no_applications(applications):
    with pytest.raises(ValueError, match=r"'botth' is not both, majority.*did you mean 'both'"):
        reconcile(applications, "botth")
    with pytest.raises(ValueError, match="only nobody has coded"):
        reconcile(applications.head(0), "both")


def test_a_document_that_one_coder_has_not_read(applications, segments):
    half = applications[(applications["coder"] == "A") | (applications["segment_id"] != "S3")]
    with pytest.raises(ValueError, match="coder 'B' has coded nothing in document 'b'"):
        reconcile(half, "both", segments=segments)
    assert pairs(reconcile(applications, "both", segments=segments)) == AGREED


def test_the_same_application_twice(applications):
    with pytest.raises(ValueError, match="is there twice"):
        reconcile(pd.concat([applications, applications.head(1)], ignore_index=True))


def test_codings_without_directions_have_none_afterwards(applications):
    plain = applications.drop(columns="direction")
    both = reconcile(plain)
    assert pairs(both) == AGREED
    assert both["direction"].isna().all()
    assert both["direction_agreed"].all()
    table = disputes(plain)
    assert pairs(table) == DISPUTED
    assert set(table["dispute"]) == {"code"}
    assert set(table[["A", "B"]].stack().dropna()) == {"(none)"}
    empty = reconcile(applications.assign(direction=None))
    assert empty.drop(columns="direction").equals(both.drop(columns="direction"))
    assert empty["direction"].isna().all()


def test_decisions_on_codings_without_directions(applications):
    plain = applications.drop(columns="direction")
    settled = pd.DataFrame({"segment_id": ["S2"], "code": ["policy"], "decision": ["apply"]})
    assert pairs(reconcile(plain, adjudication=settled)) == AGREED | {("S2", "policy")}
    with pytest.raises(ValueError, match="adjudication: no column direction"):
        reconcile(applications, adjudication=settled)


def test_one_coder_without_a_direction_is_read_cautiously(applications):
    applications.loc[0, "direction"] = None
    row = reconcile(applications).iloc[0]
    assert (row["direction"], row["direction_agreed"]) == ("neutral", False)
    assert "direction" in set(disputes(applications).query("segment_id == 'S1'")["dispute"])


def test_ranks_may_have_gaps(applications):
    later = applications[applications["rank"] == 2]
    assert pairs(reconcile(later, "either")) == DISPUTED
