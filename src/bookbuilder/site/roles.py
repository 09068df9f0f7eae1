"""Four roles for prose: numbers, exhibits, and what a page says of its own run.

`{value}` quotes a recorded number and `{see}` refers to an exhibit. One notebook can make many
pages, one for each run of the plan, with the same text on all: `{own}` quotes a number of the run
that a page shows, `{parameter}` gives one of its parameters, in a title too. A quoted number says
in the page which number it is (`data-value`, `data-number`), so that a test can hold every number
that a reader sees against the record.
"""

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.writers.html5 import HTML5Translator

from bookbuilder.site import record
from compendium.text import nearest

logger = logging.getLogger(__name__)
Result = tuple[list[nodes.Node], list[nodes.system_message]]


class quoted_number(nodes.Inline, nodes.TextElement):  # noqa: N801 - docutils names nodes so
    """A number of the record in the running text."""


class ValueRole(SphinxRole):
    """``{value}`run.name:.1f```: a number from `results/values.json`, never typed."""

    def run(self) -> Result:
        """Return the number, marked with its key and what is recorded under it."""
        try:
            text, number = record.format_value(self.text), record.value(self.text)
        except ValueError as error:
            logger.warning("%s", error, location=self.get_location())
            return [nodes.Text("?")], []
        if isinstance(number, str):  # words that a number decides
            return [nodes.Text(text)], []
        return [quoted_number(text, text, key=self.text, number=number)], []


class OwnRole(ValueRole):
    """``{own}`segments:,```: a number recorded by the run that this page shows."""

    def run(self) -> Result:
        """Return the number, marked with its full key."""
        self.text = f"{run_of(self.env.docname)}.{self.text}"
        return super().run()


class ParameterRole(SphinxRole):
    """``{parameter}`label```: the value of a parameter of the run that this page shows."""

    def run(self) -> Result:
        """Return the parameter as text."""
        try:
            text = str(parameter(run_of(self.env.docname), self.text))
        except ValueError as error:
            logger.warning("%s", error, location=self.get_location())
            text = "?"
        return [nodes.Text(text)], []


class SeeRole(SphinxRole):
    """``{see}`exhibit_name```: a link with the number of a table or figure as its text."""

    def run(self) -> Result:
        """Return the link, to be resolved across pages."""
        entry = record.exhibits().get(self.text)
        if entry is None:
            hint = nearest(self.text, record.exhibits())
            logger.warning("no exhibit '%s'; %s", self.text, hint, location=self.get_location())
            return [nodes.inline(self.text, self.text)], []
        text = nodes.inline(entry["label"], entry["label"], classes=["std", "std-ref"])
        return [cross_reference("ref", record.anchor(self.text), text, self.env.docname)], []


def cross_reference(kind: str, target: str, text: nodes.Node, page: str) -> nodes.Node:
    """Return a link of the standard domain, to be resolved when all pages have been read."""
    named = {"refdomain": "std", "reftype": kind, "reftarget": target, "refdoc": page}
    return addnodes.pending_xref("", text, **named, refexplicit=True, refwarn=True)


def run_of(page: str) -> str:
    """Return the run that a page of the book shows.

    Examples
    --------
    >>> run_of("notebooks/code_policy")
    'code_policy'
    """
    return page.rpartition("/")[2]


def parameter(run: str, name: str) -> Any:
    """Return a parameter of a run, as its exhibits recorded it.

    Raises
    ------
    ValueError
        When the run has recorded no exhibit, or has no such parameter.
    """
    recorded = [entry for entry in record.exhibits().values() if entry["run"] == run]
    if not recorded:
        raise ValueError(f"no exhibit of a run '{run}' is recorded")
    parameters: dict[str, Any] = recorded[0]["parameters"]
    if name not in parameters:
        raise ValueError(f"run '{run}' has no parameter '{name}'; {nearest(name, parameters)}")
    return parameters[name]


def _open_number(self: HTML5Translator, node: nodes.Element) -> None:
    key, _, form = node["key"].partition(":")
    marks = {"data-value": key, "data-number": str(node["number"]), "data-format": form}
    self.body.append(self.starttag(node, "span", "", CLASS="value", **marks))


def _close_number(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append("</span>")


def setup(app: Sphinx) -> None:
    """Register the roles and the node of a number."""
    app.add_node(quoted_number, html=(_open_number, _close_number))
    app.add_role("value", ValueRole())
    app.add_role("own", OwnRole())
    app.add_role("parameter", ParameterRole())
    app.add_role("see", SeeRole())
