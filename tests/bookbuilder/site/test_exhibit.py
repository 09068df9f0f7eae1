"""The card says what the ledger says, and offers to open a notebook only where it can be."""

import re
from pathlib import Path

import pytest
from repositories import begin

from auditing.disclosure import identifiers
from bookbuilder import stamp
from bookbuilder.site import exhibit, record

ENTRY = {
    "kind": "table",
    "run": "rates",
    "notebook": "notebooks/10_rates.ipynb",
    "parameters": {"level": 0.95},
    "inputs": [{"path": "data/a.csv", "origin": "printed", "sha256": "ab" * 32}],
    "after": [],
    "source": "EPIC 2021, Table 2",
    "package_version": "0.1.0",
}
CLAIMS = """kind,id,place,verdict,exhibit
claim,EPIC-C-001,Findings,not checkable,
claim,EPIC-C-002,Findings,reproduced,mine;other
claim,EPIC-C-003,Findings,contradicted,other
cell,1,EPIC Table 2,derived,ledger_cells
cell,2,EPIC Table 2,derived,ledger_cells
cell,3,EPIC Table 21,reproduced,ledger_cells
"""


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = tmp_path / "results" / "tables"
    tables.mkdir(parents=True)
    (tmp_path / "results" / "claims.csv").write_text(CLAIMS)
    (tables / "mine.csv").write_text("claims\nEPIC-C-001; EPIC-C-003\n")
    (tables / "plain.csv").write_text("a\n1\n")
    monkeypatch.setattr(record, "root", lambda: tmp_path)
    record.claims.cache_clear()
    yield
    record.claims.cache_clear()


def test_verdicts_of_claims_named_or_decided_and_of_printed_cells() -> None:
    made = exhibit.card("mine", ENTRY, "notebooks/rates")
    for said in (
        "EPIC-C-001 not checkable; EPIC-C-002 reproduced; EPIC-C-003 contradicted",
        "of 2 printed cells 2 derived",
        '<a href="ledger.html">ledger</a>',
        "<code>compendium run rates</code>",
        "sha256",
        "level = 0.95",
    ):
        assert said in made
    assert "Open it" not in made


def test_a_hash_that_begins_with_digits_is_taken_for_no_identifying_number() -> None:
    digits = {"path": "data/a.csv", "origin": "printed", "sha256": "7534393557" + "ab" * 27}
    card = exhibit.card("plain", {**ENTRY, "inputs": [digits]}, "index")
    assert "sha256:7534393557" in card
    assert identifiers({"card": re.sub("<[^>]*>", " ", card)}).empty
    assert not identifiers({"card": "sha256 7534393557"}).empty, "as it stood before"


def test_an_exhibit_that_decides_nothing_says_so() -> None:
    made = exhibit.card("plain", {**ENTRY, "run": "none", "source": ""}, "index")
    assert "no claim of the documents is decided here" in made


def test_links_from_the_front_page_lead_into_the_folder() -> None:
    assert 'href="notebooks/ledger.html"' in exhibit.card("mine", ENTRY, "index")


def test_with_a_repository_the_card_opens_the_notebook() -> None:
    made = exhibit.card("plain", ENTRY, "index", "https://github.com/ada/project")
    assert "gh/ada/project/HEAD?urlpath=lab/tree/notebooks/10_rates.ipynb" in made


def test_the_card_has_a_place_for_the_commit_of_a_repository(tmp_path: Path) -> None:
    assert "<dt>Commit</dt>" not in exhibit.card("plain", ENTRY, "index")
    begin(tmp_path)
    assert f"<dt>Commit</dt><dd>{stamp.COMMIT.format('')}</dd>" in exhibit.card("plain", ENTRY, "x")
