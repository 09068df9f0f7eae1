"""Pages that are written by the record: put where the page marks their place.

They go in as the page is read, not by a directive, so that their headings take part in the page's
contents and each table can be linked to.
"""

from collections.abc import Callable

from sphinx.application import Sphinx

from compendium import data, files
from compendium.site import certificate, dictionary, general_index, record


def _dictionary() -> str:
    root = record.root()
    rows = {name: len(data.load(name, root=root)) for name in data.names(root=root)}
    return dictionary.dictionary(files.read_json(root / "data" / "datapackage.json"), rows)


def _certificate() -> str:
    root = record.root()
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    return certificate.certificate(record.exhibits(), record.values(), record.claims(), lock)


def _index() -> str:
    return general_index.markdown(general_index.entries())


#: What fills each mark.
INSERTS: dict[str, Callable[[], str]] = {
    "<!-- the data dictionary goes here -->": _dictionary,
    "<!-- the certificate goes here -->": _certificate,
    "<!-- the general index goes here -->": _index,
}


def _insert(app: Sphinx, docname: str, source: list[str]) -> None:
    for mark, text in INSERTS.items():
        if mark in source[0]:
            source[0] = source[0].replace(mark, text())


def setup(app: Sphinx) -> None:
    """Connect to the reading of pages."""
    app.connect("source-read", _insert)
