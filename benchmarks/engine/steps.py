"""The plan as steps that any tool can run: what each reads, what it makes, and its command.

A step reads the notebook, its tables, the recorded values of other runs that it uses, and a file
with the parameters. What notebooks import from the package stands in no step: a tool would have to
find it itself. The check of the data against their contract is a step of its own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from compendium.context import RECORDS, RunContext
from engine.project import Run

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


def make_steps(root: Path, runs: Mapping[str, Run]) -> list[Step]:
    """Return the steps of a plan, the check first, and write what each step reads of the plan."""
    (root / FOLDER).mkdir(exist_ok=True)
    package = json.loads((root / "data/datapackage.json").read_text(encoding="utf-8"))
    tables = [f"data/{one['path']}" for one in package["resources"]]
    needs = ("data/datapackage.json", *tables)
    return [
        Step("contract", needs, (CHECKED,), f"{sys.executable} {ONE} --contract"),
        *(_step(root, run) for run in runs.values()),
    ]


def _step(root: Path, run: Run) -> Step:
    settings = FOLDER / f"{run.name}.json"
    write_if_new(root / settings, json.dumps(_settings(root, run), indent=1))
    records = [(RECORDS / f"{name}.json").as_posix() for name in (run.name, *run.after)]
    needs = (run.notebook, settings.as_posix(), *run.inputs.values(), *records[1:])
    makes = (records[0], run.page, *run.results)
    return Step(run.name, needs, makes, f"{sys.executable} {ONE} {run.name}")


def _settings(root: Path, run: Run) -> dict[str, object]:
    """Return what `one.py` has to know of a run."""
    context = RunContext(
        run=run.name,
        notebook=run.notebook,
        root=str(root),
        stage="",
        inputs=tuple(run.inputs),
        after=tuple(run.after),
        parameters=run.parameters,
        tables=tuple(run.tables),
        figures=tuple(run.figures),
    )
    origins = [{"origin": origin} for origin in run.origins]
    return {
        "context": asdict(context),
        "parameters": yaml.safe_dump(run.parameters),  # papermill reads YAML, not quite JSON
        "reads": {"inputs": origins, "after": run.after},
        "results": run.results,
        "page": run.page,
        "record": (RECORDS / f"{run.name}.json").as_posix(),
    }


def write_if_new(path: Path, text: str) -> None:
    """Leave a file alone that holds this text: some tools go by its time."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
