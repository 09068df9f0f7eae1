"""Formulas as MathML, which browsers draw and screen readers speak: no script, no fonts."""

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


def _write(self: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    block, tex = isinstance(node, nodes.math_block), node.astext()
    # Each line of an aligned formula needs its environment, which TeX asks authors to spell out.
    if block and r"\\" in tex and r"\begin" not in tex:
        tex = rf"\begin{{aligned}}{tex}\end{{aligned}}"
    element = convert(tex, display="block" if block else "inline")
    box = self.starttag(node, "div", CLASS="math")
    self.body.append(f"{box}{element}</div>\n" if block else element)
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Put MathML in the place of MathJax, which Sphinx would load."""
    app.add_html_math_renderer("mathml", (_write, None), (_write, None))
