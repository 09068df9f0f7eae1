"""How a run ends: its staging folder takes the place of former results, or a fault says where.

What differs from run to run is taken out of an executed notebook: times, addresses, random ids. A
fault names the cell as its author counts it, the line, and what is wrong.
"""

import re
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from bookbuilder.plan import PLAN, Run, notebook
from compendium import context, files

#: Where executed copies are kept of notebooks that failed.
FAILED = Path("_build/failed")
#: In the staging folder: the executed notebook, its record, and what its kernel wrote besides.
EXECUTED, RECORD, LOG = "page.ipynb", "record.json", "kernel.log"
# Each begins with what is rarely there: a search for a boundary would stop at every word.
ADDRESS = re.compile(r"at 0x(?<=\bat 0x)[0-9a-fA-F]+")
#: What pandas draws at random for a styled table.
STYLED = re.compile(r"T_(?<=\bT_)[0-9a-f]{5}(?=_|\b)")
ANSI = re.compile(r"\x1b\[[0-9;]*m")
#: How a traceback names a line of a cell; and of a file.
IN_CELL = re.compile(
    r'^\s*(?:File )?(?:<cell>:|"<cell>", line |Cell \S+,? line )(\d+)', re.MULTILINE
)
IN_FILE = re.compile(r'^\s*File "?([^"\n]+?\.py)(?:"?, line |:)(\d+)', re.M)
OF_SYNTAX = ("SyntaxError", "IndentationError", "TabError")


class RunError(RuntimeError):
    """A notebook did not finish; says which cell, why, and where its executed copy is."""


def keep_failed(run: Run, root: Path, executed: Any = None) -> str:
    """Keep the executed copy of a run that failed, and say where it is."""
    if executed is None:
        return "no cell was executed"
    copy = FAILED / f"{run.name}.ipynb"
    files.write_text(root / copy, nbformat.writes(executed, version=4))
    return f"the executed copy, up to that cell, is {copy.as_posix()}"


def check_products(run: Run, stage: Path) -> None:
    """Refuse a run that has not recorded every exhibit it declares."""
    recorded = context.recorded(stage)["exhibits"]
    missing = [name for name in (*run.tables, *run.figures) if name not in recorded]
    if missing:
        raise RunError(
            f"{run.source} finished without recording {', '.join(missing)}; record it with "
            "exhibits.table or exhibits.figure, or take it out of notebooks/runs.yml"
        )


def install(run: Run, stage: Path, destination: Path) -> None:
    """Put what a run has made in place of its former results, all or nothing."""
    pairs = [(stage / path.relative_to("results"), destination / path) for path in run.results]
    pairs += [(stage / EXECUTED, destination / run.page)]
    pairs += [(stage / RECORD, destination / run.record)]
    files.replace_all(pairs)
    (destination / FAILED / f"{run.name}.ipynb").unlink(missing_ok=True)


def kernel_words(stage: Path) -> str:
    """Return the end of what the kernel wrote outside of any cell, as lines."""
    log = stage / LOG
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return f"{text[-2000:].rstrip()}\n" if text.strip() else ""


def normalize(executed: Any) -> None:
    """Change an executed notebook, in place, so that the same run gives the same bytes."""
    names: dict[str, str] = {}
    executed.metadata.pop("papermill", None)
    executed.metadata.pop("widgets", None)
    injected = any("injected-parameters" in c.metadata.get("tags", []) for c in executed.cells)
    for cell in executed.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        tags = cell.metadata.get("tags", [])
        if "injected-parameters" in tags:
            cell["id"] = "injected-parameters"
            cell.source = cell.source.removeprefix("# Parameters\n")
        elif injected and "parameters" in tags:
            cell.metadata["tags"] = [*tags, "remove-cell"]
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = _normalize_text(output["text"], names)
            shown: dict[str, Any] = output.get("data", {})
            for kind in shown.keys() & {"text/plain", "text/html"}:
                shown[kind] = _normalize_text(shown[kind], names)


def _normalize_text(text: str, names: dict[str, str]) -> str:
    """Replace addresses of objects, and name styled tables by their order in the notebook.

    >>> _normalize_text("<object object at 0x7f3a2c0d5b60>", {})
    '<object object at 0x0>'
    >>> _normalize_text('<table id="T_0c1f2"><td id="T_0c1f2_row0_col0">', {"T_aaaaa": "T_0"})
    '<table id="T_1"><td id="T_1_row0_col0">'
    """
    text = ADDRESS.sub("at 0x0", text)
    return STYLED.sub(lambda found: names.setdefault(found[0], f"T_{len(names)}"), text)


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
