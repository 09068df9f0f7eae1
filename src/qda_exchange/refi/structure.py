"""What the REFI-QDA standard allows, read from its two published schemas (in the folder `schema`).

Of XML Schema those use little: sequences, choices, attributes, and a few simple types. The standard
(www.qdasoftware.org) is version 1.5, its schemas are 1.0.
"""

import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import NamedTuple

SCHEMA = Path(__file__).parent / "schema"
XSD = "{http://www.w3.org/2001/XMLSchema}"
#: Root element: its type, its schema.
ROOTS = {"Project": ("ProjectType", "Project.xsd"), "CodeBook": ("CodeBookType", "Codebook.xsd")}
NAMESPACES = {"Project": "urn:QDA-XML:project:1.0", "CodeBook": "urn:QDA-XML:codebook:1.0"}
DATE = r"-?(?!0000)([1-9]\d{4,}|\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
TIME = r"(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?|24:00:00(\.0+)?)"
ZONE = r"(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))?"
#: What a value of each simple type of XML Schema looks like, blanks around it aside.
BUILT_IN = {
    "boolean": "true|false|1|0",
    "integer": r"[+-]?\d+",
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "date": DATE + ZONE,
    "dateTime": f"{DATE}T{TIME}{ZONE}",
}


class Child(NamedTuple):
    """An element within another: its type, its place in the order, how often it may come."""

    type: str
    position: int
    repeats: bool


class Type(NamedTuple):
    """One type: attributes (kind, required), children by name, and what must not be missing."""

    attributes: dict[str, tuple[str, bool]]
    required: frozenset[str]
    children: dict[str, Child]
    needed: tuple[tuple[int, str], ...]


@cache
def _schema(file: str) -> ET.Element:
    return ET.parse(SCHEMA / file).getroot()


@cache
def kinds() -> dict[str, re.Pattern[str]]:
    """Return the patterns of all simple types but strings, by their names in the schemas."""
    patterns = dict(BUILT_IN)
    for declared in _schema("Project.xsd").iter(f"{XSD}simpleType"):
        listed = [re.escape(one.get("value", "")) for one in declared.iter(f"{XSD}enumeration")]
        given = [one.get("value", "") for one in declared.iter(f"{XSD}pattern")]
        patterns[declared.get("name", "")] = "|".join(given or listed)
    return {name: re.compile(one, re.ASCII) for name, one in patterns.items()}


def is_kind(value: str, kind: str) -> bool:
    """Say whether a text is a value of a simple type."""
    if kind == "string":
        return True
    fits = kinds()[kind].fullmatch
    return fits(value) is not None or fits(value.strip(" \t\r\n")) is not None


@cache
def types(root: str) -> dict[str, Type]:
    """Return the types of a document by name, those of its text elements included."""
    declared = _schema(ROOTS[root][1]).iter(f"{XSD}complexType")
    simple = {kind: Type({}, frozenset(), {}, ()) for kind in ("string", *kinds())}
    return {**simple, **{one.get("name", ""): _type(one) for one in declared}}


def _type(declared: ET.Element) -> Type:
    listed = declared.findall(f"{XSD}attribute")
    attributes = {one.get("name", ""): (_kind(one), one.get("use") == "required") for one in listed}
    required = frozenset(name for name, (_, needed) in attributes.items() if needed)
    sequence = declared.find(f"{XSD}sequence")
    groups = declared.findall(f"{XSD}choice") if sequence is None else list(sequence)
    children, needed = {}, []
    for position, group in enumerate(groups):
        members = list(group) if group.tag == f"{XSD}choice" else [group]
        often = {(x.get("minOccurs", "1"), x.get("maxOccurs", "1")) for x in (group, *members)}
        repeats = any(most == "unbounded" for _, most in often)
        for one in members:
            children[one.get("name", "")] = Child(_kind(one), position, repeats)
        if not any(least == "0" for least, _ in often):
            needed.append((position, " or ".join(one.get("name", "") for one in members)))
    return Type(attributes, required, children, tuple(needed))


def _kind(declared: ET.Element) -> str:
    return declared.get("type", "").removeprefix("xsd:")
