"""The `{asked}` directive: what rests on questions of the survey that other rows may not have.

Its content stands where all the questions that it names were asked; otherwise a sentence does. One
may also have been asked, but be answered so that a share would show few persons: then the numbers
that the content quotes are not on record.
"""

import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from bookbuilder.site import marked, record
from compendium import data

NOT_ASKED = "The survey rows in place hold no answers to {}, so this part is left out."
WITHHELD = "Too few persons stand behind an answer to {}, so this part is left out."
VALUE = re.compile(r"\{value\}`([\w.]+)")


class AskedDirective(SphinxDirective):
    """Show the content, or say which of the questions was not asked, or has too few answers."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the content, or the sentence that stands in its place."""
        content, named = self.content, self.arguments[0].split()
        asked = set(data.load("instrument", record.root())["item_id"])
        missing = [item for item in named if item not in asked]
        whole = record.values().keys() >= {*VALUE.findall("\n".join(content))}
        if missing or (self.env.app.tags.has(marked.TAG) and not whole):
            wording = data.load("epic_items", record.root()).set_index("item_id")["wording"]
            told = " and ".join(f"*{wording[one].rstrip('.')}* ({one})" for one in missing or named)
            said = (NOT_ASKED if missing else WITHHELD).format(told)
            content = StringList([said], source=self.content.source(0))
        found = nodes.Element()
        self.state.nested_parse(content, self.content_offset, found)
        return found.children


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("asked", AskedDirective)
