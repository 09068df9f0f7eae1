"""Which pages must be made again when the book is rendered on top of its last rendering.

Sphinx sees that the text of a page has changed, but not that a number it quotes, a table it shows
or the verdict on its card has. So each page keeps a hash of its text and of all that the record
holds under the names that stand in it; a page whose hash differs is read and written again. A page
that lists what others hold always is. When a title or a label changes, which other pages show in
the sidebar or link to, all are written again.

What every page rests on (style, glossary, references, this package) is not looked at here: where it
changes, the book is rendered from nothing, see `engine.former`.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from bookbuilder.site import generated, provenance, record, reference
from bookbuilder.site.roles import run_of
from compendium import files

#: A name of the record as prose and directives write it: an exhibit, or a number as `run.name`.
NAME = re.compile(r"[A-Za-z_][\w-]*(?:\.\w+)*")
#: Marks of pages that list what other pages hold; and of the glossary, whose terms Sphinx would
#: else leave out of the index of the search.
LISTING_MARKS = ("```{bibliography}", "```{glossary}")


def digests(pages: dict[str, Path]) -> dict[str, str]:
    """Return the hash of each page with all that the record holds under the names in it.

    A page of the function reference has the hash of the code whose docstrings it shows, too.

    Parameters
    ----------
    pages
        File of each page of the book, by its name.

    Returns
    -------
    dict
        Hash by page; empty for a page that lists what others hold.
    """
    shown = {key: json.dumps(entry) for key, entry in record.values().items()} | _exhibits()
    by_run = _names_by_run()
    found = {}
    for page, path in pages.items():
        text = path.read_text(encoding="utf-8")
        # What its own run made, for the roles that name no run, and what it names.
        sections = [write() for mark, write in generated.SECTIONS.items() if mark in text]
        named = shown.keys() & NAME.findall("\n".join([text, *sections]))
        names = by_run[run_of(page)] | named
        listing = any(mark in text for mark in LISTING_MARKS)
        code = [files.sha256(source) for source in reference.sources(text)]
        parts = [text, *sections, *code, *(shown[name] for name in sorted(names))]
        found[page] = "" if listing else _hash(parts)
    return found


def _names_by_run() -> defaultdict[str, set[str]]:
    """Return the names of what each run recorded: its numbers and its exhibits."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for name in record.values():
        names[name.partition(".")[0]].add(name)
    for name, entry in record.exhibits().items():
        names[entry["run"]].add(name)
    return names


def _exhibits() -> dict[str, str]:
    """Return what a page shows of each exhibit: its entry, its files, its card."""
    found = {}
    for name, entry in record.exhibits().items():
        folder = record.data_file(name, entry["kind"]).parent
        hashes = [files.sha256(path) for path in sorted(folder.glob(f"{name}.*"))]
        found[name] = json.dumps([entry, hashes, provenance.card(name, entry, "")])
    return found


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _pages_to_read(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages whose text or record differs from when they were last read."""
    last: dict[str, str] = env.__dict__.get("compendium_digests", {})
    now = digests({page: Path(env.doc2path(page)) for page in env.found_docs})
    env.__dict__["compendium_digests"] = now
    stale = {page for page, digest in now.items() if not digest or digest != last.get(page)}
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
    now = _hash([json.dumps(frame, sort_keys=True, default=str)])
    same = env.__dict__.get("compendium_frame") == now
    env.__dict__["compendium_frame"] = now
    return [] if same else list(env.found_docs)


def setup(app: Sphinx) -> None:
    """Connect to the events that choose pages."""
    app.connect("env-get-outdated", _pages_to_read)
    app.connect("env-get-updated", _pages_to_write)
