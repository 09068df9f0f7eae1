"""Reading the plan, `notebooks/runs.yml`, which an author reads and edits.

Every name is checked against what there is, so that a misspelt input, parameter or run is refused
with its line and the nearest valid name before anything runs.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from bookbuilder.engine import notebook, places
from bookbuilder.engine.places import Node, YamlError
from bookbuilder.engine.plan import LIMITS, PLAN, PlanError, Run
from compendium.text import nearest

KEYS = ("notebook", "inputs", "after", "parameters", "tables", "figures", "seconds", "memory")
LISTS = ("inputs", "after", "tables", "figures")
#: Also the name of a page and of files.
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
#: Tasks of the build that are no runs.
TAKEN = ("contract", "record", "site")


@dataclass
class _Reading:
    """What has been read of a plan so far: runs, their lines, parameters of notebooks, faults."""

    root: Path
    runs: dict[str, Run] = field(default_factory=dict)
    lines: dict[str, Node] = field(default_factory=dict)
    defaults: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def blame(self, node: Node, text: str) -> None:
        self.faults.append(node.fault(text))

    def parameters(self, file: str) -> dict[str, Any]:
        """Return those of a notebook, which many runs may share."""
        if file not in self.defaults:
            self.defaults[file] = notebook.parameters(self.root / "notebooks" / file)
        return self.defaults[file]


def read_plan(root: Path, tables: Iterable[str]) -> dict[str, Run]:
    """Read and check the plan.

    Parameters
    ----------
    root
        The project's folder.
    tables
        Names of the tables in the contract.

    Returns
    -------
    dict
        Runs by name, in reading order.

    Raises
    ------
    YamlError
        When it is no YAML, or is not written as a plan is.
    PlanError
        With every fault found, each naming the line, the run, the word and the nearest valid name.
    """
    if not (root / PLAN).is_file():
        raise PlanError(
            f"there is no {PLAN.as_posix()} in {root}: it declares the runs; take it back from "
            "version control, or name the project's folder with --root"
        )
    top = places.read(root / PLAN, PLAN.as_posix(), "declare a run with its notebook")
    reading = _Reading(root)
    for name, (key, entry) in top.entries("the plan").items():
        reading.lines[name] = key
        if not NAME.fullmatch(name) or name in TAKEN:
            why = (
                "the build has a task of that name"
                if name in TAKEN
                else ("a name begins with a letter and holds letters, digits, _ and -")
            )
            reading.blame(key, f"run '{name}': {why}; choose another name")
        try:
            _read_run(name, key, entry, reading)
        except YamlError as error:
            reading.faults.append(str(error))
    _check_references(reading, set(tables))
    if reading.faults:
        raise PlanError("\n".join(reading.faults))
    return reading.runs


def _read_run(name: str, key: Node, entry: Node, reading: _Reading) -> None:
    entries = entry.entries(f"run '{name}'")
    for word, (place, _) in entries.items():
        if word not in KEYS:
            reading.blame(place, f"run '{name}': no key '{word}'; {nearest(word, KEYS)}")
    file = entries["notebook"][1].plain() if "notebook" in entries else None
    if not (reading.root / "notebooks" / str(file)).is_file():
        known = [path.name for path in (reading.root / "notebooks").glob("*.ipynb")]
        where = entries["notebook"][1] if "notebook" in entries else key
        said = f"no notebook '{file}'" if file else "it names no notebook"
        reading.blame(where, f"run '{name}': {said}; {nearest(str(file), known)}")
        return
    try:
        defaults = reading.parameters(str(file))
    except notebook.NotebookError as error:
        reading.faults.append(str(error))
        return
    given: dict[str, Any] = {
        word: _names(entries[word][1], name, word) for word in LISTS if word in entries
    }
    limits = {word: entries[word][1].plain() for word in LIMITS if word in entries}
    for word, value in limits.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            said = f"run '{name}': '{word}' is {value!r}; it must be a number above 0"
            reading.blame(entries[word][0], said)
    run = Run(name=name, notebook=str(file), parameters=defaults, **given, **limits)
    reading.runs[name] = run
    declared = _parameters(entries["parameters"][1], name) if "parameters" in entries else {}
    for word, (place, value) in declared.items():
        try:
            run = run.with_parameters({word: value})
        except PlanError as error:
            reading.blame(place, str(error))
    reading.runs[name] = run


def _names(node: Node, run: str, word: str) -> tuple[str, ...]:
    values = node.plain()
    if values is None:
        return ()
    node.items(f"run '{run}': '{word}'")  # or it is no list
    return tuple(map(str, values))


def _parameters(node: Node, run: str) -> dict[str, tuple[Node, Any]]:
    if node.plain() is None:
        return {}
    entries = node.entries(f"run '{run}': 'parameters'")
    return {word: (place, value.plain()) for word, (place, value) in entries.items()}


def _check_references(reading: _Reading, tables: set[str]) -> None:
    runs = reading.runs
    owner: dict[str, str] = {}
    for run in runs.values():
        line = reading.lines[run.name]
        for table in run.inputs:
            if table not in tables:
                hint = nearest(table, tables)
                reading.blame(line, f"run '{run.name}': no table '{table}' in the contract; {hint}")
        for other in run.after:
            if other not in reading.lines:
                hint = nearest(other, reading.lines)
                said = f"run '{run.name}': after '{other}', but there is no such run; {hint}"
                reading.blame(line, said)
        for exhibit in (*run.tables, *run.figures):
            if exhibit in owner:
                both = f"'{owner[exhibit]}' and '{run.name}'"
                reading.blame(line, f"exhibit '{exhibit}' is declared by {both}; name it in one")
            owner[exhibit] = run.name
    if not reading.faults:
        try:
            TopologicalSorter({run.name: run.after for run in runs.values()}).prepare()
        except CycleError as error:
            circle = " after ".join(error.args[1])
            line = reading.lines[error.args[1][0]]
            reading.blame(line, f"runs wait for each other: {circle}; take one 'after' out")
