"""Building: `build` executes what is stale, `status` says what is and why.

Both ask the same tasks (`tasks`) against the same memory; `build` has doit run them (`runner`).
"""

import os
import time
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from bookbuilder import environment
from bookbuilder.engine import collect, lock, runner
from bookbuilder.engine.hashing import Hashes
from bookbuilder.engine.runner import Display, Outcome, Report, Runner
from bookbuilder.engine.tasks import Task, Tools, make_tasks
from bookbuilder.kernels import forked
from bookbuilder.kernels.variables import can_fork
from bookbuilder.plan import PlanError, Run, contents, read_plan
from bookbuilder.rendering.renderer import Renderer
from compendium.data.contract import Contract, read_contract
from compendium.text import nearest


def load_plan(root: Path) -> dict[str, Run]:
    """Read the plan of a project; PlanError names every fault, and everything it lacks."""
    return _plan(read_contract(root))


def build(
    root: Path,
    *,
    display: Display,
    only: str | None = None,
    force: bool = False,
    with_site: bool = True,
    workers: int | None = None,
    kernels: str | None = None,
    renderer: Renderer | None = None,
) -> Report:
    """Bring the results and the book up to date, running exactly what is stale.

    Parameters
    ----------
    only
        Name of one run; it is executed whether or not it is stale, after what it reads. Other stale
        runs stay as they are, and the report names them; a run without results is brought in.
    force
        Run everything.
    workers
        How many notebooks to run at once; by default as `default_workers` says.
    kernels
        ``auto``, ``forked`` or ``fresh``; see `can_fork`.
    renderer
        A process that stands ready to render the book; else one is started when it is needed.

    Raises
    ------
    BusyError
        When another build is at work in the same folder.
    PlanError
        When the plan is wrong, or has no such run.
    """
    began = time.perf_counter()
    report = Report()
    fork_for = root if can_fork(kernels) else None
    with lock.held(root), ExitStack() as stack:
        try:
            runner.saved(root, ["record"])
        except runner.BROKEN:
            (root / runner.STATE).unlink()
            report.notices.append(
                "what the build remembered could not be read; everything runs again"
            )
        if differing := environment.sentence(root / environment.LOCK):
            report.notices.append(differing)
        contract, hashes = read_contract(root), Hashes(root)
        runs = _plan(contract)
        selected = _selected(runs, only, root) if only else set(runs)
        lock.remove_leftovers(root, runs)
        report.notebooks = list(runs)

        def left_stale() -> list[str]:
            """Return the runs that this build leaves stale, once the others have run."""
            if not only:
                return []
            tasks = make_tasks(runs, contract, Tools(with_site=False))
            states = _states(tasks, root, hashes, fresh=selected)
            return [name for name in runs if states[name]]

        tools = Tools(
            forked.Kernels(fork_for),
            renderer or stack.enter_context(Renderer(root)),
            with_site,
            left_stale,
        )
        tasks = make_tasks(runs, contract, tools, selected)
        forced = set(tasks) if force else {only} if only else set()
        work = Runner(tasks, root, hashes, report, display)
        work.run(tools, forced, workers or default_workers())
        report.left_stale = left_stale()
        report.orphans = collect.orphans(runs.values(), root)
        report.unread = collect.unread(runs.values(), root)
    report.seconds = time.perf_counter() - began
    return report


def default_workers() -> int:
    """Return how many notebooks run at once where nobody says: one more than there are processors.

    While one waits for its kernel to begin, to answer or to end, there is work for all processors.
    """
    return (os.cpu_count() or 1) + 1


def status(root: Path, *, with_site: bool = True, only: str | None = None) -> Report:
    """Say of each task whether it is fresh or stale, and why; nothing is run or written.

    `only` asks about one run and what it reads.
    """
    contract = read_contract(root)
    runs = _plan(contract)
    selected = needed(runs, only) if only else None
    tasks = make_tasks(runs, contract, Tools(with_site=with_site), selected)
    report = Report(notebooks=list(runs))
    for name, reasons in _states(tasks, root, Hashes(root)).items():
        state = "stale" if reasons else "fresh"
        report.outcomes[name] = Outcome(name, state, reasons=tuple(reasons))
    return report


def named(runs: dict[str, Run], name: str) -> Run:
    """Return the run of a name; PlanError names the nearest where there is none."""
    if name not in runs:
        raise PlanError(f"no run '{name}'; {nearest(name, runs)}")
    return runs[name]


def _plan(contract: Contract) -> dict[str, Run]:
    runs = read_plan(contract)
    if faults := contents.faults(runs, contract):
        raise PlanError("\n".join(faults))
    return runs


def _states(
    tasks: dict[str, Task], root: Path, hashes: Hashes, fresh: Iterable[str] = ()
) -> dict[str, list[str]]:
    """Return why each task is stale, its own reasons first; an empty list for one that is fresh.

    Those that have just run are known to be `fresh`, whatever is remembered of them.
    """
    try:
        known = runner.saved(root, tasks)
    except runner.BROKEN:
        known = {}
    found: dict[str, list[str]] = {name: [] for name in fresh}

    def ask(name: str) -> list[str]:
        if name not in found:
            task = tasks[name]
            # That data are to be checked again makes nothing stale that does not read them.
            others = [other for other in task.after if other != "contract"]
            before = [f"'{other}' before it is stale" for other in others if ask(other)]
            found[name] = task.changes(hashes, known.get(name, {})) + before
        return found[name]

    for name in tasks:
        ask(name)
    return {name: found[name] for name in tasks}


def needed(runs: dict[str, Run], name: str) -> set[str]:
    """Return a run and all that it reads results of, near and far."""
    return {name}.union(*(needed(runs, other) for other in named(runs, name).after))


def _selected(runs: dict[str, Run], name: str, root: Path) -> set[str]:
    """Return what one run needs, and the runs that have no results yet."""
    made = {
        run.name for run in runs.values() if all((root / path).exists() for path in run.products)
    }
    return needed(runs, name) | (runs.keys() - made)
