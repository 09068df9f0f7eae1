"""Reading the plan, `notebooks/runs.yml`, which an author reads and edits.

Every name is checked against what there is, so that a misspelt input, parameter or run is refused
with its line and the nearest valid name before anything runs. One entry can stand for many runs,
one for each row of a table (see `families`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from bookbuilder.plan import families, notebook, yaml_lines
from bookbuilder.plan.run import LIMITS, PLAN, PlanError, Run
from bookbuilder.plan.yaml_lines import Node
from compendium.data.contract import Contract
from compendium.text import nearest

LISTS = ("inputs", "after", "files", "environment", "tables", "figures")
KEYS = ("notebook", "for_each", *LISTS, "parameters", "choices", "shown_on", *LIMITS)
#: Also the name of a page and of files.
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
#: Tasks of the build that are no runs.
TAKEN = ("contract", "record", "site")


@dataclass
class _Reading:
    """What has been read of a plan so far: runs, their lines, faults."""

    contract: Contract
    runs: dict[str, Run] = field(default_factory=dict)
    lines: dict[str, Node] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def notebooks(self) -> Path:
        return self.contract.root / "notebooks"

    def blame(self, node: Node, text: str) -> None:
        self.faults.append(node.fault(text))


def read_plan(contract: Contract) -> dict[str, Run]:
    """Read and check the plan; return runs by name, in reading order.

    Raises PlanError when it is no YAML, or not written as a plan is; else with every fault found,
    each naming the line, the run, the word and the nearest valid name.
    """
    root = contract.root
    if not (root / PLAN).is_file():
        raise PlanError(
            f"there is no {PLAN.as_posix()} in {root}: it declares the runs; take it back from "
            "version control, or name the project's folder with --root"
        )
    top = yaml_lines.read(root / PLAN, PLAN.as_posix(), "declare a run with its notebook")
    reading = _Reading(contract)
    for template, (key, entry) in top.entries("the plan").items():
        try:
            _read_entry(template, key, entry, reading)
        except PlanError as error:
            reading.faults.append(str(error))
    _check_references(reading)
    if reading.faults:
        raise PlanError("\n".join(dict.fromkeys(reading.faults)))
    return reading.runs


def _read_entry(template: str, key: Node, entry: Node, reading: _Reading) -> None:
    """Read one entry of the plan: one run, or one for each row of a table."""
    who = f"run '{template}'"
    entries = entry.entries(who)
    written = {word: value.plain() for word, (_, value) in entries.items()}
    for word, (place, value) in entries.items():
        if word not in KEYS:
            reading.blame(place, f"{who}: no key '{word}'; {nearest(word, KEYS)}")
        elif word in LISTS and written[word] is not None:
            value.items(f"{who}: '{word}'")  # or it is no list
        elif word in ("parameters", "choices") and written[word] is not None:
            value.entries(f"{who}: '{word}'")
    try:
        rows = families.rows(template, written.get("for_each"), reading.contract)
    except PlanError as error:
        reading.blame(entries["for_each"][0], str(error))
        return
    filled = families.filled_parameters(written.get("parameters"), rows)
    for row in rows:
        name = families.fill(template, row)
        if name in reading.lines:
            reading.blame(key, f"'{name}' stands twice; keep one")
        reading.lines[name] = key
        whole = dict(families.fill(written, row))
        whole["choices"] = filled | (whole.get("choices") or {})
        _read_run(name, key, entries, whole, reading)


def _read_run(
    name: str,
    key: Node,
    places: Mapping[str, tuple[Node, Node]],
    written: Mapping[str, Any],
    reading: _Reading,
) -> None:
    if name in TAKEN:
        reading.blame(key, f"run '{name}': the build has a task of that name; choose another name")
    elif not NAME.fullmatch(name):
        rule = "a name begins with a letter and holds letters, digits, _ and -"
        reading.blame(key, f"run '{name}': {rule}; choose another name")
    file = written.get("notebook")
    if not file or not (reading.notebooks / str(file)).is_file():
        known = [path.name for path in reading.notebooks.glob("*.ipynb")]
        where = places["notebook"][1] if "notebook" in places else key
        fault = f"no notebook '{file}'" if file else "it names no notebook"
        reading.blame(where, f"run '{name}': {fault}; {nearest(str(file), known)}")
        return
    try:
        defaults = notebook.parameters(reading.notebooks / str(file))
    except notebook.NotebookError as error:
        reading.faults.append(str(error))
        return
    limits = {word: written[word] for word in LIMITS if word in written}
    for word, value in limits.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            fault = f"run '{name}': '{word}' is {value!r}; it must be a number above 0"
            reading.blame(places[word][0], fault)
    kept: dict[str, Any] = {word: tuple(map(str, written.get(word) or ())) for word in LISTS}
    choices = {
        parameter: families.choices(f"run '{name}'", allowed, reading.contract)
        for parameter, allowed in (written.get("choices") or {}).items()
    }
    kept |= {"shown_on": str(written.get("shown_on") or "")}
    run = Run(name, str(file), parameters=defaults, choices=choices, **kept, **limits)
    for parameter, value in (written.get("parameters") or {}).items():
        try:
            run = run.with_parameters({parameter: value})
        except PlanError as error:
            line = places["parameters"][1].entries("'parameters'")[parameter][0]
            reading.blame(line, str(error))
    reading.runs[name] = run


def _check_references(reading: _Reading) -> None:
    runs, tables = reading.runs, reading.contract.resources
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
                fault = f"run '{run.name}': after '{other}', but there is no such run; {hint}"
                reading.blame(line, fault)
        for file in run.files:
            if not (reading.contract.root / file).is_file():
                reading.blame(line, f"run '{run.name}': 'files' names {file}, which is not there")
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
