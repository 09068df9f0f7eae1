"""Pages that are written by the record: put where the page marks their place.

They go in as the page is read, not by a directive, so that their headings take part in the page's
contents and each table can be linked to.
"""

import csv
from collections.abc import Callable
from pathlib import Path

from sphinx.application import Sphinx

from bookbuilder.site import certificate, data_dictionary, index_entries, record
from compendium import files


def _dictionary() -> str:
    root = record.root()
    package = files.read_json(root / "data" / "datapackage.json")
    rows = {one["name"]: _rows(root / "data" / one["path"]) for one in package["resources"]}
    return data_dictionary.dictionary(package, rows)


def _rows(path: Path) -> int:
    """Count the rows of a table, which the build has checked before."""
    with path.open(encoding="utf-8", newline="") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1


def _certificate() -> str:
    root = record.root()
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    return certificate.certificate(record.exhibits(), record.values(), record.claims(), lock)


def _index() -> str:
    return index_entries.markdown(index_entries.entries())


INDEX = "<!-- the general index goes here -->"
#: What fills each mark.
INSERTS: dict[str, Callable[[], str]] = {
    "<!-- the data dictionary goes here -->": _dictionary,
    "<!-- the certificate goes here -->": _certificate,
    INDEX: _index,
}


def _insert(app: Sphinx, docname: str, source: list[str]) -> None:
    for mark, text in INSERTS.items():
        if mark in source[0]:
            source[0] = source[0].replace(mark, text())


def setup(app: Sphinx) -> None:
    """Connect to the reading of pages."""
    app.connect("source-read", _insert)
