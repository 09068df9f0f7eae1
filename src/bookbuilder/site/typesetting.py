"""How citations, the list of references and formulas are set.

Citations are by author and year in round brackets, as journals of the field print them. The list of
references is in the order of the names that citations give, family name first, bodies among
persons. Its labels, numbers that no citation uses, are left out by the style sheet. Formulas are
MathML, which browsers draw and screen readers speak: no script, no fonts.
"""

from dataclasses import dataclass, field
from functools import cache, partial
from importlib.metadata import entry_points
from typing import Any

import pybtex.plugin
from docutils import nodes
from latex2mathml.converter import convert
from pybtex.database import Person
from pybtex.plugin import register_plugin as register_with_pybtex
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.names.lastfirst import NameStyle as FamilyNameFirst
from pybtex.style.sorting.author_year_title import SortingStyle
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

#: What `bibtex_reference_style` calls it.
STYLE = "author_year_round"
#: What `bibtex_default_style` calls the list.
LIST = "by_author"
ROUND = partial(BracketStyle, left="(", right=")")


@dataclass
class RoundReferenceStyle(AuthorYearReferenceStyle):
    """Author and year, (Kish, 1965) or Kish (1965)."""

    bracket_parenthetical: BracketStyle = field(default_factory=ROUND)
    bracket_textual: BracketStyle = field(default_factory=ROUND)


class ByAuthor(SortingStyle):
    """Order by author, where the braces around the name of a body are no letters."""

    def person_key(self, person: Person) -> str:
        """Return what a person or body is sorted by."""
        return str(super().person_key(person)).replace("{", "").replace("}", "")


class ListStyle(PlainStyle):
    """The list of references, by author, family name first and given names as initials."""

    default_name_style = FamilyNameFirst
    default_sorting_style = ByAuthor

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"abbreviate_names": True}))


def _write_formula(self: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    block, tex = isinstance(node, nodes.math_block), node.astext()
    # Each line of an aligned formula needs its environment, which TeX asks authors to spell out.
    if block and r"\\" in tex and r"\begin" not in tex:
        tex = rf"\begin{{aligned}}{tex}\end{{aligned}}"
    element = convert(tex, display="block" if block else "inline")
    box = self.starttag(node, "div", CLASS="math")
    self.body.append(f"{box}{element}</div>\n" if block else element)
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Make the styles known before the references are read; put MathML in the place of MathJax."""
    # For each citation pybtex looks through all packages that are installed, some 30 ms.
    pybtex.plugin.entry_points = cache(entry_points)
    register_with_pybtex("pybtex.style.formatting", LIST, ListStyle, force=True)
    register_plugin("sphinxcontrib.bibtex.style.referencing", STYLE, RoundReferenceStyle)
    app.add_html_math_renderer("mathml", (_write_formula, None), (_write_formula, None))
