"""The command line as a person meets it: help with examples, plain errors, exit statuses."""

import subprocess
import sys
from pathlib import Path

import pytest
from commands import call

from bookbuilder import cli


@pytest.mark.parametrize("command", [[], ["build"], ["watch"], ["run"], ["status"], ["check"]])
def test_help_shows_examples(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        cli.main([*command, "--help"])
    assert done.value.code == 0
    shown = capsys.readouterr().out
    assert "examples:" in shown
    assert f"compendium {' '.join(command)}".strip() in shown.split("examples:")[1]


def test_help_starts_at_once() -> None:
    code = "import sys; from bookbuilder import cli; cli._parser(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "qda_exchange.commands" in loaded
    assert not {"pandas", "numpy", "doit", "papermill", "nbformat", "yaml"} & loaded


def test_an_unknown_command_ends_with_status_2() -> None:
    command = [sys.executable, "-m", "bookbuilder.cli", "biuld"]  # as users start it
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "biuld" in done.stderr


def test_check_counts_tables(project: Path) -> None:
    done = call(project, "check")
    assert (done.returncode, done.stdout) == (0, "1 tables meet their contract\n")


def test_a_users_mistake_is_a_sentence_not_a_traceback(project: Path) -> None:
    (project / "data/raw/marks.csv").write_text("pupil,mark\nada,five\n")
    done = call(project, "--root", ".", "check")
    assert done.returncode == 1
    assert "data/raw/marks.csv, row 2, field mark" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_run_or_parameter_is_refused(project: Path) -> None:
    done = call(project, "--root", ".", "run", "mark")
    assert (done.returncode, done.stderr) == (1, "no run 'mark'; did you mean 'marks'?\n")
    done = call(project, "--root", ".", "run", "marks", "-p", "facto=2")
    assert "no parameter 'facto'; did you mean 'factor'?" in done.stderr


def test_a_fault_of_the_system_names_the_file(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "_build").write_text("a file where a folder is to be\n")
    assert cli.main(["--root", str(project), "build"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{project / '_build'}")
    assert "Errno" not in said


def test_a_folder_that_is_no_project(tmp_path: Path) -> None:
    done = call(tmp_path, "--root", ".", "status")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_failing_build_ends_with_status_1_and_says_where(project: Path) -> None:
    notebook = project / "notebooks/double.ipynb"
    notebook.write_text(notebook.read_text().replace("best * times", "best * tims"))
    done = call(project, "--root", ".", "build", "--no-site")
    assert done.returncode == 1
    assert "notebooks/double.ipynb, cell" in done.stdout
    assert "NameError" in done.stdout
    assert "✓ marks" in done.stdout  # plain lines when not a terminal; the others went on
