"""Where the project is, and the nearest name to a misspelt one."""

from pathlib import Path

import pytest

from compendium import context


def test_finds_the_project_from_a_folder_inside_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "notebooks")
    assert context.project_root() == project


def test_the_environment_variable_goes_first(
    project: Path, monkeypatch: pytest.MonkeyPatch, project_root: Path
) -> None:
    monkeypatch.chdir(project_root)
    monkeypatch.setenv(context.ROOT_VARIABLE, str(project))
    assert context.project_root() == project


def test_falls_back_to_where_the_package_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project_root: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert context.project_root() == project_root


def test_says_what_to_do_when_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(context, "__file__", str(tmp_path / "site-packages/compendium/context.py"))
    with pytest.raises(FileNotFoundError, match="change into the project's folder"):
        context.project_root()


def test_a_run_knows_its_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = context.RunContext(
        "r", "notebooks/r.ipynb", "/somewhere", str(tmp_path), ("a",), (), {"x": 1}, (), ()
    )
    run.save(tmp_path / "context.json")
    monkeypatch.setenv(context.VARIABLE, str(tmp_path / "context.json"))
    assert context.current() == run
    assert context.project_root() == Path("/somewhere")
