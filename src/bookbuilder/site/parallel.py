"""In how many processes pages are read and written, which Jupyter Book cannot be asked for.

Each process begins as a copy of this one and hands back all that it has learnt of its pages, which
costs more than it saves where few pages are to be made.
"""

import os
from collections.abc import Collection

from sphinx.application import Sphinx

from compendium.context import PROCESSES_VARIABLE

#: With two processes, 38 pages took as long as with one, and all 77 took a tenth less (measured).
MIN_PAGES = 41


def set_processes(app: Sphinx, pages: Collection[str]) -> None:
    """Choose in how many processes some pages are made."""
    wanted = int(os.environ.get(PROCESSES_VARIABLE, "1"))
    app.parallel = wanted if len(pages) >= MIN_PAGES else 1


def setup(app: Sphinx) -> None:
    """Choose before pages are read; `outdated` does so again where more are to be written.

    One extension of Jupyter Book only numbers sections, once all pages are read, but does not say
    that reading may be shared out; Sphinx would then read one page after the other.
    """
    app.setup_extension("sphinx_external_toc")
    app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True
    app.connect("env-before-read-docs", lambda app, _, pages: set_processes(app, pages))
