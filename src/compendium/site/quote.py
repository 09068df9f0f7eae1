"""Two roles for prose: `{value}` quotes a recorded number, `{see}` names an exhibit."""

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from compendium import context
from compendium.site import record

logger = logging.getLogger(__name__)


class ValueRole(SphinxRole):
    """``{value}`run.name:.1f```: a number from `results/values.json`, never typed."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number, marked with its key."""
        try:
            shown = record.quoted(self.text)
        except ValueError as error:
            logger.warning("%s", error, location=self.get_location())
            shown = "?"
        node = nodes.inline(shown, shown, classes=["value"])
        node["data-value"] = self.text
        return [node], []


class SeeRole(SphinxRole):
    """``{see}`exhibit_name```: a link with the number of a table or figure as its text."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link, to be resolved across pages."""
        entry = record.exhibits().get(self.text)
        if entry is None:
            hint = context.nearest(self.text, record.exhibits())
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


def setup(app: Sphinx) -> None:
    """Register both roles."""
    app.add_role("value", ValueRole())
    app.add_role("see", SeeRole())
