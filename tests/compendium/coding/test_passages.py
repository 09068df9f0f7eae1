"""Passages matched by their overlap: never more than the share allows, nothing lost."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from compendium.coding.agreement import agreement_by_code, overall_agreement
from compendium.coding.pairs import co_occurrence
from compendium.coding.passages import (
    join_overlapping,
    match_passages,
    near_misses,
    overlapping_pairs,
)
from compendium.coding.reconciliation import disputes, reconcile
from compendium.coding.tallies import tally


def passages(*spans, document="t"):
    ids = [f"s{i}" for i in range(len(spans))]
    frame = pd.DataFrame(spans, columns=["start", "end"])
    return frame.assign(segment_id=ids, document=document)


def codings(coders, codes=None, **more):
    ids = [f"s{i}" for i in range(len(coders))]
    frame = pd.DataFrame({"segment_id": ids, "coder": list(coders), "code": codes or "x"})
    return frame.assign(**more)


@pytest.fixture
def crowd():
    """Many passages of three coders in two documents."""
    random = np.random.default_rng(11)
    start = random.integers(0, 300, 240)
    segments = passages(*zip(start, start + random.integers(1, 60, 240), strict=True))
    segments = segments.assign(document=random.choice(["p", "q"], 240))
    coders, codes = (random.choice(list(letters), 240).tolist() for letters in ("ABC", "xyz"))
    return codings(coders, codes), segments


def jaccard(one, other):
    common = min(one.end, other.end) - max(one.start, other.start)
    return max(common, 0) / (one.end - one.start + other.end - other.start - max(common, 0))


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8, 1.0])
def test_no_two_passages_of_a_segment_overlap_by_less(crowd, share):
    applications, segments = crowd
    matched = match_passages(applications, segments, share)
    rows = segments.merge(matched.matches, on="segment_id")
    for _, group in rows.groupby("matched_id"):
        assert group["document"].nunique() == 1
        for one, other in combinations(group.itertuples(), 2):
            assert jaccard(one, other) >= share
        longest = group.assign(length=group["end"] - group["start"]).nlargest(1, "length")
        assert group["matched_id"].iloc[0] == longest["segment_id"].iloc[0]
    for row in rows.itertuples():
        stands = segments.set_index("segment_id").loc[row.matched_id]
        assert row.overlap == pytest.approx(jaccard(row, stands))
    assert set(matched.segments["segment_id"]) == set(matched.matches["matched_id"])
    assert set(matched.applications["segment_id"]) <= set(matched.segments["segment_id"])


def test_a_smaller_share_matches_more(crowd):
    applications, segments = crowd
    sizes = [len(match_passages(applications, segments, s).segments) for s in (0.3, 0.5, 0.8, 1.0)]
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == len(segments.drop_duplicates(["document", "start", "end"]))


def test_no_application_is_lost(crowd):
    applications, segments = crowd
    matched = match_passages(applications, segments)
    moved = applications.merge(matched.matches, on="segment_id")
    expected = set(moved[["matched_id", "coder", "code"]].itertuples(index=False, name=None))
    found = matched.applications[["segment_id", "coder", "code"]]
    assert set(found.itertuples(index=False, name=None)) == expected
    assert not found.duplicated().any()


def test_a_chain_is_not_joined():
    segments = passages((0, 10), (3, 13), (6, 16))
    matched = match_passages(codings("ABC"), segments, 0.5)
    assert matched.matches["matched_id"].tolist() == ["s0", "s0", "s2"]
    assert matched.matches["overlap"].tolist() == [1.0, 7 / 13, 1.0]


def test_the_nearest_are_joined_first():
    segments = passages((0, 10), (2, 12), (3, 13))
    matched = match_passages(codings("ABC"), segments, 0.6)
    assert matched.matches["matched_id"].tolist() == ["s0", "s1", "s1"]


def test_what_is_joined_goes_on_to_every_count():
    segments = passages((0, 40), (0, 39), (100, 120))
    applications = codings("ABA", ["pace", "pace", "time"], direction=["helps", "mixed", "helps"])
    matched = match_passages(applications, segments)
    assert len(disputes(applications)) == 3
    assert disputes(matched.applications)["dispute"].tolist() == ["direction", "code"]
    assert reconcile(matched.applications)["code"].tolist() == ["pace"]
    assert tally(matched.applications).set_index("code")["n"].to_dict() == {"pace": 1, "time": 1}
    table = agreement_by_code(*matched[:2], ["pace", "time"], "document", replicates=0)
    assert (
        table.query("code == 'pace' and coefficient == 'positive_agreement'")["value"].item() == 1
    )


def test_a_code_twice_on_a_segment_counts_once_and_reads_cautiously():
    segments = passages((0, 23), (0, 22), (0, 23), (0, 22))
    applications = codings(
        "AABB",
        direction=["helps", "hinders", "helps", "neutral"],
        rank=[2, 1, 1, 2],
        weight=[1.0, 2.0, 3.0, 4.0],
    )
    once = match_passages(applications, segments).applications
    assert once.drop(columns="weight").values.tolist() == [
        ["s0", "A", "x", "mixed", 1],
        ["s0", "B", "x", "neutral", 1],
    ]
    alike = match_passages(applications.assign(direction="helps"), segments).applications
    assert alike["direction"].tolist() == ["helps", "helps"]


def test_ranks_are_counted_anew():
    segments = passages((0, 23), (0, 22), (0, 21))
    applications = codings("AAA", ["x", "y", "x"], rank=[2, 1, 3])
    once = match_passages(applications, segments).applications
    assert once[["code", "rank"]].values.tolist() == [["x", 2], ["y", 1]]


def test_whole_documents_stay_as_they_are():
    segments = passages((0, 10), (None, None), (0, 10), (None, None)).astype(
        {"start": "Int64", "end": "Int64"}
    )
    matched = match_passages(codings("ABBA"), segments)
    assert matched.matches["matched_id"].tolist() == ["s0", "s1", "s0", "s3"]


def test_near_misses_are_of_different_coders():
    segments = passages((0, 40), (0, 39), (0, 40), (50, 60), (50, 59), (0, 100))
    applications = codings("ABACCD")
    table = near_misses(applications, segments)
    assert table[["segment_id", "other"]].values.tolist() == [["s0", "s1"], ["s1", "s2"]]
    assert table[["coders", "other_coders"]].values.tolist() == [["A", "B"], ["B", "A"]]
    assert table["overlap"].tolist() == [0.975, 0.975]
    assert table.index.tolist() == [0, 1]
    closer = segments.assign(end=[40, 39, 40, 60, 59, 41])
    assert near_misses(applications, closer)["overlap"].is_monotonic_decreasing
    assert near_misses(applications, closer).index.tolist() == list(range(5))
    assert near_misses(applications, segments, 0.98).empty
    everyone = pd.concat([applications, codings("BA")], ignore_index=True)
    assert near_misses(everyone, segments).empty


def test_a_warning_only_where_passages_nearly_coincide(segments, applications):
    spans = passages((0, 40), (0, 39))
    ranked = codings("AB", rank=1)
    for function in (agreement_by_code, overall_agreement):
        with pytest.warns(
            UserWarning, match="1 pair of passages.*'s0' and 's1' of 't'. Call match"
        ):
            function(ranked, spans, ["x"], "document", replicates=0)
        function(ranked, spans.assign(end=[40, 30]), ["x"], "document", replicates=0)
        function(applications, segments, ["pace", "policy", "time"], "document", replicates=0)


def test_pairs_against_loops(crowd):
    _, segments = crowd
    lane = (segments["document"] == "q").to_numpy(dtype=int)
    found = overlapping_pairs(lane, segments["start"], segments["end"])
    expected = [
        (i, j)
        for (i, one), (j, other) in combinations(enumerate(segments.itertuples()), 2)
        if one.document == other.document and one.start < other.end and other.start < one.end
    ]
    assert sorted(map(tuple, found.tolist())) == expected
    assert overlapping_pairs([0, 0], [1, 1], [1, 5]).shape == (0, 2)
    # Pairs grow with the square: what would not fit into memory is refused beforehand.
    many = np.arange(5_000)
    with pytest.raises(ValueError, match="12,497,500 pairs overlap, the limit is 10,000,000"):
        overlapping_pairs(many * 0, many, many * 0 + 5_000)
    assert len(overlapping_pairs(many, many, many + 5_000)) == 0


def test_joining_against_characters(crowd):
    _, segments = crowd
    lane = (segments["document"] == "q").to_numpy(dtype=int)
    lanes, starts, ends = join_overlapping(lane, segments["start"], segments["end"])
    for number in (0, 1):
        text, joined = np.zeros((2, 400), dtype=bool)
        for row in segments[lane == number].itertuples():
            text[row.start : row.end] = True
        for start, end in zip(starts[lanes == number], ends[lanes == number], strict=True):
            assert not joined[int(start) : int(end)].any()
            joined[int(start) : int(end)] = True
        np.testing.assert_array_equal(text, joined)
    assert join_overlapping([], [], [])[0].size == 0


def test_co_occurrence_by_overlap():
    """Pace is coded in two passages (one of two coders); time overlaps both, policy none."""
    applied = codings("ABAAA", ["pace", "pace", "pace", "time", "policy"])
    spans = passages((0, 10), (4, 12), (20, 30), (8, 22), (40, 50))
    table = co_occurrence(applied.merge(spans, on="segment_id"), "overlap")
    table = table.set_index(["code", "other"])
    assert table["n_both"].to_dict() == {
        ("pace", "pace"): 2,
        ("pace", "policy"): 0,
        ("pace", "time"): 2,
        ("policy", "pace"): 0,
        ("policy", "policy"): 1,
        ("policy", "time"): 0,
        ("time", "pace"): 1,
        ("time", "policy"): 0,
        ("time", "time"): 1,
    }
    assert table.loc[("pace", "time"), "jaccard"] == pytest.approx((4 + 2) / (22 + 14 - 6))
    assert table.loc[("pace", "time"), ["n_code", "n_other"]].tolist() == [2, 1]
    assert table.loc[("pace", "pace"), "jaccard"] == 1


def test_co_occurrence_by_overlap_against_characters(crowd):
    applications, segments = crowd
    coded = applications.merge(segments, on="segment_id")
    table = co_occurrence(coded, "overlap", ["x", "y", "z", "never"])
    table = table.set_index(["code", "other"])
    texts = {(code, d): np.zeros(400, dtype=bool) for code in "xyz" for d in "pq"}
    for row in coded.itertuples():
        texts[row.code, row.document][row.start : row.end] = True
    whole = {code: np.concatenate([texts[code, d] for d in "pq"]) for code in "xyz"}
    for one, other in combinations("xyz", 2):
        expected = (whole[one] & whole[other]).sum() / (whole[one] | whole[other]).sum()
        assert table.loc[(one, other), "jaccard"] == pytest.approx(expected)
        assert table.loc[(other, one), "jaccard"] == pytest.approx(expected)
    assert table.loc[("never", "x"), ["n_code", "n_both"]].tolist() == [0, 0]
    assert pd.isna(table.loc[("never", "never"), "jaccard"])


def test_bad_input():
    with pytest.raises(ValueError, match="overlap: 0 is not a share above 0"):
        match_passages(codings("A"), passages((0, 1)), 0)
    with pytest.raises(ValueError, match="row 0: start 5 and end 3 are no passage"):
        match_passages(codings("A"), passages((5, 3)))
    with pytest.raises(ValueError, match="row 0: start -1 and end 3 are no passage"):
        match_passages(codings("A"), passages((-1, 3)))
    with pytest.raises(ValueError, match="row 1: start or end is empty; give both"):
        near_misses(codings("AB"), passages((0, 3), (4, None)))
    with pytest.raises(ValueError, match="'s1' is not among the segments"):
        match_passages(codings("AB"), passages((0, 1)))
    with pytest.raises(ValueError, match="no column end"):
        match_passages(codings("A"), passages((0, 1)).drop(columns="end"))
    with pytest.raises(ValueError, match="row 0: start or end is empty"):
        co_occurrence(codings("A").merge(passages((None, None))), "overlap")
