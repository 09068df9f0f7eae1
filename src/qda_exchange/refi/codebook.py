"""Codes of a REFI-QDA document: a tree of codes, some of which stand for a direction."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from qda_exchange.guard import Guard
from qda_exchange.limits import RefusedFileError
from qda_exchange.model import CODE_COLUMNS, table
from qda_exchange.naming import name_codes
from qda_exchange.refi.nodes import Node
from qda_exchange.report import DEVIATION, DROPPED, Report


class Codebook:
    """The codes met so far, parents before children."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._names: list[str] = []
        self._parents: list[int] = []
        self._codable: list[bool] = []
        self._colours: list[str | None] = []
        self._descriptions: list[str | None] = []
        self.positions: dict[str, int] = {}

    def read(self, codes: Node) -> None:
        """Take in the element `Codes`."""
        for code in codes.children():
            self._read_code(code, -1)

    def resolve(self) -> tuple[pd.DataFrame, list[tuple[str, str | None]]]:
        """Name the codes and part the directions from them.

        Returns
        -------
        pandas.DataFrame
            The codes without those that stand for a direction.
        list of tuple
            For each code as it was met, the name and the direction it stands for.
        """
        named = name_codes(self._names, self._parents, self._guard.report)
        for position, (_, direction) in enumerate(named.meant):
            if direction and self._descriptions[position]:
                what, name = "description of a direction", self._names[position]
                self._guard.report.add(DROPPED, what, "", name)
        frame = table(
            {
                "code": named.names,
                "parent": named.parents,
                "codable": [self._codable[position] for position in named.kept],
                "colour": [self._colours[position] for position in named.kept],
                "description": [self._descriptions[position] for position in named.kept],
            },
            CODE_COLUMNS,
        )
        return frame, named.meant

    def check_applied(self, positions: set[int]) -> None:
        """Report codes that were applied although they are only folders."""
        for position in sorted(positions):
            if not self._codable[position]:
                what = "code applied that is only a folder"
                self._guard.report.add(DEVIATION, what, "", self._names[position])

    def _read_code(self, node: Node, parent: int) -> None:
        position = len(self._names)
        self._guard.bound(position, "codes", node.place)
        self._names.append(node.attributes.get("name") or f"code {position + 1}")
        self._parents.append(parent)
        self._codable.append(node.get("isCodable").lower() not in {"false", "0"})
        self._colours.append(node.get("color") or None)
        self._descriptions.append(None)
        identify(self.positions, node, position, "codes", self._guard)
        for child in node.children():
            if child.name == "Description":
                self._descriptions[position] = child.text() or None
            elif child.name == "Code":
                self._read_code(child, position)
            else:
                child.drop("note on a code", self._names[position])


def identify(
    positions: dict[str, int], node: Node, position: int, things: str, guard: Guard
) -> None:
    """Note where the thing behind an identifier is.

    Raises
    ------
    RefusedFileError
        When two things share it, so that what refers to it is ambiguous.
    """
    guid = node.guid()
    if guid in positions:
        raise duplicate(guid, things, node.place, guard)
    if guid:
        positions[guid] = position


def duplicate(guid: str, things: str, place: str, guard: Guard) -> RefusedFileError:
    """Return the refusal of an identifier that two things share."""
    return guard.refusal(
        place,
        f"two {things} share the identifier {guid}, so what refers to it is ambiguous",
        "export the project again from the tool it was made with",
    )


def unique(name: str, taken: Counter[str], what: str, report: Report) -> str:
    """Return a name that nothing else of its kind has, with a number behind where it must be.

    Examples
    --------
    >>> taken = Counter()
    >>> [unique("Lola", taken, "coder", Report()) for _ in range(2)]
    ['Lola', 'Lola (2)']
    """
    taken[name] += 1
    if taken[name] == 1:
        return name
    report.add(DEVIATION, f"two of one name: {what}", "", name)
    return unique(f"{name} ({taken[name]})", taken, what, report)
