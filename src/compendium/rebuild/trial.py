"""A trial: one notebook with other parameters, kept apart from the record.

Its results, page and record go to `results/runs/<name>-<parameters>/`, laid out as in the project.
"""

import re
from pathlib import Path
from typing import Any

from compendium import data, files
from compendium.rebuild.collect import VALUES
from compendium.rebuild.plan import Run
from compendium.rebuild.quoting import fill

TRIALS = Path("results/runs")


def run(changed: Run, parameters: dict[str, Any], root: Path) -> Path:
    """Execute a run with other parameters and return the folder of what it made.

    Parameters
    ----------
    changed
        The run with its trial parameters; see `plan.Run.with_parameters`.
    parameters
        Those that differ from the declared ones; they name the folder.
    root
        The project's folder.

    Raises
    ------
    ContractError
        When the data break their contract.
    RunError
        When the notebook fails.
    """
    from compendium.rebuild import execute  # slow to import: it brings papermill

    faults = data.check(root=root)
    if faults:
        raise data.ContractError(faults)
    place = root / TRIALS / f"{changed.name}-{slug(parameters)}"
    execute.execute(changed, root, destination=place)
    _render(changed, place, root)
    return place


def page(place: Path, name: str) -> Path:
    """Return the path of the page that shows a trial."""
    return place / f"{name}.html"


def _render(run: Run, place: Path, root: Path) -> None:
    """Show the executed notebook as a page of its own, without code, beside its results."""
    import nbformat
    from nbconvert import HTMLExporter

    recorded = files.read_json(place / run.record)["values"]
    known = files.read_json(root / VALUES) if (root / VALUES).exists() else {}
    values = known | {f"{run.name}.{name}": entry for name, entry in recorded.items()}
    notebook = nbformat.read(place / run.page, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = fill(cell.source, values, run)
    shown = HTMLExporter(exclude_input=True, embed_images=True, mathjax_url="", require_js_url="")
    text, _ = shown.from_notebook_node(notebook)
    files.write_text(page(place, run.name), text)


def slug(parameters: dict[str, Any]) -> str:
    """Return parameters as a name for a folder.

    Examples
    --------
    >>> slug({"level": 0.9, "weights": "equal group"})
    'level-0.9-weights-equal_group'
    """
    text = "-".join(f"{name}-{value}" for name, value in parameters.items())
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", text)
