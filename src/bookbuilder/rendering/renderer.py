"""The process that renders the book: Jupyter Book, started early and told later what to do.

Importing Jupyter Book, Sphinx, the theme and our extension takes seconds. A build starts the
process with the first notebooks, to import while they run; it then waits for one line of JSON
with its arguments and what to add to its environment. It ends with the build, whatever happens.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from compendium.context import ROOT_VARIABLE

#: The package of Jupyter Book has no __main__.
IMPORTS = """\
import json, os, sys
import bookbuilder.site, myst_nb.sphinx_ext, sphinx.builders.html, sphinx.ext.intersphinx
import sphinx_book_theme, sphinx_design, sphinx_external_toc, sphinxcontrib.bibtex
from jupyter_book.cli.main import main
"""
START = f"""{IMPORTS}\
told = json.loads(sys.stdin.readline() or "null")
if told is None:
    os._exit(0)
os.environ.update(told["environment"])
sys.argv[1:] = told["arguments"]
status = 0
try:
    main()
except SystemExit as end:
    status = end.code or 0
sys.stdout.flush()
os._exit(status)  # to take all of it down in good order takes a second, for nothing
"""
#: Two renderings of the same give the same bytes.
REPEATABLE = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "1767225600"}


class Renderer:
    """Renders a book once, in a process of its own.

    Parameters
    ----------
    root
        The project's folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._process: subprocess.Popen[bytes] | None = None
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__

    def __enter__(self) -> Self:
        """Return the renderer; nothing is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, whatever it is at."""
        self.stop()
        if self._process is not None:
            self._process.communicate()
        self._log.close()

    def begin(self) -> None:
        """Start the process, to import while there is other work to do; once is enough."""
        if self._process is not None:
            return
        environment = os.environ | REPEATABLE | {ROOT_VARIABLE: str(self.root)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # without it every import is slow
        self._process = subprocess.Popen(
            [sys.executable, "-c", START],
            cwd=self.root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def stop(self) -> None:
        """Kill the process; what waits for it hears that it has ended."""
        if self._process is not None:
            self._process.kill()

    def render(self, arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str]:
        """Have Jupyter Book do something.

        Parameters
        ----------
        arguments
            Of its command line.
        environment
            Variables to set besides.

        Returns
        -------
        tuple
            The status it ended with, and all that it said.
        """
        self.begin()
        assert self._process is not None
        told = {"arguments": arguments, "environment": dict(environment)}
        self._process.communicate(json.dumps(told).encode() + b"\n")
        status, self._process = self._process.returncode, None
        self._log.seek(0)
        return status, self._log.read().decode("utf-8", errors="replace")
