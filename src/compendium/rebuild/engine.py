"""Running the tasks: `build` executes what is stale, `status` says what is and why.

pytask decides and schedules; this module starts it quietly, keeps what it found per task, and hands
each step to whoever shows progress.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytask
from pytask import TaskOutcome, console

from compendium import data
from compendium.rebuild import seconds, tasks
from compendium.rebuild.plan import Run, read_plan

STATES = {
    TaskOutcome.SUCCESS: "done",
    TaskOutcome.PERSISTENCE: "fresh",
    TaskOutcome.SKIP_UNCHANGED: "fresh",
    TaskOutcome.SKIP: "skipped",
    TaskOutcome.SKIP_PREVIOUS_FAILED: "skipped",
    TaskOutcome.FAIL: "failed",
    TaskOutcome.WOULD_BE_EXECUTED: "stale",
}


class Display(Protocol):
    """Whoever shows progress."""

    def start(self, name: str) -> None:
        """Say that a task is being executed."""

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

    @property
    def failed(self) -> list[Outcome]:
        """Tasks that failed or could not run because one before them failed."""
        return [o for o in self.outcomes.values() if o.state in ("failed", "skipped")]


def load_plan(root: Path) -> dict[str, Run]:
    """Read the plan of a project; see `plan.read_plan`."""
    return read_plan(root, data.names(root=root))


def build(
    root: Path,
    *,
    display: Display,
    only: str | None = None,
    force: bool = False,
    with_site: bool = True,
    workers: int | None = None,
) -> Report:
    """Bring the results and the book up to date, running exactly what is stale.

    Parameters
    ----------
    root
        The project's folder.
    display
        Told of each task as it starts and ends.
    only
        Name of one run; it is executed whether or not it is stale, after what it reads. Other
        stale runs stay as they are; a run that has no results yet is brought in.
    force
        Run everything.
    with_site
        Whether to render the book.
    workers
        How many notebooks to run at once; by default one per processor.
    """
    runs = load_plan(root)
    began = time.perf_counter()
    report = Report()
    selected = None
    if only:
        _forget(root, runs[only])
        selected = _needed(runs, only) | {run.name for run in runs.values() if not _made(run, root)}
    made = tasks.make_tasks(
        runs, root, around=_timed(report, display), with_site=with_site, selected=selected
    )
    workers = workers or max(os.cpu_count() or 1, 1)
    _pytask(made, root, report, force=force, n_workers=workers, parallel_backend="threads")
    report.seconds = time.perf_counter() - began
    seconds.remember(root, report.seconds_by_task)
    report.orphans = tasks.collect.orphans(runs.values(), root)
    report.unread = tasks.collect.unread(runs.values(), root)
    return report


def status(root: Path, *, with_site: bool = True) -> Report:
    """Say of each task whether it is fresh or stale, and why, without running anything.

    The data are checked at once rather than by a task: what stands behind a stale task is not
    looked at, and every run stands behind the contract.
    """
    runs = load_plan(root)
    report = Report()
    checked = (root / tasks.CHECKED).exists()
    if checked:
        report.outcomes["contract"] = _contract_outcome(root)
    made = tasks.make_tasks(
        runs,
        root,
        around=lambda _, work: work(),
        with_site=with_site,
        with_contract=not checked,
    )
    _pytask(made, root, report, explain=True, dry_run=True)
    return report


def _contract_outcome(root: Path) -> Outcome:
    faults = data.check(root=root)
    reasons = tuple(str(fault) for fault in faults)
    return Outcome("contract", "stale" if faults else "fresh", reasons=reasons)


def _timed(report: Report, display: Display) -> tasks.Around:
    """Return a wrapper that times each task as it runs and tells the display."""

    def around(name: str, work: Callable[[], None]) -> None:
        display.start(name)
        began, failed = time.perf_counter(), True
        try:
            work()
            failed = False
        finally:
            report.seconds_by_task[name] = time.perf_counter() - began
            display.end(name, report.seconds_by_task[name], failed=failed)

    return around


def _needed(runs: dict[str, Run], name: str) -> set[str]:
    """Return a run and all that it reads results of, near and far."""
    return {name}.union(*(_needed(runs, other) for other in runs[name].after))


def _made(run: Run, root: Path) -> bool:
    return all((root / path).exists() for path in (run.record, run.page, *run.results))


def _forget(root: Path, run: Run) -> None:
    """Make one run stale by taking away its record, which nothing but the engine reads."""
    (root / run.record).unlink(missing_ok=True)


def _pytask(made: list[Callable[..., Any]], root: Path, report: Report, **options: Any) -> None:
    state = root / "_build"
    state.mkdir(exist_ok=True)
    console.quiet = True  # pytask's own display; ours says the same in the project's words
    try:
        session = pytask.build(tasks=made, paths=state, capture="no", verbose=0, **options)
    finally:
        console.quiet = False
    if not session.execution_reports:
        raise RuntimeError(f"the build could not be set up: {_setup_faults(session)}")
    for done in session.execution_reports:
        outcome = _outcome(done, report.seconds_by_task, root)
        report.outcomes[outcome.name] = outcome


def _outcome(done: Any, seconds: dict[str, float], root: Path) -> Outcome:
    name = str(done.task.name).rpartition("::")[2]
    state = STATES[done.outcome]
    fault = str(done.exc_info[1]) if done.exc_info and state in ("failed", "skipped") else ""
    found = done.task.attributes.get("explanation")
    reasons = tuple(_reason(r, root) for r in found.reasons) if found and state == "stale" else ()
    return Outcome(name, state, seconds.get(name, 0.0), fault, reasons)


def _reason(found: Any, root: Path) -> str:
    if found.node_type == "source":
        return "the code of the build changed"
    # pytask shortens a path to what stands below the folder above the project.
    name = str(found.node_name).rpartition("::")[2]
    name = name.removeprefix(f"{root.as_posix()}/").removeprefix(f"{root.name}/")
    match found.reason:
        case "cascade":
            return f"'{name}' before it is stale"
        case "missing":
            return f"{name} is missing"
        case "not_in_db":
            return f"{name} is new to the build"
        case _:
            return f"{name} changed"


def _setup_faults(session: Any) -> str:
    reports = [*session.collection_reports, session.dag_report]
    return "; ".join(str(r.exc_info[1]) for r in reports if r and r.exc_info) or "unknown reason"
