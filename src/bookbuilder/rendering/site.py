"""Rendering the book: by Jupyter Book into a folder apart, checked, then put in place.

Jupyter Book only renders; the notebooks come executed. It works on top of its last rendering, which
is kept apart and makes what a rendering from nothing would (`site_cache`). A page that is missing,
or that has changed and does not carry the token of this rendering, fails the build: a generator can
exit 0 over stale pages.
"""

import secrets
import shutil
import tempfile
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from bookbuilder import stamp
from bookbuilder.plan import contents
from bookbuilder.rendering import site_cache
from bookbuilder.rendering.renderer import Renderer
from bookbuilder.rendering.site_cache import BOOK, CONFIG, FOLDER
from compendium import files
from compendium.context import RENDERING_VARIABLE

if TYPE_CHECKING:
    from bookbuilder.rendering.disclosure import Gate

HTML = Path("_build/html")
#: Source files that decide what pages look like, by how their names begin.
CODE = (*site_cache.CODE, "src/auditing/", "src/compendium/")


class SiteError(RuntimeError):
    """The book could not be rendered; the message holds what Jupyter Book complained about."""


def pages(root: Path) -> list[Path]:
    """Return the HTML pages that a build must produce."""
    return [root / HTML / f"{name}.html" for name in contents.documents(root)]


def build(root: Path, renderer: Renderer | None = None, stale: Collection[str] = ()) -> None:
    """Render the book into `_build/html`: on top of its last rendering, else from nothing.

    `renderer` is a process that was started for this before. The pages of `stale` runs, whose
    inputs have changed since they last ran, say so. Raises SiteError on any warning or error of
    Jupyter Book, or when a page is missing or of another build; ValueError when a page or an
    offered file could point to a person.
    """
    state = root / "_build"
    state.mkdir(exist_ok=True)
    # While Jupyter Book is at work in a process of its own, the gate reads what is there already.
    with ThreadPoolExecutor(1) as meanwhile, renderer or Renderer(root) as ready:
        gate = meanwhile.submit(_gate, root)
        _render(root, ready)
    work = Path(tempfile.mkdtemp(prefix="site-", dir=state))
    try:
        made = shutil.copytree(root / site_cache.HTML, work / "html")
        stamp.stamp(made, stamp.commit(root), stale)
        gate.result().check(made)
        _put_in_place(made, root / HTML, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _render(root: Path, renderer: Renderer) -> None:
    """Bring the kept rendering up to date; what fails in between leaves none that counts."""
    last, now = site_cache.load(root), site_cache.now(root)
    kept = now.can_extend(last)
    site_cache.invalidate(root, kept=kept)
    arguments = ["build", str(root / BOOK), "-W", "-n", "--keep-going"]
    arguments += ["--config", str(root / CONFIG), "--path-output", str(root / FOLDER)]
    arguments += [] if kept else ["--all"]
    mark = secrets.token_hex(8)  # tells the pages that are rendered now from those that are kept
    environment = {RENDERING_VARIABLE: mark}
    status, log = renderer.render(arguments, environment)
    files.write_text(root / "_build" / "site.log", log)
    if status:
        raise SiteError(f"Jupyter Book failed; the whole log is _build/site.log\n{complaints(log)}")
    _assert_pages(root, mark, log, now.changed(last))
    site_cache.save(root, now)


def complaints(log: str) -> str:
    """Return the lines of a log of Jupyter Book that complain, else its last lines."""
    lines = log.splitlines()
    found = [line for line in lines if "WARNING" in line or "ERROR" in line or "Error" in line]
    return "\n".join(found[:20] or lines[-20:])


def _assert_pages(root: Path, mark: str, log: str, changed: Collection[str]) -> None:
    """Refuse a rendering that lacks a page, or shows a changed one as it was."""
    wanted = stamp.MARK.format(mark)
    faults = []
    for name in contents.documents(root):
        page = root / site_cache.HTML / f"{name}.html"
        if not page.exists():
            faults.append(f"{name}.html was not made")
        elif name in changed and wanted not in page.read_text(encoding="utf-8"):
            faults.append(f"{name}.html is not of this rendering")
    if faults:
        raise SiteError("\n".join([*faults, complaints(log)]))


def _gate(root: Path) -> "Gate":
    from bookbuilder.rendering import disclosure  # loads pandas, which only rendering needs

    return disclosure.Gate(root)


def _put_in_place(made: Path, target: Path, work: Path) -> None:
    """Swap the new site for the old: two renames, so no reader meets a mixture."""
    if target.exists():
        target.replace(work / "former")
    made.replace(target)
