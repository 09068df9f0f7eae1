"""Say how long the cells of a notebook take in a kernel that has run them before.

That is what the notebook computes itself: everything is imported, nothing is started. Started like
`one.py`, with the name of a run; prints seconds.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from one import prepare


def main(name: str) -> None:
    """Run the cells twice in one kernel and print the seconds of the second time."""
    root = Path.cwd()
    told = json.loads((root / "workflow" / f"{name}.json").read_text(encoding="utf-8"))
    notebook = nbformat.read(root / told["context"]["notebook"], as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    resources = {"metadata": {"path": str(root / "notebooks")}}
    client = NotebookClient(notebook, kernel_name="python3", resources=resources)
    with tempfile.TemporaryDirectory() as folder:
        environment = prepare(told, root, Path(folder), os.environ)
        del environment["COMPENDIUM_RUN"]  # outside of a run cells may be run again
        with client.setup_kernel(env=environment):
            for _ in range(2):
                began = time.perf_counter()
                for number, cell in enumerate(notebook.cells):
                    client.execute_cell(cell, number)
                seconds = time.perf_counter() - began
    print(seconds)


if __name__ == "__main__":
    main(sys.argv[1])
