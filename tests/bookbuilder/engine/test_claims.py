"""The ledger in one file has a verdict for every claim and cell, and says what decided it."""

import csv
import shutil
from pathlib import Path

import pytest

from auditing.ledger import VERDICTS
from bookbuilder.engine import collect
from compendium import files

ROOT = Path(__file__).parents[3]


@pytest.fixture
def made(tmp_path):
    """A project with the first rows of the real tables of the ledger."""
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "data/datapackage.json", tmp_path / "data")
    for name in collect.LEDGER_TABLES.values():
        lines = (ROOT / f"results/tables/{name}.csv").read_text().splitlines(keepends=True)
        files.write_text(tmp_path / f"results/tables/{name}.csv", "".join(lines[:12]))
    collect.write_claims(tmp_path, {"numbers": {"run": "claims"}, "other": {"run": "claims"}})
    return read(tmp_path / collect.CLAIMS)


def read(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def faults(rows, exhibits, values):
    """Return what a reader of the file could not follow."""
    for row in rows:
        if row["verdict"] not in VERDICTS or not row["why"]:
            yield f"{row['id']}: no verdict or no reason"
        if row["verdict"] == "not checkable" and not row["needs"]:
            yield f"{row['id']}: nothing said to decide it"
        if row["value"] and row["value"] not in values:
            yield f"{row['id']}: no value '{row['value']}'"
        yield from (
            f"{row['id']}: no exhibit '{name}'"
            for name in filter(None, row["exhibit"].split(";"))
            if name not in exhibits
        )


def test_claims_and_cells_stand_in_one_file(made):
    assert [row["kind"] for row in made] == ["claim"] * 11 + ["cell"] * 11
    assert {row["document"] for row in made} == {"epic2021pedal"}
    assert list(made[0]) == list(read(ROOT / collect.CLAIMS)[0])
    decided = next(row for row in made if row["value"])
    assert decided["exhibit"] == "numbers;other"


def test_a_row_says_what_its_table_says(made):
    claim, cell = made[0], made[11]
    verdict, printed = (
        read(ROOT / f"results/tables/{name}.csv")[0] for name in collect.LEDGER_TABLES.values()
    )
    same = {"document", "subject", "published", "verdict", "why", "evidence", "needs"}
    assert {key: claim[key] for key in same} == {key: verdict[key] for key in same}
    named = (claim["id"], claim["place"], claim["value"])
    assert named == (verdict["claim_id"], verdict["section"], verdict["value_key"])
    same = {"verdict", "why", "evidence", "recomputed", "place"}
    assert {key: cell[key] for key in same} == {key: printed[key] for key in same}
    subject = f"{printed['row']}, {printed['column']}"
    assert (cell["id"], cell["subject"]) == (f"{printed['place']}: {subject}", subject)
    assert (cell["published"], cell["exhibit"]) == (printed["printed"], "ledger_cells")


def test_the_record_has_every_claim_and_leads_to_its_evidence():
    rows = read(ROOT / collect.CLAIMS)
    found = read(ROOT / "data/published/claims.csv")
    published = [row["claim_id"] for row in found if not row["left_out"]]
    assert [row["id"] for row in rows if row["kind"] == "claim"] == published
    assert len({row["id"] for row in rows}) == len(rows)
    exhibits = files.read_json(ROOT / "results/exhibits.json")
    values = files.read_json(ROOT / "results/values.json")
    assert not list(faults(rows, exhibits, values))


def test_what_leads_nowhere_is_found(made):
    broken = [made[0] | {"verdict": "true"}, made[1] | {"value": "claims.gone"}]
    assert len(list(faults(broken, {"numbers": {}, "other": {}}, {}))) == 2
