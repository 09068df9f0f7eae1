"""The table of the standard is the published schema; the checks judge as libxml2 does."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import exchange_files
import pandas as pd
import pytest

from qda_exchange.markup import parse
from qda_exchange.refi.nodes import validate
from qda_exchange.refi.structure import KINDS, ROOTS, is_kind, types

XSD = "{http://www.w3.org/2001/XMLSchema}"
SIMPLE = {
    "GUIDType": "guid",
    "RGBType": "colour",
    "directionType": "direction",
    "typeOfVariableType": "variable",
    "ShapeType": "shape",
    "LineStyleType": "line",
}
ORACLES = exchange_files.ORACLES / "refi"
VERDICTS = pd.read_csv(ORACLES / "verdicts.csv", keep_default_na=False)


def kind(name: str) -> str:
    return name.removeprefix("xsd:") if name.startswith("xsd:") else SIMPLE.get(name, name)


def published(schema: ET.Element) -> dict[str, object]:
    """Read the complex types of a schema in the terms of the table."""
    found = {}
    for declared in schema.iter(f"{XSD}complexType"):
        attributes = {
            one.get("name"): (kind(one.get("type", "")), one.get("use") == "required")
            for one in declared.findall(f"{XSD}attribute")
        }
        children, needed = {}, []
        for position, group in enumerate(groups(declared)):
            often = {
                (one.get("minOccurs", "1"), one.get("maxOccurs", "1")) for one in group.members
            } | ({group.often} if group.often else set())
            for one in group.members:
                repeats = any(most == "unbounded" for _, most in often)
                children[one.get("name")] = (kind(one.get("type", "")), position, repeats)
            if not any(least == "0" for least, _ in often):
                needed.append((position, " or ".join(one.get("name", "") for one in group.members)))
        found[declared.get("name")] = (attributes, children, tuple(needed))
    return found


class Group:
    def __init__(self, members: list[ET.Element], often: tuple[str, str] | None = None) -> None:
        self.members, self.often = members, often


def groups(declared: ET.Element) -> list[Group]:
    """Return the members of a sequence, each alone or, where there is a choice, together."""
    sequence = declared.find(f"{XSD}sequence")
    parts = list(sequence) if sequence is not None else declared.findall(f"{XSD}choice")
    return [
        Group(list(part), (part.get("minOccurs", "1"), part.get("maxOccurs", "1")))
        if part.tag == f"{XSD}choice"
        else Group([part])
        for part in parts
    ]


@pytest.mark.parametrize(
    ("root", "file"), [("Project", "Project.xsd"), ("CodeBook", "Codebook.xsd")]
)
def test_the_table_is_the_published_schema(root: str, file: str) -> None:
    schema = ET.parse(ORACLES / file).getroot()
    ours = {
        name: (
            one.attributes,
            {child: (c.type, c.position, c.repeats) for child, c in one.children.items()},
            one.needed,
        )
        for name, one in types(root).items()
        if name not in {*KINDS, "string"}
    }
    assert ours == published(schema)
    assert schema.get("targetNamespace") == ROOTS[root][2]
    assert schema.find(f"{XSD}element").get("type") == ROOTS[root][0]  # type: ignore[union-attr]


def test_a_schema_that_differs_would_be_seen() -> None:
    schema = ET.parse(ORACLES / "Project.xsd").getroot()
    for one in schema.iter(f"{XSD}attribute"):
        if one.get("name") == "isCodable":
            del one.attrib["use"]
    assert published(schema)["CodeType"] != types("Project")["CodeType"]


def test_values_that_a_schema_lists_are_those_of_the_table() -> None:
    schema = ET.parse(ORACLES / "Project.xsd").getroot()
    for declared in schema.iter(f"{XSD}simpleType"):
        listed = [one.get("value", "") for one in declared.iter(f"{XSD}enumeration")]
        for value in listed:
            assert is_kind(value, SIMPLE[declared.get("name", "")])
            assert not is_kind(value + "x", SIMPLE[declared.get("name", "")])


def changed(row: pd.Series) -> bytes:
    base = (ORACLES / "base.qde").read_text(encoding="utf-8")
    document = base.replace(row["old"], row["new"], 1)
    if row["change"] == "prefix":
        document = document.replace("</Project>", "</q:Project>")
    return document.encode()


@pytest.mark.parametrize("change", VERDICTS["change"])
def test_the_checks_judge_as_libxml2(change: str) -> None:
    row = VERDICTS.set_index("change", drop=False).loc[change]
    report = validate(parse(io.BytesIO(changed(row)), "changed.qde"))
    assert (len(report) == 0) == (str(row["valid"]).lower() == "true"), report.frame().to_string()


def test_the_verdicts_are_of_both_sorts() -> None:
    assert VERDICTS["valid"].astype("str").str.lower().value_counts().min() > 10
