"""The last rendering of the book, kept so that the next one makes only the pages that change.

It lies in `_build/site` as Sphinx left it. It counts only while its note stands there, which is
taken away before anything is rendered on top of it and written when that has succeeded: after a
kill, a fault or a warning the book is rendered from nothing. So it is, too, when anything has
changed that every page may rest on: style, settings, glossary, references, versions, the package,
the names and numbers of exhibits. `bookbuilder.site.outdated` judges what single pages rest on.
"""

import os
import shutil
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bookbuilder import stamp
from bookbuilder.engine import collect
from bookbuilder.engine.hashing import Hashes, digest
from bookbuilder.plan import contents
from compendium import files
from compendium.context import ADDRESS_VARIABLES

BOOK, CONFIG = Path("book"), Path("_config.yml")
FOLDER = Path("_build/site")
NOTE = FOLDER / "rendered.json"
HTML = FOLDER / "_build" / "html"
#: What every page takes something from, besides what lies in `book/` and is no page.
SHARED = ("_config.yml", "requirements.lock", "pyproject.toml", "book/glossary.md")
#: Code that every page rests on, by how the names of its files begin.
CODE = (
    "src/bookbuilder/site/",
    "src/bookbuilder/rendering/",
    "src/bookbuilder/templates/",
    *(
        f"src/bookbuilder/{name}.py"
        for name in ("stamp", "certificate", "documents", "environment")
    ),
)


@dataclass(frozen=True)
class Rendering:
    """What a rendering of the book is made from, as hashes.

    `frame` is of all that every page may rest on, `pages` of the text of each page by its name,
    `kept` of the files of the kept rendering, as it was left.
    """

    frame: str
    pages: dict[str, str]
    kept: str = ""

    def can_extend(self, last: "Rendering | None") -> bool:
        """Say whether it can be made on top of another, page by page."""
        return last is not None and last.frame == self.frame

    def changed(self, last: "Rendering | None") -> list[str]:
        """Return the pages whose text is not as in another rendering."""
        known = last.pages if last is not None and self.can_extend(last) else {}
        return [page for page, text in self.pages.items() if known.get(page) != text]


def book_sources(root: Path) -> list[Path]:
    """Return the files the book is written in, without the executed pages."""
    made = root / BOOK / "notebooks"
    found = [
        path
        for path in sorted((root / BOOK).rglob("*"))
        if path.is_file() and made not in path.parents and not path.name.startswith(".")
    ]
    return [root / CONFIG, *found]


def now(root: Path) -> Rendering:
    """Return what a rendering would be made from at this moment."""
    texts = {
        name: path
        for name in contents.documents(root)
        for suffix in (".md", ".ipynb")
        if (path := root / BOOK / f"{name}{suffix}").is_file()
    }
    shared = [path for path in book_sources(root) if path not in texts.values()]
    shared += [root / name for name in SHARED]
    exhibits, runs = (files.read_json(root / path) for path in (collect.EXHIBITS, collect.RUNS))
    frame = {
        "root": str(root),
        "pages": [path.relative_to(root).as_posix() for path in texts.values()],
        "files": {str(path): files.sha256(path) for path in sorted(shared) if path.is_file()},
        "code": Hashes(root).below(*CODE),
        "exhibits": {
            name: [entry["label"], entry["run"], runs[entry["run"]]["notebook"]]
            for name, entry in exhibits.items()
        },
        "python": sys.version,
        "addresses": [os.environ.get(variable) for variable in ADDRESS_VARIABLES],
        "repository": stamp.is_repository(root),
    }
    return Rendering(digest(frame), {name: files.sha256(path) for name, path in texts.items()})


def load(root: Path) -> Rendering | None:
    """Return what the rendering that is kept was made from; None where none is kept whole."""
    try:
        known = Rendering(**files.read_json(root / NOTE))
    except (OSError, ValueError, TypeError):
        return None
    return known if known.kept == _kept(root) else None  # somebody has touched it


def save(root: Path, rendering: Rendering) -> None:
    """Note that the rendering is whole."""
    files.write_json(root / NOTE, asdict(replace(rendering, kept=_kept(root))))


def invalidate(root: Path, *, kept: bool) -> None:
    """Take the note away and, unless the rendering is `kept` to build on, the rendering too."""
    (root / NOTE).unlink(missing_ok=True)
    if not kept:
        shutil.rmtree(root / FOLDER, ignore_errors=True)
    (root / FOLDER).mkdir(parents=True, exist_ok=True)


def _kept(root: Path) -> str:
    """Return the hash of all files of the kept rendering but its note."""
    paths = [path for path in sorted((root / FOLDER).rglob("*")) if path.is_file()]
    return digest([(str(path), files.sha256(path)) for path in paths if path != root / NOTE])
