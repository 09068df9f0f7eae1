"""Saying where a notebook failed: the cell as its author counts it, the line, and the fault."""

import re
from pathlib import Path

from nbclient.exceptions import CellExecutionError, CellTimeoutError

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


def fault(
    run: Run, root: Path, index: int, source: str, error: Exception | None = None
) -> RunError:
    """Return how the execution of a notebook ended at a cell; without an error, the cell ended it.

    `index` is the position of the cell in the executed copy.
    """
    line, text = None, "the cell ends the notebook (sys.exit, quit or SystemExit); take that out"
    limit = ""
    if run.memory:
        limit = f"; the run may use {run.memory:g} MB, see 'memory:' under '{run.name}' in {PLAN}"
    if isinstance(error, CellExecutionError):
        line = _line(error)
        if error.ename != "SystemExit":
            text = f"{error.ename}: {error.evalue}".removesuffix(": ")
        if error.ename in OF_SYNTAX and (found := _file(error, root)):
            text = f"{found}: {text}"
        if error.ename.endswith("MemoryError"):
            text += limit
    elif isinstance(error, CellTimeoutError):
        text = (
            f"the notebook was stopped after {run.seconds:g} seconds; if it needs longer, "
            f"write 'seconds:' with a larger number under '{run.name}' in {PLAN}"
        )
    elif error:
        text = (
            "the kernel died; so it does when a cell ends it (os._exit), when memory is used up, "
            f"or when a library crashes{limit}"
        )
    # The cell as its author counts it, without the one that holds the run's parameters.
    number, lines = notebook.number(root / run.source, index), source.strip("\n").splitlines()
    at = f", line {line}" if line else ""
    shown = lines[line - 1] if line and line <= len(lines) else source.strip().split("\n")[0]
    return RunError(f"{run.source.as_posix()}, cell {number}{at} ({shown.strip()}): {text}")


def _line(error: CellExecutionError) -> int | None:
    """Return the line of the cell at which its error came up."""
    of_syntax = re.findall(r"\(<cell>, line (\d+)\)", error.evalue)
    found = of_syntax or IN_CELL.findall(ANSI.sub("", error.traceback))
    return int(found[-1]) if found else None


def _file(error: CellExecutionError, root: Path) -> str:
    """Return the last file of the project that a traceback names, with the line."""
    found = IN_FILE.findall(ANSI.sub("", error.traceback))
    if not found:
        return ""
    path, line = found[-1]
    inside = Path(path)
    if inside.is_absolute() and inside.is_relative_to(root):
        inside = inside.relative_to(root)
    return f"{inside.as_posix()}, line {line}"
