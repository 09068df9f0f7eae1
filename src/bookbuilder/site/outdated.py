"""Which pages must be made again when the book is rendered on top of its last rendering.

Sphinx sees that the text of a page has changed, but not that a number it quotes, a table it shows
or the verdict on its card has. So each page keeps a hash of its text and of all that the record
holds under the names that stand in it; a page whose hash differs is read and written again. A page
that lists what others hold always is. When a title or a label changes, which other pages show in
the sidebar or link to, all are written again.

What every page rests on (style, glossary, references, this package) is not looked at here: where it
changes, the book is rendered from nothing, see `rendering.site_cache`.
"""

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import compendium
from bookbuilder.engine.hashing import digest
from bookbuilder.site import exhibit, generated, record
from bookbuilder.site.roles import run_of
from compendium import files

#: A name of the record as prose and directives write it: an exhibit, or a number as `run.name`.
NAME = re.compile(r"[A-Za-z_][\w-]*(?:\.\w+)*")
#: Mark of the pages of the function reference, which rest on the code whose docstrings they show.
REFERENCE_MARK = ".. currentmodule:: "
#: Marks of pages that list what other pages hold; and of the glossary, whose terms Sphinx would
#: else leave out of the index of the search.
LISTING_MARKS = ("```{bibliography}", "```{glossary}")


def digests(pages: dict[str, Path]) -> dict[str, str]:
    """Return the hash of each page with all that the record holds under the names in it.

    `pages` has the file of each by its name; the hash of one that lists what others hold is empty.
    """
    # What each page can show, by name, with the run that recorded it.
    shown: dict[str, tuple[str, Any]]
    shown = {key: (key.partition(".")[0], entry) for key, entry in record.values().items()}
    shown |= {
        name: (entry["run"], _files(name, entry)) for name, entry in record.exhibits().items()
    }
    code = [files.sha256(path) for path in sorted(Path(compendium.__file__).parent.rglob("*.py"))]
    found = {}
    for page, path in pages.items():
        text = path.read_text(encoding="utf-8")
        sections = [write() for mark, write in generated.SECTIONS.items() if mark in text]
        # What its own run made, for the roles that name no run, and what it names.
        named, run = set(NAME.findall("\n".join([text, *sections]))), run_of(page)
        held = {key: one for key, (of, one) in shown.items() if of == run or key in named}
        parts = [text, *sections, held, code if REFERENCE_MARK in text else []]
        found[page] = "" if any(mark in text for mark in LISTING_MARKS) else digest(parts)
    return found


def _files(name: str, entry: dict[str, Any]) -> list[Any]:
    """Return what a page shows of an exhibit: its entry, its files, its card."""
    folder = record.data_file(name, entry["kind"]).parent
    hashes = [files.sha256(path) for path in sorted(folder.glob(f"{name}.*"))]
    return [entry, hashes, exhibit.card(name, entry, "")]


def _pages_to_read(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages whose text or record differs from when they were last read."""
    last: dict[str, str] = env.__dict__.get("compendium_digests", {})
    now = digests({page: Path(env.doc2path(page)) for page in env.found_docs})
    env.__dict__["compendium_digests"] = now
    stale = {page for page, known in now.items() if not known or known != last.get(page)}
    return sorted(stale - added)


def _pages_to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return all pages when something has changed that pages show of each other."""
    domain: Any = env.get_domain("std")
    frame = (
        {page: title.astext() for page, title in env.titles.items()},
        env.toctree_includes,
        env.toc_secnumbers,
        domain.labels,
        domain.anonlabels,
    )
    now = digest(frame)
    same = env.__dict__.get("compendium_frame") == now
    env.__dict__["compendium_frame"] = now
    return [] if same else list(env.found_docs)


def setup(app: Sphinx) -> None:
    """Connect to the events that choose pages."""
    app.connect("env-get-outdated", _pages_to_read)
    app.connect("env-get-updated", _pages_to_write)
