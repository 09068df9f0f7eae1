"""Collecting what a reader finds, the same for every format, and putting it together as frames.

A project may hold a million passages, so each is a few machine numbers, not an object; names are
kept only where they identify a passage, or help to find out how the file counts positions. Only
when all texts are in is it decided what the positions mean, who belongs to a passage, and what it
is called.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from qda_exchange.guard import Guard
from qda_exchange.model import (
    COLUMNS,
    VARIABLE_COLUMNS,
    CodedProject,
    table,
    without_repeats,
    words_of,
)
from qda_exchange.naming import (
    LONGEST_NAME,
    Directions,
    code_names,
    directions_by_name,
    passage_name,
    place_name,
    split_direction,
)
from qda_exchange.positions import Quoted, Text, decide
from qda_exchange.refi.elements import identifier
from qda_exchange.report import CHOICE, DEVIATION

NONE = -1
SAID = ["source_number", "start", "end", "unit", "case", "site", "role"]


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


class Collector:
    """Everything of one file, to be put together in the end."""

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
            self._quoted[passage] = name[: LONGEST_NAME + 1]
        elif passage_name(name, text.folded, self._start[passage], self._end[passage]):
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

    def project(self, origin: str = "") -> CodedProject:
        """Put everything together; `origin` is the program that wrote the file."""
        source, start, end = self._places(origin)
        units = self._units(source, start, end)
        rows, owner = self._people(source)
        units = units.iloc[rows].assign(**owner)
        codes, meant = self._code_frame()
        texts = [one.text.folded if one.text else None for one in self.sources]
        named = {"source": [one.name for one in self.sources]}
        named |= {"kind": [one.kind for one in self.sources], "text": texts}
        return CodedProject.of(
            applications=self._applications(units, rows, meant),
            units=units.drop_duplicates(SAID),
            codes=codes,
            sources=pd.DataFrame(named).dropna(subset="source"),
            variables=pd.DataFrame(self._variables, columns=list(VARIABLE_COLUMNS)),
            pairs=self.pairs,
        )

    def _places(self, origin: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return source, start and end of each passage as places in its text."""
        source, start, end = (np.array(one) for one in (self._source, self._start, self._end))
        quoted: list[Quoted] = []
        rows: list[np.ndarray] = []
        for number, document in enumerate(self.sources):
            if document.text and not document.text.plain:
                here = np.flatnonzero((source == number) & (start >= 0))
                names = [self._quoted.get(at) or self._words.get(at) for at in here.tolist()]
                spans = start[here].tolist(), end[here].tolist()
                quoted.append(Quoted(document.name or "", document.text, *spans, names))
                rows.append(here)
        if quoted:
            rule = decide(quoted, origin, self.guard)
            for one, here in zip(quoted, rows, strict=True):
                start[here] = one.text.place(start[here], rule)
                end[here] = one.text.place(end[here], rule)
        furthest = [len(x.text.folded) if x.text else np.iinfo(np.int64).max for x in self.sources]
        for at in np.flatnonzero(end > np.array(furthest)[source]) if len(source) else ():
            place = place_name(self.sources[source[at]].name or "", start[at], end[at])
            self.report.add(DEVIATION, "passage beyond the end of its text", place)
        return source, start, end

    def _units(self, source: np.ndarray, start: np.ndarray, end: np.ndarray) -> pd.DataFrame:
        """Return one row per passage: source_number, source, start, end, unit, text."""
        units = pd.DataFrame({"source_number": source, "start": start, "end": end})
        units = units.astype({"start": "Int64", "end": "Int64"})
        units.loc[start == NONE, ["start", "end"]] = pd.NA
        sources = [one.name for one in self.sources]
        texts = [one.text.folded if one.text else None for one in self.sources]
        names = [
            place_name(sources[at] or "", first, last)
            for at, first, last in zip(source.tolist(), start.tolist(), end.tolist(), strict=True)
        ]
        words = words_of(texts, source, start, end, self.guard)
        for at, said in self._words.items():
            kept = words[at]
            if kept is not None and kept.split() != said.split():
                what = "words that differ from those at their place in the text"
                self.report.add(DEVIATION, what, names[at], said)
            words[at] = said if kept is None else kept
        for at, name in self._own_names(texts, source, start, end):
            names[at] = name
        for at, name in self._labels.items():
            names[at] = name
        units["source"] = _take(sources, source)
        return units.assign(unit=pd.array(names, dtype="str"), text=pd.array(words, dtype="str"))

    def _own_names(self, texts: list[str | None], *spans: np.ndarray) -> Iterator[tuple[int, str]]:
        """Yield passages with a name of their own: one a place, and none twice in a source."""
        places: dict[tuple[int, str], set[tuple[int, ...]]] = defaultdict(set)
        for at, quoted in self._quoted.items():
            source, start, end = span = tuple(int(one[at]) for one in spans)
            if name := passage_name(quoted, texts[source], start, end):
                places[source, name].add(span)
        names: dict[tuple[int, ...], str] = {}
        for (_, name), found in places.items():
            if len(found) == 1:
                names.setdefault(next(iter(found)), name)
        if names:
            for at, span in enumerate(zip(*(one.tolist() for one in spans), strict=True)):
                if span in names:
                    yield at, names[span]

    def _people(self, source: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
        """Return the passage of each row, one row a case; and who that is: case, site, role."""
        counts = np.ones(len(source), dtype=np.int64)
        for at, cases in self._members.items():
            counts[at] = len(cases)
        self._bound(int(counts.sum()))
        rows = np.repeat(np.arange(len(source)), counts)
        case = np.full(len(rows), NONE)
        firsts = np.cumsum(counts) - counts
        for at, cases in self._members.items():
            case[firsts[at] : firsts[at] + len(cases)] = cases
        owner = {"case": _take([one.name for one in self.cases], case)}
        for column in ("site", "role"):
            name = getattr(self.guard.options, column).lower()
            own = [one.values.get(name) for one in self.cases]
            general = [one.values.get(name) for one in self.sources]
            owner[column] = _take(own, case).fillna(_take(general, source[rows]))
            if any(own) or any(general):
                self.guard.options.used.add(column)
        return rows, {name: values.array for name, values in owner.items()}

    def _bound(self, rows: int) -> None:
        limit = self.guard.limits.applications
        if rows > limit:
            problem = f"codings times the cases they belong to are {rows}, the limit is {limit}"
            remedy = "let a case refer to passages instead of whole sources"
            raise self.guard.refusal("Cases", problem, remedy)

    def _code_frame(self) -> tuple[list[dict[str, Any]], list[tuple[str, str | None]]]:
        """Return the codes without directions, and for each code its name and direction."""
        directions, names = self._directed(), [one.name for one in self.codes]
        # A direction stands for the code that it is of.
        of = [found[0] if found else at for at, found in enumerate(directions)]
        kept = [at for at, found in enumerate(directions) if not found]
        for at, found in enumerate(directions):
            if found:
                self.report.add(CHOICE, "sub-code read as the direction of its code", "", names[at])
        row = {at: number for number, at in enumerate(kept)}
        above = [row[of[one]] if (one := self.codes[at].parent) != NONE else NONE for at in kept]
        given = code_names([names[at] for at in kept], above, self.report)
        for at in sorted(set(self._applied)):
            if not self.codes[at].codable:
                self.report.add(DEVIATION, "code applied that is only a folder", "", names[at])
        hidden = self.hidden - {one.parent for one in self.codes}
        rows = [
            {**vars(self.codes[at]), "code": name, "parent": None if up == NONE else given[up]}
            for at, name, up in zip(kept, given, above, strict=True)
            if at not in hidden
        ]
        meant = [
            (given[row[at]], found[1] if found else None)
            for at, found in zip(of, directions, strict=True)
        ]
        return rows, meant

    def _directed(self) -> Directions:
        """Find the codes that are directions: ours by their identifier, others if asked."""
        if self.guard.options.directions:
            self._add_directed()
        names, parents = [one.name for one in self.codes], [one.parent for one in self.codes]
        found = directions_by_name(names, parents)
        for at, direction in enumerate(found):
            if direction and self.guard.options.directions:
                self.guard.options.used.add("directions")
            elif direction:
                ours = identifier("direction", self.codes[direction[0]].guid, direction[1])
                found[at] = direction if self.codes[at].guid == ours else None
        return found

    def _add_directed(self) -> None:
        """Add codes of which a file has only the directions."""
        names, parents = ({getattr(x, y) for x in self.codes} for y in ("name", "parent"))
        for code in [one for at, one in enumerate(self.codes) if at not in parents]:
            name, direction = split_direction(code.name)
            if direction and name not in names and not split_direction(name)[1]:
                self.add_code(Code(name, code.parent))
                names.add(name)

    def _applications(
        self, units: pd.DataFrame, rows: np.ndarray, meant: list[tuple[str, str | None]]
    ) -> pd.DataFrame:
        """Return the long table: each coding with every case of its passage."""
        unit, coder, code = (np.array(x) for x in (self._unit, self._coded_by, self._applied))
        first = np.searchsorted(rows, unit)
        counts = np.searchsorted(rows, unit, side="right") - first
        total = int(counts.sum())
        self._bound(total)
        coding = np.repeat(np.arange(len(unit)), counts)
        within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
        long = units.drop(columns="text").iloc[first[coding] + within].reset_index(drop=True)
        long["coder"] = _take(list(self._coders), coder[coding])
        long["code"] = _take([name for name, _ in meant], code[coding])
        long["direction"] = _take([direction for _, direction in meant], code[coding])
        if self._directions:
            own = pd.Series(self._directions, dtype="str").reindex(coding).reset_index(drop=True)
            long["direction"] = own.fillna(long["direction"])
        long["weight"] = pd.Series(self.weights, dtype="float64").reindex(coding).to_numpy()
        applied = table(long, COLUMNS)
        if self.joined:
            # A quotation that stands twice brings its codings twice: those are no repetitions.
            twice = applied.duplicated(list(COLUMNS)) & np.isin(unit[coding], list(self.joined))
            applied = applied[~twice.to_numpy()]
        return without_repeats(applied, self.report)


def _take(names: Sequence[str | None], positions: np.ndarray) -> pd.Series:
    """Return the names at some positions, missing at -1."""
    labels = pd.array([*names, None], dtype="str")
    return pd.Series(labels.take(np.asarray(positions, dtype="int64")), dtype="str")
