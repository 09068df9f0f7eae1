"""Watching builds again for every change that is saved, survives faults, and ends in order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bookbuilder.engine import watching

WAIT = 120
DATA = "data/raw/marks.csv"
#: The real one, where a test puts another in its place.
LOOK = watching._look


class Watched:
    """A project that `compendium watch` is at work on, in a process of its own."""

    def __init__(self, root: Path) -> None:
        self.root, self.said = root, root.parent / "said.txt"
        command = [sys.executable, "-m", "bookbuilder.cli", "--root", str(root), "watch"]
        with self.said.open("wb") as stream:
            self.process = subprocess.Popen(
                [*command, "--no-site"],
                stdout=stream,
                stderr=stream,
                env=os.environ | {"PYTHONUNBUFFERED": "1", "COMPENDIUM_KERNELS": "auto"},
                start_new_session=True,
                # Whoever runs the tests in a background has it ignored.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
            )

    def lines(self) -> list[str]:
        return self.said.read_text(encoding="utf-8").splitlines()

    def count(self, words: str) -> int:
        return sum(words in line for line in self.lines())

    def until(self, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WAIT
        while not reached():
            assert time.monotonic() < deadline, "\n".join(self.lines())
            assert self.process.poll() is None, "\n".join(self.lines())
            time.sleep(0.05)

    def until_idle(self, times: int) -> None:
        """Wait until it has said so many times that it watches."""
        self.until(lambda: self.count("for changes; Ctrl-C ends") >= times)


@pytest.fixture
def watched(project: Path) -> Iterator[Watched]:
    made = Watched(project)
    yield made
    if made.process.poll() is None:
        os.killpg(made.process.pid, signal.SIGKILL)
        made.process.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_every_change_is_built_faults_are_told_and_ctrl_c_ends_it(watched: Watched) -> None:
    table = watched.root / "results/tables/marks_table.csv"
    watched.until_idle(1)
    assert "ada,5" in table.read_text()

    (watched.root / DATA).write_text("pupil,mark\nada,6\nben,3\n")
    watched.until_idle(2)
    assert "ada,6" in table.read_text()
    assert watched.count(f"{DATA} changed") == 1
    assert watched.count("2 run, 0 unchanged") == 2

    (watched.root / DATA).write_text("pupil,mark\nada,seven\nben,3\n")
    watched.until_idle(3)
    assert watched.count("row 2, field mark") >= 1
    assert "ada,6" in table.read_text()

    plan = watched.root / "notebooks/runs.yml"
    text = plan.read_text()
    plan.write_text(text.replace("notebook:", "notebok:"))
    watched.until_idle(4)
    assert watched.count("no key 'notebok'") >= 1
    assert watched.count("Traceback") == 0

    plan.write_text(text)
    (watched.root / DATA).write_text("pupil,mark\nada,4\nben,3\n")
    watched.until(lambda: "ada,4" in table.read_text())
    watched.until_idle(5)
    os.killpg(watched.process.pid, signal.SIGINT)
    assert watched.process.wait(timeout=30) == 0
    assert watched.lines()[-1] == "no longer watching"


def test_a_file_that_is_still_being_written_is_waited_for(project: Path) -> None:
    known = watching._look(project)
    looks: list[watching.Look] = []

    def look(root: Path) -> watching.Look:
        if len(looks) < 3:
            with (project / DATA).open("a") as stream:
                stream.write(f"pupil{len(looks)},1\n")
        looks.append(found := LOOK(root))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watching, "_look", look)
        changed, now = watching._next_change(project, known)
    assert changed == [DATA]
    assert len(looks) == 4, "three times it had changed, the fourth time it was left alone"
    assert now == LOOK(project)


def test_a_change_of_the_package_ends_the_watching(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built, package = [], project.parent / "package"
    (package / "compendium").mkdir(parents=True)
    monkeypatch.setattr(watching, "SOURCE", package)

    def build(ready: object) -> None:
        built.append(ready)
        (package / "compendium/new.py").write_text("x = 1\n")

    watching.watch(project, build, lambda line: None, with_site=False, kernels="fresh")
    assert len(built) == 1
