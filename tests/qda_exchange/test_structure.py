"""The checks of REFI-QDA follow the published schemas, and judge as libxml2 does."""

from __future__ import annotations

import hashlib
import io
import xml.etree.ElementTree as ET

import exchange_files
import pandas as pd
import pytest

from qda_exchange.markup import parse
from qda_exchange.refi.structure import NAMESPACES, ROOTS, SCHEMA, XSD, is_kind, types

ORACLES = exchange_files.ORACLES / "refi"
VERDICTS = pd.read_csv(ORACLES / "verdicts.csv", keep_default_na=False)
#: The two schemas as they were published (see `refi/README.md` beside the verdicts).
PUBLISHED = {
    "Project.xsd": "77608205d5c17c6a60f75e771dd825d8e36eb7db24f8fe7cb86d47e70f83c0f5",
    "Codebook.xsd": "bc4706a6fdb736cc3248de1753366f2b1f5b13e6828d319cea2874deb7e61b52",
}


@pytest.mark.parametrize(("root", "file"), [(root, file) for root, (_, file) in ROOTS.items()])
def test_the_schemas_are_as_published(root: str, file: str) -> None:
    content = (SCHEMA / file).read_bytes()
    assert hashlib.sha256(content).hexdigest() == PUBLISHED[file]
    schema = ET.fromstring(content)
    assert schema.get("targetNamespace") == NAMESPACES[root]
    declared = schema.find(f"{XSD}element")
    assert declared is not None
    assert (declared.get("name"), declared.get("type")) == (root, ROOTS[root][0])


def test_types_say_what_the_standard_says() -> None:
    # Section 5 of the standard, by hand: attributes, order, what is needed, what repeats.
    code = types("Project")["CodeType"]
    assert code.attributes["color"] == ("RGBType", False)
    assert code.required == {"guid", "name", "isCodable"}
    assert {name: (one.position, one.repeats) for name, one in code.children.items()} == {
        "Description": (0, False),
        "NoteRef": (1, True),
        "Code": (2, True),
    }
    sources = types("Project")["SourcesType"]
    assert {one.position for one in sources.children.values()} == {0}
    assert all(one.repeats for one in sources.children.values())
    assert types("Project")["CodingType"].needed == ((0, "CodeRef"),)
    with pytest.raises(KeyError):
        types("CodeBook")["CodingType"]


def test_values_that_a_schema_lists_are_the_only_ones() -> None:
    schema = ET.parse(SCHEMA / "Project.xsd").getroot()
    listed = 0
    for declared in schema.iter(f"{XSD}simpleType"):
        for one in declared.iter(f"{XSD}enumeration"):
            listed += 1
            value, kind = one.get("value", ""), declared.get("name", "")
            assert is_kind(value, kind)
            assert not is_kind(value + "x", kind)
    assert listed > 10


def changed(row: pd.Series) -> bytes:
    base = (ORACLES / "base.qde").read_text(encoding="utf-8")
    document = base.replace(row["old"], row["new"], 1)
    if row["change"] == "prefix":
        document = document.replace("</Project>", "</q:Project>")
    return document.encode()


@pytest.mark.parametrize("change", VERDICTS["change"])
def test_the_checks_judge_as_libxml2(change: str) -> None:
    row = VERDICTS.set_index("change", drop=False).loc[change]
    report = exchange_files.validate(parse(io.BytesIO(changed(row)), "changed.qde"))
    assert (len(report) == 0) == (str(row["valid"]).lower() == "true"), report.frame().to_string()


def test_the_verdicts_are_of_both_sorts() -> None:
    assert VERDICTS["valid"].astype("str").str.lower().value_counts().min() > 10
