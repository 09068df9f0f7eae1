"""Two roles for prose: `{value}` quotes a recorded number, `{see}` names an exhibit.

A quoted number says in the page which number it is (`data-value`, `data-number`), so that a test
can hold every number that a reader sees against the record.
"""

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.writers.html5 import HTML5Translator

from bookbuilder.site import record
from compendium.text import nearest

logger = logging.getLogger(__name__)


class quoted_number(nodes.Inline, nodes.TextElement):  # noqa: N801 - docutils names nodes so
    """A number of the record in the running text."""


class ValueRole(SphinxRole):
    """``{value}`run.name:.1f```: a number from `results/values.json`, never typed."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number, marked with its key and what is recorded under it."""
        try:
            shown, number = record.quoted(self.text), record.number(self.text)
        except ValueError as error:
            logger.warning("%s", error, location=self.get_location())
            return [nodes.Text("?")], []
        return [quoted_number(shown, shown, key=self.text, number=number)], []


class SeeRole(SphinxRole):
    """``{see}`exhibit_name```: a link with the number of a table or figure as its text."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link, to be resolved across pages."""
        entry = record.exhibits().get(self.text)
        if entry is None:
            hint = nearest(self.text, record.exhibits())
            logger.warning("no exhibit '%s'; %s", self.text, hint, location=self.get_location())
            return [nodes.inline(self.text, self.text)], []
        link = addnodes.pending_xref(
            "",
            nodes.inline(entry["label"], entry["label"], classes=["std", "std-ref"]),
            refdomain="std",
            reftype="ref",
            reftarget=f"exhibit-{self.text.replace('_', '-')}",
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )
        return [link], []


def _open_number(self: HTML5Translator, node: nodes.Element) -> None:
    key, _, form = node["key"].partition(":")
    marks = {"data-value": key, "data-number": str(node["number"]), "data-format": form}
    self.body.append(self.starttag(node, "span", "", CLASS="value", **marks))


def _close_number(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</span>")


def setup(app: Sphinx) -> None:
    """Register both roles and the node of a number."""
    app.add_node(quoted_number, html=(_open_number, _close_number))
    app.add_role("value", ValueRole())
    app.add_role("see", SeeRole())
