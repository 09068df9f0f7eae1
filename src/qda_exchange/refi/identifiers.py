"""What the identifiers of a REFI-QDA project stand for, and who refers to what."""

from collections import defaultdict
from collections.abc import Callable

from qda_exchange.guard import Guard, RefusedFileError
from qda_exchange.naming import Names
from qda_exchange.refi.nodes import Node
from qda_exchange.report import DEVIATION, DROPPED

Value = tuple[str, str, str]


class Identifiers:
    """Everything that has an identifier, by it; two things of one kind may not share one."""

    def __init__(self, guard: Guard, value: Callable[[Node], Value | None]) -> None:
        self._guard, self.value = guard, value
        self.codes: dict[str, int] = {}
        self.cases: dict[str, int] = {}
        self.passages: dict[str, int] = {}
        self._sources: dict[str, int] = {}
        self._source_guids: dict[int, str] = {}
        self._coders: dict[str, str] = {}
        self._names = Names()
        self._referring: dict[str, list[int]] = defaultdict(list)
        self._met: set[str] = set()

    def note(self, things: str, node: Node, number: int) -> None:
        """Note what is behind an identifier; refuse one that two things share."""
        positions = {"codes": self.codes, "sources": self._sources}[things]
        guid = node.guid()
        if guid in positions:
            raise self.duplicate(things, guid, node.place)
        if guid:
            positions[guid] = number
            if things == "sources":
                self._source_guids[number] = guid

    def duplicate(self, things: str, guid: str, place: str) -> RefusedFileError:
        """Return the refusal of an identifier that two things share."""
        problem = f"two {things} share the identifier {guid}, so what refers to it is ambiguous"
        return self._guard.refusal(place, problem, "export the project again from its tool")

    def unique(self, what: str, name: str) -> str:
        """Return a name that nothing else of its kind has, with a number behind where it must."""
        unique = self._names.free(name, what)
        if unique != name:
            self._guard.report.add(
                DEVIATION, f"two {what}s of one name: a number tells them apart", "", name
            )
        return unique

    def add_coder(self, guid: str, name: str, place: str = "") -> None:
        """Note who is behind an identifier, under a name that nobody else has."""
        self._guard.bound(len(self._coders), "people", f"coder {name!r}")
        if guid in self._coders:
            raise self.duplicate("coders", guid, place)
        self._coders[guid] = self.unique("coder", name)

    def coder(self, guid: str) -> str | None:
        """Return the name behind an identifier, None without one."""
        if guid and guid not in self._coders:
            self._guard.report.add(DEVIATION, "coder who is not among the users", "", guid)
            self.add_coder(guid, guid)
        return self._coders.get(guid)

    def refer(self, case: int, guid: str) -> None:
        """Note that a case refers to a passage or a source."""
        if self._referring[guid][-1:] != [case]:
            self._referring[guid].append(case)

    def cases_of_source(self, source: int) -> list[int]:
        """Return the cases that refer to a whole source."""
        return self._cases_of(self._source_guids.get(source, ""))

    def note_passage(self, node: Node, passage: int) -> list[int]:
        """Note what passage is behind an identifier, and return the cases that refer to it."""
        guid = node.guid()
        if self.passages.setdefault(guid, passage) != passage and guid:
            if guid in self._referring:
                raise self.duplicate("passages", guid, node.place)
            self._guard.report.add(DEVIATION, "two passages of one identifier", node.place, guid)
        return self._cases_of(guid)

    def _cases_of(self, guid: str) -> list[int]:
        self._met |= {guid} & self._referring.keys()
        return self._referring.get(guid, [])

    def report_lost(self, names: list[str | None]) -> None:
        """Report what cases refer to and what is not there."""
        for guid, cases in self._referring.items():
            if guid not in self._met and guid not in self._sources:
                for case in cases:
                    what = "case refers to a passage or source that is not there"
                    self._guard.report.add(DROPPED, what, f"case {names[case]!r}", guid)
