"""A sweep as its file declares it: the run, the points of the grid, and what to collect.

Every name is checked against the plan before anything runs: the run, its parameters and the kinds
of their values, its exhibits, and the values it recorded when it last ran.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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

KEYS = ("run", "grid", "cases", "collect")
COLLECTED = ("tables", "values")
FOLDER = Path("sweeps")
Entries = dict[str, tuple[Node, Node]]


@dataclass(frozen=True)
class Point:
    """One setting of the swept parameters; its name is that of its folder."""

    name: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Sweep:
    """A checked sweep, called like its file; the run has its declared parameters.

    Points are the product of the grid, then the cases; tables and values are what to collect.
    """

    name: str
    run: Run
    points: tuple[Point, ...]
    tables: tuple[str, ...]
    values: tuple[str, ...]


def read_sweep(path: Path, root: Path) -> Sweep:
    """Read and check the file of a sweep, from here or from the project's folder.

    Raises PlanError when it is not there, or with its faults: line, word and the nearest valid
    name.
    """
    if not path.is_file() and (root / path).is_file():
        path = root / path
    if not path.is_file():
        known = [found.relative_to(root).as_posix() for found in (root / FOLDER).glob("*.yml")]
        raise PlanError(f"no file {path}; {nearest(str(path), known)}")
    top = read(path, str(path), "say 'run', 'grid' and 'collect'")
    entries = top.entries("a sweep")
    missing = [name for name in ("run", "collect") if name not in entries]
    _refuse(_unknown(entries, KEYS) + [top.fault(f"'{name}' is missing") for name in missing])
    run = _run(entries["run"][1], root)
    points = _points(entries, run, top)
    tables, values = _collected(entries["collect"][1], run, root)
    return Sweep(path.stem, run, tuple(points), tables, values)


def _refuse(faults: list[str]) -> None:
    if faults:
        raise PlanError("\n".join(faults))


def _unknown(entries: Entries, known: Iterable[str], where: str = "") -> list[str]:
    return [
        key.fault(f"no key '{name}'{where}; {nearest(name, known)}")
        for name, (key, _) in entries.items()
        if name not in known
    ]


def _run(node: Node, root: Path) -> Run:
    name, runs = str(node.plain()), load_plan(root)
    if name not in runs:
        raise PlanError(node.fault(f"no run '{name}' in {PLAN}; {nearest(name, runs)}"))
    return runs[name]


def _points(entries: Entries, run: Run, top: Node) -> list[Point]:
    """Return the points in order; every one sets every parameter that the sweep varies."""
    grid = _grid(entries["grid"][1], run) if "grid" in entries else {}
    cases = _cases(entries["cases"][1], run) if "cases" in entries else []
    settings = [dict(zip(grid, one, strict=True)) for one in product(*grid.values()) if grid]
    if not settings and not cases:
        raise PlanError(top.fault("nothing to vary: give 'grid' or 'cases'"))
    swept = dict.fromkeys([*grid, *(name for _, case in cases for name in case)])
    found: list[Point] = []
    for node, setting in [(None, one) for one in settings] + list(cases):
        parameters = {name: setting.get(name, run.parameters[name]) for name in swept}
        if node and any(parameters == other.parameters for other in found):
            raise PlanError(node.fault("this case is already a point of the sweep; take it out"))
        found.append(Point(folder_name(parameters), parameters))
    return found


def _grid(node: Node, run: Run) -> dict[str, list[Any]]:
    grid: dict[str, list[Any]] = {}
    faults: list[str] = []
    for name, (key, value) in node.entries("'grid'").items():
        if name not in run.parameters:
            faults += _wrong(key, run, name, None)
            continue
        grid[name] = []
        items = value.items(f"the values of '{name}'")
        if not items:
            faults.append(value.fault(f"'{name}' has no value to try"))
        for item in items:
            one = item.plain()
            faults += _wrong(item, run, name, one)
            if one in grid[name]:
                faults.append(item.fault(f"{one!r} stands twice among the values of '{name}'"))
            grid[name].append(one)
    _refuse(faults)
    return grid


def _cases(node: Node, run: Run) -> list[tuple[Node, dict[str, Any]]]:
    cases = []
    faults: list[str] = []
    for item in node.items("'cases'"):
        pairs = item.entries("a case")
        for name, (key, value) in pairs.items():
            faults += _wrong(key, run, name, value.plain())
        cases.append((item, {name: value.plain() for name, (_, value) in pairs.items()}))
    _refuse(faults)
    return cases


def _wrong(node: Node, run: Run, name: str, value: Any) -> Iterator[str]:
    try:
        run.with_parameters({name: value})
    except PlanError as error:
        yield node.fault(str(error))


def _collected(node: Node, run: Run, root: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    entries = node.entries("'collect'")
    faults = _unknown(entries, COLLECTED, " in collect")
    known = {"tables": (*run.tables, *run.figures)}
    if "values" in entries:
        known["values"] = _values(entries["values"][0], run, root)
    found: dict[str, tuple[str, ...]] = {"tables": (), "values": ()}
    for kind in (kind for kind in COLLECTED if kind in entries):
        items = [(item, str(item.plain())) for item in entries[kind][1].items(f"'{kind}'")]
        found[kind] = tuple(dict.fromkeys(name for _, name in items))
        what = "exhibit" if kind == "tables" else "value"
        faults += [
            item.fault(f"run '{run.name}' records no {what} '{name}'; {nearest(name, known[kind])}")
            for item, name in items
            if name not in known[kind]
        ]
    if not (faults or found["tables"] or found["values"]):
        faults = [node.fault("nothing to collect: name 'tables' or 'values'")]
    _refuse(faults)
    return found["tables"], found["values"]


def _values(node: Node, run: Run, root: Path) -> tuple[str, ...]:
    """Return the names of the values that a run recorded when it last ran."""
    if (root / run.record).exists():
        return tuple(files.read_json(root / run.record)["values"])
    whole = files.read_json(root / VALUES) if (root / VALUES).exists() else {}
    own = [key.partition(".")[2] for key in whole if key.startswith(f"{run.name}.")]
    if not own:
        raise PlanError(
            node.fault(
                f"run '{run.name}' has not run yet, so its values are not known; "
                f"do `compendium run {run.name}` first"
            )
        )
    return tuple(own)
