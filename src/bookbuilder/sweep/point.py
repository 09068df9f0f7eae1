"""Computing one point, wherever that is: what a worker process does.

Everything comes by content: the task names what the project must be (data, code, plan and lock,
each by its hash), the worker copies its own project into a temporary folder, holds the copy against
that, adds the results of runs before it that came along, executes the notebook there, and returns
the files that it made as bytes. So a worker's checkout is never written to, it need not have been
built, two points cannot meet, and no disk has to be shared.
"""

import hashlib
import json
import multiprocessing
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from bookbuilder.engine import tempdirs
from bookbuilder.engine.hashing import Hashes
from bookbuilder.engine.tasks import LOCK
from bookbuilder.kernels import forked
from bookbuilder.kernels.faults import RunError
from bookbuilder.kernels.staging import COPY_NOTE, FAILED
from bookbuilder.kernels.variables import can_fork
from bookbuilder.plan import PLAN, Run
from compendium import context, data

CODE = "src/"


class SnapshotError(RuntimeError):
    """A worker's project is not the one that the sweep was started in."""


@dataclass(frozen=True)
class Task:
    """One point with all that a worker has to know.

    That is the run with the point's parameters; what the project must be, and what runs before have
    made (see `snapshot` and `before`); where the worker's project is, if it cannot find it.
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


def snapshot(root: Path, run: Run) -> dict[str, str]:
    """Return the hashes of what a worker's project must have, by path; our code under ``src/``."""
    tables = [f"data/{data.resource(name, root=root)['path']}" for name in data.names(root=root)]
    paths = [context.MARKER, PLAN, LOCK, run.source, *tables, *run.files, context.COLUMNS]
    hashes = Hashes(root)
    return hashes.named(map(str, paths)) | hashes.code


def differences(root: Path, wanted: dict[str, str]) -> list[str]:
    """Return the paths at which a worker's project differs from a snapshot; sorted."""
    hashes = Hashes(root)
    own = hashes.named(name for name in wanted if not name.startswith(CODE)) | hashes.code
    return sorted(name for name in {*own, *wanted} if own.get(name) != wanted.get(name))


def before(root: Path, runs: dict[str, Run], run: Run) -> dict[str, bytes]:
    """Return what runs before this one have made, as it may read it: content by path.

    The records of all runs behind it, near and far, and the results of those it names. Raises
    SnapshotError when one of them has no results, or not those that its record names.
    """

    def read(path: str, other: str) -> bytes:
        try:
            return (root / path).read_bytes()
        except FileNotFoundError:
            raise SnapshotError(
                f"'{run.name}' reads results of '{other}', and {path} is missing: "
                f"do `compendium run {other}` first"
            ) from None

    made: dict[str, bytes] = {}
    waiting = list(run.after)
    while waiting:
        other = runs[waiting.pop()]
        record = other.record.as_posix()
        if record in made:
            continue
        made[record] = read(record, other.name)
        waiting += other.after
        stored = json.loads(made[record]).get("results", {}) if other.name in run.after else {}
        for path, known in stored.items():
            made[path] = read(path, other.name)
            if hashlib.sha256(made[path]).hexdigest() != known:
                raise SnapshotError(
                    f"{path} is not what '{other.name}' made, and '{run.name}' may read it: "
                    "do `compendium build` first"
                )
    return made


def refusal(wanted: dict[str, str], worker_root: str | None) -> str:
    """Return why this process cannot work for a sweep, as a sentence; empty when it can."""
    try:
        root = _project(worker_root)
    except OSError as error:
        return str(error)
    return _unlike(root, differences(root, wanted))


def compute(task: Task, kernels: forked.Kernels | None = None) -> Made | Failed:
    """Execute the notebook of a point and return what it made; never raises.

    `kernels` are those of a sweep on this machine; others fork from a process of their own.
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
        if not name.startswith(CODE) and (own / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(own / name, root / name)
    if fault := _unlike(own, differences(root, task.snapshot)):
        raise SnapshotError(fault)
    for name, content in task.before.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)


def _execute(task: Task, root: Path, made: Path, kernels: forked.Kernels | None) -> list[str]:
    from bookbuilder.kernels.execute import Executor  # slow to import

    if kernels is not None:
        return Executor(root, kernels).execute(task.run, destination=made)
    # A process that may have no children of its own (a worker of Dask) cannot fork kernels.
    fork = can_fork() and not multiprocessing.current_process().daemon
    with forked.Kernels(root if fork else None) as own:
        return Executor(root, own).execute(task.run, destination=made)


def _failed(task: Task, root: Path, error: Exception, seconds: float) -> Failed:
    known = isinstance(error, RunError | SnapshotError)
    message = str(error) if known else f"{type(error).__name__}: {error}"
    lines = [line for line in message.splitlines() if not line.startswith(COPY_NOTE)]
    copy = root / FAILED / f"{task.run.name}.ipynb"
    return Failed("\n".join(lines), copy.read_bytes() if copy.exists() else None, seconds)
