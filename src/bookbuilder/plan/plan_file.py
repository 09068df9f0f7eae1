"""Reading the plan, `notebooks/runs.yml`, which an author reads and edits.

Every name is checked against what there is, so that a misspelt input, parameter or run is refused
with its line and the nearest valid name before anything runs. One entry can stand for many runs,
one for each row of a table (see `families`).
"""

import re
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
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
            reading.read_entry(template, key, entry)
        except ValueError as error:
            reading.faults.append(str(error))
    reading.check_references()
    if reading.faults:
        raise PlanError("\n".join(dict.fromkeys(reading.faults)))
    return reading.runs


@dataclass
class _Reading:
    """What has been read of a plan so far: runs, their lines, faults."""

    contract: Contract
    runs: dict[str, Run] = field(default_factory=dict)
    lines: dict[str, Node] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def blame(self, node: Node, text: str) -> None:
        self.faults.append(node.fault(text))

    def read_entry(self, template: str, key: Node, entry: Node) -> None:
        """Read one entry of the plan: one run, or one for each row of a table."""
        who = f"run '{template}'"
        entries = entry.entries(who)
        written = {word: value.plain() for word, (_, value) in entries.items()}
        for word, (place, value) in entries.items():
            if word not in KEYS:
                self.blame(place, f"{who}: no key '{word}'; {nearest(word, KEYS)}")
            elif word in LISTS and written[word] is not None:
                value.items(f"{who}: '{word}'")  # or it is no list
            elif word in ("parameters", "choices") and written[word] is not None:
                value.entries(f"{who}: '{word}'")
        try:
            rows = families.rows(template, written.get("for_each"), self.contract)
        except PlanError as error:
            self.blame(entries["for_each"][0], str(error))
            return
        filled = families.filled_parameters(written.get("parameters"), rows)
        for row in rows:
            name = families.fill(template, row)
            if name in self.lines:
                self.blame(key, f"'{name}' stands twice; keep one")
            self.lines[name] = key
            whole = families.fill(written, row)
            whole["choices"] = filled | (whole.get("choices") or {})
            self.read_run(name, {word: node for word, (node, _) in entries.items()}, whole)
            for parameter, value in (whole.get("parameters") or {}).items():
                self.set(name, entries["parameters"][1], parameter, value)

    def read_run(self, name: str, nodes: dict[str, Node], written: dict[str, Any]) -> None:
        """Read one run; `nodes` has the lines of the words of its entry."""
        line, who, folder = self.lines[name], f"run '{name}'", self.contract.root / "notebooks"
        if name in TAKEN:
            self.blame(line, f"{who}: the build has a task of that name; choose another name")
        elif not NAME.fullmatch(name):
            rule = "a name begins with a letter and holds letters, digits, _ and -"
            self.blame(line, f"{who}: {rule}; choose another name")
        file = str(written.get("notebook") or "")
        if not (folder / file).is_file():
            fault = f"no notebook '{file}'" if file else "it names no notebook"
            hint = nearest(file, [path.name for path in folder.glob("*.ipynb")])
            self.blame(nodes.get("notebook", line), f"{who}: {fault}; {hint}")
            return
        kept: dict[str, Any] = {word: tuple(map(str, written.get(word) or ())) for word in LISTS}
        for word in (word for word in LIMITS if word in written):
            kept[word] = value = written[word]
            if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
                fault = f"{who}: '{word}' is {value!r}; it must be a number above 0"
                self.blame(nodes[word], fault)
        choices = {
            parameter: families.choices(who, allowed, self.contract)
            for parameter, allowed in written["choices"].items()
        }
        kept |= {"shown_on": str(written.get("shown_on") or ""), "choices": choices}
        self.runs[name] = Run(name, file, parameters=notebook.parameters(folder / file), **kept)

    def set(self, name: str, node: Node, parameter: str, value: Any) -> None:
        """Set a parameter of a run as the plan says."""
        if name in self.runs:
            try:
                self.runs[name] = self.runs[name].with_parameters({parameter: value})
            except PlanError as error:
                self.blame(node.entries("'parameters'")[parameter][0], str(error))

    def check_references(self) -> None:
        """Look whether all that runs name is there, once, and none waits for itself."""
        tables, owner = self.contract.resources, dict[str, str]()
        for run in self.runs.values():
            line, who = self.lines[run.name], f"run '{run.name}'"
            for table in (table for table in run.inputs if table not in tables):
                hint = nearest(table, tables)
                self.blame(line, f"{who}: no table '{table}' in the contract; {hint}")
            for other in (other for other in run.after if other not in self.lines):
                hint = nearest(other, self.lines)
                self.blame(line, f"{who}: after '{other}', but there is no such run; {hint}")
            for file in (file for file in run.files if not (self.contract.root / file).is_file()):
                self.blame(line, f"{who}: 'files' names {file}, which is not there")
            for exhibit in (*run.tables, *run.figures):
                if exhibit in owner:
                    both = f"'{owner[exhibit]}' and '{run.name}'"
                    self.blame(line, f"exhibit '{exhibit}' is declared by {both}; name it in one")
                owner[exhibit] = run.name
        try:
            TopologicalSorter({run.name: run.after for run in self.runs.values()}).prepare()
        except CycleError as error:
            circle = " after ".join(error.args[1])
            line = self.lines[error.args[1][0]]
            self.blame(line, f"runs wait for each other: {circle}; take one 'after' out")
