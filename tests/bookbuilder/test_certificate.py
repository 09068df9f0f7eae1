"""What stands on both certificates comes from the record, the contract and the lock."""

from pathlib import Path

import pytest

from auditing.disclosure import identifiers
from bookbuilder import certificate, documents
from bookbuilder.engine import engine, tasks
from bookbuilder.engine.hashing import Hashes
from bookbuilder.rendering import site
from compendium import files
from compendium.data.contract import read_contract

ENTRY = {
    "kind": "table",
    "run": "rates",
    "notebook": "notebooks/10_rates.ipynb",
    "parameters": {"level": 0.95},
    "reconstructed": True,
}
EXHIBITS = {"one": ENTRY, "two": ENTRY | {"kind": "figure", "reconstructed": False}}
CLAIMS = [
    {"kind": "claim", "verdict": "derived"},
    {"kind": "cell", "verdict": "derived"},
    {"kind": "cell", "verdict": "contradicted"},
]

LOCKED = "`requirements.lock` fixes 0 packages by version and hash"


def written(project: Path, digits: int = 64) -> str:
    found = certificate.contents(project, EXHIBITS, {"rates.top": {}}, CLAIMS, digits)
    return documents.render("record.md", "book", **found)


def test_everything_is_counted(project: Path) -> None:
    text = written(project)
    digest = files.sha256(project / "data/raw/marks.csv")
    for line in (
        "- 1 notebook runs with exhibits",
        "- 1 tables and 1 figures, 1 of them resting on reconstructed survey rows and marked so",
        "- 1 numbers that the text quotes or the ledger uses",
        "| derived | 1 | 1 |",
        "| contradicted | 0 | 1 |",
        "| **all** | 1 | 2 |",
        f"| `data/raw/marks.csv` | reconstructed | 2 | `sha256:{digest}` |",
        "| `rates` | `10_rates.ipynb` | level = 0.95 | 2 |",
        f"{LOCKED}. All are installed as the lock has them.",
    ):
        assert f"\n{line}\n" in text, line


def test_what_is_not_installed_as_locked_stands_on_it(project: Path) -> None:
    (project / "requirements.lock").write_text("pandas==1.0\n")
    text = written(project)
    assert "`requirements.lock` fixes 1 packages by version and hash" in text
    assert "1 package differs from requirements.lock: pandas" in text
    assert "All are installed" not in text


def test_a_hash_of_digits_is_no_number_that_could_name_a_person(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digits = "7534393557" + "ab" * 27
    monkeypatch.setattr(files, "sha256", lambda path: digits)
    text = written(project, 12)
    assert "the first 12 digits of its SHA-256" in text
    assert "`sha256:7534393557ab`" in text
    assert identifiers({"page": text}).empty
    assert not identifiers({"page": "7534393557"}).empty, "without its kind"


def test_the_book_is_made_anew_when_what_the_certificate_shows_changes(project: Path) -> None:
    runs = engine.load_plan(project)
    made = tasks.make_tasks(runs, read_contract(project), tasks.Tools())
    shown = {"data/raw/marks.csv", "requirements.lock", tasks.INSTALLED}
    assert shown <= made["site"].inputs(Hashes(project)).keys()
    for module in (certificate, documents):
        name = f"src/{module.__name__.replace('.', '/')}.py"
        assert name in Hashes(project).below(*site.CODE)
    assert "src/bookbuilder/templates/record.md" in Hashes(project).below(*site.CODE)
