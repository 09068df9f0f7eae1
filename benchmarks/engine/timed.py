"""Run papermill's command line, or ours, and note where the time of its notebooks goes.

Times what nbclient and papermill do for each notebook: start the kernel, run the cells (those that
import apart), write the notebook, end the kernel. At the end one line of JSON with the sums over
all notebooks of this process is added to the file that `ENGINE_PHASES` names.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

IMPORTS = re.compile(r"^(import|from) ", re.MULTILINE)
LOCK = threading.Lock()
PHASES = dict.fromkeys(["kernel", "imports", "cells", "writing", "shutdown"], 0.0)
FOUND: dict[str, float] = {"notebooks": 0}


def add(phase: str, seconds: float) -> None:
    """Count seconds; notebooks run in threads."""
    with LOCK:
        PHASES[phase] += seconds


def timing(owner: Any, name: str, phase: Callable[..., str]) -> None:
    """Replace a function or method by itself with a clock."""
    work = getattr(owner, name)

    @functools.wraps(work)
    def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return work(*given, **named)
        finally:
            add(phase(*given), time.perf_counter() - began)

    setattr(owner, name, timed)


def watch() -> None:
    """Put clocks on what nbclient and papermill do."""
    from nbclient import NotebookClient
    from papermill import engines, execute

    first = NotebookClient.start_new_kernel

    @functools.wraps(first)
    def started(*given: Any, **named: Any) -> Any:
        with LOCK:
            FOUND["notebooks"] += 1
            FOUND.setdefault("asked", time.time())
        return first(*given, **named)

    NotebookClient.start_new_kernel = started
    timing(NotebookClient, "start_new_kernel", lambda *_: "kernel")
    timing(NotebookClient, "start_new_kernel_client", lambda *_: "kernel")
    timing(NotebookClient, "_cleanup_kernel", lambda *_: "shutdown")
    timing(NotebookClient, "execute_cell", kind_of_cell)
    for module in (engines, execute):
        timing(module, "write_ipynb", lambda *_: "writing")


def kind_of_cell(_: Any, cell: Any, *rest: Any) -> str:
    """Say whether a cell imports anything.

    Examples
    --------
    >>> kind_of_cell(None, {"source": "import pandas as pd"})
    'imports'
    >>> kind_of_cell(None, {"source": "important = 1"})
    'cells'
    """
    return "imports" if IMPORTS.search(cell["source"]) else "cells"


def main() -> None:
    """Watch and run; the words after the name of the program are its own."""
    began = float(os.environ["ENGINE_BEGAN"])
    program = {"papermill": "papermill.cli:papermill", "compendium": "bookbuilder.cli:main"}
    module, _, function = program[sys.argv[1]].partition(":")
    sys.argv = sys.argv[1:]
    if sys.argv[0] == "papermill":
        watch()
        run = getattr(importlib.import_module(module), function)
    else:
        run = getattr(importlib.import_module(module), function)
        watch()
    try:
        sys.exit(run())
    finally:
        found = FOUND | {"start": FOUND.get("asked", time.time()) - began}
        with Path(os.environ["ENGINE_PHASES"]).open("a") as file:
            file.write(json.dumps(PHASES | found) + "\n")


if __name__ == "__main__":
    main()
