"""The `{question}` directive: a question whose answer the page checks against the record.

Its first paragraph asks, the others are a hint, folded. `book/_static/questions.js` puts a field or
choices between them; without it the hint and the solution of the exercise stay in reach.
"""

import json
from html import escape

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from bookbuilder.site import record

logger = logging.getLogger(__name__)


class QuestionDirective(SphinxDirective):
    """Ask for a recorded number or, among choices, for recorded words."""

    required_arguments = 1
    has_content = True
    option_spec = dict.fromkeys(("within", "unit", "choices"), directives.unchanged)

    def run(self) -> list[nodes.Node]:
        """Return the question, what its script needs, and the hint."""
        try:
            answer = record.value(self.arguments[0].strip())
        except ValueError as error:
            logger.warning("%s", error, location=self.get_location())
            return []
        choices = [one.strip() for one in self.options.get("choices", "").split("|") if one.strip()]
        if (isinstance(answer, str) or choices) and answer not in choices:
            logger.warning("'%s' is none of the choices", answer, location=self.get_location())
        known = {"answer": answer, "choices": choices, "unit": self.options.get("unit", "")}
        told = json.dumps(known | {"within": float(self.options.get("within", 0))})
        content = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, content)
        box = nodes.container("", content.children[0], classes=["question"])
        box += nodes.raw("", f'<div data-question="{escape(told)}"></div>', format="html")
        if len(content.children) > 1:
            box += nodes.raw("", "<details><summary>Hint</summary>", format="html")
            box += content.children[1:]
            box += nodes.raw("", "</details>", format="html")
        return [box]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("question", QuestionDirective)
