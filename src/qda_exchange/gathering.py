"""Gathering what a reader finds, the same for every format.

A project may hold a million passages, so each is a few machine numbers, not an object; names are
kept only where they identify a passage, or help to find out how the file counts positions.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from qda_exchange import naming
from qda_exchange.guard import Guard
from qda_exchange.positions import Text

NONE = -1


@dataclass
class Source:
    """A document with its text, or a case; and its variables by name in small letters."""

    name: str | None
    kind: str = "text"
    text: Text | None = None
    values: dict[str, str] = field(default_factory=dict)


@dataclass
class Code:
    """A code by its own name, the number of its parent, and what is known of it."""

    name: str
    parent: int = NONE
    codable: bool = True
    colour: str | None = None
    description: str | None = None
    guid: str = ""


class Gathered:
    """Everything of one file."""

    def __init__(self, guard: Guard) -> None:
        self.guard, self.report = guard, guard.report
        self.sources: list[Source] = []
        self.cases: list[Source] = []
        self.codes: list[Code] = []
        self.joined: set[int] = set()
        self.hidden: set[int] = set()
        self.pairs: list[dict[str, Any]] = []
        self._source, self._start, self._end = array("q"), array("q"), array("q")
        self._unit, self._coded_by, self._applied = array("q"), array("q"), array("q")
        self._labels: dict[int, str] = {}
        self._words: dict[int, str] = {}
        self._quoted: dict[int, str] = {}
        self._members: dict[int, Sequence[int]] = {}
        self._joined_cases = 0
        self._coders: dict[str | None, int] = {}
        self._directions: dict[int, str] = {}
        self.weights: dict[int, float] = {}
        self._variables: list[tuple[Any, ...]] = []
        self._by_name: dict[Any, int] = {}

    def add_source(self, name: str | None, kind: str = "text", text: Text | None = None) -> int:
        """Add a document and return its number."""
        self.guard.bound(len(self.sources), "sources")
        self.sources.append(Source(name, kind, text))
        return len(self.sources) - 1

    def source(self, name: str | None) -> int:
        """Return the number of the document of a name, added when it is new."""
        if ("source", name) not in self._by_name:
            self._by_name["source", name] = self.add_source(name)
        return self._by_name["source", name]

    def add_case(self, name: str | None) -> int:
        """Add a case and return its number."""
        self.guard.bound(len(self.cases), "cases")
        self.cases.append(Source(name, "case"))
        return len(self.cases) - 1

    def person(self, case: str | None, site: str | None, role: str | None) -> int:
        """Return the number of the case that a row describes, NONE for nobody."""
        key = ("person", case, site, role)
        if key not in self._by_name:
            number = self.add_case(case) if any(key[1:]) else NONE
            if number != NONE:
                options, found = self.guard.options, ((site, "site"), (role, "role"))
                values = {getattr(options, name).lower(): text for text, name in found if text}
                self.cases[number].values |= values
            self._by_name[key] = number
        return self._by_name[key]

    def add_value(self, of: Source, variable: str, value: str, kind: str = "Text") -> None:
        """Add a variable's value; an empty one is how a tool says that nothing is known."""
        if value:
            of.values[variable.lower()] = value
        sort = "case" if of.kind == "case" else "source"
        self._variables.append((sort, of.name, variable, kind, value))

    def add_code(self, code: Code, place: str = "") -> int:
        """Add a code and return its number; parents come before their children."""
        self.guard.bound(len(self.codes), "codes", place)
        self.codes.append(code)
        return len(self.codes) - 1

    def code(self, path: Sequence[str], *, codable: bool = True) -> int:
        """Return the number of the code at a path, added with the folders above it."""
        number = NONE
        for depth in range(1, len(path) + 1):
            key = ("code", *path[:depth])
            if key not in self._by_name:
                self._by_name[key] = self.add_code(Code(path[depth - 1], number, codable=False))
            number = self._by_name[key]
        self.codes[number].codable |= codable
        return number

    def describe(self, code: int, description: str | None, colour: str | None = None) -> None:
        """Say what a code means, unless that is known."""
        self.codes[code].description = self.codes[code].description or description or None
        self.codes[code].colour = self.codes[code].colour or colour or None

    def add_passage(
        self, source: int, start: int = NONE, end: int = NONE, label: str = "", place: str = ""
    ) -> int:
        """Add a passage and return its number; a label is its name, whatever the file calls it."""
        number = len(self._source)
        self.guard.bound(number, "units", place)
        self._source.append(source)
        self._start.append(start)
        self._end.append(end)
        if label:
            self._labels[number] = label
        return number

    def spot(self, passage: int) -> tuple[int, int]:
        """Return source and start of a passage, as the file has them."""
        return self._source[passage], self._start[passage]

    def put(self, passage: int, start: int, end: int) -> None:
        """Give a passage a place in the text instead of a label."""
        self._start[passage], self._end[passage] = start, end
        self._labels.pop(passage, None)

    def quote(self, passage: int, name: str) -> None:
        """Keep what the file calls a passage: its words, or a name of its own."""
        text = self.sources[self._source[passage]].text
        if text is None or not text.plain:
            self._quoted[passage] = name[: naming.LONGEST_NAME + 1]
        elif naming.passage_name(name, text.folded, self._start[passage], self._end[passage]):
            self._quoted[passage] = name

    def say(self, passage: int, words: str | None) -> None:
        """Keep the words of a passage whose text is not known."""
        if words:
            self._words.setdefault(passage, words)

    def belongs(self, passage: int, cases: Sequence[int]) -> None:
        """Say whose passage it is: different cases, in a list that many passages may share."""
        if (before := self._members.get(passage)) and cases:
            self._joined_cases += len(before) + len(cases)
            self._bound(self._joined_cases)
            cases = list(dict.fromkeys([*before, *cases]))
        if cases:
            self._members[passage] = cases

    def apply(
        self,
        passage: int,
        code: int,
        coder: str | None,
        direction: str | None = None,
        *,
        weight: float | None = None,
        place: str = "",
    ) -> int:
        """Add a coding and return its number."""
        number = len(self._unit)
        self.guard.bound(number, "applications", place)
        coder = coder or self.guard.coder()
        self._unit.append(passage)
        self._coded_by.append(self._coders.setdefault(coder, len(self._coders)))
        self._applied.append(code)
        if direction:
            self._directions[number] = direction
        if weight is not None:
            self.weights[number] = weight
        return number

    def _bound(self, rows: int) -> None:
        limit = self.guard.limits.applications
        if rows > limit:
            problem = f"codings times the cases they belong to are {rows}, the limit is {limit}"
            remedy = "let a case refer to passages instead of whole sources"
            raise self.guard.refusal("Cases", problem, remedy)
