"""One verdict for every number; the strongest evidence decides, and what is tied shares it."""

import csv
from pathlib import Path

import pandas as pd
import pytest
import study_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from auditing.consistency import ties
from auditing.evidence import COLUMNS, UNDECIDED
from auditing.ledger import ALONE, RANK, VERDICTS, decide
from compendium import data

ROOT = Path(__file__).parents[2]

NUMBERS = pd.DataFrame({"key": ["C-1", "C-2", "[T: a, b]"], "needs": "the rows", "lower": 1.0})


def evidence(*pieces: tuple[str, str], **more: object) -> pd.DataFrame:
    rows = [
        {"key": key, "verdict": verdict, "why": f"{verdict} {place}.", "evidence": f"R-{place}"}
        for place, (key, verdict) in enumerate(pieces)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).assign(**more)


def verdicts(*pieces: tuple[str, str], tied: tuple[str, ...] = ()) -> list[str]:
    return decide(NUMBERS, evidence(*pieces), [set(tied)])["verdict"].tolist()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(RANK), min_size=1, max_size=5))
def test_the_strongest_piece_decides_whatever_their_order(pieces: list[str]) -> None:
    strongest = min(pieces, key=RANK.index)
    expected = "not checkable" if strongest == UNDECIDED else strongest
    assert verdicts(*[("C-1", piece) for piece in pieces])[0] == expected


def test_what_is_printed_twice_has_one_verdict() -> None:
    pieces = ("C-1", "consistent"), ("[T: a, b]", "contradicted")
    assert verdicts(*pieces) == ["consistent", "not checkable", "contradicted"]
    tied = verdicts(*pieces, tied=("C-1", "[T: a, b]"))
    assert tied == ["contradicted", "not checkable", "contradicted"]


def test_reasons_stand_in_the_same_order_whatever_the_order_of_a_group() -> None:
    pieces = [("C-1", "consistent"), ("C-2", "consistent"), ("[T: a, b]", "consistent")]
    told = {
        decide(NUMBERS, evidence(*pieces), [group])["why"].iloc[2]
        for group in (["C-1", "C-2", "[T: a, b]"], ["C-2", "[T: a, b]", "C-1"])
    }
    assert len(told) == 1


def test_nothing_else_bears_on_it_is_said_only_where_nothing_does() -> None:
    told = decide(NUMBERS, evidence(("C-1", UNDECIDED)))
    assert told["why"].tolist() == [f"{UNDECIDED} 0.", ALONE, ALONE]
    assert told.loc[0, "evidence"] == "R-0"


def test_needs_are_kept_only_where_nothing_decides() -> None:
    found = decide(NUMBERS, evidence(("C-1", "consistent")))
    assert found["needs"].isna().tolist() == [True, False, False]
    with pytest.raises(ValueError, match=r"needs: nothing decides C-2, .* say which data would"):
        decide(NUMBERS.assign(needs=None), evidence(("C-1", "consistent")))


def test_limits_of_a_value_replace_those_of_the_claim_as_one() -> None:
    held = {"recomputed": 0.1, "lower": None, "upper": 0.2, "unit": "h", "upper_open": True}
    told = decide(NUMBERS, evidence(("C-1", "reproduced"), **held)).iloc[0]
    assert pd.isna(told["lower"]) and told["upper"] == 0.2 and told["upper_open"]
    plain = decide(NUMBERS, evidence(("C-1", "consistent"))).iloc[0]
    assert plain["lower"] == 1.0


def test_what_decided_is_named_and_nothing_else() -> None:
    told = decide(NUMBERS, evidence(("C-1", "consistent"), ("C-1", "reproduced"))).iloc[0]
    assert (told["verdict"], told["why"], told["evidence"]) == (
        "reproduced",
        "reproduced 1.",
        "R-1",
    )
    both = decide(NUMBERS, evidence(*[("C-1", "consistent")] * 2)).iloc[0]
    assert (both["why"], both["evidence"]) == ("consistent 0. consistent 1.", "R-0; R-1")
    many = decide(NUMBERS, evidence(*[("C-1", "consistent")] * 4)).iloc[0]
    assert (many["why"].count("consistent"), many["evidence"]) == (3, "R-0; R-1; R-2; R-3")
    assert decide(NUMBERS, evidence())["evidence"].isna().all()


def test_a_value_comes_from_the_first_piece_that_decided() -> None:
    pieces = evidence(*[("C-1", word) for word in ("consistent", "reproduced", "reproduced")])
    pieces = pieces.assign(value_key=["a.x", "b.x", "c.x"], recomputed=[1.0, 2.0, 3.0])
    told = decide(NUMBERS, pieces)
    assert told.columns.tolist() == [
        *NUMBERS.columns, "verdict", "why", "evidence", "value_key", "recomputed", "upper",
        "lower_open", "upper_open", "unit",
    ]  # fmt: skip
    assert told.loc[0, ["verdict", "value_key", "recomputed"]].tolist() == [
        "reproduced",
        "b.x",
        2.0,
    ]
    assert told.loc[0, "lower"] == 1.0  # the claim's own, as the value has no limits of its own


def test_a_value_that_did_not_decide_is_not_shown_as_what_did() -> None:
    pieces = evidence(("C-1", "reproduced"), ("C-1", "consistent"))
    told = decide(NUMBERS, pieces.assign(value_key=[None, "a.x"], recomputed=[None, 1.0]))
    assert told.loc[0, "verdict"] == "reproduced"
    assert told["recomputed"].isna().all()


def test_a_tied_number_shares_the_verdict_but_not_the_value() -> None:
    pieces = evidence(("C-2", "reproduced")).assign(value_key="a.x", recomputed=1.0)
    told = decide(NUMBERS, pieces, [{"C-1", "C-2"}])
    assert told["verdict"].tolist() == ["reproduced", "reproduced", "not checkable"]
    assert told["recomputed"].isna().tolist() == [True, False, True]


def test_at_most_ten_undecided_numbers_are_listed() -> None:
    many = pd.DataFrame({"key": [f"C-{n}" for n in range(12)], "needs": None})
    with pytest.raises(ValueError, match="C-8, C-9; say which data would"):
        decide(many, evidence())


def test_evidence_about_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="evidence is about C-9, which is no claim or cell"):
        decide(NUMBERS, evidence(("C-9", "consistent")))


def test_the_seven_words() -> None:
    assert len(VERDICTS) == 7
    assert {*RANK} - {UNDECIDED} == {*VERDICTS} - {"not checkable"}


@pytest.fixture(scope="module")
def record() -> dict[str, dict[str, str]]:
    """Every claim and cell of the record by its key."""
    rows = {}
    for name, key in (("ledger_verdicts", "{claim_id}"), ("ledger_cells", "[{cell_id}]")):
        text = (ROOT / f"results/tables/{name}.csv").read_text(encoding="utf-8")
        rows |= {key.format(**row): row for row in csv.DictReader(text.splitlines())}
    return rows


def test_on_record_one_number_has_one_verdict(record: dict) -> None:
    groups = ties(data.load("claim_relations"))
    assert any(key.startswith("[") for group in groups for key in group)
    for group in groups:
        assert len({record[key]["verdict"] for key in group}) == 1, group


def test_on_record_nothing_bears_on_what_is_said_to_stand_alone(record: dict) -> None:
    text = (ROOT / "results/tables/consistency_comparisons.csv").read_text(encoding="utf-8")
    named = {m for row in csv.DictReader(text.splitlines()) for m in row["bears_on"].split(";")}
    alone = {key for key, row in record.items() if ALONE in row["why"]}
    assert alone and not alone & named
    unsaid = {k for k, row in record.items() if row["verdict"] == "not checkable"} - alone
    checked = data.load("claim_checks").query("basis == 'voices'")["claim_id"]
    assert unsaid <= named | set(checked)


@study_rows.on_reconstructed
def test_on_record_a_constraint_is_never_reproduced_by_the_rows(record: dict) -> None:
    for row in record.values():
        of_rows = (row.get("value_key") or "").startswith("constraints.")
        assert not of_rows or row["verdict"] == "by construction"
