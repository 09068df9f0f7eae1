"""A sweep as its file declares it: the run, the points of the grid, and what to collect.

Every name is checked against the plan before anything runs: the run, its parameters and the kinds
of their values, its exhibits, and the values that are on record of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from bookbuilder.engine.collect import VALUES
from bookbuilder.engine.engine import load_plan
from bookbuilder.engine.trial import folder_name
from bookbuilder.plan import PLAN, PlanError, Run
from bookbuilder.plan.yaml_lines import Node, read
from compendium import files
from compendium.text import nearest

KEYS = ("run", "grid", "collect")
#: What can be collected, and what one of it is.
COLLECTED = {"tables": "exhibit", "values": "value"}
FOLDER = Path("sweeps")


@dataclass(frozen=True)
class Point:
    """One setting of the swept parameters; its name is that of its folder."""

    name: str
    parameters: dict[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Sweep:
    """A checked sweep, called like its file; the run has its declared parameters.

    Points are the product of the grid; tables and values are what to collect.
    """

    name: str
    run: Run
    points: tuple[Point, ...]
    tables: tuple[str, ...]
    values: tuple[str, ...]


def read_sweep(path: Path, root: Path) -> Sweep:
    """Read and check the file of a sweep, from here or from the project's folder.

    Raises PlanError when it is not there, or with its first fault: line, word and the nearest valid
    name.
    """
    if not path.is_file() and (root / path).is_file():
        path = root / path
    if not path.is_file():
        known = [found.relative_to(root).as_posix() for found in (root / FOLDER).glob("*.yml")]
        raise PlanError(f"no file {path}; {nearest(str(path), known)}")
    top = read(path, str(path), "say 'run', 'grid' and 'collect'")
    entries = _entries(top, "a sweep", KEYS)
    for name in KEYS:
        if name not in entries:
            raise PlanError(top.fault(f"'{name}' is missing"))
    name, runs = str(entries["run"].plain()), load_plan(root)
    if name not in runs:
        raise PlanError(entries["run"].fault(f"no run '{name}' in {PLAN}; {nearest(name, runs)}"))
    grid = _grid(entries["grid"], runs[name])
    settings = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
    points = tuple(Point(folder_name(setting), setting) for setting in settings)
    collected = _collected(entries["collect"], runs[name], root)
    return Sweep(path.stem, runs[name], points, *collected)


def _entries(node: Node, what: str, known: Iterable[str], where: str = "") -> dict[str, Node]:
    """Return the places of the values of some keys; PlanError at a key that is not known."""
    found = node.entries(what)
    for name, (key, _) in found.items():
        if name not in known:
            raise PlanError(key.fault(f"no key '{name}'{where}; {nearest(name, known)}"))
    return {name: value for name, (_, value) in found.items()}


def _grid(node: Node, run: Run) -> dict[str, list[Any]]:
    grid: dict[str, list[Any]] = {}
    for name, (_, values) in node.entries("'grid'").items():
        grid[name] = []
        for item in values.items(f"the values of '{name}'"):
            value = item.plain()
            try:
                run.with_parameters({name: value})
            except PlanError as error:  # no such parameter, or it cannot be so
                raise PlanError(item.fault(str(error))) from None
            if value in grid[name]:
                raise PlanError(item.fault(f"{value!r} stands twice among the values of '{name}'"))
            grid[name].append(value)
        if not grid[name]:
            raise PlanError(values.fault(f"'{name}' has no value to try"))
    if not grid:
        raise PlanError(node.fault("nothing to vary: name parameters, each with values to try"))
    return grid


def _collected(node: Node, run: Run, root: Path) -> list[tuple[str, ...]]:
    """Return the names of the tables, and of the values, that are to be collected."""
    entries = _entries(node, "'collect'", COLLECTED, " in collect")
    found: dict[str, list[str]] = {kind: [] for kind in COLLECTED}
    for kind, lists in entries.items():
        values = kind == "values"
        known = _recorded(lists, run, root) if values else [*run.tables, *run.figures]
        for item in lists.items(f"'{kind}'"):
            name = str(item.plain())
            if name not in known:
                what = f"run '{run.name}' records no {COLLECTED[kind]} '{name}'"
                raise PlanError(item.fault(f"{what}; {nearest(name, known)}"))
            found[kind].append(name)
    if not any(found.values()):
        raise PlanError(node.fault("nothing to collect: name 'tables' or 'values'"))
    return [tuple(dict.fromkeys(names)) for names in found.values()]


def _recorded(node: Node, run: Run, root: Path) -> list[str]:
    """Return the names of the values that are on record of a run."""
    whole = files.read_json(root / VALUES) if (root / VALUES).exists() else {}
    own = [key.partition(".")[2] for key in whole if key.startswith(f"{run.name}.")]
    if not own:
        text = f"run '{run.name}' has not run yet, so its values are not known; "
        raise PlanError(node.fault(f"{text}do `compendium run {run.name}` first"))
    return own
