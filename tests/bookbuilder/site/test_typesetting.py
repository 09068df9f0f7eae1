"""The list of references stands in the order of its authors, family name first."""

import pytest
from pybtex.database import BibliographyData, parse_string
from pybtex.style.formatting.plain import Style as PlainStyle

from bookbuilder.site.typesetting import ListStyle

WORKS = """
@book{w, author = {E. B. Wilson}, title = {W}, publisher = {P}, year = 1927}
@book{e, author = {{Education Collaborative}}, title = {E}, publisher = {P}, year = 2021}
@book{b, author = {Nick Brown}, title = {B}, publisher = {P}, year = 2017}
"""


@pytest.fixture
def works() -> BibliographyData:
    return parse_string(WORKS, "bibtex")


def keys(style: PlainStyle, works: BibliographyData) -> list[str]:
    return [entry.key for entry in style.format_bibliography(works)]


def test_a_body_stands_among_persons(works: BibliographyData) -> None:
    assert keys(ListStyle(), works) == ["b", "e", "w"]


def test_the_usual_style_puts_a_body_last(works: BibliographyData) -> None:
    assert keys(PlainStyle(), works) == ["b", "w", "e"]


def test_the_family_name_comes_first(works: BibliographyData) -> None:
    entry = next(iter(ListStyle().format_bibliography(works)))
    assert str(entry.text).startswith("Brown, N")


def test_given_names_are_initials(works: BibliographyData) -> None:
    assert str(next(iter(ListStyle().format_bibliography(works))).text).startswith("Brown, N.")
    assert str(next(iter(PlainStyle().format_bibliography(works))).text).startswith("Nick Brown.")
