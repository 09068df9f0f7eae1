"""A trial: one notebook with other parameters, kept apart from the record.

Its results, page and record go to `results/runs/<name>-<parameters>/`, laid out as in the project.
"""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from bookbuilder import documents
from bookbuilder.engine import lock
from bookbuilder.engine.collect import VALUES
from bookbuilder.engine.inline_values import fill
from bookbuilder.kernels import forked
from bookbuilder.kernels.variables import can_fork
from bookbuilder.plan import Run
from compendium import data, files

TRIALS = Path("results/runs")
#: Longest name of a folder before it is cut.
LENGTH = 100


def run(changed: Run, parameters: dict[str, Any], root: Path) -> Path:
    """Execute a run with other parameters, which name the folder that is returned.

    Raises ContractError when the data break their contract, RunError when the notebook fails.
    """
    place = root / TRIALS / f"{changed.name}-{folder_name(parameters)}"
    # A build clears the stages of others, and changes what this reads.
    with lock.held(root), forked.Kernels(root if can_fork() else None) as kernels:
        from bookbuilder.kernels.execute import Executor  # slow to import: it brings papermill

        data.assert_valid(root)
        Executor(root, kernels).execute(changed, destination=place)
    _render(changed, parameters, place, root)
    return place


def page(place: Path, name: str) -> Path:
    """Return the path of the page that shows a trial."""
    return place / f"{name}.html"


def _render(run: Run, parameters: dict[str, Any], place: Path, root: Path) -> None:
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
    notice = _notice(run.name, parameters, recorded, known)
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(notice, id="trial"))
    shown = HTMLExporter(
        exclude_input=True,
        exclude_output_prompt=True,
        embed_images=True,
        mathjax_url="",
        require_js_url="",
    )
    files.write_text(page(place, run.name), shown.from_notebook_node(notebook)[0])


def _notice(
    name: str,
    parameters: dict[str, Any],
    recorded: dict[str, dict[str, Any]],
    known: dict[str, dict[str, Any]],
) -> str:
    """Say in Markdown what the trial set, and which of its numbers are not those of the record."""
    pairs = [(key, known.get(f"{name}.{key}"), entry["value"]) for key, entry in recorded.items()]
    compared = [(key, then["value"], now) for key, then, now in pairs if then]
    differing = [(key, then, now) for key, then, now in compared if then != now]
    facts = {"name": name, "parameters": parameters, "known": compared, "differing": differing}
    return documents.render("trial.md", "page", **facts)


def folder_name(parameters: dict[str, Any]) -> str:
    """Return parameters as a folder's name; a digest is added where the plain one loses something.

    >>> folder_name({"rule": "both", "min_cases": 3})
    'rule-both-min_cases-3'
    >>> folder_name({"title": "a b"})
    'title-a_b-e3058153'
    """
    plain = "-".join(f"{name}-{value}" for name, value in parameters.items())
    short = re.sub(r"[^A-Za-z0-9_.-]+", "_", plain)
    if short == plain and len(plain) <= LENGTH:
        return plain
    return f"{short[:LENGTH]}-{sha256(plain.encode()).hexdigest()[:8]}"
