"""Verdicts follow from interval, value and basis; nothing is decided without evidence."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compendium.audit.ledger import BASES, VERDICTS, decide

CLAIMS = pd.DataFrame(
    {
        "claim_id": ["C-1", "C-2", "C-3"],
        "document": "d",
        "subject": ["rate", "bound", "more likely"],
        "published": ["73%", "over 90", "more"],
        "lower": [72.5, 90.0, None],
        "upper": [73.5, None, None],
        "unit": "percent",
    }
)


def check(claim: str = "C-1", **changed: object) -> pd.DataFrame:
    row = {
        "claim_id": claim,
        "value": "rates.overall",
        "basis": "printed",
        "lower": None,
        "upper": None,
    }
    return pd.DataFrame([row | {"why": "because"} | changed])


def verdict(value: float, claim: str = "C-1", **changed: object) -> str:
    return decide(CLAIMS, check(claim, **changed), {"rates.overall": value})["verdict"].item()


@pytest.mark.parametrize(
    ("value", "basis", "expected"),
    [
        (72.67, "printed", "reproduced"),
        (72.67, "data", "reproduced"),
        (72.67, "constraint", "by construction"),
        (72.5, "printed", "reproduced"),
        (73.5, "printed", "reproduced"),
        (73.6, "printed", "contradicted"),
        (72.4, "constraint", "contradicted"),
    ],
)
def test_verdicts(value: float, basis: str, expected: str) -> None:
    assert verdict(value, basis=basis) == expected


def test_a_bound_on_one_side() -> None:
    assert verdict(99, "C-2") == "reproduced"
    assert verdict(89, "C-2") == "contradicted"


def test_a_comparison_needs_a_reading() -> None:
    assert verdict(21, "C-3", lower=0) == "reproduced"
    assert verdict(-1, "C-3", lower=0) == "contradicted"
    with pytest.raises(ValueError, match="C-3 has no interval"):
        verdict(21, "C-3")


def test_the_claims_own_interval_goes_before_a_reading() -> None:
    assert verdict(50, "C-1", lower=0, upper=100) == "contradicted"


@given(st.floats(-200, 200))
def test_what_was_a_constraint_is_never_reproduced(value: float) -> None:
    assert verdict(value, basis="constraint") in ("by construction", "contradicted")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"claim": "C-4"}, "no claim 'C-4'; did you mean"),
        (
            {"value": "rates.overal"},
            "no recorded value 'rates.overal'; did you mean 'rates.overall'",
        ),
        ({"basis": "print"}, "no basis 'print'; did you mean 'printed'"),
    ],
)
def test_refuses_unknown_names(changed: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        verdict(1, **changed)


def test_refuses_a_claim_checked_twice_and_limits_crossed() -> None:
    with pytest.raises(ValueError, match="C-1 is checked twice"):
        decide(CLAIMS, pd.concat([check(), check()]), {"rates.overall": 1})
    with pytest.raises(ValueError, match=r"lower 2\.0 above upper 1\.0"):
        verdict(1, "C-3", lower=2, upper=1)


def test_bases_lead_to_known_verdicts() -> None:
    assert set(BASES.values()) <= set(VERDICTS)
