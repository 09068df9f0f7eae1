"""The staging folder of a run: what lies in it, and how it takes the place of former results."""

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
