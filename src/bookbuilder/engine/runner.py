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
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from doit.api import run_tasks
from doit.cmd_base import ModuleTaskLoader
from doit.dependency import DatabaseException, Dependency, SqliteDB
from doit.exceptions import UnmetDependency
from doit.reporter import ZeroReporter

from bookbuilder.engine.hashing import Hashes
from bookbuilder.engine.tasks import Saved, Task, Tools
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
    message: str = ""
    reasons: tuple[str, ...] = ()


@dataclass
class Report:
    """What a build did."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
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
    """Return what is known of tasks without writing; nothing of one that never succeeded.

    Raises one of `BROKEN` when that cannot be read.
    """
    if not (root / STATE).is_file():
        return {name: {} for name in tasks}
    known = Dependency(SqliteDB, str(root / STATE))
    try:
        return {name: known.get_values(name) for name in tasks}
    finally:
        known.close()


class Runner(ZeroReporter):
    """Runs the tasks of one build, given the hashes of all files as the build found them.

    It is doit's reporter at the same time: it hears how tasks ended.
    """

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
        self.seconds: dict[str, float] = {}
        self.at_work: set[str] = set()
        self.stopped = False

    def run(self, tools: Tools, forced: Collection[str], workers: int) -> None:
        """Run what is stale, and what is `forced`, with the tools that the work needs."""
        (self.root / STATE).parent.mkdir(exist_ok=True)
        settings = {
            "backend": "sqlite3",
            "dep_file": str(self.root / STATE),
            "num_process": workers,
            "par_type": "thread",
            "continue": True,
            "reporter": self,
            "verbosity": 2,
        }

        def described() -> Iterator[dict[str, Any]]:
            for task in self.tasks.values():
                yield {
                    "basename": task.name,
                    "actions": [partial(self.work, task)],
                    "uptodate": [partial(self.is_current, task, tools, forced)],
                    "task_dep": list(task.after),
                    "io": {"capture": False},
                }

        loader = ModuleTaskLoader({"DOIT_CONFIG": settings, "task_build": described})
        try:
            run_tasks(loader, {name: {} for name in self.tasks})
        except BaseException as error:
            self.stopped = True
            tools.stop()
            until = time.monotonic() + SHUTDOWN_GRACE_S
            while self.at_work and time.monotonic() < until:
                time.sleep(0.02)
            if isinstance(error, sqlite3.Error):
                raise _refusal(self.root / STATE, error) from None
            raise

    def is_current(
        self, ours: Task, tools: Tools, forced: Collection[str], task: Any, values: Saved
    ) -> bool:
        """Say whether a task is to be left as it is; doit asks with the last two, so called."""
        if ours.name not in forced and not ours.changes(self.hashes, values):
            return True
        tools.start()
        return False

    def work(self, task: Task) -> Saved:
        """Do one task and return what is to be remembered of it."""
        self.at_work.add(task.name)
        self.display.start(task.name)
        began = time.perf_counter()
        try:
            before = task.inputs(self.hashes)
            found = task.work()
            self.hashes.invalidate(task.products())
            products = self.hashes.named(path.as_posix() for path in task.products())
            inputs = self.hashes.named(found) | before
        except Exception as error:
            self.messages[task.name] = files.format_error(error)
            raise
        finally:
            self.seconds[task.name] = time.perf_counter() - began
            self.at_work.discard(task.name)
        return {"inputs": inputs, "products": products}

    def outcome(self, name: str, state: str) -> None:
        """Put into the report how a task ended, and show it: doit has remembered it by now."""
        if state in ("done", "failed") and not self.stopped:
            self.display.end(name, self.seconds.get(name, 0.0), failed=state == "failed")
        self.report.outcomes[name] = Outcome(name, state, self.messages.get(name, ""))

    def add_success(self, task: Any) -> None:  # noqa: D102 - of doit's reporters, these three
        self.outcome(task.name, "done")

    def skip_uptodate(self, task: Any) -> None:  # noqa: D102
        self.outcome(task.name, "fresh")

    def add_failure(self, task: Any, fail: Any) -> None:  # noqa: D102
        waited = isinstance(fail, UnmetDependency)
        if not waited:
            self.messages.setdefault(task.name, str(fail.get_msg()))
        self.outcome(task.name, "skipped" if waited else "failed")

    def runtime_error(self, msg: str) -> None:  # noqa: D102
        raise RuntimeError(msg)


def _refusal(path: Path, error: sqlite3.Error) -> OSError:
    """Return what the database under the memory could not do as the system would say it."""
    full = "full" in str(error)
    code = errno.ENOSPC if full else errno.EIO
    return OSError(code, os.strerror(code) if full else str(error), str(path))
