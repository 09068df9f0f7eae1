"""The Sphinx extension of the book: what Jupyter Book does not know about this project.

`{exhibit}` shows a recorded table or figure with its number, downloads and provenance; `{value}`
quotes a recorded number; `{see}` refers to an exhibit by its number; the contract fills the data
dictionary, the record fills the certificate; terms of the glossary are linked. A name that the
record does not hold is a warning, and a warning fails the build.
"""

from typing import Any

from sphinx.application import Sphinx

from bookbuilder.site import (
    addresses,
    exhibit,
    finishing,
    generated,
    glossary,
    interactive,
    marked,
    outdated,
    roles,
    search,
    typesetting,
)
from compendium import __version__


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    for part in (
        *(typesetting, exhibit, interactive, roles, generated, search, outdated),
        *(finishing, addresses, glossary, marked),
    ):
        part.setup(app)
    return {"version": __version__}
