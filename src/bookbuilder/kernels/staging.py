"""The staging folder of a run: what lies in it, and how it takes the place of former results.

What differs from run to run is taken out of an executed notebook: times, addresses, random ids.
"""

import re
from pathlib import Path
from typing import Any

import nbformat

from bookbuilder.kernels.faults import RunError
from bookbuilder.plan import Run
from compendium import context, files

#: Where executed copies are kept of notebooks that failed.
FAILED = Path("_build/failed")
#: In the staging folder: the executed notebook, its record, and what its kernel wrote besides.
EXECUTED, RECORD, LOG = "page.ipynb", "record.json", "kernel.log"
# Each begins with what is rarely there: a search for a boundary would stop at every word.
ADDRESS = re.compile(r"at 0x(?<=\bat 0x)[0-9a-fA-F]+")
#: What pandas draws at random for a styled table.
STYLED = re.compile(r"T_(?<=\bT_)[0-9a-f]{5}(?=_|\b)")


def keep_failed(run: Run, root: Path, notebook: Any = None) -> str:
    """Keep the executed copy of a run that failed, and say where it is."""
    if notebook is None:
        return "no cell was executed"
    copy = FAILED / f"{run.name}.ipynb"
    files.write_text(root / copy, nbformat.writes(notebook, version=4))
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


def normalize(notebook: Any) -> None:
    """Change an executed notebook, in place, so that the same run gives the same bytes."""
    names: dict[str, str] = {}
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    injected = any("injected-parameters" in c.metadata.get("tags", []) for c in notebook.cells)
    for cell in notebook.cells:
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
