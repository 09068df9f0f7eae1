"""The last rendering of the book, kept so that the next one makes only the pages that change.

It lies in `_build/site` as Sphinx left it. It counts only while its note stands there, which is
taken away before anything is rendered on top of it and written when that has succeeded: after a
kill, a fault or a warning the book is rendered from nothing. So it is, too, when anything has
changed that every page may rest on: style, settings, glossary, references, versions, the package,
the names and numbers of exhibits. `compendium.site.outdated` judges what single pages rest on.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from compendium import files, stamp
from compendium.rebuild import sources

FOLDER = Path("_build/site")
NOTE = FOLDER / "rendered.json"
HTML = FOLDER / "_build" / "html"
EXHIBITS = Path("results/exhibits.json")
#: What every page takes something from, besides what lies in `book/` and is no page.
SHARED = ("_config.yml", "requirements.lock", "pyproject.toml", "book/glossary.md")
CODE = {"compendium.imports", "compendium.site", "compendium.rebuild.site"}


def recall(root: Path, pages: Iterable[Path], frame: Iterable[Path]) -> dict[str, str] | None:
    """Return the hash of each page's text as it was last rendered; None where nothing is kept.

    Parameters
    ----------
    root
        The project's folder.
    pages
        The texts of the pages.
    frame
        What else the book is written in, which every page may rest on.
    """
    try:
        note = files.read_json(root / NOTE)
        return dict(note["pages"]) if note["frame"] == _frame(root, pages, frame) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def forget(root: Path, *, kept: bool) -> None:
    """Take the note away and, unless the rendering is `kept` to build on, the rendering too."""
    (root / NOTE).unlink(missing_ok=True)
    if not kept:
        shutil.rmtree(root / FOLDER, ignore_errors=True)
    (root / FOLDER).mkdir(parents=True, exist_ok=True)


def remember(root: Path, pages: Iterable[Path], frame: Iterable[Path]) -> None:
    """Note that the rendering is whole; arguments as in `recall`."""
    listed = list(pages)
    note = {"frame": _frame(root, listed, frame), "pages": hashes(root, listed)}
    files.write_json(root / NOTE, note)


def hashes(root: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Return the hash of files by their path from the project's folder."""
    return {path.relative_to(root).as_posix(): files.sha256(path) for path in paths}


def _frame(root: Path, pages: Iterable[Path], frame: Iterable[Path]) -> str:
    shared = [*frame, *(root / name for name in SHARED)]
    exhibits = files.read_json(root / EXHIBITS)
    told = {
        "root": str(root),
        "pages": [path.relative_to(root).as_posix() for path in pages],
        "files": hashes(root, sorted({path for path in shared if path.is_file()})),
        "code": sources.hashes(sources.closure(CODE)),
        "exhibits": {
            name: [entry[key] for key in ("label", "run", "notebook")]
            for name, entry in exhibits.items()
        },
        "python": sys.version,
        "addresses": {k: v for k, v in os.environ.items() if k.startswith("COMPENDIUM_")},
        "repository": stamp.is_repository(root),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
