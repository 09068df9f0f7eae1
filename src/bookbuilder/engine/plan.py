"""The plan: every notebook run with its inputs, parameters and products.

It is declared once, in `notebooks/runs.yml`; see `plan_file`, which reads it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from compendium.context import RECORDS
from compendium.text import nearest

PLAN = Path("notebooks/runs.yml")
PAGES = Path("book/notebooks")
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
            f"run '{self.name}' has no parameter '{name}'; {self._parameter_hint(name)}"
            for name in given
            if name not in self.parameters
        ] or [
            f"parameter '{name}' of run '{self.name}' is {_kind(self.parameters[name])} "
            f"({self.parameters[name]!r}); {_given(value)}"
            for name, value in given.items()
            if _kind(value) != _kind(self.parameters[name])
        ]
        if faults:
            raise PlanError("\n".join(faults))
        return replace(self, parameters=self.parameters | given)

    def _parameter_hint(self, name: str) -> str:
        if self.parameters:
            return nearest(name, self.parameters)
        return (
            f"{self.source.as_posix()} has none: tag one cell 'parameters' and assign plain values "
            f"in it, such as {name} = 1"
        )


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
        try:
            given[name] = yaml.safe_load(text)
        except yaml.YAMLError:
            raise PlanError(
                f"-p {pair}: '{text}' is no plain value; put quotation marks around text"
            ) from None
    return given


def _given(value: Any) -> str:
    return "no value was given" if value is None else f"{value!r} is {_kind(value)}"


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
