"""A sweep from end to end: which points are missing, having them computed, collecting.

A point is kept in `results/sweeps/<sweep>/<point>/`, laid out as the project, and takes its place
whole, with a note of what it was made from. It counts only while that is what there is now, and its
files are as they were made: asked like any run, see `engine.tasks`.
"""

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from bookbuilder.engine import lock
from bookbuilder.engine.engine import load_plan
from bookbuilder.engine.hashing import Hashes
from bookbuilder.engine.tasks import Saved, Tools, make_tasks
from bookbuilder.kernels.staging import COPY_NOTE
from bookbuilder.sweep.declared import Point, Sweep
from bookbuilder.sweep.point import Failed, Made, Task, before, snapshot
from compendium import data, files
from compendium.data.contract import read_contract

SWEEPS = Path("results/sweeps")
NOTE = "point.json"
FAILED = Path("_build/failed/sweeps")
#: How folders begin that are not whole yet.
UNFINISHED = ".making-"
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
    made_before = before(root, load_plan(root), sweep.run)
    inputs: dict[str, dict[str, str]] = {}
    missing = []
    for point in sweep.points:
        run = sweep.run.with_parameters(point.parameters)
        task = make_tasks({run.name: run}, contract, Tools(with_site=False))[run.name]
        inputs[point.name] = task.inputs(hashes)
        if replace(task, products=list).changes(hashes, _saved(folder(sweep, root) / point.name)):
            missing.append(point)
    return Work(inputs, hashes, tuple(missing), made_before)


def run(
    sweep: Sweep, root: Path, *, engine: Engine, display: Display, worker_root: str | None = None
) -> Swept:
    """Run the missing points of a sweep and collect the results of all that are there.

    Each point is put in place as soon as `engine` yields it, so that whatever ends the sweep, what
    was finished is kept. `worker_root` is where workers find their copy of the project. Raises
    ContractError when the data break their contract, BusyError when the same sweep is at work.
    """
    from bookbuilder.sweep import collecting  # slow to import: it brings pandas

    began = time.perf_counter()
    home = folder(sweep, root)
    home.mkdir(parents=True, exist_ok=True)
    with lock.held(home):
        for left in home.glob(f"{UNFINISHED}*"):  # of a sweep that was killed
            shutil.rmtree(left, ignore_errors=True)
        work = plan(sweep, root)
        swept = Swept(len(sweep.points), fresh=len(sweep.points) - len(work.missing))
        if work.missing:
            tasks = _tasks(sweep, work, root, worker_root)
            display.begin(len(tasks))
            for name, came in engine(tasks):
                copy = root / FAILED / sweep.name / f"{name}.ipynb"
                if isinstance(came, Failed):
                    swept.failed[name] = _keep_failed(came, copy, root)
                else:
                    inputs = work.inputs[name] | work.hashes.named(came.code)
                    _keep(came, inputs, home / name, root)
                    copy.unlink(missing_ok=True)
                    swept.ran += 1
                display.end(name, came.seconds, failed=name in swept.failed)
        there = [point for point in sweep.points if point.name not in swept.failed]
        swept.collected, swept.unrecorded = collecting.collect(sweep, root, home, there)
    swept.seconds = time.perf_counter() - began
    return swept


def folder(sweep: Sweep, root: Path) -> Path:
    """Return the folder that holds a sweep's points and what is collected from them."""
    return root / SWEEPS / sweep.name


def _tasks(sweep: Sweep, work: Work, root: Path, worker_root: str | None) -> list[Task]:
    if faults := data.check(root=root):
        raise data.ContractError(faults)
    taken = snapshot(root, sweep.run)
    runs = {point.name: sweep.run.with_parameters(point.parameters) for point in work.missing}
    return [Task(name, run, taken, work.before, worker_root) for name, run in runs.items()]


def _saved(place: Path) -> Saved:
    """Return what a point's result was made from; nothing where there is none."""
    try:
        note: Saved = files.read_json(place / NOTE)
        return note if note.keys() >= {"inputs", "products"} else {}
    except (OSError, ValueError, AttributeError):
        return {}


def _keep(made: Made, inputs: dict[str, str], place: Path, root: Path) -> None:
    """Put a point's result in place of any former one."""
    making = place.with_name(f"{UNFINISHED}{place.name}")
    products = {}
    for path, content in made.files.items():
        files.write_bytes(making / path, content)
        name = (place / path).relative_to(root).as_posix()
        products[name] = hashlib.sha256(content).hexdigest()
    note = {"inputs": inputs, "products": products, "seconds": round(made.seconds, 3)}
    files.write_json(making / NOTE, note)
    shutil.rmtree(place, ignore_errors=True)
    making.rename(place)


def _keep_failed(failed: Failed, copy: Path, root: Path) -> str:
    """Keep the notebook of a point that failed; return the message with its place."""
    if failed.executed is None:
        return failed.message
    files.write_bytes(copy, failed.executed)
    return f"{failed.message}\n{COPY_NOTE}{copy.relative_to(root).as_posix()}"
