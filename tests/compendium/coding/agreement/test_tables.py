"""From applications to ratings and tables: missing is not zero, short cuts change nothing."""

import numpy as np
import pandas as pd
import pytest

from compendium.coding import agreement
from compendium.coding.agreement import (
    agreement_by_code,
    direction_agreement,
    overall_agreement,
    set_ratings,
)
from compendium.coding.agreement import tables as agreement_rows
from compendium.coding.agreement.code_cells import cluster_labels
from compendium.coding.agreement.ratings import direction_ratings, first_code_ratings
from compendium.coding.checks import coverage

CODES = ["pace", "policy", "time"]


def code_ratings(applications, segments, code):
    """Segments x coders, cell by cell: 1, 0, or missing where the coder did not read."""
    document = segments.set_index("segment_id")["document"]
    applied = set(applications[["segment_id", "coder", "code"]].itertuples(index=False, name=None))
    read = {(document[segment], coder) for segment, coder, _ in applied}
    coders = sorted({coder for _, coder, _ in applied})
    rows = [
        [
            int((segment, coder, code) in applied) if (document[segment], coder) in read else None
            for coder in coders
        ]
        for segment in segments["segment_id"]
    ]
    return pd.DataFrame(rows, list(segments["segment_id"]), coders).astype("Int64")


@pytest.fixture
def half_read(applications, segments):
    """Coder C has read document a only."""
    more = pd.DataFrame([("S1", "C", 1, "pace", "helps")], columns=applications.columns)
    return pd.concat([applications, more], ignore_index=True), segments


def test_what_a_coder_did_not_read_is_missing(half_read):
    applications, segments = half_read
    assert coverage(applications, segments)["C"].to_dict() == {"a": True, "b": False}
    ratings = code_ratings(applications, segments, "pace")
    assert ratings["C"].fillna(-1).tolist() == [1, 0, -1, -1]
    assert ratings["A"].tolist() == [1, 1, 0, 0]
    sets = set_ratings(applications, segments)
    assert sets.loc["S2", "C"] == frozenset()
    assert sets["C"].isna().tolist() == [False, False, True, True]
    first = first_code_ratings(applications, segments)
    assert first["C"].fillna("missing").tolist() == ["pace", "(none)", "missing", "missing"]


def test_a_segment_without_any_code_is_agreement_on_nothing(applications, segments):
    sets = set_ratings(applications, segments)
    assert [sets.at["S4", coder] for coder in "AB"] == [frozenset(), frozenset()]
    ratings = code_ratings(applications, segments, "pace")
    assert [ratings.at["S4", coder] for coder in "AB"] == [0, 0]


def test_directions_are_compared_where_the_code_is_the_same(applications):
    ratings = direction_ratings(applications)
    assert ratings.to_dict("index") == {
        ("S1", "pace"): {"A": "helps", "B": "helps"},
        ("S2", "pace"): {"A": "hinders", "B": "hinders"},
        ("S3", "policy"): {"A": "helps", "B": "hinders"},
    }


@pytest.mark.parametrize("clusters", ["document", ["document", "speaker"], "segment_id"])
def test_by_code_equals_one_code_at_a_time(evidence, clusters):
    applications, segments = evidence["applications"], evidence["segments"]
    codes = [*evidence["codebook"]["code"].iloc[::8], "never"]
    applications = applications[applications["code"].isin(codes)]
    names = [*agreement_rows.DEFAULT, "cohen_kappa", "fleiss_kappa"]
    table = agreement_by_code(
        applications, segments, codes, clusters, coefficients=names, replicates=60
    )
    labels = cluster_labels(segments, clusters)
    for row in table.to_dict("records"):
        ratings = code_ratings(applications, segments, row["code"])
        options = {"categories": (0, 1)} if row["coefficient"] in WITH_CATEGORIES else {}
        single = getattr(agreement, row["coefficient"])(
            ratings, clusters=labels, replicates=60, **options
        )
        expected = [single.value, single.lower, single.upper]
        found = [row["value"], row["lower"], row["upper"]]
        np.testing.assert_allclose(found, np.array(expected, dtype=float), atol=1e-12)
        assert (row["n"], row["reason"]) == (single.n, single.reason)
        assert (row["n_clusters"], row["n_undefined"]) == (single.n_clusters, single.n_undefined)


WITH_CATEGORIES = {
    "cohen_kappa",
    "fleiss_kappa",
    "krippendorff_alpha",
    "gwet_ac1",
    "brennan_prediger",
}


def test_by_code_with_three_coders_and_missing_documents(half_read):
    applications, segments = half_read
    table = agreement_by_code(applications, segments, CODES, "document", replicates=0)
    for row in table[table["coefficient"] == "krippendorff_alpha"].to_dict("records"):
        ratings = code_ratings(applications, segments, row["code"])
        single = agreement.krippendorff_alpha(ratings, replicates=0)
        assert row["value"] == pytest.approx(single.value, abs=1e-12)
        assert row["prevalence"] == pytest.approx(ratings.stack().mean())
        assert row["n_any"] == (ratings.sum(axis=1) > 0).sum()
        assert row["n_all"] == (ratings.sum(axis=1) == ratings.notna().sum(axis=1)).sum()


def test_a_code_that_nobody_applied_has_a_reason(applications, segments):
    table = agreement_by_code(applications, segments, [*CODES, "never"], "document")
    row = table[(table["code"] == "never") & (table["coefficient"] == "gwet_ac1")].iloc[0]
    assert pd.isna(row["value"])
    assert row["reason"] == "every rating is 0: agreement beyond chance cannot be judged"
    assert row["n_any"] == 0


def test_overall_pools_every_decision(evidence):
    applications, segments = evidence["applications"], evidence["segments"]
    codes = list(evidence["codebook"]["code"])
    table = overall_agreement(applications, segments, codes, "document", replicates=50)
    rows = {(row["ratings"], row["coefficient"]): row for row in table.to_dict("records")}
    ratings = pd.concat([code_ratings(applications, segments, code) for code in codes])
    clusters = segments.set_index("segment_id")["document"].loc[ratings.index].to_numpy()
    pooled = agreement.krippendorff_alpha(ratings, clusters=clusters, replicates=50)
    row = rows["every decision", "krippendorff_alpha"]
    assert row["n"] == len(segments) * len(codes)
    assert row["value"] == pytest.approx(pooled.value, abs=1e-12)
    assert row["lower"] == pytest.approx(pooled.lower, abs=1e-12)
    sets = set_ratings(applications, segments)
    same = np.mean([a == b for a, b in zip(sets["A"], sets["B"], strict=True)])
    assert rows["set of codes", "percent_agreement"]["value"] == pytest.approx(same)
    assert rows["first code", "gwet_ac1"]["n"] == len(segments)


def test_direction_agreement_over_all_and_per_code(applications, segments):
    table = direction_agreement(applications, segments, CODES, "document", replicates=0)
    plain = table[table["coefficient"] == "percent_agreement"]
    assert plain["n"].tolist() == [3, 2, 1, 0]
    assert plain["code"].fillna("all").tolist() == ["all", *CODES]
    assert plain["value"].round(3).iloc[:3].tolist() == [0.667, 1.0, 0.0]
    last = plain.iloc[-1]
    assert pd.isna(last["value"])
    assert last["reason"] == "no rater only: agreement needs two"


def test_segments_that_repeat_are_refused(applications, segments):
    twice = pd.concat([segments, segments.head(1)], ignore_index=True)
    for function in (set_ratings, first_code_ratings):
        with pytest.raises(ValueError, match="'S1' is there twice"):
            function(applications, twice)


def test_bad_input(applications, segments):
    with pytest.raises(ValueError, match="coder 'C' has coded nothing; coders with applications"):
        set_ratings(applications, segments, coders=["A", "C"])
    with pytest.raises(ValueError, match="'time' is not in the codebook"):
        agreement_by_code(applications, segments, ["pace", "policy"])
    with pytest.raises(ValueError, match="'kappa' is not one of percent_agreement"):
        agreement_by_code(applications, segments, CODES, coefficients=["kappa"])
    with pytest.raises(ValueError, match="no column rank"):
        first_code_ratings(applications.drop(columns="rank"), segments)
    with pytest.raises(ValueError, match="no column district"):
        agreement_by_code(applications, segments, CODES, "district")
    with pytest.raises(ValueError, match="'S3' is not among the segments"):
        agreement_by_code(applications, segments.drop(index=2), CODES)


def test_one_coder_only_has_no_agreement(applications, segments):
    alone = applications[applications["coder"] == "A"]
    table = agreement_by_code(alone, segments, CODES)
    assert table["value"].isna().all()
    assert set(table["reason"]) == {"one rater only: agreement needs two"}


def test_more_coders_than_bits(segments):
    crowd = pd.DataFrame(
        {"segment_id": "S1", "coder": [f"R{i}" for i in range(61)], "code": "pace"}
    )
    with pytest.raises(ValueError, match="61 coders; name at most 60"):
        agreement_by_code(crowd, segments, ["pace"])
    half = agreement_by_code(crowd.head(60), segments, ["pace"], "document", replicates=0)
    assert (half["n"] == 2).all()


def test_ranks_may_have_gaps_where_they_are_not_used(applications, segments):
    later = applications[applications["rank"] == 2]
    assert set_ratings(later, segments).at["S3", "B"] == frozenset({"time"})
    with pytest.raises(ValueError, match="must run 1, 2"):
        first_code_ratings(later, segments)
