"""Hashes of files by content, each computed once in a build.

What a run is made from is hashed before it runs: a file that is changed meanwhile then differs from
what is on record, and the next build runs the notebook again. The very bytes that runs have read
are kept under their hash, to say afterwards which rows have changed, with or without git.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bookbuilder.kernels.variables import PACKAGES, SOURCE
from compendium import files

MISSING = "missing"
COPIES = Path("_build/inputs")


class Hashes:
    """SHA-256 of the files of a project and of our packages, by name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[Path, str] = {}
        self._computed: dict[Any, str] = {}
        self.code = {
            f"src/{path.relative_to(SOURCE).as_posix()}": self.file(path)
            for package in PACKAGES
            for kind in ("*.py", "templates/*.*")
            for path in (SOURCE / package).rglob(kind)
        }

    def file(self, path: Path) -> str:
        """Return the hash of a file, or that it is missing."""
        if path not in self._known:
            try:
                self._known[path] = files.sha256(path)
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
                self._known[path] = MISSING
        return self._known[path]

    def named(self, names: Iterable[str | Path]) -> dict[str, str]:
        """Return hashes by name, a path from the project's folder or, under `src/`, of ours."""
        found = {}
        for name in map(str, names):
            found[name] = self.code.get(name) or self.file(self.root / name)
        return found

    def below(self, *folders: str) -> dict[str, str]:
        """Return the hashes of our source files whose names begin with one of some words."""
        return {name: known for name, known in self.code.items() if name.startswith(folders)}

    def once(self, key: Any, compute: Callable[[], Any]) -> str:
        """Return the hash of what is computed, once in a build for each key."""
        if key not in self._computed:
            self._computed[key] = digest(compute())
        return self._computed[key]

    def invalidate(self, paths: Iterable[Path]) -> None:
        """Look at files again when they are next asked for: somebody has written them."""
        for path in paths:
            self._known.pop(self.root / path, None)


def digest(value: Any) -> str:
    """Return the hash of plain values."""
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def keep(root: Path, path: Path) -> str:
    """Keep a copy of a file of the project under its SHA-256, and return that."""
    digest = files.sha256(root / path)
    copy = root / COPIES / digest
    if not copy.exists():
        files.write_bytes(copy, (root / path).read_bytes())
    return digest


def kept(root: Path, digest: str) -> bytes | None:
    """Return the content with a hash, or None when no copy was kept or it is not what it was."""
    copy = root / COPIES / digest
    if not copy.is_file() or files.sha256(copy) != digest:
        return None
    return copy.read_bytes()
