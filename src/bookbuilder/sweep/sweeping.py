"""A sweep from end to end: which points are missing, having them computed, collecting."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from bookbuilder.engine import lock
from bookbuilder.engine.engine import load_plan
from bookbuilder.engine.hashing import Hashes
from bookbuilder.engine.tasks import Tools, make_tasks
from bookbuilder.sweep import snapshot
from bookbuilder.sweep.declared import Point, Sweep
from bookbuilder.sweep.point import Failed, Made, Task
from bookbuilder.sweep.store import Store
from compendium import data
from compendium.data.contract import read_contract

#: Computes points and yields the name of each with what came of it.
Engine = Callable[[Sequence[Task]], Iterator[tuple[str, Made | Failed]]]


class Display(Protocol):
    """What is told of a sweep while it runs."""

    def begin(self, total: int) -> None:
        """Show how many points are to be run."""

    def end(self, name: str, seconds: float, *, failed: bool) -> None:
        """Show a point as ended."""


@dataclass
class Swept:
    """What came of a sweep.

    How many points it has, ran, and did not have to run; messages of those that failed; files
    written with their rows; a sentence for each value that a point has not recorded.
    """

    total: int
    ran: int = 0
    fresh: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    collected: dict[Path, int] = field(default_factory=dict)
    unrecorded: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Work:
    """What there is to do for a sweep: what decides each point, by hash, and those missing."""

    inputs: dict[str, dict[str, str]]
    hashes: Hashes
    missing: tuple[Point, ...]
    before: dict[str, bytes] = field(repr=False)


def plan(sweep: Sweep, root: Path) -> Work:
    """Say which points are missing: without a result, or with one made from something else.

    Raises SnapshotError when a run before it has no results yet.
    """
    contract, hashes = read_contract(root), Hashes(root)
    runs = load_plan(root)
    made_before = snapshot.before(root, runs, sweep.run)
    store = Store(root, sweep.name)
    inputs: dict[str, dict[str, str]] = {}
    missing = []
    for point in sweep.points:
        run = sweep.run.with_parameters(point.parameters)
        task = make_tasks({run.name: run}, contract, Tools(with_site=False))[run.name]
        inputs[point.name] = task.inputs(hashes)
        if replace(task, products=list).changes(hashes, store.saved(point.name)):
            missing.append(point)
    return Work(inputs, hashes, tuple(missing), made_before)


def run(
    sweep: Sweep,
    root: Path,
    *,
    engine: Engine,
    display: Display,
    worker_root: str | None = None,
) -> Swept:
    """Run the missing points of a sweep and collect the results of all that are there.

    Each point is put in place as soon as `engine` yields it, so that whatever ends the sweep, what
    was finished is kept. `worker_root` is where workers find their copy of the project. Raises
    ContractError when the data break their contract, BusyError when the same sweep is at work.
    """
    from bookbuilder.sweep import collecting  # slow to import: it brings pandas

    began = time.perf_counter()
    store = Store(root, sweep.name)
    store.folder.mkdir(parents=True, exist_ok=True)
    with lock.held(store.folder):
        store.sweep_up()
        work = plan(sweep, root)
        swept = Swept(len(sweep.points), fresh=len(sweep.points) - len(work.missing))
        if work.missing:
            tasks = _tasks(sweep, work, root, worker_root)
            display.begin(len(tasks))
            for name, came in engine(tasks):
                _keep(name, came, store, work, swept)
                display.end(name, came.seconds, failed=name in swept.failed)
        there = [p for p in sweep.points if p.name not in swept.failed]
        swept.collected, swept.unrecorded = collecting.collect(sweep, store, there)
    swept.seconds = time.perf_counter() - began
    return swept


def _tasks(sweep: Sweep, work: Work, root: Path, worker_root: str | None) -> list[Task]:
    faults = data.check(root=root)
    if faults:
        raise data.ContractError(faults)
    taken = snapshot.snapshot(root, sweep.run)
    return [
        Task(
            point.name,
            sweep.run.with_parameters(point.parameters),
            taken,
            work.before,
            worker_root,
        )
        for point in work.missing
    ]


def _keep(name: str, came: Made | Failed, store: Store, work: Work, swept: Swept) -> None:
    if isinstance(came, Failed):
        swept.failed[name] = store.keep_failed(name, came)
    else:
        store.put(name, work.inputs[name] | work.hashes.named(came.code), came)
        swept.ran += 1
