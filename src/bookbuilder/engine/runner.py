"""Handing tasks to doit, which decides what is stale and in which order it runs.

doit asks each task, when those before it have ended, whether anything that decides it has changed
(`Task.changes`), runs as many at once as there are threads, and remembers of each that succeeds
what it was made from: one file, `_build/state.db`, which is written when a build ends, however that
is. A build that is killed leaves the former one, and its tasks run again; a file that cannot be
read is dropped, and everything runs again. A run that fails stops only what waits for it.
"""

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from doit.api import run_tasks
from doit.cmd_base import TaskLoader2
from doit.dependency import DatabaseException, Dependency, SqliteDB
from doit.exceptions import UnmetDependency
from doit.reporter import ZeroReporter
from doit.task import dict_to_task

from bookbuilder.engine.hashing import Hashes
from bookbuilder.engine.tasks import Saved, Task
from compendium import files

STATE = Path("_build/state.db")
BROKEN = (DatabaseException, ValueError, OSError)
#: Seconds that work under way has to end in when a build is stopped.
SHUTDOWN_GRACE_S = 10.0


class Display(Protocol):
    """Whoever shows progress."""

    def start(self, name: str, total: int | None = None) -> None:
        """Say that a task is being executed, or so many."""

    def end(self, name: str, seconds: float, *, failed: bool) -> None:
        """Say that it has ended."""


@dataclass(frozen=True)
class Outcome:
    """How one task ended: ``done``, ``fresh``, ``stale``, ``failed`` or ``skipped``.

    ``stale`` is said by `status` only, with the reasons.
    """

    name: str
    state: str
    seconds: float = 0.0
    message: str = ""
    reasons: tuple[str, ...] = ()


@dataclass
class Report:
    """What a build did."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    seconds_by_task: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    orphans: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    notebooks: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    left_stale: list[str] = field(default_factory=list)

    @property
    def failed(self) -> list[Outcome]:
        """Tasks that failed or could not run because one before them failed."""
        return [o for o in self.outcomes.values() if o.state in ("failed", "skipped")]


def saved(root: Path, tasks: Iterable[str]) -> dict[str, Saved]:
    """Return what is known of tasks without writing; nothing of one that never succeeded."""
    try:
        return _remembered(root, tasks)
    except BROKEN:
        return {name: {} for name in tasks}


def drop_if_broken(root: Path) -> bool:
    """Remove a memory that cannot be read; say whether there was one."""
    try:
        _remembered(root, ["record"])
    except BROKEN:
        (root / STATE).unlink()
        return True
    return False


def _remembered(root: Path, tasks: Iterable[str]) -> dict[str, Saved]:
    if not (root / STATE).is_file():
        return {name: {} for name in tasks}
    known = Dependency(SqliteDB, str(root / STATE))
    try:
        return {name: known.get_values(name) for name in tasks}
    finally:
        known.close()


class Runner:
    """Runs the tasks of one build, given the hashes of all files as the build found them."""

    def __init__(
        self,
        tasks: dict[str, Task],
        root: Path,
        hashes: Hashes,
        report: Report,
        display: Display,
    ) -> None:
        self.tasks, self.root, self.hashes = tasks, root, hashes
        self.report, self.display = report, display
        self.messages: dict[str, str] = {}
        self.at_work: set[str] = set()
        self.stopped = False
        self.changed = threading.Condition()

    def run(
        self,
        forced: Collection[str],
        workers: int,
        start: Callable[[], None],
        stop: Callable[[], None],
    ) -> None:
        """Run what is stale, and what is `forced`.

        `start` is called when there is something to do, to begin the imports that it takes; `stop`
        ends the work that is under way, when the build is to stop.
        """
        (self.root / STATE).parent.mkdir(exist_ok=True)
        loader = _Loader(self, forced, workers, start)
        try:
            run_tasks(loader, {name: {} for name in self.tasks})
        except BaseException as error:
            self.stopped = True
            stop()
            with self.changed:
                self.changed.wait_for(lambda: not self.at_work, timeout=SHUTDOWN_GRACE_S)
            if isinstance(error, sqlite3.Error):
                raise _refusal(self.root / STATE, error) from None
            raise

    def work(self, task: Task) -> Saved:
        """Do one task and return what is to be remembered of it."""
        with self.changed:
            self.at_work.add(task.name)
        self.display.start(task.name)
        began = time.perf_counter()
        try:
            before = task.inputs(self.hashes)
            found = task.work()
            self.hashes.forget(task.products())
            products = self.hashes.named(path.as_posix() for path in task.products())
            inputs = self.hashes.named(found) | before
        except Exception as error:
            self.messages[task.name] = files.format_error(error)
            raise
        finally:
            seconds = time.perf_counter() - began
            self.report.seconds_by_task[task.name] = seconds
            with self.changed:
                self.at_work.discard(task.name)
                self.changed.notify_all()
        return {"inputs": inputs, "products": products, "seconds": round(seconds, 3)}

    def outcome(self, name: str, state: str) -> None:
        """Put into the report how a task ended, and show it: doit has remembered it by now."""
        seconds = self.report.seconds_by_task.get(name, 0.0)
        if state in ("done", "failed") and not self.stopped:
            self.display.end(name, seconds, failed=state == "failed")
        message = self.messages.get(name, "")
        self.report.outcomes[name] = Outcome(name, state, seconds, message)


def _refusal(path: Path, error: sqlite3.Error) -> OSError:
    """Return what the database under the memory could not do as the system would say it."""
    full = "full" in str(error)
    code = errno.ENOSPC if full else errno.EIO
    return OSError(code, os.strerror(code) if full else str(error), str(path))


class _Loader(TaskLoader2):
    """Gives doit the tasks and its settings; nothing is read from files."""

    def __init__(
        self, runner: Runner, forced: Collection[str], workers: int, start: Callable[[], None]
    ) -> None:
        super().__init__()
        self.runner, self.forced, self.workers = runner, forced, workers
        self.start = start

    def load_doit_config(self) -> dict[str, Any]:
        return {
            "backend": "sqlite3",
            "dep_file": str(self.runner.root / STATE),
            "num_process": self.workers,
            "par_type": "thread",
            "continue": True,
            "reporter": _Reporter(self.runner),
            "verbosity": 2,
        }

    def load_tasks(self, cmd: Any, pos_args: list[str]) -> list[Any]:
        return [self._task(task) for task in self.runner.tasks.values()]

    def _task(self, ours: Task) -> Any:
        def is_current(task: Any, values: Saved) -> bool:  # doit goes by these names
            if ours.name not in self.forced and not ours.changes(self.runner.hashes, values):
                return True
            self.start()
            return False

        return dict_to_task(
            {
                "name": ours.name,
                "actions": [lambda: self.runner.work(ours)],
                "uptodate": [is_current],
                "task_dep": list(ours.after),
                "io": {"capture": False},
            }
        )


class _Reporter(ZeroReporter):
    """Hears from doit how tasks ended."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner

    def add_success(self, task: Any) -> None:
        self.runner.outcome(task.name, "done")

    def skip_uptodate(self, task: Any) -> None:
        self.runner.outcome(task.name, "fresh")

    def add_failure(self, task: Any, fail: Any) -> None:
        waited = isinstance(fail, UnmetDependency)
        if not waited:
            self.runner.messages.setdefault(task.name, str(fail.get_msg()))
        self.runner.outcome(task.name, "skipped" if waited else "failed")

    def runtime_error(self, msg: str) -> None:
        raise RuntimeError(msg)
