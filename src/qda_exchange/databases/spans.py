"""Codings of a database as spans of texts, with the cases that the spans belong to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from qda_exchange.collecting import Collector
from qda_exchange.databases.safe import whole
from qda_exchange.gathering import NONE
from qda_exchange.model import FURTHEST
from qda_exchange.naming import Names
from qda_exchange.positions import Text
from qda_exchange.report import DROPPED

LOST = "coding of a source or with a code that is not there, or without a place"


class Spans:
    """The sources and cases of a database by key, and what belongs to whom."""

    def __init__(self, into: Collector) -> None:
        self._into = into
        self.sources: dict[Any, int] = {}
        self.cases: dict[Any, int] = {}
        self._names = Names()
        self._links: dict[Any, list[tuple[int, int, int]]] = defaultdict(list)

    def add_source(self, key: Any, name: str | None, text: str | None, kind: str = "text") -> None:
        """Take in a source, under a name that no other has."""
        unique = self._names.free(name or f"source {key}")
        content = None if text is None else Text(text)
        self.sources[key] = self._into.add_source(unique, kind, content)

    def add_case(self, key: Any, name: str | None) -> None:
        """Take in a case."""
        self.cases[key] = self._into.add_case(name or f"case {key}")

    def link(self, case: Any, source: Any, start: Any = 0, end: Any = 0) -> None:
        """Say that a span of a source, or all of it (0 to 0), belongs to a case."""
        if case in self.cases:
            span = whole(start) or 0, whole(end) or FURTHEST
            self._links[source].append((*span, self.cases[case]))

    def add_value(self, of: str, key: Any, variable: Any, value: Any) -> None:
        """Take in a variable's value of a `case` or a `source`."""
        into = self._into
        numbers, group = (self.cases, into.cases) if of == "case" else (self.sources, into.sources)
        if key in numbers and variable and value is not None:
            into.add_value(group[numbers[key]], str(variable), str(value))

    def passage(self, source: Any, start: int = 0, end: int = 0, label: str = "") -> int:
        """Take in a passage given by a span, or by a label, with its cases."""
        first, last = (NONE, NONE) if label else (start, end)
        number = self._into.add_passage(self.sources[source], first, last, label)
        links = self._links.get(source, ())
        cases = [case for one, other, case in links if label or (one <= start and end <= other)]
        self._into.belongs(number, cases)
        return number

    def apply(
        self, codings: Iterable[Sequence[Any]], codes: dict[Any, int], first: int = 0
    ) -> None:
        """Take in codings: source, start, end, words, code and coder; the first letter's number."""
        for number, (source, begin, until, words, key, coder) in enumerate(codings, start=1):
            start, end, code = whole(begin), whole(until), codes.get(key, NONE)
            known = source in self.sources and code != NONE
            if not known or start is None or end is None or not first <= start <= end < FURTHEST:
                self._into.report.add(DROPPED, LOST, f"coding {number}", words or "")
                continue
            passage = self.passage(source, start - first, end)
            self._into.say(passage, words)
            self._into.apply(passage, code, coder)

    def drop(self, what: str, texts: Iterable[tuple[Any, ...]]) -> None:
        """Report remarks that the long table has no place for."""
        for source, text in texts:
            if text:
                self._into.report.add(DROPPED, what, str(source or ""), text)
