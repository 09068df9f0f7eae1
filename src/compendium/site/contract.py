"""The page *Data dictionary*: the contract of the data, put where the page marks its place.

It goes in as the page is read, not by a directive, so that its headings take part in the page's
contents and each table can be linked to.
"""

from sphinx.application import Sphinx

from compendium import data, files
from compendium.site import dictionary, record

MARK = "<!-- the data dictionary goes here -->"


def _insert(app: Sphinx, docname: str, source: list[str]) -> None:
    if MARK not in source[0]:
        return
    root = record.root()
    rows = {name: len(data.load(name, root=root)) for name in data.names(root=root)}
    package = files.read_json(root / "data" / "datapackage.json")
    source[0] = source[0].replace(MARK, dictionary.dictionary(package, rows))


def setup(app: Sphinx) -> None:
    """Connect to the reading of pages."""
    app.connect("source-read", _insert)
