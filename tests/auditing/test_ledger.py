"""Verdicts follow from interval, value and basis; nothing is decided without evidence."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditing.ledger import BASES, VERDICTS, decide
from auditing.reconstruction import TABLES, constraints
from compendium import data

CLAIMS = pd.DataFrame(
    {
        "claim_id": ["C-1", "C-2", "C-3"],
        "document": "d",
        "section": "s",
        "subject": ["rate", "bound", "more likely"],
        "published": ["73%", "over 90", "more"],
        "lower": [72.5, 90.0, None],
        "upper": [73.5, None, None],
        "unit": "percent",
    }
)
BLANK = {"value": None, "lower": None, "upper": None, "unit": None, "why": "because", "needs": None}
OPEN = BLANK | {"basis": "none", "needs": "the rows"}


def checks(claim: str = "C-1", **changed: object) -> pd.DataFrame:
    """Return checks of all claims, the others left open."""
    own = {"claim_id": claim} | BLANK | {"value": "rates.overall", "basis": "printed"} | changed
    others = [{"claim_id": one} | OPEN for one in CLAIMS["claim_id"] if one != claim]
    return pd.DataFrame([own, *others])


def verdict(number: float, claim: str = "C-1", **changed: object) -> str:
    told = decide(
        CLAIMS,
        checks(claim, **changed),
        {"rates.overall": number, "rows.overall": number},
        constrained=["C-1"],
        from_rows=["rows"],
    )
    return told.set_index("claim_id").loc[claim, "verdict"]


@pytest.mark.parametrize(
    ("value", "key", "basis", "expected"),
    [
        (72.67, "rates.overall", "printed", "reproduced"),
        (72.67, "rates.overall", "data", "reproduced"),
        (72.67, "rates.overall", "internal", "reproduced"),
        (72.67, "rows.overall", "constraint", "by construction"),
        (72.5, "rates.overall", "printed", "reproduced"),
        (73.5, "rates.overall", "printed", "reproduced"),
        (73.6, "rates.overall", "printed", "contradicted"),
        (73.6, "rates.overall", "internal", "internally impossible"),
        (72.4, "rows.overall", "constraint", "contradicted"),
    ],
)
def test_verdicts(value: float, key: str, basis: str, expected: str) -> None:
    assert verdict(value, value=key, basis=basis) == expected


def test_a_claim_that_nothing_decides_says_what_would() -> None:
    told = decide(CLAIMS, checks(), {"rates.overall": 73.0}).iloc[1]
    assert (told["verdict"], told["needs"]) == ("not checkable", "the rows")
    assert pd.isna(told["recomputed"])


def test_a_bound_on_one_side() -> None:
    assert verdict(99, "C-2") == "reproduced"
    assert verdict(89, "C-2") == "contradicted"


def test_a_comparison_needs_a_reading() -> None:
    assert verdict(21, "C-3", lower=0) == "reproduced"
    assert verdict(-1, "C-3", lower=0) == "contradicted"
    with pytest.raises(ValueError, match="row 2: C-3 has no interval"):
        verdict(21, "C-3")


def test_a_reading_may_measure_something_else_but_not_move_the_limits() -> None:
    assert verdict(0, "C-1", upper=0, unit="rates outside") == "reproduced"
    assert verdict(1, "C-1", upper=0, unit="rates outside") == "contradicted"
    for unit in (None, "percent"):
        with pytest.raises(ValueError, match="not move what the words allow"):
            verdict(50, "C-1", lower=0, upper=100, unit=unit)


@given(st.floats(-200, 200))
def test_rows_never_reproduce_what_they_were_fitted_to(value: float) -> None:
    told = verdict(value, value="rows.overall", basis="constraint")
    assert told in ("by construction", "contradicted")


@pytest.mark.parametrize("basis", ["printed", "data", "internal"])
def test_a_value_from_the_rows_is_refused_as_evidence(basis: str) -> None:
    with pytest.raises(ValueError, match="is of a run that reads the reconstructed rows"):
        verdict(73, value="rows.overall", basis=basis)


def test_only_a_constraint_is_by_construction() -> None:
    with pytest.raises(ValueError, match="C-2 has basis constraint, but it was no constraint"):
        verdict(95, "C-2", value="rows.overall", basis="constraint")
    with pytest.raises(ValueError, match="does not rest on the reconstructed rows"):
        verdict(73, basis="constraint")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"claim": "C-4"}, "row 2: no claim 'C-4'; did you mean"),
        (
            {"value": "rates.overal"},
            "row 2: no recorded value 'rates.overal'; did you mean 'rates.overall'",
        ),
        ({"basis": "print"}, "row 2: no basis 'print'; did you mean 'printed'"),
        ({"value": None}, "C-1 has basis printed but no value, so no evidence"),
        ({"value": None, "basis": "none"}, "say under needs which data would decide it"),
        ({"basis": "none", "needs": "x"}, "has basis none but the value 'rates.overall'"),
        ({"needs": "x"}, "C-1 is decided, so it needs nothing"),
    ],
)
def test_refuses_unknown_names_and_verdicts_without_evidence(changed: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        verdict(73, **changed)


def test_refuses_a_claim_checked_twice_or_not_at_all_and_limits_crossed() -> None:
    values = {"rates.overall": 73.0}
    with pytest.raises(ValueError, match="row 5: C-1 is checked twice"):
        decide(CLAIMS, pd.concat([checks(), checks()[:1]], ignore_index=True), values)
    with pytest.raises(ValueError, match="no check for C-2, C-3; every claim needs one"):
        decide(CLAIMS, checks()[:1], values)
    with pytest.raises(ValueError, match=r"lower 2\.0 above upper 1\.0"):
        verdict(1, "C-3", lower=2, upper=1)
    crossed = CLAIMS.assign(lower=[74, 90, None])
    with pytest.raises(ValueError, match=r"claims, row 2: C-1 has lower 74.* above upper 73\.5"):
        decide(crossed, checks(), values)


def test_bases_lead_to_known_verdicts() -> None:
    assert {word for basis in BASES.values() for word in basis} <= set(VERDICTS)


def test_every_published_claim_has_a_check_and_only_constraints_are_by_construction() -> None:
    claims, listed = data.load("claims"), data.load("claim_checks")
    bound = constraints({name: data.load(name) for name in TABLES})["claim_id"].dropna()
    assert set(listed["claim_id"]) == set(claims["claim_id"])
    assert set(listed.loc[listed["basis"] == "constraint", "claim_id"]) <= set(bound)
