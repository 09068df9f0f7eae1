"""The plan as steps that any tool can run: what each reads, what it makes, and its command.

The steps are those of `notebooks/runs.yml`: the notebook, the tables under `inputs`, the recorded
values of the runs under `after`, and a file with the parameters. What notebooks import from the
package does not stand in the plan, and so in no step: a tool would have to find it itself. The
check of the data against their contract is a step of its own, before all others.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from bookbuilder.engine.fork_server import KERNEL_ENVIRONMENT
from compendium import data
from compendium.context import RunContext

if TYPE_CHECKING:
    from bookbuilder.engine.plan import Run

ONE = Path(__file__).with_name("one.py")
FOLDER = Path("workflow")
CHECKED = "_build/contract.txt"


@dataclass(frozen=True)
class Step:
    """One step: paths are relative to the project's folder, as the tools want them."""

    name: str
    needs: tuple[str, ...]
    makes: tuple[str, ...]
    command: str


def make_steps(root: Path, runs: dict[str, Run]) -> list[Step]:
    """Return the steps of a plan, the contract first, and write what each is told.

    Parameters
    ----------
    root
        The copy of the project that they run in.
    runs
        Its plan.
    """
    (root / FOLDER).mkdir(exist_ok=True)
    tables = [f"data/{data.resource(name, root=root)['path']}" for name in data.names(root=root)]
    needs = ("data/datapackage.json", *tables)
    return [
        Step("contract", needs, (CHECKED,), f"{sys.executable} {ONE} --contract"),
        *(_step(root, run, runs) for run in runs.values()),
    ]


def _step(root: Path, run: Run, runs: dict[str, Run]) -> Step:
    told = FOLDER / f"{run.name}.json"
    _write_if_new(root / told, json.dumps(_told(root, run), indent=1))
    needs = (
        run.source.as_posix(),
        told.as_posix(),
        *(f"data/{data.resource(name, root=root)['path']}" for name in run.inputs),
        *(runs[other].record.as_posix() for other in run.after),
    )
    makes = tuple(path.as_posix() for path in (run.record, run.page, *run.results))
    return Step(run.name, needs, makes, f"{sys.executable} {ONE} {run.name}")


def _told(root: Path, run: Run) -> dict[str, object]:
    """Return what `one.py` has to know of a run: context, what it reads, environment."""
    context = RunContext(
        run=run.name,
        notebook=run.source.as_posix(),
        root=str(root),
        stage="",
        inputs=run.inputs,
        after=run.after,
        parameters=run.parameters,
        tables=run.tables,
        figures=run.figures,
    )
    origins = [{"origin": data.resource(name, root=root)["origin"]} for name in run.inputs]
    return {
        "context": asdict(context),
        "parameters": yaml.safe_dump(run.parameters),  # papermill reads YAML, not quite JSON
        "reads": {"inputs": origins, "after": run.after},
        "environment": KERNEL_ENVIRONMENT,
        "results": [path.as_posix() for path in run.results],
        "page": run.page.as_posix(),
        "made": run.record.as_posix(),
    }


def _write_if_new(path: Path, text: str) -> None:
    """Leave a file alone that holds this text: some tools go by its time."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
