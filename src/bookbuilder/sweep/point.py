"""Computing one point, wherever that is: what a worker process does.

Everything comes by content: the task names what the project must be, the worker copies its own
project into a temporary folder, holds the copy against the task's snapshot, adds the results of
runs before it that came along, executes the notebook there, and returns the files that it made as
bytes. So a worker's checkout is never written to, it need not have been built, two points cannot
meet, and no disk has to be shared.
"""

import multiprocessing
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from bookbuilder.engine import tempdirs
from bookbuilder.kernels import forked
from bookbuilder.plan import Run
from bookbuilder.sweep import snapshot
from compendium import context

COPY_SAID = "the executed copy, up to that cell, is "


@dataclass(frozen=True)
class Task:
    """One point with all that a worker has to know.

    That is the run with the point's parameters; what the project must be, and what runs before have
    made (see `snapshot`); where the worker's project is.
    """

    name: str
    run: Run
    snapshot: dict[str, str] = field(repr=False)
    before: dict[str, bytes] = field(repr=False)
    worker_root: str | None = None


@dataclass(frozen=True)
class Made:
    """What a point has made, content by path as in the project; and the code that it imported."""

    files: dict[str, bytes] = field(repr=False)
    seconds: float
    code: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Failed:
    """Why a point has no result, and its notebook up to the cell that failed, if it got there."""

    message: str
    executed: bytes | None = field(default=None, repr=False)
    seconds: float = 0.0


def compute(task: Task, kernels: forked.Kernels | None = None) -> Made | Failed:
    """Execute the notebook of a point and return what it made; never raises.

    `kernels` keeps account of those of a sweep on this machine; others fork from a process of their
    own.
    """
    began = time.perf_counter()
    with tempdirs.folder("sweep") as folder:
        root, made = folder / "project", folder / "made"
        try:
            _lay_out(task, root)
            code = _execute(task, root, made, kernels)
        except Exception as error:  # whatever it is, the other points go on
            return _failed(task, root, error, time.perf_counter() - began)
        found = sorted(path for path in made.rglob("*") if path.is_file())
        content = {path.relative_to(made).as_posix(): path.read_bytes() for path in found}
        return Made(content, time.perf_counter() - began, code)


def refusal(wanted: dict[str, str], worker_root: str | None) -> str:
    """Return why this process cannot work for a sweep, as a sentence; empty when it can."""
    try:
        root = _project(worker_root)
    except OSError as error:
        return str(error)
    return _unlike(root, snapshot.differences(root, wanted))


def _project(worker_root: str | None) -> Path:
    return Path(worker_root) if worker_root else context.project_root()


def _unlike(root: Path, paths: list[str]) -> str:
    if not paths:
        return ""
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return (
        f"the project in {root} is not the one that the sweep was started in: "
        f"{', '.join(paths[:3])}{more} differ; bring both to the same state, "
        f"or name another folder with --worker-root or {context.ROOT_VARIABLE}"
    )


def _lay_out(task: Task, root: Path) -> None:
    """Copy the worker's project as far as the snapshot goes, and judge the copy."""
    own = _project(task.worker_root)
    for name in task.snapshot:
        if not name.startswith(snapshot.CODE) and (own / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(own / name, root / name)
    fault = _unlike(own, snapshot.differences(root, task.snapshot))
    if fault:
        raise snapshot.SnapshotError(fault)
    for name, content in task.before.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)


def _execute(task: Task, root: Path, made: Path, kernels: forked.Kernels | None) -> list[str]:
    from bookbuilder.kernels.execute import Executor  # slow to import

    # A process that may have no children of its own (a worker of Dask) cannot fork kernels.
    fork = forked.can_fork() and not multiprocessing.current_process().daemon
    if kernels is not None:
        return Executor(root, fork, kernels).execute(task.run, destination=made)
    with forked.running() as own:
        if fork:
            forked.prestart(root)
        return Executor(root, fork, own).execute(task.run, destination=made)


def _failed(task: Task, root: Path, error: Exception, seconds: float) -> Failed:
    from bookbuilder.kernels import execute

    known = isinstance(error, execute.RunError | snapshot.SnapshotError)
    said = str(error) if known else f"{type(error).__name__}: {error}"
    lines = [line for line in said.splitlines() if not line.startswith(COPY_SAID)]
    copy = root / execute.FAILED / f"{task.run.name}.ipynb"
    return Failed("\n".join(lines), copy.read_bytes() if copy.exists() else None, seconds)
