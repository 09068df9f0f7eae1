"""The `{data-dictionary}` directive: the contract of the data as a page."""

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from compendium import data
from compendium.site import dictionary, record


class DataDictionary(SphinxDirective):
    """Print every table of the contract: what it is, where it comes from, its fields."""

    def run(self) -> list[nodes.Node]:
        """Return the parsed dictionary."""
        root = record.root()
        rows = {name: len(data.load(name, root=root)) for name in data.names(root=root)}
        text = dictionary.dictionary(data.descriptor(root=root), rows)
        holder = nodes.section()
        holder.document = self.state.document
        lines = StringList(text.splitlines(), source="data/datapackage.json")
        self.state.nested_parse(lines, self.content_offset, holder)
        return holder.children


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("data-dictionary", DataDictionary)
