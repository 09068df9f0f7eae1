"""Formulas as MathML, which browsers draw and screen readers speak: no script, no fonts."""

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


def mathml(tex: str, display: str = "inline") -> str:
    """Return a formula of TeX as a MathML element.

    Examples
    --------
    >>> mathml("x").startswith('<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"')
    True
    """
    return str(convert(tex, display=display))


def _inline(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def _block(self: HTML5Translator, node: nodes.math_block) -> None:
    # Each line of an aligned formula needs its environment, which TeX asks authors to spell out.
    tex = node.astext()
    tex = (
        rf"\begin{{aligned}}{tex}\end{{aligned}}" if r"\\" in tex and r"\begin" not in tex else tex
    )
    self.body.append(self.starttag(node, "div", CLASS="math"))
    self.body.append(f"{mathml(tex, 'block')}</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Put MathML in the place of MathJax, which Sphinx would load."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
