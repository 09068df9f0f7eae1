"""The process that renders the book: Jupyter Book, started early and told later what to do.

Importing Jupyter Book, Sphinx, the theme and our extension takes seconds. A build starts the
process with the first notebooks, to import while they run; it then waits for one line of JSON
with its arguments and what to add to its environment. It ends with the build, whatever happens.
"""

import json
import os
import subprocess
import sys
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
order = json.loads(sys.stdin.readline() or "null")
if order is None:
    os._exit(0)
os.environ.update(order["environment"])
sys.argv[1:] = order["arguments"]
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
    """Renders the book of a project once, in a process of its own; a context manager around it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Return the renderer; nothing is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, whatever it is at."""
        self.stop()
        if self._process is not None:
            with self._process:  # waits for it and closes its pipes
                self._process = None

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
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def stop(self) -> None:
        """Kill the process; what waits for it hears that it has ended."""
        if self._process is not None:
            self._process.kill()

    def render(self, arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str]:
        """Have Jupyter Book do something, with variables added to its environment.

        Returns the status it ended with, and all that it said.
        """
        self.begin()
        assert self._process is not None
        order = json.dumps({"arguments": arguments, "environment": dict(environment)})
        log, _ = self._process.communicate(order.encode() + b"\n")
        return self._process.returncode, log.decode("utf-8", errors="replace")
