"""Whether anything at all has changed since everything was found up to date: one comparison.

Asking pytask about every task of a build takes seconds even when there is nothing to do. So a
build that ends with everything up to date notes the hash of every file it could depend on or has
made, and the next one compares before it asks. Whatever differs, is new or is gone, even in ways
that would make nothing stale, sends the question to pytask, which alone judges what is stale and
why.
"""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from bookbuilder.engine.sources import PACKAGES, SOURCE
from compendium import files

VERDICT = Path("_build/verdict.json")
#: What a build starts from, and what it makes.
SOURCES = ("data", "notebooks", "book", "_config.yml", "requirements.lock", "pyproject.toml")
MADE = ("book/notebooks", "results", "_build/records", "_build/contract.txt")
HTML = "_build/html"
#: What pages are written in; what runs make lies among it.
SHOWN = ("book/", "_config.yml")
#: How names of files of the package begin.
OURS = tuple(f"{name}/" for name in PACKAGES)
#: Trials, sweeps and what editors leave are no part of a build.
IGNORED = ("results/runs/", "results/sweeps/", "notebooks/.ipynb_checkpoints/")


def remember(root: Path, now: dict[str, str], told: dict[str, Any], *, with_site: bool) -> None:
    """Note that everything is up to date.

    Parameters
    ----------
    root
        The project's folder.
    now
        The `sources` that everything was made from.
    told
        What to say when nothing has changed: anything that JSON can hold.
    with_site
        Whether the rendered book is up to date as well.
    """
    verdict = {"site": with_site, "files": now | _made(root, with_site), "told": told}
    files.write_json(root / VERDICT, verdict)


def recall(root: Path, now: dict[str, str], *, with_site: bool) -> dict[str, Any] | None:
    """Return what `remember` was told if nothing has changed since, else None.

    Parameters are those of `remember`; products are looked at when the sources are as they were.
    """
    try:
        verdict = files.read_json(root / VERDICT)
        known = verdict["site"] >= with_site and not now.items() - verdict["files"].items()
        known = known and verdict["files"] == now | _made(root, verdict["site"])
        return dict(verdict["told"]) if known else None
    except (OSError, ValueError, KeyError, TypeError):  # never written, or broken: ask pytask
        return None


def changed(root: Path, now: dict[str, str]) -> set[str] | None:
    """Return which sources and products differ from when all was up to date; None if unknown.

    The site is left out: nothing is made from it.
    """
    try:
        then: dict[str, str] = files.read_json(root / VERDICT)["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    kept = {(name, digest) for name, digest in then.items() if not name.startswith(f"{HTML}/")}
    return {name for name, _ in kept ^ (now | _made(root, with_site=False)).items()}


def is_shown_only(name: str) -> bool:
    """Say whether pages rest on a file, and no run can."""
    return name.startswith(SHOWN) and not name.startswith(MADE)


def source_files(root: Path) -> dict[str, Path]:
    """Return what a build starts from, by name: its place in the project, or in the package."""
    found = {name: path for name, path in _paths(root, SOURCES) if not name.startswith(MADE)}
    package = [pair for name in OURS for pair in _below(SOURCE / name, name)]
    return found | {name: path for name, path in package if name.endswith(".py")}


def sources(root: Path) -> dict[str, str]:
    """Return the hashes of what a build starts from, by name."""
    return {name: _hash(path) for name, path in source_files(root).items()}


def _made(root: Path, with_site: bool) -> dict[str, str]:
    made = _paths(root, (*MADE, *([HTML] if with_site else [])))
    return {name: _hash(path) for name, path in made}


def _hash(path: Path) -> str:
    """Return a file's hash, computed once in a process for as long as nobody writes the file."""
    found = path.stat()
    return _hash_of(path, found.st_mtime_ns, found.st_size, found.st_ino)


@cache
def _hash_of(path: Path, *stamp: int) -> str:
    return files.sha256(path)


def _paths(root: Path, places: Iterable[str]) -> Iterator[tuple[str, Path]]:
    for place in places:
        if (root / place).is_dir():
            yield from _below(root / place, f"{place}/")
        elif (root / place).is_file():
            yield place, root / place


def _below(folder: Path, named: str) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder and of those in it, without asking the system about each."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__" and f"{named}{entry.name}/" not in IGNORED:
                    yield from _below(folder / entry.name, f"{named}{entry.name}/")
            elif entry.is_file():
                yield f"{named}{entry.name}", folder / entry.name
