"""The Sphinx extension of the book: what Jupyter Book does not know about this project.

`{exhibit}` shows a recorded table or figure with its number, downloads and provenance; `{value}`
quotes a recorded number; `{see}` refers to an exhibit by its number; the contract fills the data
dictionary, the record fills the certificate; terms of the glossary are linked; the general index
finds its places in the pages. A name that the record does not hold is a warning, and a warning
fails the build.
"""

from typing import Any

from sphinx.application import Sphinx

from bookbuilder.site import (
    citations,
    exhibit,
    explorer,
    inserts,
    locators,
    outdated,
    own,
    pages,
    processes,
    publication,
    quote,
    search,
    terms,
)
from compendium import __version__


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    citations.setup(app)
    exhibit.setup(app)
    explorer.setup(app)
    quote.setup(app)
    own.setup(app)
    inserts.setup(app)
    locators.setup(app)
    outdated.setup(app)
    pages.setup(app)
    processes.setup(app)
    publication.setup(app)
    search.setup(app)
    terms.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
