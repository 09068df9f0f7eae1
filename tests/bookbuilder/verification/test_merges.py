"""A merge in which both sides changed the record: a build heals it, and nothing fails before."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from repositories import begin, commit, git
from small_project import ROOT, Recording, make_project

from bookbuilder import cli
from bookbuilder.engine import engine

DATA = "data/raw/marks.csv"
VALUES = "results/values.json"


def change(root: Path, old: str = "", new: str = "") -> None:
    """Change the data and build."""
    (root / DATA).write_text((root / DATA).read_text().replace(old, new))
    report = engine.build(root, display=Recording(), with_site=False)
    assert not report.failed, report.failed


@pytest.fixture(scope="module")
def branches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose branch `other` changed data and record otherwise than its own."""
    root = make_project(tmp_path_factory.mktemp("branches") / "project")
    change(root)
    begin(root)
    git(root, "checkout", "-qb", "other")
    change(root, "ben,3", "ben,6")
    commit(root)
    git(root, "checkout", "-q", "-")
    change(root, "ada,5", "ada,4")
    commit(root)
    return root


def merge(branches: Path, root: Path, attributes: str = "") -> None:
    """Merge both in a clone with some settings for git, and put the data right by hand."""
    git(branches, "clone", "-q", str(branches), str(root))
    (root / ".git/info/attributes").write_text(attributes)
    with pytest.raises(subprocess.CalledProcessError):
        git(root, "merge", "-q", "origin/other")
    (root / DATA).write_text("pupil,mark\nada,4\nben,6\n")


def test_with_our_settings_no_two_records_are_mixed(branches: Path, tmp_path: Path) -> None:
    merge(branches, tmp_path / "clone", (ROOT / ".gitattributes").read_text())
    assert json.loads((tmp_path / "clone" / VALUES).read_text())["marks.top"]["value"] == 4


def test_marks_of_a_conflict_are_named_and_healed(
    branches: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "clone"
    merge(branches, root)
    shutil.copytree(branches / "_build", root / "_build")
    assert "<<<<<<<" in (root / VALUES).read_text()
    call = ["--root", str(root)]
    capsys.readouterr()
    assert cli.main([*call, "status"]) == 0
    assert cli.main([*call, "why", "marks"]) == 0
    assert "data/raw/marks.csv changed" in capsys.readouterr().out
    assert cli.main([*call, "impact"]) == 1
    error = capsys.readouterr().err
    assert "results/values.json is broken JSON" in error
    assert "`compendium build` writes it anew" in error
    assert cli.main([*call, "build", "--no-site"]) == 0
    assert cli.main([*call, "impact"]) == 0
    for path in (root / "results").rglob("*.*"):
        assert "<<<<<<<" not in path.read_text(), path
    assert json.loads((root / VALUES).read_text())["marks.top"]["value"] == 6


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
