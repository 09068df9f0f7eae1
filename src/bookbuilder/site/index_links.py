"""The general index in the book: collects mentions as pages are read, links them as it is written.

The page says only where the index goes. Its entries and letters are known before any page is read
(`index_entries`), so they take part in the page's contents; what an entry points to is filled in
at the end, when every page has been read. An entry that points nowhere is a warning, and a warning
fails the build.
"""

import csv
from functools import cache
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from bookbuilder.site import index_entries, record
from bookbuilder.site.index_entries import Entry
from bookbuilder.site.index_mentions import Finder, Mention, choose_mentions, find_mentions

logger = logging.getLogger(__name__)

PAGE = "general_index"
TABLE = "table:"  # marks the key of a data table among the mentions
WORK = "work:"  # and that of a work cited
#: Pages that list what others say: they are no place to read about it.
LIST_PAGES = {PAGE, "certificate", "data_dictionary", "codes", "districts"}


class index_locators(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """Stands for the places of one entry until all pages are read."""


class IndexEntriesDirective(SphinxDirective):
    """The entries of one letter."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a definition list whose definitions are filled in later."""
        listed = nodes.definition_list(classes=["general-index"])
        for entry in index_entries.entries():
            if index_entries.first_letter(entry.name) == self.arguments[0]:
                listed += _item(entry)
        return [listed]


def _item(entry: Entry) -> nodes.Node:
    plain = entry.name.strip("`")
    code = entry.name.startswith("`") or entry.kind == "command"
    term = nodes.term("", ids=[entry.slug])
    term += nodes.literal(plain, plain) if code else nodes.Text(plain)
    if entry.kind:
        term += [nodes.Text(" "), nodes.inline(entry.kind, entry.kind, classes=["index-kind"])]
    places = nodes.paragraph("", "", index_locators(slug=entry.slug))
    return nodes.definition_list_item("", term, nodes.definition("", places))


@cache
def _finder() -> Finder:
    return Finder({entry.slug: entry.words for entry in index_entries.entries()})


@cache
def _slugs_by_cell() -> dict[str, str]:
    return {cell: entry.slug for entry in index_entries.entries() for cell in entry.cells}


def _slugs_in_cells(anchor: str) -> set[str]:
    """Return the entries that the cells of an exhibit name."""
    name = record.exhibit_at(anchor)
    path = record.data_file(name, record.exhibits()[name]["kind"])
    with path.open(encoding="utf-8", newline="") as stream:
        cells = {cell for row in csv.reader(stream) for cell in row}
    return {slug for cell, slug in _slugs_by_cell().items() if cell in cells}


def _collect(app: Sphinx, doctree: nodes.document) -> None:
    page = app.env.docname
    if PAGE not in app.env.found_docs or page in LIST_PAGES | _repeated_pages():
        return
    found = find_mentions(doctree, page, _finder(), _slugs_in_cells)
    for node in doctree.findall():
        if isinstance(node, nodes.Element) and node.get("refdomain") == "cite":
            for key in node["reftarget"].split(","):
                found.setdefault(WORK + key.strip(), Mention(page)).matters = True
    for entry in record.exhibits().values():
        if page == f"notebooks/{entry['run']}":
            for one in entry["inputs"]:
                found.setdefault(TABLE + one["table"], Mention(page)).matters = True
    _mentions(app.env)[page] = found


@cache
def _repeated_pages() -> set[str]:
    """Return the pages of notebooks that are run many times: their text is the same on all."""
    runs = {entry["run"]: entry["notebook"] for entry in record.exhibits().values()}
    notebooks = list(runs.values())
    return {f"notebooks/{run}" for run, made in runs.items() if notebooks.count(made) > 1}


def _mentions(env: BuildEnvironment) -> dict[str, dict[str, Mention]]:
    """Return the mentions of each page that has been read, kept with Sphinx's own findings."""
    found: dict[str, dict[str, Mention]] = env.__dict__.setdefault("compendium_mentions", {})
    return found


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _mentions(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, names: set[str], other: BuildEnvironment) -> None:
    _mentions(env).update({k: v for k, v in _mentions(other).items() if k in names})


def _fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    places = list(doctree.findall(index_locators))  # also where all pages are put into one
    entries = {entry.slug: entry for entry in index_entries.entries()} if places else {}
    for place in places:
        entry = entries[place["slug"]]
        links = list(_links(app, entry))
        if not links:
            message = "index entry '%s' is mentioned on no page; mend %s"
            logger.warning(message, entry.name, index_entries.TERMS, location=docname)
        filled: list[nodes.Node] = [nodes.emphasis("see ", "see ")] if entry.see else []
        for number, link in enumerate(links):
            filled += [nodes.Text(" \N{MIDDLE DOT} "), *link] if number else link
        place.parent.replace(place, filled)


def _links(app: Sphinx, entry: Entry) -> Any:
    if entry.see:
        other = next(one for one in index_entries.entries() if one.name == entry.see)
        yield [nodes.reference("", entry.see, internal=True, refid=other.slug)]
        return
    own = _own_place(app, entry)
    if own:
        text = "own page" if entry.kind in ("code", "district") else ""
        yield [nodes.strong("", "", _link(app, *own, text))]
    prefix = {"data table": TABLE, "work cited": WORK, "document": WORK}.get(entry.kind)
    key = prefix + entry.key if prefix else entry.slug
    mentions = _mentions(app.env)
    root = app.config.root_doc
    order = [root, *app.env.toctree_includes.get(root, [])]
    pages = sorted(mentions, key=lambda page: order.index(page) if page in order else len(order))
    found = [mentions[page][key] for page in pages if key in mentions[page]]
    for mention in choose_mentions(found):
        if not own or mention.page != own[0]:
            yield _places(app, mention)


def _own_place(app: Sphinx, entry: Entry) -> tuple[str, str] | None:
    """Return page and anchor of the place that an entry has for itself."""
    if entry.kind == "work cited":
        references: Any = app.env.get_domain("cite")
        for one in references.citations:
            if one.key == entry.key:
                return one.bibliography_key.docname, one.citation_id
    if entry.kind == "" and entry.page:
        glossary: Any = app.env.get_domain("std")
        place: tuple[str, str] = glossary.objects["term", entry.anchor]
        return place
    return (entry.page, entry.anchor) if entry.page else None


def _places(app: Sphinx, mention: Mention) -> list[nodes.Node]:
    parts: list[nodes.Node] = [_link(app, mention.page, mention.anchor)]
    for number, anchor in enumerate(mention.exhibits):
        label = record.exhibits()[record.exhibit_at(anchor)]["label"]
        label = label.replace(" ", "\N{NO-BREAK SPACE}")
        parts += [nodes.Text(", " if number else " ("), _link(app, mention.page, anchor, label)]
    return [*parts, nodes.Text(")")] if mention.exhibits else parts


def _link(app: Sphinx, page: str, anchor: str, text: str = "") -> nodes.Node:
    uri = app.builder.get_relative_uri(PAGE, page) + (f"#{anchor}" if anchor else "")
    front = page == app.config.root_doc
    text = text or ("Front page" if front else app.env.titles[page].astext())
    return nodes.reference("", text, internal=True, refuri=uri)


def setup(app: Sphinx) -> None:
    """Connect to the reading and the writing of pages."""
    app.add_directive("index-entries", IndexEntriesDirective)
    app.connect("doctree-read", _collect, priority=400)  # before terms become links
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("doctree-resolved", _fill)
