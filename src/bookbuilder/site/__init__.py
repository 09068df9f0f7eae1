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
    addresses,
    citations,
    exhibit,
    explorer,
    generated,
    glossary,
    html_repairs,
    index_links,
    outdated,
    parallel,
    run_roles,
    search_index,
    value_roles,
)
from compendium import __version__


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    citations.setup(app)
    exhibit.setup(app)
    explorer.setup(app)
    value_roles.setup(app)
    run_roles.setup(app)
    generated.setup(app)
    index_links.setup(app)
    outdated.setup(app)
    html_repairs.setup(app)
    parallel.setup(app)
    addresses.setup(app)
    search_index.setup(app)
    glossary.setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
