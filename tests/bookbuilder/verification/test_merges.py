"""A merge in which both sides changed the record: a build heals it, and nothing fails before."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from repositories import begin, commit, git
from small_project import ROOT, Recording

from bookbuilder import cli
from bookbuilder.engine import engine

DATA = "data/raw/marks.csv"
VALUES = "results/values.json"


def change(root: Path, old: str, new: str) -> None:
    path = root / DATA
    path.write_text(path.read_text().replace(old, new))
    report = engine.build(root, display=Recording(), with_site=False)
    assert not report.failed, report.failed
    commit(root)


def merge(root: Path) -> None:
    """Merge two branches that both changed the data and the record, and put the data right."""
    report = engine.build(root, display=Recording(), with_site=False)
    assert not report.failed, report.failed
    begin(root)
    git(root, "checkout", "-qb", "other")
    change(root, "ben,3", "ben,6")
    git(root, "checkout", "-q", "-")
    change(root, "ada,5", "ada,4")
    with pytest.raises(subprocess.CalledProcessError):
        git(root, "merge", "-q", "other")
    (root / DATA).write_text("pupil,mark\nada,4\nben,6\n")


@pytest.fixture
def attributes(project: Path) -> Path:
    """Return a small project with the compendium's settings for git."""
    shutil.copy(ROOT / ".gitattributes", project)
    return project


def test_with_the_settings_no_two_records_are_mixed(attributes: Path) -> None:
    merge(attributes)
    assert json.loads((attributes / VALUES).read_text())["marks.top"]["value"] == 4


def test_marks_of_a_conflict_are_named_and_healed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    merge(project)
    assert "<<<<<<<" in (project / VALUES).read_text()
    capsys.readouterr()
    call = ["--root", str(project)]
    assert cli.main([*call, "status"]) == 0
    assert cli.main([*call, "why", "marks"]) == 0
    assert "data/raw/marks.csv changed" in capsys.readouterr().out
    assert cli.main([*call, "impact"]) == 1
    error = capsys.readouterr().err
    assert "results/exhibits.json is broken JSON" in error
    assert "`compendium build` writes it anew" in error
    assert cli.main([*call, "build", "--no-site"]) == 0
    assert cli.main([*call, "impact"]) == 0
    for path in (project / "results").rglob("*.*"):
        assert "<<<<<<<" not in path.read_text(), path
    assert json.loads((project / VALUES).read_text())["marks.top"]["value"] == 6


def test_a_commit_with_broken_json_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / VALUES).write_text("<<<<<<< HEAD\n{}\n")
    begin(project)
    (project / VALUES).write_text("{}\n")
    assert cli.main(["--root", str(project), "impact"]) == 1
    assert "results/values.json in HEAD is broken JSON" in capsys.readouterr().err
    assert cli.main(["--root", str(project), "verify"]) == 1
    assert "differs: results/values.json: unreadable" in capsys.readouterr().out
