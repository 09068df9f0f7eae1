"""What a point depends on, by content.

Two questions, two answers. `fingerprint`: was a result made from what there is now? It covers what
the engine covers for a run: parameters, notebook, input tables and their contract, the helpers the
notebook imports, the lock, and the results of runs before it. `snapshot`: is the project that a
worker has the same as the one the sweep was started in? It covers the whole of data, code and lock.
"""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from bookbuilder.engine import sources
from bookbuilder.engine.plan import LIMITS, PLAN, Run
from compendium import data, files
from compendium.context import MARKER

#: Not from `tasks`, which brings pytask along.
LOCK = Path("requirements.lock")
CODE = tuple(f"{name}/" for name in sources.PACKAGES)


class SnapshotError(RuntimeError):
    """A worker's project is not the one that the sweep was started in."""


def snapshot(root: Path, run: Run) -> dict[str, str]:
    """Return the hashes of a project's data, contract, plan, lock and code, and of one notebook.

    Parameters
    ----------
    root
        The project's folder.
    run
        The run whose notebook counts.

    Returns
    -------
    dict
        SHA-256 by path from the project's folder; the package's modules, wherever it is installed,
        under ``compendium/``.
    """
    tables = [
        Path("data") / data.resource(name, root=root)["path"] for name in data.names(root=root)
    ]
    plain = {path.as_posix(): root / path for path in (MARKER, PLAN, LOCK, run.source, *tables)}
    return {name: _sha256(path) for name, path in plain.items()} | code()


def code() -> dict[str, str]:
    """Return the hashes of the package's modules."""
    found = sorted(p for name in sources.PACKAGES for p in (sources.SOURCE / name).rglob("*.py"))
    return {path.relative_to(sources.SOURCE).as_posix(): files.sha256(path) for path in found}


def digest(taken: dict[str, str]) -> str:
    """Return one hash for a snapshot."""
    return hashlib.sha256(json.dumps(taken, sort_keys=True).encode()).hexdigest()


def differences(root: Path, wanted: dict[str, str]) -> list[str]:
    """Return the paths at which a project differs from a snapshot; sorted.

    Parameters
    ----------
    root
        A worker's project.
    wanted
        The snapshot that the sweep was started from.
    """
    own = code()
    for name in wanted:
        if not name.startswith(CODE):
            own[name] = _sha256(root / name)
    return sorted(name for name in {*own, *wanted} if own.get(name) != wanted.get(name))


def before(root: Path, runs: dict[str, Run], run: Run) -> dict[str, bytes]:
    """Return what runs before this one have made, as it may read it: content by path.

    The records of all runs behind it, near and far, and the results of those it names.

    Raises
    ------
    SnapshotError
        When one of them has no results, or not those that its record names.
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


def fingerprint(run: Run, root: Path, made_before: dict[str, bytes]) -> str:
    """Return the hash of all that the result of a run depends on.

    Parameters
    ----------
    run
        The run, with the parameters of the point.
    root
        The project's folder.
    made_before
        See `before`.
    """
    tables = {name: data.resource(name, root=root) for name in run.inputs}
    told = {
        "run": {key: value for key, value in asdict(run).items() if key not in LIMITS},
        "contract": tables,
        "tables": {name: _sha256(root / "data" / one["path"]) for name, one in tables.items()},
        "notebook": _sha256(root / run.source),
        "helpers": sources.hashes(sources.notebook_helpers(root / run.source)),
        "lock": _sha256(root / LOCK),
        "before": {path: hashlib.sha256(made).hexdigest() for path, made in made_before.items()},
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def _sha256(path: Path) -> str:
    """Return the hash of a file; of one that is not there, nothing: the contract reports it."""
    return files.sha256(path) if path.is_file() else ""
