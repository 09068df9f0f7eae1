"""Four roles for prose: numbers, exhibits, and what a page says of its own run.

`{value}` quotes a recorded number and `{see}` refers to an exhibit. One notebook can make many
pages, one for each run of the plan, with the same text on all: `{own}` quotes a number of the run
that a page shows, `{parameter}` gives one of its parameters, in a title too. A quoted number says
in the page which number it is (`data-value`, `data-number`), so that a test can hold every number
that a reader sees against the record.
"""

from collections.abc import Callable

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.writers.html5 import HTML5Translator

from bookbuilder.site import record
from bookbuilder.site.exhibit import element

logger = logging.getLogger(__name__)


class quoted_number(nodes.Inline, nodes.TextElement):  # noqa: N801 - docutils names nodes so
    """A number of the record in the running text."""


class RecordRole(SphinxRole):
    """A role that names something of the record; what the record does not hold is a warning.

    `named` returns the node for the text of the role on a page, or raises ValueError.
    """

    def __init__(self, named: Callable[[str, str], nodes.Node]) -> None:
        super().__init__()
        self.named = named

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return what is named."""
        try:
            return [self.named(self.text, self.env.docname)], []
        except ValueError as error:
            logger.warning("%s", error, location=self.get_location())
            return [nodes.Text("?")], []


def value(text: str, page: str) -> nodes.Node:
    """Return a number from `results/values.json`, as in ``{value}`run.name:.1f```, or words."""
    shown, number = record.format_value(text), record.value(text)
    if isinstance(number, str):  # words that a number decides
        return nodes.Text(shown)
    return quoted_number(shown, shown, key=text, number=number)


def own(text: str, page: str) -> nodes.Node:
    """Return a number that the run of a page recorded, as in ``{own}`segments:,```."""
    return value(f"{run_of(page)}.{text}", page)


def parameter(text: str, page: str) -> nodes.Node:
    """Return the value of a parameter of the run of a page, as in ``{parameter}`label```."""
    return nodes.Text(str(record.parameter(run_of(page), text)))


def see(text: str, page: str) -> nodes.Node:
    """Return a link with the number of an exhibit as its text, as in ``{see}`exhibit_name```."""
    label = record.exhibit(text)["label"]
    words = nodes.inline(label, label, classes=["std", "std-ref"])
    return cross_reference("ref", record.anchor(text), words, page)


def cross_reference(kind: str, target: str, text: nodes.Node, page: str) -> nodes.Node:
    """Return a link of the standard domain, to be resolved when all pages have been read."""
    named = {"refdomain": "std", "reftype": kind, "reftarget": target, "refdoc": page}
    return addnodes.pending_xref("", text, **named, refexplicit=True, refwarn=True)


def run_of(page: str) -> str:
    """Return the run that a page of the book shows: `x` for `notebooks/x`."""
    return page.rpartition("/")[2]


def _open_number(self: HTML5Translator, node: nodes.Element) -> None:
    key, _, form = node["key"].partition(":")
    marks = {"data-value": key, "data-number": str(node["number"]), "data-format": form}
    self.body.append(self.starttag(node, "span", "", CLASS="value", **marks))


def setup(app: Sphinx) -> None:
    """Register the roles and the node of a number."""
    app.add_node(quoted_number, html=(_open_number, element("span")[1]))
    for named in (value, own, parameter, see):
        app.add_role(named.__name__, RecordRole(named))
