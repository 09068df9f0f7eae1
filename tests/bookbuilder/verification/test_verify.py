"""A real rebuild of a small project elsewhere: it passes, and every planted difference fails it."""

from pathlib import Path

import pytest
from repositories import begin, commit, git
from small_project import Recording, make_project

from bookbuilder import certificate, cli
from bookbuilder.engine import engine
from bookbuilder.verification import verify
from bookbuilder.verification.verify import Verification
from compendium import files


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small project, built, with its record committed."""
    root = make_project(tmp_path_factory.mktemp("repository") / "project")
    (root / "src").mkdir()
    (root / "src/code.py").write_text("x = 1\n")
    report = engine.build(root, display=Recording(), with_site=False)
    assert not report.failed, report.failed
    begin(root)
    return root


@pytest.fixture(scope="module")
def done(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Verification:
    """Return the verification of the unchanged record, beside unfinished work in the tree."""
    table = repository / "results/tables/marks_table.csv"
    kept = table.read_bytes()
    table.write_text("pupil,mark\nada,1\n")  # not committed: none of the check's business
    found = verify.verify(repository, tmp_path_factory.mktemp("elsewhere"), say=lambda _: None)
    assert table.read_text() == "pupil,mark\nada,1\n"
    table.write_bytes(kept)
    return found


def test_the_record_is_reproduced(done: Verification) -> None:
    assert done.passed, done
    assert done.differences == []
    assert done.uncommitted == ["results/tables/marks_table.csv"]
    assert certificate.outcome(done).startswith("**Reproduced**: 1 tables, 0 figures")


def test_every_planted_difference_fails(repository: Path, tmp_path: Path) -> None:
    root = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(repository), str(root))
    values = files.read_json(root / "results/values.json")
    values["marks.top"]["value"] = 6
    files.write_json(root / "results/values.json", values)
    (root / "results/tables/marks_table.csv").write_text("pupil,mark\nada,5\nben,2\n")
    (root / "results/tables/old.csv").write_text("a\n1\n")
    commit(root)
    found = verify.verify(root, tmp_path / "elsewhere", say=lambda _: None)
    assert not found.passed
    assert {(d.kind, d.file, d.row) for d in found.differences} == {
        ("value", "results/values.json", "marks.top"),
        ("cell", "results/tables/marks_table.csv", "ben"),
        ("removed", "results/tables/old.csv", ""),
    }
    lines = "\n".join(verify.summary(found))
    assert "differs: results/values.json, marks.top, value: 6 -> 5" in lines
    assert "2 -> 3" in lines
    html = certificate.write(found, tmp_path).read_text()
    assert "<strong>Not reproduced</strong>: 3 differences from the record." in html
    assert "<strong>1 difference</strong>" in html


def test_a_failing_build_and_a_missing_record_fail(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(repository), str(root))
    (root / "data/raw/marks.csv").write_text("pupil,mark\nada,seven\n")
    git(root, "rm", "-qr", "results")
    commit(root)
    assert cli.main(["--root", str(root), "verify"]) == 1
    said = capsys.readouterr().out
    assert "the build failed" in said
    assert "differs: results/tables/marks_table.csv: removed" in said
    text = (root / "_build/certificate/certificate.md").read_text()
    assert "'seven' is not a whole number" in text


def test_the_certificate_names_inputs_versions_and_outcomes(
    done: Verification, tmp_path: Path
) -> None:
    certificate.write(done, tmp_path, checked_by="Ada")
    for name in ("index.html", "certificate.md"):
        text = (tmp_path / name).read_text()
        assert files.sha256(done.copy / "data/raw/marks.csv") in text
        assert done.commit in text
        assert all(word in text for word in ("Ada", "papermill", "Marks of 2 pupils."))
