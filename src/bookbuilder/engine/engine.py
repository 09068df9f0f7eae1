"""Running the tasks: `build` executes what is stale, `status` says what is and why.

When nothing has changed since everything was up to date, one comparison says so (`quick`), and none
of the machinery is even imported. Otherwise pytask decides (`schedule`).
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bookbuilder.engine import fork_server, leftovers, lock, quick
from bookbuilder.engine.renderer import Renderer
from bookbuilder.engine.report import Display, Outcome, Report

if TYPE_CHECKING:
    from bookbuilder.engine.plan import Run
    from bookbuilder.engine.tasks import Around

INDEX = Path(quick.HTML, "index.html")

__all__ = ["Display", "Outcome", "Ready", "Report", "build", "load_plan", "status"]


@dataclass(frozen=True)
class Ready:
    """Processes that a build may use, begun early so that their imports cost it no time.

    Attributes
    ----------
    server
        Forks kernels; None where each is to be started afresh.
    renderer
        Renders the book.
    """

    server: fork_server.ForkServer | None
    renderer: Renderer


def load_plan(root: Path) -> "dict[str, Run]":
    """Read the plan of a project; see `plan_file.read_plan`."""
    from bookbuilder.engine.plan_file import read_plan
    from compendium import data

    return read_plan(root, data.names(root=root))


def build(
    root: Path,
    *,
    display: Display,
    only: str | None = None,
    force: bool = False,
    with_site: bool = True,
    workers: int | None = None,
    kernels: str | None = None,
    ready: Ready | None = None,
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
        How many notebooks to run at once, and processes to render the book in. By default
        notebooks as `at_once` says, and one process per processor.
    kernels
        ``auto``, ``forked`` or ``fresh``; see `fork_server.chosen`.
    ready
        Processes that stand ready; else they are started, as `kernels` says, and ended.

    Raises
    ------
    BusyError
        When another build is at work in the same folder.
    """
    server = ready.server if ready else fork_server.chosen(kernels)
    began = time.perf_counter()
    with lock.held(root):
        before = quick.sources(root)
        known = None if force or only else quick.recall(root, before, with_site=with_site)
        if known:
            report = _nothing_to_do(known, with_site=with_site)
        else:
            changed = quick.changed(root, before)
            only_pages = changed is not None and all(map(quick.is_shown_only, changed))
            soon = bool(only or force or not only_pages)
            leftovers.remove(root)
            with _started(root, server, soon=soon) if not ready else nullcontext(ready) as up:
                report = _build(
                    root,
                    display,
                    before,
                    changed,
                    only=only,
                    force=force,
                    with_site=with_site,
                    workers=workers,
                    ready=up,
                )
    report.seconds = time.perf_counter() - began
    return report


def at_once() -> int:
    """Return how many notebooks run at once where nobody says: one more than there are processors.

    While one waits for its kernel to begin, to answer or to end, there is work for all processors.

    Examples
    --------
    >>> at_once() > 1
    True
    """
    return (os.cpu_count() or 1) + 1


@contextmanager
def _started(root: Path, server: fork_server.ForkServer | None, *, soon: bool) -> Iterator[Ready]:
    """Hold processes for one build; with kernels wanted `soon`, imports begin at once."""
    with ExitStack() as stack:
        ready = Ready(server, stack.enter_context(Renderer(root)))
        if server:
            stack.enter_context(server)
            if soon:
                server.begin()
        yield ready


def _build(
    root: Path,
    display: Display,
    before: dict[str, str],
    changed: set[str] | None,
    *,
    only: str | None,
    force: bool,
    with_site: bool,
    workers: int | None,
    ready: Ready,
) -> Report:
    from bookbuilder.engine import helpers, schedule, seconds, tasks, touched

    runs = load_plan(root)
    report = Report(notebooks=list(runs))
    selected = None
    if only:
        _forget(root, runs[only])
        selected = _selected(runs, only, root)
    elif not force:
        selected = touched.touched(changed, runs, root)
    processors = os.cpu_count() or 1
    made = tasks.make_tasks(
        runs,
        root,
        around=_timed(report, display),
        with_site=with_site,
        selected=selected,
        server=ready.server,
        renderer=ready.renderer,
        processes=workers or processors,
    )
    if with_site:
        ready.renderer.begin()  # not sooner: there are no more processors than imports to do
    options = {"n_workers": workers or at_once(), "parallel_backend": "threads"}
    schedule.schedule(made, root, report, force=force, **options)
    if not only:
        for name in runs:  # those that nothing has touched
            report.outcomes.setdefault(name, Outcome(name, "fresh"))
    seconds.remember(root, report.seconds_by_task)
    ended = {name for name, outcome in report.outcomes.items() if outcome.state == "done"}
    done = [run for run in runs.values() if run.name in ended]
    helpers.remember(root, done)
    report.orphans = tasks.collect.orphans(runs.values(), root)
    report.unread = tasks.collect.unread(runs.values(), root)
    if not (only or report.failed) and before == quick.sources(root):
        quick.remember(root, before, _told(report), with_site=with_site)
    return report


def _told(report: Report) -> dict[str, Any]:
    """Return what a build says that finds nothing to do."""
    return {
        "tasks": list(report.outcomes),
        "notebooks": report.notebooks,
        "orphans": report.orphans,
        "unread": report.unread,
    }


def _nothing_to_do(told: dict[str, Any], *, with_site: bool) -> Report:
    report = Report(notebooks=told["notebooks"], orphans=told["orphans"], unread=told["unread"])
    names = [name for name in told["tasks"] if with_site or name != "site"]
    report.outcomes = {name: Outcome(name, "fresh") for name in names}
    return report


def status(root: Path, *, with_site: bool = True, only: str | None = None) -> Report:
    """Say of each task whether it is fresh or stale, and why, without running anything.

    The data are checked at once rather than by a task: what stands behind a stale task is not
    looked at, and every run stands behind the contract.

    Parameters
    ----------
    root
        The project's folder.
    with_site
        Whether to ask about the rendered book, too.
    only
        Name of one run: asks about it and what it reads, which takes a fraction of the time.
    """
    now = quick.sources(root)
    known = quick.recall(root, now, with_site=with_site)
    if known:
        return _nothing_to_do(known, with_site=with_site)
    index = root / INDEX
    if with_site and not index.exists() and (known := quick.recall(root, now, with_site=False)):
        report = _nothing_to_do(known, with_site=False)
        report.outcomes["site"] = Outcome("site", "stale", reasons=(f"{INDEX} is missing",))
        return report
    from bookbuilder.engine import schedule, tasks

    runs = load_plan(root)
    report = Report(notebooks=list(runs))
    checked = (root / tasks.CHECKED).exists()
    if checked:
        report.outcomes["contract"] = _contract_outcome(root)
    made = tasks.make_tasks(
        runs,
        root,
        around=lambda _, work: work(),
        with_site=with_site,
        with_contract=not checked,
        selected=_selected(runs, only, root) if only else None,
    )
    schedule.schedule(made, root, report, explain=True, dry_run=True)
    return report


def _contract_outcome(root: Path) -> Outcome:
    from compendium import data

    faults = data.check(root=root)
    reasons = tuple(str(fault) for fault in faults)
    return Outcome("contract", "stale" if faults else "fresh", reasons=reasons)


def _timed(report: Report, display: Display) -> "Around":
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


def _needed(runs: "dict[str, Run]", name: str) -> set[str]:
    """Return a run and all that it reads results of, near and far."""
    return {name}.union(*(_needed(runs, other) for other in runs[name].after))


def _selected(runs: "dict[str, Run]", name: str, root: Path) -> set[str]:
    """Return what one run needs, and the runs that have no results yet."""
    return _needed(runs, name) | {run.name for run in runs.values() if not _made(run, root)}


def _made(run: "Run", root: Path) -> bool:
    return all((root / path).exists() for path in (run.record, run.page, *run.results))


def _forget(root: Path, run: "Run") -> None:
    """Make one run stale by taking away its record, which nothing but the engine reads."""
    (root / run.record).unlink(missing_ok=True)
