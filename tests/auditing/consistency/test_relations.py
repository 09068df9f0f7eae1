"""Declared relations: what holds, what cannot, and what is refused."""

from fractions import Fraction
from math import inf

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditing.cells import TABLES, printed_cells
from auditing.consistency import check_relations, quantities, ties
from auditing.consistency.relations import JUDGED, MEMBER
from auditing.consistency.rounding import Interval, interval
from compendium import data

FIELDS = {name: data.resource(name)["schema"]["fields"] for name in TABLES}


def point(number: float) -> Interval:
    return Interval(Fraction(number), Fraction(number))


KNOWN = {
    "A-C-001": point(5),
    "A-C-002": point(2),
    "A-C-003": point(7),
    "A-C-004": Interval(Fraction(20), inf, open_lower=True),
    "A-C-005": point(20),
    "A-C-006": Interval(Fraction(20), Fraction(30)),
    "[T 1: x, y]": Interval(Fraction(9, 2), Fraction(11, 2)),
    "L-A-01": point(5),
}


def compare(comparison: str | None, **more: object) -> pd.Series:
    members = ";".join(MEMBER.findall(comparison or "")) or "A-C-001"
    row = {"relation_id": "R-001", "members": members, "relation": "bound", "note": "Why."}
    row |= {"comparison": comparison, "read_as": "yes", "recomputes": None, "at_fault": None}
    return check_relations(pd.DataFrame([row | more]), KNOWN).iloc[0]


@pytest.mark.parametrize(
    ("comparison", "holds"),
    [
        ("A-C-001 + A-C-002 = A-C-003", True),
        ("A-C-001 + A-C-002 = A-C-001", False),
        ("A-C-003 - A-C-002 = L-A-01", True),
        ("2 * A-C-001 / A-C-002 = L-A-01", True),
        ("A-C-001 = [T 1: x, y]", True),
        ("A-C-002 = [T 1: x, y]", False),
        ("A-C-004 = A-C-005", False),  # over 20 is above 20
        ("A-C-006 = A-C-005", True),
        ("A-C-004 = A-C-006", True),
        ("A-C-005 < A-C-004", True),
        ("A-C-004 < A-C-005", False),
        ("A-C-005 <= A-C-006", True),
        ("A-C-006 < A-C-005", False),
        ("A-C-006 <= A-C-005", True),
        ("A-C-003 > A-C-001", True),
        ("A-C-001 >= A-C-003", False),
        ("A-C-005 in A-C-006", True),
        ("A-C-006 in A-C-005", False),
        ("A-C-001 < A-C-003; A-C-003 < A-C-001", False),
    ],
)
def test_comparisons(comparison: str, holds: bool) -> None:
    found = compare(comparison)
    assert bool(found["consistent"]) is holds
    assert ("impossible" in found["arithmetic"]) is not holds


def test_only_what_must_hold_recomputes() -> None:
    sure = compare("A-C-003 > A-C-001", members="A-C-001;A-C-003", recomputes="A-C-003")
    assert sure["recomputes"] == "A-C-003"
    possible = compare("A-C-006 > A-C-005", recomputes="A-C-006")
    assert (bool(possible["consistent"]), possible["recomputes"]) == (True, "")
    wider = compare("A-C-006 = A-C-005", recomputes="A-C-005")  # the others leave more open
    assert wider["recomputes"] == ""


@pytest.mark.parametrize(("word", "expected"), JUDGED.items())
def test_without_a_comparison_the_reader_decides(word: str, expected: bool | None) -> None:
    found = compare(None, read_as=word)["consistent"]
    assert (None if pd.isna(found) else bool(found)) is expected


@pytest.mark.parametrize(
    ("comparison", "message"),
    [
        ("A-C-001 = A-C-009", "row 2 \\(R-001\\): there is no A-C-009; did you mean"),
        ("A-C-001 + A-C-002", "it needs one of"),
        ("A-C-001 < A-C-002 < A-C-003", "it needs one of"),
        ("A-C-001 = max(A-C-002, 1)", "only numbers, claims, lists, cells"),
        ("A-C-002 - A-C-001 = A-C-001 * (A-C-002 - A-C-003)", "need numbers from 0 on"),
    ],
)
def test_refuses_what_cannot_be_read(comparison: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compare(comparison)


def test_ties_join_groups_that_share_a_member() -> None:
    same = pd.DataFrame({"relation": "same", "members": ["A;B", "C;D", "B;C", "E;F;L-A-01"]})
    assert sorted(map(sorted, ties(same))) == [["A", "B", "C", "D"], ["E", "F"]]


numbers = st.fractions(0, 50)


@st.composite
def spans(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    """Draw an interval, closed or open, and a value in it."""
    low, high = sorted((draw(numbers), draw(numbers)))
    if low == high:
        return point(low), low
    value = draw(st.fractions(low, high))
    return Interval(low, high, draw(st.booleans()) and value > low, value < high), value


@given(spans(), spans())
def test_true_values_never_fail(first: tuple, second: tuple) -> None:
    """Whatever the true values are, their intervals allow what is true of them."""
    (a, x), (b, y) = first, second
    for made, value in ((a + b, x + y), (a - b, x - y), (a * b, x * y)):
        assert made.contains(point(value))
    if y:
        assert (a / b).contains(point(x / y))
    assert x != y or a.meets(b)
    assert not (x <= y and a.above(b))


def test_limits_of_a_row() -> None:
    assert str(interval({"lower": 50, "upper": None, "lower_open": True})) == "above 50"
    assert str(interval({"lower": None, "upper": 20.5, "upper_open": True})) == "below 20.5"
    assert not interval({"lower": 20, "upper": None, "lower_open": True}).contains(point(20))
    assert interval({"lower": 20, "upper": None, "lower_open": False}).contains(point(20))


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: data.load(name) for name in ("claims", "claim_relations", "printed_lists")}


def test_every_computed_relation_comes_out_as_a_reader_expected(
    tables: dict[str, pd.DataFrame],
) -> None:
    cells = printed_cells({name: data.load(name) for name in TABLES}, FIELDS)
    known = quantities(tables["claims"], tables["printed_lists"], cells)
    others = {*tables["claims"]["claim_id"], *data.load("segments")["segment_id"], "none"}
    others |= {f"[{name}]" for name in cells["cell_id"]}
    relations = tables["claim_relations"]
    found = check_relations(relations, known, frozenset(others))
    computed = relations["comparison"].notna()
    expected = relations.loc[computed, "read_as"].map(JUDGED)
    assert computed.sum() > 130
    assert (found.loc[computed, "consistent"] == expected).all()
    # Every claim that is to be recomputed is recomputed where the comparison holds.
    to_do = relations["recomputes"].notna()
    assert (found.loc[to_do, "recomputes"] == relations.loc[to_do, "recomputes"]).all()


def test_relations_name_claims_of_the_ledger_only(tables: dict[str, pd.DataFrame]) -> None:
    claims = tables["claims"].set_index("claim_id")["left_out"]
    named = tables["claim_relations"]["members"].str.split(";").explode()
    named = named[named.str.contains("-C-")]
    assert claims[named].isna().all()


def test_what_the_ledger_leaves_out_follows_its_rule(tables: dict[str, pd.DataFrame]) -> None:
    claims = tables["claims"]
    bare = claims["lower"].isna() & claims["upper"].isna() & claims["kind"].eq("approximate")
    assert (bare == claims["left_out"].eq("no amount")).all()
    ours = claims["left_out"] == "our count"
    assert not claims.loc[~ours & ~bare, "published"].str.startswith("(").any()
    assert set(claims.loc[ours, "kind"]) == {"count"}


def test_open_limits_are_those_of_the_words(tables: dict[str, pd.DataFrame]) -> None:
    """Over and below leave out the limit itself; a whole number starts at the next."""
    claims = tables["claims"]
    words = claims["published"].str.lower()
    over = (
        words.str.contains(r"^over (?!the past)|^more than |^most\b|majority")
        & claims["lower"].notna()
    )
    whole = claims["unit"].isin(["students", "persons", "other"])
    assert (claims.loc[over & ~whole, "lower_open"]).all()
    assert not claims.loc[claims["lower"].isna(), "lower_open"].any()
    assert not claims.loc[claims["upper"].isna(), "upper_open"].any()
    under = words.str.contains(r"^nearly|^almost|^less than|^fewer than|^just under")
    assert claims.loc[under & claims["upper"].notna() & ~whole, "upper_open"].all()
