"""The `{exhibit}` directive: a recorded table or figure as the reader meets it.

Everything comes from the record: number, caption, cells, picture, alternative text, and the card
that says how it was made, what became of its claims, and how to make it again. The card names files
by their content hash, which is the same in every clone and archive; its commit is the one that the
book was built from. Two small nodes give an exhibit the HTML of a figure with a caption.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from bookbuilder import documents, stamp
from bookbuilder.site import addresses, marked, record, takeaway
from compendium import files
from compendium.exhibits import render

logger = logging.getLogger(__name__)

#: More rows can be sorted and filtered (book/_static/tables.js); as many columns take the margin.
MAX_PLAIN_ROWS, WIDE_COLUMNS = 15, 8
MARKED = Path("_build/marked")
CLAIM_ID = re.compile(r"\b(?:EPIC|PADG|I4TL|WISE)-C-\d{3}\b")
MAX_LISTED_CLAIMS = 8
DOWNLOADS = {"csv": "Data (CSV)", "svg": "Figure (SVG)"}


class exhibit_figure(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """An exhibit: a figure element around its caption and body."""


class exhibit_caption(nodes.Part, nodes.TextElement):  # noqa: N801
    """The caption of an exhibit, with its number."""


class ExhibitDirective(SphinxDirective):
    """Show a recorded exhibit by its name."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the exhibit's nodes."""
        name = self.arguments[0].strip()
        try:
            entry = record.exhibit(name)
        except ValueError as error:
            logger.warning("%s", error, location=self.get_location())
            return []
        anchor, label = record.anchor(name), entry["label"]
        page = self.env.doc2path(self.env.docname)
        domain: Any = self.env.get_domain("std")
        domain.labels[anchor] = (self.env.docname, anchor, label)
        domain.anonlabels[anchor] = (self.env.docname, anchor)
        wide = len(entry.get("display", {}).get("labels", ())) >= WIDE_COLUMNS
        classes = ["exhibit", f"exhibit-{entry['kind']}", *["full-width"] * wide]
        outer = exhibit_figure(ids=[anchor], classes=classes)
        number = f"{label}. "
        outer += exhibit_caption("", "", nodes.strong(number, number), nodes.Text(entry["caption"]))
        if entry["kind"] == "figure":
            image = nodes.image(uri=offered(page, name, entry, "svg"), alt=entry["alt"])
            image["width"] = "100%"  # with a width: a link to its file
            outer += nodes.container("", image, classes=["exhibit-picture"])
        else:
            outer += _cells(name, entry)
        outer += _notes(entry)
        repository = self.config.html_theme_options.get("repository_url", "")
        cite = takeaway.exhibit_citation(entry, f"{self.env.docname}.html#{anchor}")
        how = card(name, entry, self.env.docname, repository)
        foot = nodes.container("", self._links(page, name, entry), classes=["exhibit-foot"])
        foot += nodes.raw("", cite + how, format="html")
        outer += foot
        return [outer]

    def _links(self, page: str, name: str, entry: dict[str, Any]) -> nodes.Node:
        line = nodes.paragraph(classes=["exhibit-links"])
        for suffix in ("csv", "svg") if entry["kind"] == "figure" else ("csv",):
            target = offered(page, name, entry, suffix)
            words = nodes.inline(DOWNLOADS[suffix], DOWNLOADS[suffix])
            link = {"reftarget": target, "refdoc": self.env.docname}
            line += [addnodes.download_reference("", "", words, **link), nodes.Text(" ")]
        words = f"Link to this {entry['kind']}"
        line += nodes.reference("", words, refid=record.anchor(name), internal=True)
        return line


def offered(page: str, name: str, entry: dict[str, Any], suffix: str) -> str:
    """Return the file of an exhibit that readers of a page get: the recorded or its marked copy."""
    path = record.data_file(name, entry["kind"]).with_suffix(f".{suffix}")
    if entry["reconstructed"]:
        mark = marked.picture if suffix == "svg" else marked.cells
        text = mark(path.read_text(encoding="utf-8"))
        path = record.root() / MARKED / f"{name}_{marked.ORIGIN}.{suffix}"
        files.write_text(path, text)
    return Path(os.path.relpath(path, Path(page).parent)).as_posix()


def ancestors(node: nodes.Node) -> Iterator[nodes.Node]:
    """Return the nodes around a node, the nearest first."""
    while (node := node.parent) is not None:
        yield node


def _cells(name: str, entry: dict[str, Any]) -> nodes.Node:
    frame = pd.read_csv(record.data_file(name, "table"), keep_default_na=False, na_values=[""])
    table, long = render.table_html(frame, entry["display"]), len(frame) > MAX_PLAIN_ROWS
    return nodes.raw(
        "", documents.fill("cells.html", entry=entry, table=table, long=long), format="html"
    )


def _notes(entry: dict[str, Any]) -> list[nodes.Node]:
    source = f"Published counterpart: {entry['source']}." if entry["source"] else ""
    texts = {
        "exhibit-reconstructed": marked.WORDS * bool(entry["reconstructed"]),
        "exhibit-note": " ".join(filter(None, [entry["note"], source])),
    }
    return [nodes.paragraph("", text, classes=[kind]) for kind, text in texts.items() if text]


def card(name: str, entry: dict[str, Any], page: str, repository: str = "") -> str:
    """Return the provenance card of a recorded exhibit, folded, as HTML.

    `page` shows it, named without suffix; `repository` is the public address of the project.
    """
    return documents.fill(
        "card.html",
        entry=entry,
        parameters=", ".join(f"{key} = {value!r}" for key, value in entry["parameters"].items()),
        verdicts=_verdicts(name, entry),
        ledger="ledger.html" if page.startswith("notebooks/") else "notebooks/ledger.html",
        commit=stamp.COMMIT.format("") if stamp.is_repository(record.root()) else "",
        links=addresses.launch_links(repository, entry["notebook"]),
    ).rstrip()


def _verdicts(name: str, entry: dict[str, Any]) -> str:
    """Return what the ledger says of claims that an exhibit names or decides, and of its cells."""
    named = set(CLAIM_ID.findall(record.data_file(name, entry["kind"]).read_text(encoding="utf-8")))
    claims = {
        row["id"]: row["verdict"]
        for row in record.claims()
        if row["kind"] == "claim" and (row["id"] in named or name in row["exhibit"].split(";"))
    }
    place = re.sub(r" \d{4},", "", entry["source"])  # the ledger says `EPIC Table 2`
    cells = [
        row["verdict"]
        for row in record.claims()
        if row["kind"] == "cell" and f"{place},".startswith(f"{row['place']},")
    ]
    parts = [f"{claim} {verdict}" for claim, verdict in claims.items()]
    if len(claims) > MAX_LISTED_CLAIMS:
        parts = [f"of {len(claims)} claims {_counts(claims.values())}"]
    if cells:
        parts.append(f"of {len(cells)} printed cells {_counts(cells)}")
    return "; ".join(parts)


def _counts(verdicts: Iterable[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in Counter(verdicts).most_common())


Visit = Callable[[HTML5Translator, nodes.Element], None]


def element(name: str) -> tuple[Visit, Visit]:
    """Return how a node is opened and closed as an element of HTML."""

    def begin(self: HTML5Translator, node: nodes.Element) -> None:
        self.body.append(self.starttag(node, name, ""))

    def end(self: HTML5Translator, node: nodes.Element) -> None:
        self.body.append(f"</{name}>")

    return begin, end


def setup(app: Sphinx) -> None:
    """Register the directive and its nodes."""
    app.add_node(exhibit_figure, html=element("figure"))
    app.add_node(exhibit_caption, html=element("figcaption"))
    app.add_directive("exhibit", ExhibitDirective)
