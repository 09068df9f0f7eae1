"""The coded passages of a project, kept as columns of numbers while they are read.

A project may hold a million passages, so each is a few machine numbers, not an object; names are
kept only where they identify a passage.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable

import numpy as np

from qda_exchange.guard import Guard
from qda_exchange.naming import passage_name
from qda_exchange.refi.nodes import Node
from qda_exchange.report import CHOICE, DEVIATION, DROPPED

NONE = -1


class Passages:
    """Units and codings met so far.

    Parameters
    ----------
    guard
        The file that is being read.
    coder
        Returns the number of the coder behind an identifier.
    code
        Returns the position of the code behind an identifier, None when there is none.
    """

    def __init__(
        self, guard: Guard, coder: Callable[[str], int], code: Callable[[str], int | None]
    ) -> None:
        self._guard, self._report = guard, guard.report
        self._coder, self._code = coder, code
        self._source, self._start, self._end = array("q"), array("q"), array("q")
        self._unit, self._coded_by, self._applied = array("q"), array("q"), array("q")
        self.names: dict[int, str] = {}
        self.labels: dict[int, str] = {}
        self.positions: dict[str, int] = {}
        self.twice: set[str] = set()
        self.notes: list[tuple[int, str]] = []

    def spans(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return source, start and end of each unit; -1 where there is none."""
        return np.array(self._source), np.array(self._start), np.array(self._end)

    def codings(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return unit, coder and code of each coding; -1 for a coder who is not named."""
        return np.array(self._unit), np.array(self._coded_by), np.array(self._applied)

    def add_unit(self, node: Node, source: int, start: int = NONE, end: int = NONE) -> int:
        """Add a unit and return its number."""
        number = len(self._source)
        self._guard.bound(number, "units", node.place)
        self._source.append(source)
        self._start.append(start)
        self._end.append(end)
        return number

    def read_selection(
        self, node: Node, source: int, span: tuple[int | None, int | None], text: str | None
    ) -> None:
        """Take in a passage given by start and end, with its codings."""
        start, end = span
        if start is None or end is None or min(start, end) < 0:
            node.drop("passage without a start and an end", node.get("guid"))
            return
        if start > end:
            self._report.add(DEVIATION, "start after end, turned round", node.place)
            start, end = end, start
        if start == end:
            self._report.add(DEVIATION, "passage of no length", node.place, node.get("name"))
        if text is not None and end > len(text):
            self._report.add(DEVIATION, "passage beyond the end of its text", node.place, str(end))
        unit = self.add_unit(node, source, start, end)
        name = passage_name(node.attributes.get("name", ""), text, start, end)
        if name:
            self.names[unit] = name
        self.read_content(node, unit)

    def read_labelled(self, node: Node, source: int, label: str) -> None:
        """Take in a passage that no start and end describe, with its codings."""
        unit = self.add_unit(node, source)
        self.labels[unit] = label
        self.read_content(node, unit)

    def read_content(self, node: Node, unit: int) -> None:
        """Take in the codings of a selection."""
        self._identify(node, unit)
        for child in node.children():
            if child.name == "Coding":
                self.read_coding(child, unit, node.guid("creatingUser"))
            elif child.name == "Description":
                text = child.text()
                if text:
                    self._report.add(DROPPED, "description of a passage", child.place, text)
            else:
                child.drop("note or text on a passage")

    def read_coding(self, node: Node, unit: int, fallback: str = "") -> None:
        """Take in one coding of a unit; the selection's maker stands in for a coder."""
        guid = node.guid("creatingUser")
        if not guid and fallback:
            self._report.add(CHOICE, "coding without a coder: the passage's maker taken")
        coder = self._coder(guid or fallback) if guid or fallback else NONE
        first = len(self._unit)
        notes = []
        for child in node.children():
            if child.name == "CodeRef":
                self._apply(child, unit, coder)
            else:
                notes.append(child.guid("targetGUID"))
            child.skip()
        for number in range(first, len(self._unit)):
            self.notes += [(number, note) for note in notes]

    def _apply(self, node: Node, unit: int, coder: int) -> None:
        code = self._code(node.guid("targetGUID"))
        if code is None:
            self._report.add(
                DROPPED, "coding with a code that is not there", node.place, node.get("targetGUID")
            )
            return
        self._guard.bound(len(self._unit), "applications", node.place)
        self._unit.append(unit)
        self._coded_by.append(coder)
        self._applied.append(code)

    def _identify(self, node: Node, unit: int) -> None:
        guid = node.guid()
        if guid in self.positions:
            self.twice.add(guid)
            self._report.add(DEVIATION, "two passages of one identifier", node.place, guid)
        elif guid:
            self.positions[guid] = unit
