"""What computes points: kernels of this machine, or the workers of a Dask cluster.

All that the notebook of a point may read comes along by content (`pack`): data, plan, and the
results of runs before it. Whoever computes it (`compute`) lays that out in a temporary folder,
executes the notebook there, and returns the files that it made as bytes. So a worker needs this
package and nothing shared, no project and no disk, and two points cannot meet; what a worker that
dies was computing, Dask gives to another. What does not travel is held against the sweep's: this
package, installed versions.
"""

import io
import json
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bookbuilder import environment
from bookbuilder.engine.engine import default_workers, needed
from bookbuilder.engine.hashing import Hashes
from bookbuilder.kernels import forked
from bookbuilder.kernels.ending import FAILED, RunError
from bookbuilder.kernels.variables import can_fork
from bookbuilder.plan import PLAN, Run
from compendium import context, data, files
from compendium.text import listed

#: How the folder begins in which a point is computed, and one that is not whole yet.
UNFINISHED = ".making-"
#: What does not travel, in an archive: hashes of our source files, versions of packages.
INSTALLED = "installed.json"
INSTALL = (
    "a Dask cluster needs the package 'distributed', which is not installed: "
    "python -m uv pip install --require-hashes -r requirements-cluster.lock"
)
TIMEOUT = 30


@dataclass(frozen=True)
class Computed:
    """What came of a point: files by path as in the project, and the source files it rests on.

    Or why it failed; its file is then the notebook up to the cell that failed, if it got there.
    """

    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    code: list[str] = field(default_factory=list)
    fault: str = ""
    seconds: float = 0.0


#: Has points computed, given what they are computed from.
Submit = Callable[[Run], "Future[Computed]"]
Engine = Callable[[bytes, Path], AbstractContextManager[Submit]]


@contextmanager
def local(project: bytes, parent: Path, workers: int | None = None) -> Iterator[Submit]:
    """Compute points on this machine, by default as many at once as a build runs notebooks."""
    pool = ThreadPoolExecutor(workers or default_workers())
    with forked.Kernels(parent if can_fork() else None) as kernels:
        try:
            yield lambda run: pool.submit(compute, run, project, parent, kernels)
        finally:  # interrupted, or told to stop: what is under way ends with its kernel
            kernels.stop()
            pool.shutdown(cancel_futures=True)


@contextmanager
def dask(
    project: bytes, parent: Path, scheduler: str, say: Callable[[str], None] = print
) -> Iterator[Submit]:
    """Compute points on the Dask cluster whose scheduler has an address.

    Raises OSError when no scheduler answers, RuntimeError when Dask is not installed, or a worker
    has other code or versions; a later one is judged at its first point.
    """
    try:
        import distributed
    except ModuleNotFoundError:
        raise RuntimeError(INSTALL) from None
    try:
        client = distributed.Client(scheduler, timeout=TIMEOUT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise OSError(f"no Dask scheduler answers at {scheduler}: {error}") from None
    with client:
        refusals = client.run(refusal, project, on_error="return")
        if faults := [f"worker {worker}: {fault}" for worker, fault in refusals.items() if fault]:
            raise RuntimeError("\n".join(faults))
        if not refusals:
            say("the cluster has no workers yet; waiting for them")
        # Not pure: what an earlier sweep left on the cluster under the same name is not taken.
        pool = client.get_executor(pure=False)
        try:
            yield lambda run: pool.submit(_compute_on_worker, run, project)
        finally:
            pool.shutdown(wait=False)


def _compute_on_worker(run: Run, project: bytes) -> Computed:
    """Compute a point where Dask removes what a worker leaves that was killed."""
    from distributed import get_worker

    if fault := refusal(project):
        return Computed(fault=fault)
    return compute(run, project, Path(get_worker().local_directory), forked.Kernels())


def pack(root: Path, runs: dict[str, Run], run: Run) -> bytes:
    """Return an archive of what the points of a run are computed from, wherever that is.

    Raises ValueError when a run before it has no results, or not those that its record names.
    """
    tables = [f"data/{data.resource(name, root=root)['path']}" for name in data.names(root=root)]
    beside = [path.relative_to(root) for path in (root / "notebooks").glob("*.py")]
    paths = [context.MARKER, PLAN, context.COLUMNS, run.source, *beside, *tables, *run.files]
    packages = environment.locked_versions((root / environment.LOCK).read_text(encoding="utf-8"))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in dict.fromkeys([*map(str, paths), *_before(root, runs, run)]):
            if (root / path).is_file():
                packed.write(root / path, path)
        packed.writestr(INSTALLED, json.dumps(_installed(packages)))
    return archive.getvalue()


def _installed(packages: Iterable[str]) -> dict[str, str]:
    """Return the hash of each source file of ours, and the version of each package, as they are."""
    versions = environment.installed_versions()
    return Hashes(Path()).code | {name: str(versions.get(name)) for name in packages}


def _before(root: Path, runs: dict[str, Run], run: Run) -> list[str]:
    """Return what runs before one have made and it may read: all records, and results it names."""
    found: list[str] = []
    for name in sorted(needed(runs, run.name) - {run.name}):
        record = runs[name].record
        if not (root / record).is_file():
            raise ValueError(
                f"'{run.name}' reads results of '{name}', and {record} is missing: "
                f"do `compendium run {name}` first"
            )
        made = files.read_json(root / record).get("results", {}) if name in run.after else {}
        for path, known in made.items():
            if not (root / path).is_file() or files.sha256(root / path) != known:
                raise ValueError(
                    f"{path} is not what '{name}' made, and '{run.name}' may read it: "
                    "do `compendium build` first"
                )
        found += [record.as_posix(), *made]
    return found


def refusal(project: bytes) -> str:
    """Return why this process cannot work for a sweep, as a sentence; empty when it can."""
    wanted: dict[str, str] = json.loads(zipfile.ZipFile(io.BytesIO(project)).read(INSTALLED))
    own = _installed(name for name in wanted if not name.startswith("src/"))
    differing = sorted(name for name in {*own, *wanted} if own.get(name) != wanted.get(name))
    if not differing:
        return ""
    return (
        "what is installed there is not what the sweep was started with: "
        f"{listed(differing)} differ; install both from the same commit"
    )


def compute(run: Run, project: bytes, parent: Path, kernels: forked.Kernels) -> Computed:
    """Execute the notebook of a point, in a folder within `parent`; never raises."""
    from bookbuilder.kernels.execute import Executor  # slow to import

    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=parent) as folder:
        root, made = Path(folder) / "project", Path(folder) / "made"
        code: list[str] = []
        fault = ""
        try:
            zipfile.ZipFile(io.BytesIO(project)).extractall(root)
            code = Executor(root, kernels).execute(run, destination=made)
        except Exception as error:  # whatever it is, the other points go on
            known = isinstance(error, RunError)
            fault = str(error) if known else f"{type(error).__name__}: {error}"
            made = root / FAILED
        found = sorted(path for path in made.rglob("*") if path.is_file())
        content = {path.relative_to(made).as_posix(): path.read_bytes() for path in found}
        return Computed(content, code, fault, time.perf_counter() - began)
