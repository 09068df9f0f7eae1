"""Walking a REFI-QDA document: every departure from the standard is noted on the way.

A node is an element together with its type. Reading an element checks its attributes, walking its
children checks their names, order and number; what a reader leaves alone is still checked. So a
document that has been walked has been validated.
"""

from collections.abc import Iterator

from qda_exchange.guard import RefusedFileError
from qda_exchange.markup import Element
from qda_exchange.refi.structure import NAMESPACES, ROOTS, Type, is_kind, kinds, types
from qda_exchange.report import DEVIATION, DROPPED, Report


class Node:
    """An element whose type in the standard is known; its report gets every deviation."""

    __slots__ = ("_element", "_known", "_type", "attributes", "name", "report", "type_name")

    def __init__(
        self, element: Element, type_name: str, known: dict[str, Type], report: Report
    ) -> None:
        self._element, self._known, self.report = element, known, report
        self._type, self.type_name = known[type_name], type_name
        self.name, self.attributes = element.name, element.attributes
        self._check_attributes()

    @property
    def place(self) -> str:
        """Where the element is, for a report."""
        return f"line {self._element.line}, {self.name}"

    def get(self, attribute: str) -> str:
        """Return an attribute without blanks around it, empty when it is missing."""
        return self.attributes.get(attribute, "").strip()

    def guid(self, attribute: str = "guid") -> str:
        """Return an identifier as it is compared: small letters, no braces."""
        return self.attributes.get(attribute, "").strip(" \t\r\n{}").lower()

    def number(self, attribute: str) -> int | None:
        """Return a whole number, None when the attribute is missing or none."""
        value = self.get(attribute)
        # Fifteen digits are more than any text has, and few enough for a column of numbers.
        return int(value) if is_kind(value, "integer") and len(value) <= 15 else None

    def children(self) -> "Iterator[Node]":
        """Yield the children that the standard knows; others are reported and left out."""
        position, seen = 0, set()
        for element in self._element.children():
            child, place = self._type.children.get(element.name), (element.line, element.name)
            if child is None:
                self._note(DROPPED, "element that the standard does not know", place, self.name)
                continue
            if child.position < position:
                self._note(DEVIATION, "elements out of order", place, f"in {self.name}")
            if child.position in seen and not child.repeats:
                self._note(DEVIATION, "element more than once", place, f"in {self.name}")
            position = max(position, child.position)
            seen.add(child.position)
            yield Node(element, child.type, self._known, self.report)
        if self._element.stray:
            self.report.add(DROPPED, "text between elements", self.place)
        for needed, names in self._type.needed:
            if needed not in seen:
                self.report.add(DEVIATION, "element without what it must hold", self.place, names)

    def text(self) -> str:
        """Return the text of a node that holds text, checked against its kind."""
        text = self._element.text()
        if self._element.stray:
            self.report.add(DROPPED, "elements within a text", self.place)
        if self.type_name in kinds() and not is_kind(text, self.type_name):
            self.report.add(DEVIATION, f"text that is no {self.type_name}", self.place, text)
        return text

    def skip(self) -> None:
        """Check the rest without using it."""
        if self.type_name not in kinds() and self.type_name != "string":
            for child in self.children():
                child.skip()
        else:
            self.text()

    def drop(self, what: str, detail: str = "") -> None:
        """Report that the long table has no place for this, and check the rest."""
        self.report.add(DROPPED, what, self.place, detail or self.get("name"))
        self.skip()

    def _note(self, kind: str, what: str, place: tuple[int, str], detail: str) -> None:
        self.report.add(kind, what, f"line {place[0]}, {place[1]}", detail)

    def _check_attributes(self) -> None:
        known, given = self._type.attributes, self.attributes
        for name, value in given.items():
            if name in known:
                kind = known[name][0]
                if kind != "string" and not is_kind(value, kind):
                    detail = f"{name}={value!r}"
                    self.report.add(DEVIATION, f"attribute that is no {kind}", self.place, detail)
            elif not name.startswith(("xmlns", "xsi", "xml")):
                what = "attribute that the standard does not know"
                self.report.add(DROPPED, what, self.place, name)
        if not self._type.required <= given.keys():
            for name in sorted(self._type.required - given.keys()):
                self.report.add(DEVIATION, "attribute missing", self.place, name)


def root_node(element: Element, report: Report, file: str) -> Node:
    """Return the root of a project or a codebook; refuse a document that is neither."""
    if element.name not in ROOTS:
        problem = f"the root element is {element.name!r}, not {' or '.join(ROOTS)}"
        remedy = "this is XML of another kind; export a REFI-QDA project or codebook"
        raise RefusedFileError(file, f"line {element.line}", problem, remedy)
    type_name, namespace = ROOTS[element.name][0], NAMESPACES[element.name]
    declared = [value for key, value in element.attributes.items() if key.startswith("xmlns")]
    if namespace not in declared:
        what = "document without the namespace of the standard"
        report.add(DEVIATION, what, f"line {element.line}", " ".join(declared))
    return Node(element, type_name, types(element.name), report)
