"""What the project of a worker must be: the whole of data, code, plan and lock, by content.

Whether a point's result is still good is asked like that of any run, see `engine.tasks`.
"""

import hashlib
import json
from pathlib import Path

from bookbuilder.engine.hashing import Hashes
from bookbuilder.engine.tasks import LOCK
from bookbuilder.plan import PLAN, Run
from compendium import context, data, files
from compendium.context import MARKER

CODE = "src/"


class SnapshotError(RuntimeError):
    """A worker's project is not the one that the sweep was started in."""


def snapshot(root: Path, run: Run) -> dict[str, str]:
    """Return the hashes of a project's data, contract, plan, lock, code, and of a notebook.

    By path from the project's folder; our modules, wherever they are installed, under ``src/``.
    """
    tables = [f"data/{data.resource(name, root=root)['path']}" for name in data.names(root=root)]
    paths: list[str | Path] = [MARKER, PLAN, LOCK, run.source, *tables, *run.files, context.COLUMNS]
    return {str(path): _sha256(root / path) for path in paths} | Hashes(root).code


def differences(root: Path, wanted: dict[str, str]) -> list[str]:
    """Return the paths at which a worker's project differs from a snapshot; sorted."""
    own = dict(Hashes(root).code)
    for name in wanted:
        if not name.startswith(CODE):
            own[name] = _sha256(root / name)
    return sorted(name for name in {*own, *wanted} if own.get(name) != wanted.get(name))


def before(root: Path, runs: dict[str, Run], run: Run) -> dict[str, bytes]:
    """Return what runs before this one have made, as it may read it: content by path.

    The records of all runs behind it, near and far, and the results of those it names. Raises
    SnapshotError when one of them has no results, or not those that its record names.
    """
    made: dict[str, bytes] = {}
    waiting = list(run.after)
    while waiting:
        other = runs[waiting.pop()]
        if other.record.as_posix() in made:
            continue
        made[other.record.as_posix()] = _read(root, other.record, other, run)
        waiting += other.after
        if other.name not in run.after:
            continue
        stored = json.loads(made[other.record.as_posix()]).get("results", {})
        for path, known in stored.items():
            made[path] = _read(root, Path(path), other, run)
            if hashlib.sha256(made[path]).hexdigest() != known:
                raise SnapshotError(
                    f"{path} is not what '{other.name}' made, and '{run.name}' may read it: "
                    "do `compendium build` first"
                )
    return made


def _read(root: Path, path: Path, other: Run, run: Run) -> bytes:
    try:
        return (root / path).read_bytes()
    except FileNotFoundError:
        raise SnapshotError(
            f"'{run.name}' reads results of '{other.name}', and {path.as_posix()} is missing: "
            f"do `compendium run {other.name}` first"
        ) from None


def _sha256(path: Path) -> str:
    """Return the hash of a file; of one that is not there, nothing: the contract reports it."""
    return files.sha256(path) if path.is_file() else ""
