"""Sections of the book that the record and the contract write, where a page marks their place.

They go in as the page is read, not by a directive, so that their headings take part in the page's
contents and each table can be linked to.
"""

import re
from collections.abc import Callable

from sphinx.application import Sphinx

from bookbuilder import certificate, documents
from bookbuilder.site import data_dictionary, families, front, record, takeaway
from compendium import data

HASH_DIGITS = 12  # of the certificate in the book, which must fit a telephone


def _dictionary() -> str:
    described = data.descriptor(record.root())
    folder = record.root() / "data"
    rows = {t["name"]: certificate.count_rows(folder / t["path"]) for t in described["resources"]}
    return data_dictionary.dictionary(described, rows)


def _certificate() -> str:
    found = (record.exhibits(), record.values(), record.claims())
    shown = certificate.contents(record.root(), *found, HASH_DIGITS)
    return documents.render("record.md", "book", **shown)


#: What writes the section at each mark.
SECTIONS: dict[str, Callable[[], str]] = {
    "<!-- the data dictionary goes here -->": _dictionary,
    "<!-- the certificate goes here -->": _certificate,
    "<!-- the codes go here -->": families.codes,
    "<!-- the districts go here -->": families.districts,
    "<!-- the references to cite go here -->": takeaway.references,
    "<!-- the chart of the findings goes here -->": front.chart,
}


#: Cells of parameters, and others of code without a tag, are folded like the rest.
PARAMETERS = re.compile(r'("tags": \[\s*"(?:injected-)?parameters")')
UNTAGGED = re.compile(r'("cell_type": "code",(?:(?!"cell_type").)*?"tags": \[)(?=\])', re.S)


def _insert(app: Sphinx, docname: str, source: list[str]) -> None:
    source[0] = PARAMETERS.sub(r'\1, "hide-input"', UNTAGGED.sub(r'\1"hide-input"', source[0]))
    for mark, write in SECTIONS.items():
        if mark in source[0]:
            source[0] = source[0].replace(mark, write())


def setup(app: Sphinx) -> None:
    """Connect to the reading of pages."""
    app.connect("source-read", _insert)
