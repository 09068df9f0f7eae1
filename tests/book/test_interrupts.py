"""A build that is stopped keeps what was finished, and the next one runs exactly the rest."""

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_project import LOAD, cell, make_project, show_all_notebooks, write_notebook

from compendium import files

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a terminal and signals of POSIX")

NUMBER = 7
#: Each takes most of a second, and records which marks it has seen.
WORK = """\
import time
time.sleep(0.7)
exhibits.table(marks, "table_{n}", caption="Marks of {{n}} pupils.", n=len(marks))"""


@pytest.fixture(scope="module")
def slow_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of several runs, all built."""
    project = make_project(tmp_path_factory.mktemp("slow") / "project")
    names = [f"run{n}" for n in range(NUMBER)]
    for n, name in enumerate(names):
        parts = [cell("x = 1", "parameters"), cell(LOAD), cell(WORK.format(n=n))]
        write_notebook(project / f"notebooks/{name}.ipynb", *parts)
    plan = [
        f"{name}: {{notebook: {name}.ipynb, inputs: [marks], tables: [table_{n}]}}"
        for n, name in enumerate(names)
    ]
    (project / "notebooks/runs.yml").write_text("\n".join(plan))
    show_all_notebooks(project, *names)
    assert build(project).returncode == 0
    return project


@pytest.fixture
def slow(slow_once: Path, tmp_path: Path) -> Path:
    """Return a copy of the built project after a data fix."""
    root = shutil.copytree(slow_once, tmp_path / "project", symlinks=True)
    (root / "data/raw/marks.csv").write_text("pupil,mark\nada,6\nben,3\n")
    return root


def command(root: Path) -> list[str]:
    return [sys.executable, "-m", "bookbuilder.cli", "--root", str(root), "build", "--no-site"]


def build(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(root), capture_output=True, text=True, check=False)


def finished(said: str) -> set[str]:
    """Return which runs were seen to end, whether or not the terminal has colours."""
    return set(re.findall(r"✓ (run\d)", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)))


def stop_at_terminal(root: Path, seconds: float, how: str) -> tuple[int, str]:
    """Build at a real terminal, stop it after a while, and return its status and what it said."""
    import pty

    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execvp(command(root)[0], command(root))
    deadline, heard, stopped = time.monotonic() + seconds, b"", False
    while True:
        ready, _, _ = select.select([terminal], [], [], 0.05)
        try:
            heard += os.read(terminal, 65536) if ready else b""
        except OSError:  # the other end is closed
            break
        if not stopped and time.monotonic() > deadline:
            stopped = True
            if how == "ctrl-c":
                os.write(terminal, b"\x03")
            else:
                os.kill(pid, signal.SIGTERM)
        if ready and not heard:
            break
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), heard.decode(errors="replace")


@pytest.mark.parametrize(("seconds", "how"), [(2, "ctrl-c"), (3.5, "terminate")])
def test_the_next_build_runs_exactly_the_rest(slow: Path, seconds: float, how: str) -> None:
    status, said = stop_at_terminal(slow, seconds, how)
    if status == 0:
        pytest.skip("this machine was done before it was stopped")
    assert status == 130, said
    assert "stopped; what was finished is kept" in said
    assert "Traceback" not in said
    kept = finished(said)
    following = build(slow)
    assert following.returncode == 0, following.stdout
    assert finished(following.stdout) == {f"run{n}" for n in range(NUMBER)} - kept
    wanted = files.sha256(slow / "data/raw/marks.csv")
    runs = json.loads((slow / "results/runs.json").read_text())
    assert {one["inputs"][0]["sha256"] for one in runs.values()} == {wanted}
    assert all("ada,6" in path.read_text() for path in (slow / "results/tables").iterdir())


def test_a_stopped_build_is_seen_to_be_stopped(slow: Path) -> None:
    """The twin: stopped before anything could end, everything is still to be run."""
    status, said = stop_at_terminal(slow, 0.6, "ctrl-c")
    assert status == 130
    assert finished(said) == set()
    assert finished(build(slow).stdout) == {f"run{n}" for n in range(NUMBER)}
