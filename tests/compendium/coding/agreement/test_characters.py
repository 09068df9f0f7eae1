"""Agreement per character and of unitised text, against peers, the print and plain loops."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from compendium.coding.agreement import (
    agreement_by_character,
    agreement_by_code,
    krippendorff_alpha,
    unitised_alpha,
)

FOLDER = Path(__file__).parents[3] / "oracles/coding"
PASSAGES = pd.read_csv(FOLDER / "passages.csv")


def frames(rows):
    """Applications and segments from rows of coder, code, document, start, end."""
    table = pd.DataFrame(rows, columns=["coder", "code", "document", "start", "end"])
    table = table.assign(segment_id=[f"s{i}" for i in table.index])
    return table[["segment_id", "coder", "code"]], table[["segment_id", "document", "start", "end"]]


def peers(name):
    part = PASSAGES[PASSAGES["dataset"] == name]
    rows = part.assign(document="t")[["coder", "code", "document", "start", "end"]]
    return *frames(rows.to_numpy().tolist()), {"t": int(part["length"].iloc[0])}


@pytest.mark.parametrize("name", ["example", "two_coders", "four_coders"])
def test_characters_against_peers(name):
    expected = pd.read_csv(FOLDER / "expected_characters.csv").query(f"dataset == '{name}'")
    applications, segments, lengths = peers(name)
    codes = sorted(set(expected["code"]) - {"all"})
    table = agreement_by_character(applications, segments, lengths, codes, replicates=0)
    found = table.assign(code=table["code"].fillna("all")).set_index(["code", "coefficient"])
    for row in expected.itertuples():
        value = found.loc[(row.code, row.coefficient), "value"]
        assert pd.isna(value) or value == pytest.approx(row.value, abs=1e-12)
    assert found["value"].notna().all()


@pytest.mark.parametrize(
    "row", list(pd.read_csv(FOLDER / "expected_dkpro.csv").itertuples()), ids=lambda row: row.Index
)
def test_unitised_text_against_dkpro(row):
    applications, segments, lengths = peers(row.dataset)
    codes = [row.code] if isinstance(row.code, str) else sorted(applications["code"].unique())
    applications = applications[applications["code"].isin(codes)]
    found = unitised_alpha(applications, segments, lengths, codes)
    assert found.value == pytest.approx(row.value, abs=1e-12)
    assert (found.lower, found.reason) == (None, "no interval: one cluster only")
    assert found.n == len(applications)


def test_unitised_text_as_printed():
    """Krippendorff (2004), p. 254, computes .8591 from disagreements rounded to four digits."""
    applications, segments, lengths = peers("example")
    one = unitised_alpha(
        applications[applications["code"] == "c"], segments, lengths, ["c"], replicates=0
    )
    both = unitised_alpha(applications, segments, lengths, ["c", "k"], replicates=0)
    assert one.value == pytest.approx(0.7286, abs=0.00005)
    assert both.value == pytest.approx(0.8591, abs=0.0005)
    rounded = 1 - (0.0144 + 0) / (0.0532 + 0.0490)
    assert round(rounded, 4) == 0.8591


def loops(rows, lengths, codes):
    """Alpha for unitised text straight from its definition, documents end to end."""
    coders = sorted({row[0] for row in rows})
    m, length = len(coders), sum(lengths.values())
    observed = expected = 0.0
    for code in codes:
        units = {
            (document, coder): sorted((b, e) for c, k, d, b, e in rows if (c, k, d) == key)
            for document in lengths
            for coder in coders
            for key in [(coder, code, document)]
        }
        for document, (one, other) in (
            (document, pair) for document in lengths for pair in permutations(coders, 2)
        ):
            for b, e in units[document, one]:
                met = [(c, f) for c, f in units[document, other] if c < e and b < f]
                observed += sum((b - c) ** 2 + (e - f) ** 2 for c, f in met) / (m * (m - 1))
                observed += 2 * (not met) * (e - b) ** 2 / (m * (m - 1))
        gaps = []
        for (document, _), spans in units.items():
            edges = [0, *(place for span in spans for place in span), lengths[document]]
            gaps += [b - a for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]
        sizes = [e - b for spans in units.values() for b, e in spans]
        fits = sum(
            (len(sizes) - 1) / 3 * (2 * x**3 - 3 * x**2 + x)
            + x**2 * sum(gap - x + 1 for gap in gaps if gap >= x)
            for x in sizes
        )
        whole = m * length
        expected += 2 / length * fits / (whole * (whole - 1) - sum(x * (x - 1) for x in sizes))
    return 1 - observed / length**2 / expected


ROWS = [
    ("A", "x", "p", 0, 10),
    ("A", "x", "p", 10, 14),
    ("B", "x", "p", 2, 14),
    ("C", "x", "p", 30, 31),
    ("A", "x", "q", 5, 25),
    ("B", "x", "q", 8, 12),
    ("B", "x", "q", 20, 30),
    ("C", "x", "q", 0, 40),
    ("A", "y", "q", 5, 25),
    ("B", "y", "p", 3, 9),
    ("C", "y", "q", 6, 24),
    ("A", "y", "p", 0, 20),
    ("A", "y", "p", 21, 50),
]
LENGTHS = {"p": 50, "q": 40}


def test_unitised_text_over_documents_against_loops():
    applications, segments = frames(ROWS)
    found = unitised_alpha(applications, segments, LENGTHS, ["x", "y"], replicates=0)
    assert found.value == pytest.approx(loops(ROWS, LENGTHS, ["x", "y"]), abs=1e-12)
    assert (found.n, found.n_clusters) == (13, 2)


def test_documents_are_resampled_whole():
    """A document that is drawn twice counts as two of the same."""
    applications, segments = frames([row for row in ROWS if row[1] == "x"])
    found = unitised_alpha(applications, segments, LENGTHS, ["x"], replicates=200, seed=3)
    twice = [
        loops(
            [(c, k, d + half, b, e) for half in "12" for c, k, d, b, e in ROWS if d == document],
            {document + "1": LENGTHS[document], document + "2": LENGTHS[document]},
            ["x"],
        )
        for document in LENGTHS
    ]
    assert (found.lower, found.upper) == pytest.approx(sorted(twice), abs=1e-12)
    assert "2 clusters only" in found.reason


def test_one_coders_overlapping_passages_are_one():
    apart = [("A", "x", "p", 0, 23), ("A", "x", "p", 0, 22), ("B", "x", "p", 5, 23)]
    joined = apart[:1] + apart[2:]
    tables = [
        agreement_by_character(*frames(rows), {"p": 60}, ["x"], replicates=0)
        for rows in (apart, joined)
    ]
    pd.testing.assert_frame_equal(*tables)
    touching = frames([("A", "x", "p", 0, 5), ("A", "x", "p", 5, 9), ("B", "x", "p", 0, 9)])
    table = agreement_by_character(*touching, {"p": 60}, ["x"], replicates=0)
    values = table[table["code"] == "x"].set_index("coefficient")["value"]
    assert values["krippendorff_alpha"] == 1
    assert values["unitised_alpha"] < 1


def test_what_a_coder_did_not_read_is_missing():
    rows = [*ROWS[:3], ("A", "x", "q", 0, 10), ("A", "x", "r", 0, 4), ("B", "x", "r", 0, 4)]
    lengths = {**LENGTHS, "r": 8}
    table = agreement_by_character(*frames(rows), lengths, ["x"], replicates=0)
    row = table[table["code"] == "x"].iloc[0]
    assert (row["n"], row["n_any"], row["n_all"]) == (58, 18, 16)
    assert row["prevalence"] == pytest.approx((14 + 12 + 10 + 4 + 4) / (2 * 58 + 40))
    unitised = unitised_alpha(*frames(rows), lengths, ["x"], replicates=0)
    without = [row for row in rows if row[2] != "q"]
    assert unitised.value == pytest.approx(loops(without, {"p": 50, "r": 8}, ["x"]), abs=1e-12)
    assert (unitised.n, unitised.n_clusters) == (5, 2)


def test_characters_equal_a_table_of_characters():
    applications, segments = frames(ROWS)
    table = agreement_by_character(
        applications, segments, LENGTHS, ["x", "y"], replicates=100, seed=5
    )
    texts = {(c, d): np.zeros(LENGTHS[d], dtype=int) for c in "ABC" for d in "pq"}
    for coder, code, document, start, end in ROWS:
        if code == "x":
            texts[coder, document][start:end] = 1
    ratings = pd.DataFrame({c: np.concatenate([texts[c, "p"], texts[c, "q"]]) for c in "ABC"})
    whole = krippendorff_alpha(ratings, clusters=["p"] * 50 + ["q"] * 40, replicates=100, seed=5)
    row = table.query("code == 'x' and coefficient == 'krippendorff_alpha'").iloc[0]
    assert row[["value", "lower", "upper"]].tolist() == pytest.approx(
        [whole.value, whole.lower, whole.upper], abs=1e-12
    )
    assert (row["n"], row["reason"]) == (90, whole.reason)


def test_nearly_the_same_passages():
    """Fifteen sentences coded alike; one coder leaves out the full stop in eight."""
    rows = []
    for number in range(15):
        start = 160 * number
        rows += [("A", "x", "p", start, start + 39)]
        rows += [("B", "x", "p", start, start + 39 - (number % 2 == 0))]
    applications, segments = frames(rows)
    table = agreement_by_character(applications, segments, {"p": 2449}, ["x"], replicates=0)
    values = table[table["code"] == "x"].set_index("coefficient")["value"]
    assert values["percent_agreement"] == pytest.approx(0.997, abs=0.0005)
    assert values["krippendorff_alpha"] == pytest.approx(0.991, abs=0.0005)
    with pytest.warns(UserWarning, match="15 pairs of passages by different coders share 80%"):
        agreement_by_code(applications, segments, ["x"], "document", replicates=0)


def test_undefined_says_why():
    rows = [("A", "x", "p", 0, 5), ("B", "x", "q", 0, 5)]
    found = unitised_alpha(*frames(rows), LENGTHS, ["x"])
    assert (found.value, found.reason) == (None, "no document was read by every coder")
    alone = unitised_alpha(*frames(rows[:1]), LENGTHS, ["x"])
    assert alone.reason == "one rater only: agreement needs two"
    every = agreement_by_character(
        *frames([("A", "x", "p", 0, 5), ("B", "x", "p", 0, 5)]), {"p": 5}, ["x"], replicates=0
    )
    reason = every.query("code == 'x' and coefficient == 'gwet_ac1'")["reason"].item()
    assert reason == "every rating is 1: agreement beyond chance cannot be judged"
    empty = unitised_alpha(*frames([("A", "x", "p", 5, 5), ("B", "x", "p", 7, 7)]), LENGTHS, ["x"])
    assert empty.reason == "no passage in the documents that every coder has read"


def test_bad_input():
    applications, segments = frames(ROWS)
    with pytest.raises(ValueError, match="'q': no length in characters"):
        agreement_by_character(applications, segments, {"p": 50}, ["x", "y"])
    with pytest.raises(ValueError, match="'q': 39 characters, but the passage of row 7 ends at 40"):
        agreement_by_character(applications, segments, {"p": 50, "q": 39}, ["x", "y"])
    with pytest.raises(
        ValueError, match=r"'kappa' is not one of percent_agreement.*unitised_alpha"
    ):
        agreement_by_character(applications, segments, LENGTHS, ["x", "y"], coefficients=["kappa"])
    with pytest.raises(ValueError, match="'y' is not in the codebook"):
        agreement_by_character(applications, segments, LENGTHS, ["x"])
    segments = segments.astype({"start": "Int64", "end": "Int64"})
    segments.loc[2, ["start", "end"]] = pd.NA
    with pytest.raises(ValueError, match="row 2: start or end is empty; give both"):
        agreement_by_character(applications, segments, LENGTHS, ["x", "y"])
