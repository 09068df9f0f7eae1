"""Saying where a notebook failed: the cell as its author counts it, the line, and the fault."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from bookbuilder.plan import PLAN, Run, notebook

ANSI = re.compile(r"\x1b\[[0-9;]*m")
#: How a traceback names a line of a cell; and of a file.
IN_CELL = re.compile(
    r'^\s*(?:File )?(?:<cell>:|"<cell>", line |Cell \S+,? line )(\d+)', re.MULTILINE
)
IN_FILE = re.compile(r'^\s*File "?([^"\n]+?\.py)(?:"?, line |:)(\d+)', re.M)
OF_SYNTAX = ("SyntaxError", "IndentationError", "TabError")


class RunError(RuntimeError):
    """A notebook did not finish; says which cell, why, and where its executed copy is."""


def unfinished(run: Run, root: Path, cells: list[Any], ended: Collection[int] = ()) -> str:
    """Return what is wrong with the cells of an executed copy; empty when all code was executed.

    papermill lets a notebook pass that ends itself (`sys.exit(0)`): the cells behind it were never
    executed. `ended` has the positions of cells that asked the kernel to end.
    """
    ends = "the cell ends the notebook (quit, exit); take that out"
    for index, cell in enumerate(cells):
        if index in ended:
            return f"{place(run, root, index, cell.source)}: {ends}"
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                return failed_cell(run, root, index, cell.source, output)
        if cell.execution_count is None:
            where = place(run, root, index, cell.source)
            return f"{where}: was never executed, because a cell before it ended the kernel"
    return ""


def failed_cell(run: Run, root: Path, index: int, source: str, error: Any) -> str:
    """Return a sentence on the cell that failed, with the line and the kernel's error.

    `index` is the position of the cell in the executed copy.
    """
    where = place(run, root, index, source, _line(error, source))
    text = f"{error.ename}: {error.evalue}".removesuffix(": ")
    if error.ename == "SystemExit":
        text = "the cell ends the notebook (sys.exit, quit or SystemExit); take that out"
    if error.ename in OF_SYNTAX and (found := _file(error, root)):
        text = f"{found}: {error.ename}: {error.evalue}"
    if error.ename.endswith("MemoryError") and run.memory:
        text += f"; {memory_limit(run)}"
    return f"{where}: {text}"


def memory_limit(run: Run) -> str:
    """Return how much memory a run may use, and where that is written."""
    return f"the run may use {run.memory:g} MB, see 'memory:' under '{run.name}' in {PLAN}"


def place(run: Run, root: Path, index: int, source: str, line: int | None = None) -> str:
    """Name a cell as its author counts it, without the one that holds the run's parameters."""
    number = notebook.number(root / run.source, index)
    lines = source.strip("\n").splitlines()
    shown = (
        lines[line - 1] if line and line <= len(lines) else (source.strip().splitlines() or [""])[0]
    )
    at = f", line {line}" if line else ""
    return f"{run.source.as_posix()}, cell {number}{at} ({shown.strip()})"


def _traceback(error: Any) -> str:
    return ANSI.sub("", "\n".join(error.traceback or ()))


def _line(error: Any, source: str) -> int | None:
    """Return the line of the cell at which its error came up."""
    of_syntax = re.findall(r"\(<cell>, line (\d+)\)", error.evalue)
    found = of_syntax or IN_CELL.findall(_traceback(error))
    return int(found[-1]) if found else None


def _file(error: Any, root: Path) -> str:
    """Return the last file of the project that a traceback names, with the line."""
    found = IN_FILE.findall(_traceback(error))
    if not found:
        return ""
    path, line = found[-1]
    inside = Path(path)
    if inside.is_absolute() and inside.is_relative_to(root):
        inside = inside.relative_to(root)
    return f"{inside.as_posix()}, line {line}"
