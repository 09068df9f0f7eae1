"""The plan: every notebook run with its inputs, parameters and products.

It is declared once, in `notebooks/runs.yml`, which an author reads and edits. Reading it checks
every name against what there is, so a misspelt input, parameter or run is refused with the nearest
valid name before anything runs.
"""

import ast
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import yaml

from compendium.context import nearest

PLAN = Path("notebooks/runs.yml")
PAGES = Path("book/notebooks")
RECORDS = Path("_build/records")
KEYS = ("notebook", "inputs", "after", "parameters", "tables", "figures", "seconds", "memory")
#: What bounds a run and does not change what it makes.
LIMITS = ("seconds", "memory")
SECONDS = 600


class PlanError(ValueError):
    """The plan, or a command line that refers to it, is wrong; the message lists every fault."""


@dataclass(frozen=True)
class Run:
    """One execution of one notebook.

    Attributes
    ----------
    name
        Unique name of the run, also of its page in the book.
    notebook
        File name in `notebooks/`.
    inputs
        Names of tables in the contract that the notebook loads.
    after
        Other runs whose recorded values it reads.
    parameters
        Every parameter of the notebook with its value in this run.
    tables, figures
        Names of the exhibits it records.
    seconds
        How long it may take.
    memory
        Megabytes of address space that its kernel may take; without limit by default.
    """

    name: str
    notebook: str
    inputs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    parameters: dict[str, Any] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    seconds: float = SECONDS
    memory: float | None = None

    @property
    def source(self) -> Path:
        """Path of the notebook in the project."""
        return Path("notebooks") / self.notebook

    @property
    def page(self) -> Path:
        """Path of the executed copy that the book shows."""
        return PAGES / f"{self.name}.ipynb"

    @property
    def record(self) -> Path:
        """Path of what the run recorded about its exhibits and values."""
        return RECORDS / f"{self.name}.json"

    @property
    def results(self) -> list[Path]:
        """Paths of the result files, in `results/`."""
        tables = [Path("results/tables") / f"{name}.csv" for name in self.tables]
        figures = [
            Path("results/figures") / f"{name}.{kind}"
            for name in self.figures
            for kind in ("csv", "svg")
        ]
        return tables + figures

    def with_parameters(self, given: dict[str, Any]) -> "Run":
        """Return the run with some parameters set otherwise.

        Raises
        ------
        PlanError
            When a parameter is unknown or its value is of another kind than the declared one.
        """
        faults = [
            f"run '{self.name}' has no parameter '{name}'; {nearest(name, self.parameters)}"
            for name in given
            if name not in self.parameters
        ] or [
            f"parameter '{name}' of run '{self.name}' is {_kind(self.parameters[name])} "
            f"({self.parameters[name]!r}); {value!r} is {_kind(value)}"
            for name, value in given.items()
            if _kind(value) != _kind(self.parameters[name])
        ]
        if faults:
            raise PlanError("\n".join(faults))
        return replace(self, parameters=self.parameters | given)


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
    PlanError
        With every fault found, each naming the run, the word and the nearest valid name.
    """
    declared = yaml.safe_load((root / PLAN).read_text(encoding="utf-8")) or {}
    faults: list[str] = []
    runs: dict[str, Run] = {}
    for name, entry in declared.items():
        faults += _unknown_keys(name, entry)
        known = {k: v for k, v in entry.items() if k in KEYS}
        if not (root / "notebooks" / str(known.get("notebook"))).is_file():
            notebooks = [path.name for path in (root / "notebooks").glob("*.ipynb")]
            hint = nearest(str(known.get("notebook")), notebooks)
            faults.append(f"run '{name}': no notebook '{known.get('notebook')}'; {hint}")
            continue
        limits = {key: known[key] for key in LIMITS if key in known}
        faults += [
            f"run '{name}': '{key}' is {value!r}; it must be a number above 0"
            for key, value in limits.items()
            if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0
        ]
        defaults = notebook_parameters(root / "notebooks" / known["notebook"])
        listed: dict[str, Any] = {
            key: tuple(known.get(key) or ()) for key in ("inputs", "after", "tables", "figures")
        }
        run = Run(
            name=name,
            notebook=known["notebook"],
            parameters=defaults,
            **limits,
            **listed,
        )
        try:
            runs[name] = run.with_parameters(known.get("parameters") or {})
        except PlanError as error:
            faults.append(str(error))
            runs[name] = run
    faults += _wrong_references(runs, set(tables))
    if faults:
        raise PlanError(f"{PLAN}:\n  " + "\n  ".join(faults))
    return runs


def notebook_parameters(path: Path) -> dict[str, Any]:
    """Return the parameters of a notebook with their defaults.

    They are the assignments of literals in its one cell tagged ``parameters``.

    Raises
    ------
    PlanError
        When a line of that cell is not an assignment of a literal.
    """
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found: dict[str, Any] = {}
    for cell in cells:
        if "parameters" not in cell["metadata"].get("tags", []):
            continue
        for statement in ast.parse("".join(cell["source"])).body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=literal):
                    try:
                        found[name] = ast.literal_eval(literal)
                        continue
                    except ValueError:
                        pass
            raise PlanError(
                f"{path.name}: the parameters cell holds '{ast.unparse(statement)}'; "
                "each line must assign a plain value, such as level = 0.95"
            )
    return found


def parse_parameters(pairs: Iterable[str]) -> dict[str, Any]:
    """Turn ``key=value`` words of a command line into parameters.

    Examples
    --------
    >>> parse_parameters(["level=0.9", "weights=equal_group"])
    {'level': 0.9, 'weights': 'equal_group'}
    """
    given = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise PlanError(f"-p {pair}: write it as key=value, for example -p level=0.9")
        given[name] = yaml.safe_load(text)
    return given


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case None:
            return "nothing"
        case _:
            return f"a {type(value).__name__}"


def _unknown_keys(name: str, entry: dict[str, Any]) -> list[str]:
    return [
        f"run '{name}': no key '{key}'; {nearest(key, KEYS)}" for key in entry if key not in KEYS
    ]


def _wrong_references(runs: dict[str, Run], tables: set[str]) -> list[str]:
    faults: list[str] = []
    owner: dict[str, str] = {}
    for run in runs.values():
        faults += [
            f"run '{run.name}': no table '{table}' in the contract; {nearest(table, tables)}"
            for table in run.inputs
            if table not in tables
        ]
        faults += [
            f"run '{run.name}': after '{other}', but there is no such run; {nearest(other, runs)}"
            for other in run.after
            if other not in runs
        ]
        for exhibit in (*run.tables, *run.figures):
            if exhibit in owner:
                faults.append(
                    f"exhibit '{exhibit}' is declared by '{owner[exhibit]}' and '{run.name}'"
                )
            owner[exhibit] = run.name
    if not faults:
        try:
            TopologicalSorter({run.name: run.after for run in runs.values()}).prepare()
        except CycleError as error:
            faults.append("runs wait for each other: " + " after ".join(error.args[1]))
    return faults
