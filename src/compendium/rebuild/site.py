"""Rendering the book: Jupyter Book into an empty folder, checked, then put in place.

Jupyter Book only renders; the notebooks come executed. It always starts from nothing, because a
second build into the same folder keeps traces of the first. A page that is missing, or that does
not carry this build's identity, fails the build: a generator can exit 0 over stale pages.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from compendium import files
from compendium.context import IDENTITY_VARIABLE, PROCESSES_VARIABLE, ROOT_VARIABLE
from compendium.rebuild import places

BOOK = Path("book")
HTML = Path("_build/html")
CONFIG = Path("_config.yml")
TOC = BOOK / "_toc.yml"
#: The package has no __main__.
START = """\
from compendium.imports import lean
with lean():
    from jupyter_book.cli.main import main
    main()"""
IDENTITY_META = '<meta name="compendium-build" content="{}"'


class SiteError(RuntimeError):
    """The book could not be rendered; the message holds what Jupyter Book complained about."""


def toc_files(root: Path) -> list[str]:
    """Return the documents of the table of contents, without suffix, in reading order."""
    top = places.read(root / TOC, TOC.as_posix(), "name a root and the chapters")
    return list(_documents(top.plain()))


def pages(root: Path) -> list[Path]:
    """Return the HTML pages that a build must produce."""
    return [root / HTML / f"{name}.html" for name in toc_files(root)]


def book_sources(root: Path) -> list[Path]:
    """Return the files the book is written in, without the executed pages."""
    made = root / BOOK / "notebooks"
    found = [
        path
        for path in sorted((root / BOOK).rglob("*"))
        if path.is_file() and made not in path.parents and not path.name.startswith(".")
    ]
    return [root / CONFIG, *found]


def identity(root: Path) -> str:
    """Return the identity of a build: a hash of everything the pages are made from."""
    parts = [*book_sources(root), *sorted((root / BOOK / "notebooks").glob("*.ipynb"))]
    parts += sorted(path for path in (root / "results").rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in parts:
        digest.update(f"{path.relative_to(root).as_posix()}\0{files.sha256(path)}\n".encode())
    return digest.hexdigest()[:16]


def build(root: Path, processes: int = 1) -> None:
    """Render the book into `_build/html`.

    Parameters
    ----------
    root
        The project's folder.
    processes
        How many processes read and write pages; what they make is the same.

    Raises
    ------
    SiteError
        On any warning or error of Jupyter Book, when a page is missing or of another build, or
        when a page or an offered file could point to a person.
    """
    mark = identity(root)
    state = root / "_build"
    state.mkdir(exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="site-", dir=state))
    try:
        log = _render(root, work, mark, processes)
        made = work / "_build" / "html"
        _assert_pages(root, made, mark, log)
        _assert_nobody_disclosed(root, made)
        _put_in_place(made, root / HTML, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _render(root: Path, work: Path, mark: str, processes: int) -> str:
    command = [sys.executable, "-c", START, "build", str(root / BOOK), "--all"]
    command += [
        "-W",
        "-n",
        "--keep-going",
        "--config",
        str(root / CONFIG),
        "--path-output",
        str(work),
    ]
    environment = os.environ | {IDENTITY_VARIABLE: mark, ROOT_VARIABLE: str(root)}
    environment |= {PROCESSES_VARIABLE: str(processes)}
    environment |= {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "1767225600"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    log = done.stdout + done.stderr
    files.write_text(root / "_build" / "site.log", log)
    if done.returncode:
        raise SiteError(
            f"Jupyter Book failed; the whole log is _build/site.log\n{_complaints(log)}"
        )
    return log


def _complaints(log: str) -> str:
    lines = log.splitlines()
    found = [line for line in lines if "WARNING" in line or "ERROR" in line or "Error" in line]
    return "\n".join(found[:20] or lines[-20:])


def _assert_pages(root: Path, made: Path, mark: str, log: str) -> None:
    wanted = IDENTITY_META.format(mark)
    faults = []
    for name in toc_files(root):
        page = made / f"{name}.html"
        if not page.exists():
            faults.append(f"{name}.html was not made")
        elif wanted not in page.read_text(encoding="utf-8"):
            faults.append(f"{name}.html is not of this build ({mark})")
    if faults:
        raise SiteError("\n".join([*faults, _complaints(log)]))


def _assert_nobody_disclosed(root: Path, made: Path) -> None:
    # These load pandas, which only a build of the site needs.
    from compendium.rebuild import disclosure, disclosure_page

    try:
        report = disclosure.inspect(root, made)
    except ValueError as error:
        raise SiteError(str(error)) from error
    faults = disclosure.sentences(report.violations)
    if faults:
        raise SiteError("\n".join(faults))
    disclosure_page.fill(made, report)


def _put_in_place(made: Path, target: Path, work: Path) -> None:
    """Swap the new site for the old: two renames, so no reader meets a mixture."""
    if target.exists():
        target.replace(work / "former")
    made.replace(target)


def _documents(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key in ("root", "file"):
            if key in node:
                yield node[key]
        for key in ("parts", "chapters", "sections"):
            yield from _documents(node.get(key, []))
    elif isinstance(node, list):
        for one in node:
            yield from _documents(one)
