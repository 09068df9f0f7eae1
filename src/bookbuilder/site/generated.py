"""Sections of the book that tables, record and contract write, where a page marks their place.

They go in as the page is read, not by a directive, so that their headings take part in the page's
contents and each table can be linked to. Labels and definitions of codes come from the tables that
the plan makes the runs of, and stand nowhere else.
"""

import csv
import re
from collections.abc import Callable
from itertools import groupby

from sphinx.application import Sphinx

from bookbuilder import certificate, documents
from bookbuilder.plan import families
from bookbuilder.site import record, takeaway
from compendium import data
from compendium.data.contract import read_contract

HASH_DIGITS = 12  # of the certificate in the book, which must fit a telephone


def codes() -> str:
    """Return every code with its definition and counts, under a heading for each category."""
    rows = families.rows("codes_{category:slug}", "codebook", read_contract(record.root()))
    for row in rows:
        row["run"] = families.fill("codes_{category:slug}", row)
    groups = [(name, list(group)) for name, group in groupby(rows, lambda row: row["category"])]
    return documents.fill("codes.md", categories=groups)


def districts() -> str:
    """Return links to the surveyed districts, then a section for each with all that is known."""
    surveyed = {"table": "epic_districts", "where": {"surveyed": True}}
    rows = families.rows("{district:slug}", surveyed, read_contract(record.root()))
    for row in rows:
        row["slug"] = families.fill("{district:slug}", row)
    return documents.fill("districts.md", districts=rows)


def chart() -> str:
    """Return the picture of the front page: survey statements and the teachers who speak of them.

    It is a table whose cells hold a bar and dots, so that its text is text at any width and is read
    aloud as a table.
    """
    with record.data_file("findings_statements", "table").open(encoding="utf-8") as stream:
        table = documents.fill("chart.html", rows=list(csv.DictReader(stream)))
    return f"```{{raw}} html\n{table}\n```"


def dictionary() -> str:
    """Return the data dictionary: the contract of the data as a page that people read."""
    described = data.descriptor(record.root())
    folder = record.root() / "data"
    rows = {t["name"]: certificate.count_rows(folder / t["path"]) for t in described["resources"]}
    return documents.fill("dictionary.md", package=described, rows=rows)


def rebuilt() -> str:
    """Return the certificate of the book."""
    found = (record.exhibits(), record.values(), record.claims())
    shown = certificate.contents(record.root(), *found, HASH_DIGITS)
    return documents.render("record.md", "book", **shown)


#: What writes the section at each mark.
SECTIONS: dict[str, Callable[[], str]] = {
    "<!-- the data dictionary goes here -->": dictionary,
    "<!-- the certificate goes here -->": rebuilt,
    "<!-- the codes go here -->": codes,
    "<!-- the districts go here -->": districts,
    "<!-- the references to cite go here -->": takeaway.references,
    "<!-- the chart of the findings goes here -->": chart,
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
