"""One run of a notebook: what it reads, with which parameters, and what it makes."""

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
#: What values are called to whoever wrote them.
KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    type(None): "nothing",
}


class PlanError(ValueError):
    """Plan, sweep, or a command line that refers to them, is wrong; lists every fault."""


@dataclass(frozen=True)
class Run:
    """One execution of one notebook.

    Attributes
    ----------
    name
        Unique name of the run, also of its page in the book.
    inputs, after, files
        Tables of the contract that the notebook loads; other runs whose recorded results it reads;
        further files of the project that it reads.
    environment
        Names of environment variables that its kernel gets from whoever builds.
    parameters, choices
        Every parameter of the notebook with its value in this run; the allowed values of some.
    tables, figures
        Names of the exhibits it records.
    seconds, memory
        How long it may take; megabytes of address space that its kernel may take.
    shown_on
        Document of the book that shows its exhibits, where that is not a page of its own.
    """

    name: str
    notebook: str
    inputs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    parameters: dict[str, Any] = field(default_factory=dict)
    choices: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    seconds: float = SECONDS
    memory: float | None = None
    shown_on: str = ""

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
        tables = [f"tables/{name}.csv" for name in self.tables]
        figures = [f"figures/{name}.{kind}" for name in self.figures for kind in ("csv", "svg")]
        return [Path("results") / path for path in tables + figures]

    @property
    def products(self) -> list[Path]:
        """Paths of all that the run makes."""
        return [*self.results, self.page, self.record]

    def with_parameters(self, values: dict[str, Any]) -> "Run":
        """Return the run with some parameters set otherwise.

        Raises PlanError when a parameter is unknown, its value is of another kind than the declared
        one, or is not among the allowed ones.
        """
        faults = [fault for name in values if (fault := self._fault(name, values[name]))]
        if faults:
            raise PlanError("\n".join(faults))
        return replace(self, parameters=self.parameters | values)

    def _fault(self, name: str, value: Any) -> str:
        """Say why a parameter cannot be set to a value; nothing when it can."""
        if name not in self.parameters:
            none = f"{self.source.as_posix()} has none: tag one cell 'parameters' and assign plain"
            none += f" values in it, such as {name} = 1"
            hint = nearest(name, self.parameters) if self.parameters else none
            return f"run '{self.name}' has no parameter '{name}'; {hint}"
        declared, who = self.parameters[name], f"parameter '{name}' of run '{self.name}'"
        kinds = [KINDS.get(type(one), f"a {type(one).__name__}") for one in (value, declared)]
        if kinds[0] != kinds[1] and kinds != ["a whole number", "a number"]:
            got = "no value was given" if value is None else f"{value!r} is {kinds[0]}"
            return f"{who} is {kinds[1]} ({declared!r}); {got}"
        allowed = self.choices.get(name, (value,))
        listed = ", ".join(map(str, allowed))
        return "" if value in allowed else f"{who} cannot be {value!r}; allowed: {listed}"


def parse_parameters(pairs: Iterable[str]) -> dict[str, Any]:
    """Turn ``key=value`` words of a command line into parameters; PlanError where one is not.

    >>> parse_parameters(["level=0.9", "weights=equal_group"])
    {'level': 0.9, 'weights': 'equal_group'}
    """
    values: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise PlanError(f"-p {pair}: write it as key=value, for example -p level=0.9")
        if name in values:
            raise PlanError(f"-p {pair}: '{name}' is given twice; keep one")
        try:
            values[name] = yaml.safe_load(text)
        except yaml.YAMLError:
            raise PlanError(
                f"-p {pair}: '{text}' is no plain value; put quotation marks around text"
            ) from None
    return values
