"""The Sphinx extension of the book: what Jupyter Book does not know about this project.

`{exhibit}` shows a recorded table or figure with its number, downloads and provenance; `{value}`
quotes a recorded number; `{see}` refers to an exhibit by its number; the contract fills the data
dictionary, the record fills the certificate; terms of the glossary are linked; the general index
finds its places in the pages. A name that the record does not hold is a warning, and a warning
fails the build.
"""

import os
from typing import Any

from sphinx.application import Sphinx

from compendium import __version__
from compendium.context import PROCESSES_VARIABLE
from compendium.site import (
    citations,
    exhibit,
    explorer,
    inserts,
    locators,
    outdated,
    own,
    pages,
    publication,
    quote,
    search,
    terms,
)


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
    publication.setup(app)
    search.setup(app)
    terms.setup(app)
    _share_out(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _share_out(app: Sphinx) -> None:
    """Read and write pages in several processes, which Jupyter Book cannot be asked for.

    One extension that it brings along only numbers sections, once all pages are read, but does not
    say that reading may be shared out; Sphinx would then read one page after the other.
    """
    app.parallel = int(os.environ.get(PROCESSES_VARIABLE, "1"))
    app.setup_extension("sphinx_external_toc")
    app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True
