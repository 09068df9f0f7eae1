"""Reading a REFI-QDA project or codebook into the long table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from qda_exchange.guard import Guard
from qda_exchange.limits import ByteStream
from qda_exchange.markup import parse
from qda_exchange.model import COLUMNS, CodedProject, finite, table
from qda_exchange.refi.assembling import Assembly, Case
from qda_exchange.refi.codebook import Codebook, duplicate, unique
from qda_exchange.refi.nodes import Node, root_node
from qda_exchange.refi.passages import Passages
from qda_exchange.refi.sources import Sources
from qda_exchange.report import CHOICE, DEVIATION, DROPPED

WEIGHT = "weight"


def read_refi(
    stream: ByteStream,
    guard: Guard,
    *,
    load: Callable[[str], bytes | None] = lambda path: None,
    place: str = "",
    site: str = "site",
    role: str = "role",
) -> CodedProject:
    """Read a project (`.qde`) or a codebook (`.qdc`).

    Parameters
    ----------
    stream
        The document's bytes.
    guard
        The file that is being read.
    load
        Returns the bytes behind a path inside the project, None when there are none.
    place
        Which entry of the file this is, for messages.
    site, role
        The variables of cases (or sources) that are the site and the role, in any letter case.

    Returns
    -------
    CodedProject
        Of a codebook, only the codes.

    Raises
    ------
    RefusedFileError
        When the file is no REFI-QDA document, is broken, ambiguous, or beyond a limit.

    Examples
    --------
    >>> import io
    >>> document = b'''<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>
    ...   <Code guid="5215cc69-b628-4e02-afb9-9beeaee55808" name="pace" isCodable="true"/>
    ... </Codes></CodeBook>'''
    >>> read_refi(io.BytesIO(document), Guard("codes.qdc")).codes["code"].tolist()
    ['pace']
    """
    root = root_node(parse(stream, guard.file, guard.limits, place), guard.report, guard.file)
    if root.name == "CodeBook":
        return _read_codebook(root, guard)
    return _Project(guard, load).read(root, site.lower(), role.lower())


def _read_codebook(root: Node, guard: Guard) -> CodedProject:
    codebook = Codebook(guard)
    for child in root.children():
        if child.name == "Codes":
            codebook.read(child)
        else:
            _drop_each(child)
    codes, _ = codebook.resolve()
    return CodedProject(table([], COLUMNS), codes=codes)


def _drop_each(node: Node) -> None:
    """Report every member of a list that the long table has no place for."""
    for child in node.children():
        child.drop(f"{child.name} without a place in the long table")


class _Project:
    """Everything of a project, taken in element by element."""

    def __init__(self, guard: Guard, load: Callable[[str], bytes | None]) -> None:
        self._guard, self._report = guard, guard.report
        self._people: dict[str, int] = {}
        self._coders: list[str] = []
        self._coder_names: Counter[str] = Counter()
        self._variables: dict[str, str] = {}
        self._cases: list[Case] = []
        self._references = 0
        self._weights: dict[str, float] = {}
        self._codebook = Codebook(guard)
        self._passages = Passages(guard, self._coder, self._codebook.positions.get)
        self._sources = Sources(guard, self._passages, load, self._read_value)

    def read(self, root: Node, site: str, role: str) -> CodedProject:
        take = {
            "Users": self._read_users,
            "CodeBook": self._read_codes,
            "Variables": self._read_variables,
            "Cases": self._read_cases,
            "Sources": self._sources.read,
            "Notes": self._read_notes,
            "Description": self._read_description,
        }
        for child in root.children():
            take.get(child.name, _drop_each)(child)
        self._codebook.check_applied(set(self._passages.codings()[2].tolist()))
        parts = self._codebook, self._passages, self._sources, self._cases
        return Assembly(self._guard, *parts).project(self._coders, self._weights, site, role)

    def _read_users(self, node: Node) -> None:
        for user in node.children():
            guid = user.guid()
            if guid in self._people:
                raise duplicate(guid, "coders", user.place, self._guard)
            self._add_coder(guid, user.attributes.get("name") or user.get("id") or guid)
            user.skip()

    def _add_coder(self, guid: str, name: str) -> int:
        number = len(self._coders)
        self._guard.bound(number, "people", f"coder {name!r}")
        self._people[guid] = number
        self._coders.append(unique(name, self._coder_names, "coder", self._report))
        return number

    def _coder(self, guid: str) -> int:
        if guid not in self._people:
            self._report.add(DEVIATION, "coder who is not among the users", "", guid)
            self._add_coder(guid, guid)
        return self._people[guid]

    def _read_codes(self, node: Node) -> None:
        for codes in node.children():
            self._codebook.read(codes)

    def _read_variables(self, node: Node) -> None:
        for variable in node.children():
            self._guard.bound(len(self._variables), "variables", variable.place)
            guid = variable.guid()
            if guid in self._variables:
                raise duplicate(guid, "variables", variable.place, self._guard)
            self._variables[guid] = variable.attributes.get("name") or guid
            for child in variable.children():
                child.drop("description of a variable", variable.get("name"))

    def _read_value(self, node: Node) -> tuple[str, str, str] | None:
        """Return variable, type and value of a `VariableValue`."""
        guid = ""
        found: tuple[str, str] | None = None
        for child in node.children():
            if child.name == "VariableRef":
                guid = child.guid("targetGUID")
                child.skip()
            else:
                found = child.name.removesuffix("Value"), child.text()
        if guid not in self._variables:
            self._report.add(DROPPED, "value of a variable that is not there", node.place, guid)
            return None
        # A variable without a value is how a tool says that nothing is known.
        return (self._variables[guid], *found) if found else None

    def _read_cases(self, node: Node) -> None:
        for case in node.children():
            self._guard.bound(len(self._cases), "cases", case.place)
            name = case.attributes.get("name") or None
            if not name:
                self._report.add(CHOICE, "case without a name: only its values are used")
            self._cases.append(self._read_case(case, name))

    def _read_case(self, node: Node, name: str | None) -> Case:
        case = Case(name)
        for child in node.children():
            if child.name == "VariableValue":
                value = self._read_value(child)
                case.values += [value] if value else []
            elif child.name in {"SourceRef", "SelectionRef"}:
                self._guard.bound(self._references, "references", child.place)
                self._references += 1
                to = case.sources if child.name == "SourceRef" else case.selections
                to.append(child.guid("targetGUID"))
                child.skip()
            else:
                child.drop("code or description of a case", name or "")
        return case

    def _read_notes(self, node: Node) -> None:
        for note in node.children():
            if note.get("name") == WEIGHT:
                self._read_weight(note)
            else:
                note.drop("note (memo)")

    def _read_weight(self, note: Node) -> None:
        for child in note.children():
            if child.name == "PlainTextContent":
                weight = finite(child.text())
                if weight is None:
                    self._report.add(DROPPED, "weight that is no number", note.place)
                else:
                    self._weights[note.guid()] = weight

    def _read_description(self, node: Node) -> None:
        text = node.text()
        if text:
            self._report.add(DROPPED, "description of the project", node.place, text)
