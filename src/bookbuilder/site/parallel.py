"""In how many processes pages are read and written, which Jupyter Book cannot be asked for.

Each process begins as a copy of this one and hands back all that it has learnt of its pages, which
costs more than it saves where few pages are to be made.
"""

import os
from collections.abc import Collection

from sphinx.application import Sphinx

from compendium.context import PROCESSES_VARIABLE

#: With two processes, 38 pages took as long as with one, and all 77 took a tenth less (measured).
FEW = 40


def share_out(app: Sphinx, pages: Collection[str]) -> None:
    """Choose in how many processes pages are made.

    Parameters
    ----------
    app
        Reads and writes them.
    pages
        Names of the pages that are to be made.
    """
    wanted = int(os.environ.get(PROCESSES_VARIABLE, "1"))
    app.parallel = wanted if len(pages) > FEW else 1


def setup(app: Sphinx) -> None:
    """Choose before pages are read; `outdated` does so again where more are to be written.

    One extension of Jupyter Book only numbers sections, once all pages are read, but does not say
    that reading may be shared out; Sphinx would then read one page after the other.
    """
    app.setup_extension("sphinx_external_toc")
    app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True
    app.connect("env-before-read-docs", lambda app, _, pages: share_out(app, pages))
