"""Computing one point, wherever that is: what a worker does.

All that its notebook may read comes along by content (`pack`): data, plan, and the results of runs
before it. The worker lays it out in a temporary folder, executes the notebook there, and returns
the files that it made as bytes. So a worker needs no project and no shared disk, and two points
cannot meet. What does not travel is held against the sweep's: this package, installed versions.
"""

import io
import json
import tempfile
import time
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bookbuilder import environment
from bookbuilder.engine.engine import needed
from bookbuilder.engine.hashing import Hashes
from bookbuilder.engine.tasks import LOCK
from bookbuilder.kernels import forked
from bookbuilder.kernels.faults import RunError
from bookbuilder.kernels.staging import FAILED
from bookbuilder.plan import PLAN, Run
from compendium import context, data, files

#: How the folder begins in which a point is computed, and one that is not whole yet.
UNFINISHED = ".making-"
#: What does not travel, in an archive: hashes of our source files, versions of packages.
INSTALLED = "installed.json"


@dataclass(frozen=True)
class Computed:
    """What came of a point: files by path as in the project, and the source files it rests on.

    Or why it failed; its file is then the notebook up to the cell that failed, if it got there.
    """

    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    code: list[str] = field(default_factory=list)
    fault: str = ""
    seconds: float = 0.0


def pack(root: Path, runs: dict[str, Run], run: Run) -> bytes:
    """Return an archive of what the points of a run are computed from, wherever that is.

    Raises ValueError when a run before it has no results, or not those that its record names.
    """
    tables = [f"data/{data.resource(name, root=root)['path']}" for name in data.names(root=root)]
    beside = [path.relative_to(root) for path in (root / "notebooks").glob("*.py")]
    paths = [context.MARKER, PLAN, context.COLUMNS, run.source, *beside, *tables, *run.files]
    packages = environment.locked_versions((root / LOCK).read_text(encoding="utf-8"))
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
    wanted: dict[str, str] = json.loads(_open(project).read(INSTALLED))
    own = _installed(name for name in wanted if not name.startswith("src/"))
    differing = sorted(name for name in {*own, *wanted} if own.get(name) != wanted.get(name))
    if not differing:
        return ""
    more = f" and {len(differing) - 3} more" if len(differing) > 3 else ""
    return (
        "what is installed there is not what the sweep was started with: "
        f"{', '.join(differing[:3])}{more} differ; install both from the same commit"
    )


def _open(project: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(project))


def compute(run: Run, project: bytes, scratch: Path, kernels: forked.Kernels) -> Computed:
    """Execute the notebook of a point, in a folder within `scratch`; never raises."""
    from bookbuilder.kernels.execute import Executor  # slow to import

    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=scratch) as folder:
        root, made = Path(folder) / "project", Path(folder) / "made"
        code: list[str] = []
        fault = ""
        try:
            _open(project).extractall(root)
            code = Executor(root, kernels).execute(run, destination=made)
        except Exception as error:  # whatever it is, the other points go on
            known = isinstance(error, RunError)
            fault = str(error) if known else f"{type(error).__name__}: {error}"
            made = root / FAILED
        found = sorted(path for path in made.rglob("*") if path.is_file())
        content = {path.relative_to(made).as_posix(): path.read_bytes() for path in found}
        return Computed(content, code, fault, time.perf_counter() - began)
