"""Handing tasks to pytask, which decides what is stale and in which order it runs.

It is started quietly, and what it found is told in the project's words. Its memory is the file
`_build/pytask.lock`; one that cannot be read is dropped, and everything runs again.
"""

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Semaphore
from typing import Any

import pytask
from _pytask import database, task_utils
from pytask import TaskOutcome, console
from pytask_parallel import ParallelBackend, registry
from pytask_parallel import execute as execution

from bookbuilder.engine.report import Outcome, Report
from compendium import files

MEMORY = ("_build/pytask.lock", "_build/pytask.lock.journal")
#: Says where pytask keeps it: else that would be the nearest repository, ours or not.
SETTINGS = Path("_build/pytask.toml")
#: How pytask says that a file which a task needs is not there.
LACKING = re.compile(r"requires missing node '([^']+)'")
STATES = {
    TaskOutcome.SUCCESS: "done",
    TaskOutcome.PERSISTENCE: "fresh",
    TaskOutcome.SKIP_UNCHANGED: "fresh",
    TaskOutcome.SKIP: "skipped",
    TaskOutcome.SKIP_PREVIOUS_FAILED: "skipped",
    TaskOutcome.FAIL: "failed",
    TaskOutcome.WOULD_BE_EXECUTED: "stale",
}


def schedule(made: list[Callable[..., Any]], root: Path, report: Report, **options: Any) -> None:
    """Have pytask run tasks and put what came of each into a report.

    Parameters
    ----------
    made
        The tasks.
    root
        The project's folder.
    report
        Gets the outcomes.
    options
        Of ``pytask.build``.

    Raises
    ------
    RuntimeError
        When pytask cannot set the build up.
    """
    session = _session(made, root, options)
    if not session.execution_reports and _drop_memory(session, root):
        report.notices.append("what the build remembered could not be read; everything runs again")
        session = _session(made, root, options)
    if not session.execution_reports:
        raise RuntimeError(f"the build could not be set up: {_setup_faults(session)}")
    for done in session.execution_reports:
        outcome = _outcome(done, report.seconds_by_task, root)
        report.outcomes[outcome.name] = outcome


class _Threads(ThreadPoolExecutor):
    """Threads that say when a task has ended: once to note it, once to begin what waited for it."""

    ended = Semaphore(0)

    def __init__(self, n_workers: int) -> None:
        super().__init__(max_workers=n_workers)

    def submit(self, function: Any, /, *given: Any, **named: Any) -> Future[Any]:
        """Begin a task."""
        future = super().submit(function, *given, **named)
        future.add_done_callback(lambda _: self.ended.release(2))
        return future


class _Alert(execution._Sleeper):
    """Waits for the end of a task, when there is none to begin.

    pytask-parallel looks at its tasks again and again, ever more seldom while none ends, up to once
    in a second; notebooks that take a second or two would wait as long again.
    """

    nothing_to_begin = False

    def increment(self) -> None:
        """Hear that there is no task to begin."""
        self.nothing_to_begin = True

    def sleep(self) -> None:
        """Wait, unless there may be more to begin."""
        if self.nothing_to_begin:
            _Threads.ended.acquire(timeout=1)
        self.nothing_to_begin = False


def _session(made: list[Callable[..., Any]], root: Path, options: dict[str, Any]) -> Any:
    files.write_text(root / SETTINGS, "[tool.pytask.ini_options]\n")
    execution._Sleeper = _Alert  # type: ignore[misc]
    registry.register_parallel_backend(ParallelBackend.THREADS, _Threads, worker_type="threads")
    # pytask keeps its memory twice; the database would take seconds to write, and nobody reads it.
    database.create_database = lambda url: None
    # Tasks that were declared for a build that came to nothing, say of a full disk, would be taken
    # for part of this one, and refused.
    task_utils.COLLECTED_TASKS.clear()
    console.quiet = True  # pytask's own display; ours says the same in the project's words
    try:
        return pytask.build(
            tasks=made,
            paths=root / "_build",
            config=root / SETTINGS,
            capture="no",
            verbose=0,
            **options,
        )
    finally:
        console.quiet = False


def _drop_memory(session: Any, root: Path) -> bool:
    """Remove pytask's memory if it was what stopped it; say whether there was any."""
    if session.collection_reports or session.dag_report:
        return False
    found = [path for name in MEMORY if (path := root / name).exists()]
    for path in found:
        path.unlink()
    return bool(found)


def _outcome(done: Any, seconds: dict[str, float], root: Path) -> Outcome:
    name = str(done.task.name).rpartition("::")[2]
    state = STATES[done.outcome]
    fault = files.said(done.exc_info[1]) if done.exc_info and state in ("failed", "skipped") else ""
    lacking = LACKING.search(fault)
    if lacking:
        name_of = _from_root(lacking[1], root)
        fault = f"{name_of} is missing; take it back from version control, or from its source"
    found = done.task.attributes.get("explanation")
    reasons = tuple(_reason(r, root) for r in found.reasons) if found and state == "stale" else ()
    return Outcome(name, state, seconds.get(name, 0.0), fault, reasons)


def _reason(found: Any, root: Path) -> str:
    if found.node_type == "source":
        return "the code of the build changed"
    name = _from_root(str(found.node_name).rpartition("::")[2], root)
    match found.reason:
        case "cascade":
            return f"'{name}' before it is stale"
        case "missing":
            return f"{name} is missing"
        case "not_in_db":
            return f"{name} is new to the build"
        case _:
            return f"{name} changed"


def _from_root(name: str, root: Path) -> str:
    """Name a file from the project's folder; pytask does so from the folder above it."""
    return name.removeprefix(f"{root.as_posix()}/").removeprefix(f"{root.name}/")


def _setup_faults(session: Any) -> str:
    reports = [*session.collection_reports, session.dag_report]
    return "; ".join(str(r.exc_info[1]) for r in reports if r and r.exc_info) or "unknown reason"
