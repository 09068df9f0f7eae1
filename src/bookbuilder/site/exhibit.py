"""The `{exhibit}` directive: a recorded table or figure as the reader meets it.

Everything comes from the record: number, caption, cells, picture, alternative text, and the card
that says how it was made. Two small nodes give it the HTML of a figure with a caption.
"""

import os
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from bookbuilder.site import provenance, record
from compendium.exhibits import render
from compendium.text import nearest

logger = logging.getLogger(__name__)

LONG = 20  # a table of more rows can be sorted and filtered, see book/_static/tables.js


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
        entry = record.exhibits().get(name)
        if entry is None:
            hint = nearest(name, record.exhibits())
            logger.warning("no exhibit '%s'; %s", name, hint, location=self.get_location())
            return []
        anchor = f"exhibit-{name.replace('_', '-')}"
        self._make_target(anchor, entry["label"])
        outer = exhibit_figure(ids=[anchor], classes=["exhibit", f"exhibit-{entry['kind']}"])
        outer += _caption(entry)
        outer += self._picture(name, entry) if entry["kind"] == "figure" else _cells(name, entry)
        outer += _notes(entry)
        outer += self._links(name, entry)
        settings = self.config.html_theme_options
        made = provenance.card(name, entry, self.env.docname, settings.get("repository_url", ""))
        outer += nodes.raw("", made, format="html")
        return [outer]

    def _make_target(self, anchor: str, label: str) -> None:
        domain = self.env.get_domain("std")
        domain.labels[anchor] = (self.env.docname, anchor, label)  # type: ignore[attr-defined]
        domain.anonlabels[anchor] = (self.env.docname, anchor)  # type: ignore[attr-defined]

    def _relative(self, path: str) -> str:
        """Return a path of the project as seen from the page being read."""
        here = Path(self.env.doc2path(self.env.docname)).parent
        return Path(os.path.relpath(record.root() / path, here)).as_posix()

    def _picture(self, name: str, entry: dict[str, Any]) -> nodes.Node:
        box = nodes.container(classes=["exhibit-picture"])
        uri = self._relative(f"results/figures/{name}.svg")
        box += nodes.image(uri=uri, alt=entry["alt"])
        return box

    def _links(self, name: str, entry: dict[str, Any]) -> nodes.Node:
        folder, kinds = (
            ("figures", ("csv", "svg")) if entry["kind"] == "figure" else ("tables", ("csv",))
        )
        words = {"csv": "Data (CSV)", "svg": "Figure (SVG)"}
        line = nodes.paragraph(classes=["exhibit-links"])
        for kind in kinds:
            link = addnodes.download_reference(
                reftarget=self._relative(f"results/{folder}/{name}.{kind}"), refdoc=self.env.docname
            )
            label = f"{words[kind]}"
            link += nodes.inline(label, label)
            line += [link, nodes.Text(" ")]
        return line


def _caption(entry: dict[str, Any]) -> nodes.Node:
    caption = exhibit_caption()
    number = f"{entry['label']}. "
    caption += nodes.strong(number, number)
    caption += nodes.Text(entry["caption"])
    return caption


def _cells(name: str, entry: dict[str, Any]) -> nodes.Node:
    frame = pd.read_csv(
        record.root() / "results" / "tables" / f"{name}.csv", keep_default_na=False, na_values=[""]
    )
    table = render.table_html(frame, entry["display"])
    label = escape(f"Cells of {entry['label']}")
    group = entry["display"]["group"]
    long = len(frame) > LONG
    kind, heading = (" long", escape((group or "").capitalize())) if long else ("", "")
    box = (
        f'<div class="exhibit-scroll{kind}" role="region" aria-label="{label}" tabindex="0"'
        f' data-group="{heading}">{table}</div>'
    )
    return nodes.raw("", box, format="html")


def _notes(entry: dict[str, Any]) -> list[nodes.Node]:
    parts: list[nodes.Node] = []
    if entry["reconstructed"]:
        text = "Rests on reconstructed survey rows, not on the study's own."
        parts.append(nodes.paragraph("", text, classes=["exhibit-reconstructed"]))
    text = " ".join(part for part in (entry["note"], _source(entry["source"])) if part)
    if text:
        parts.append(nodes.paragraph("", text, classes=["exhibit-note"]))
    return parts


def _source(source: str) -> str:
    return f"Published counterpart: {source}." if source else ""


def _open_figure(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "figure"))


def _close_figure(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</figure>\n")


def _open_caption(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "figcaption", ""))


def _close_caption(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</figcaption>\n")


def setup(app: Sphinx) -> None:
    """Register the directive and its nodes."""
    app.add_node(exhibit_figure, html=(_open_figure, _close_figure))
    app.add_node(exhibit_caption, html=(_open_caption, _close_caption))
    app.add_directive("exhibit", ExhibitDirective)
