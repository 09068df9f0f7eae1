"""Reading a REFI-QDA project or codebook."""

from collections.abc import Callable

from qda_exchange.collecting import Collector
from qda_exchange.gathering import NONE, Code
from qda_exchange.guard import ByteStream, Guard
from qda_exchange.markup import parse
from qda_exchange.model import CodedProject, finite
from qda_exchange.refi.elements import identifier
from qda_exchange.refi.identifiers import Identifiers, Value
from qda_exchange.refi.nodes import Node, root_node
from qda_exchange.refi.sources import Sources
from qda_exchange.report import CHOICE, DROPPED

WEIGHT = "weight"
#: Variable that holds the name of a case which had to be written under another.
CASE_NAME = "case"


def read_refi(
    stream: ByteStream,
    guard: Guard,
    load: Callable[[str], bytes | None] = lambda path: None,
    place: str = "",
) -> CodedProject:
    """Read a project (`.qde`) or a codebook (`.qdc`), of which only the codes are read.

    `load` returns the bytes behind a path inside the project, None when there are none; `place` is
    the entry of the file, for messages.
    """
    root = root_node(parse(stream, guard.file, guard.limits, place), guard.report, guard.file)
    return _Project(guard, load).read(root)


class _Project:
    """Everything of a project, taken in element by element."""

    def __init__(self, guard: Guard, load: Callable[[str], bytes | None]) -> None:
        self._guard, self._report = guard, guard.report
        self._into = Collector(guard)
        self._known = Identifiers(guard, self._value)
        self._sources = Sources(self._into, self._known, load)
        self._variables: dict[str, str] = {}
        self._weights: dict[str, float] = {}
        self._references = 0

    def read(self, root: Node) -> CodedProject:
        take = {
            "Users": self._read_users,
            "CodeBook": self._read_codebook,
            "Codes": self._read_codes,
            "Variables": self._read_variables,
            "Cases": self._read_cases,
            "Sources": self._sources.read,
            "Notes": self._read_notes,
            "Description": self._read_description,
        }
        for child in root.children():
            take.get(child.name, self._drop_each)(child)
        self._known.report_lost([one.name for one in self._into.cases])
        for coding, note in self._sources.notes:
            if note in self._weights:
                self._into.weights[coding] = self._weights[note]
        # Nothing refers to a passage any more: the tables take its place in memory.
        self._known.passages.clear()
        return self._into.project(root.get("origin"))

    def _drop_each(self, node: Node) -> None:
        """Report every member of a list that the long table has no place for."""
        for child in node.children():
            child.drop(f"{child.name} without a place in the long table")

    def _read_users(self, node: Node) -> None:
        for user in node.children():
            guid = user.guid()
            name = user.attributes.get("name") or user.get("id") or guid
            self._known.add_coder(guid, name, user.place)
            user.skip()

    def _read_codebook(self, node: Node) -> None:
        for codes in node.children():
            self._read_codes(codes)

    def _read_codes(self, node: Node, parent: int = NONE) -> None:
        for code in node.children():
            if code.name == "Code":
                self._read_code(code, parent)

    def _read_code(self, node: Node, parent: int) -> None:
        name = node.attributes.get("name") or f"code {len(self._into.codes) + 1}"
        codable = node.get("isCodable").lower() not in {"false", "0"}
        code = Code(name, parent, codable, node.get("color") or None, guid=node.guid())
        number = self._into.add_code(code, node.place)
        self._known.note("codes", node, number)
        for child in node.children():
            if child.name == "Description":
                code.description = child.text() or None
            elif child.name == "Code":
                self._read_code(child, number)
            else:
                child.drop("note on a code", name)

    def _read_variables(self, node: Node) -> None:
        for variable in node.children():
            self._guard.bound(len(self._variables), "variables", variable.place)
            guid = variable.guid()
            if guid in self._variables:
                raise self._known.duplicate("variables", guid, variable.place)
            self._variables[guid] = variable.attributes.get("name") or guid
            for child in variable.children():
                child.drop("description of a variable", variable.get("name"))

    def _value(self, node: Node) -> Value | None:
        """Return variable, value and type of a `VariableValue`."""
        guid, found = "", None
        for child in node.children():
            if child.name == "VariableRef":
                guid = child.guid("targetGUID")
                child.skip()
            else:
                found = child.text(), child.name.removesuffix("Value")
        if guid not in self._variables:
            self._report.add(DROPPED, "value of a variable that is not there", node.place, guid)
            return None
        # A variable without a value is how a tool says that nothing is known.
        return (self._variables[guid], *found) if found else None

    def _read_cases(self, node: Node) -> None:
        renamed = identifier("variable", CASE_NAME) in self._variables
        for child in node.children():
            name = child.attributes.get("name") or None
            if not name:
                self._report.add(CHOICE, "case without a name: only its values are used")
            number = self._into.add_case(name)
            values: list[Value] = []
            case = self._into.cases[number]
            if child.guid() in self._known.codes:
                what = "code that stands for a case: read as that case"
                self._report.add(CHOICE, what, child.place, name or "")
                self._known.cases[child.guid()] = number
                self._into.hidden.add(self._known.codes[child.guid()])
            for part in child.children():
                if part.name == "VariableValue":
                    values += [value] if (value := self._value(part)) else []
                elif part.name in {"SourceRef", "SelectionRef"}:
                    self._guard.bound(self._references, "references", part.place)
                    self._references += 1
                    self._known.refer(number, part.guid("targetGUID"))
                    part.skip()
                else:
                    part.drop("code or description of a case", name or "")
            for variable, text, kind in values:
                if renamed and variable == CASE_NAME and (name or "").startswith(text):
                    case.name = text
                else:
                    self._into.add_value(case, variable, text, kind)
        used = {name for case in self._into.cases for name in case.values}
        options = self._guard.options
        if used and not {options.site.lower(), options.role.lower()} & used:
            what = "no variable is named as site or role: both are left empty; see --site, --role"
            names = sorted(set(self._variables.values()))
            self._report.add(CHOICE, what, "", "there are: " + ", ".join(names))

    def _read_notes(self, node: Node) -> None:
        for note in node.children():
            if note.get("name") != WEIGHT:
                note.drop("note (memo)")
                continue
            for child in note.children():
                if child.name == "PlainTextContent":
                    weight = finite(child.text())
                    if weight is None:
                        self._report.add(DROPPED, "weight that is no number", note.place)
                    else:
                        self._weights[note.guid()] = weight

    def _read_description(self, node: Node) -> None:
        if text := node.text():
            self._report.add(DROPPED, "description of the project", node.place, text)
