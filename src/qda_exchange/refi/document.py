"""The XML of a project or a codebook, from frames that `writable` has found in order.

What the format has no place for goes where tools keep it: a direction into a sub-code named
`code:direction`, a weight into a note on the coding, site and role into variables of the case.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import pandas as pd

from qda_exchange.model import CODE_COLUMNS, CodedProject, records
from qda_exchange.naming import MARK, own_name
from qda_exchange.refi.elements import (
    DECLARATION,
    element,
    identifier,
    several,
    text,
    text_name,
)
from qda_exchange.refi.reading import WEIGHT
from qda_exchange.refi.structure import CODEBOOK_NAMESPACE, PROJECT_NAMESPACE
from qda_exchange.refi.writable import CODING, PASSAGE, PEOPLE

PLACES = ("site", "role")


def codebook_document(codes: pd.DataFrame, origin: str) -> str:
    """Return a codebook as XML.

    Examples
    --------
    >>> from qda_exchange.model import table
    >>> codes = table({"code": ["pace"], "codable": [True]}, CODE_COLUMNS)
    >>> codebook_document(codes, "study").count("<Code ")
    1
    """
    tree = element("Codes", {}, _codes(codes, {}))
    attributes = {"xmlns": CODEBOOK_NAMESPACE, "origin": origin}
    return DECLARATION + element("CodeBook", attributes, [tree]) + "\n"


def project_document(project: CodedProject, name: str, origin: str) -> str:
    """Return a project as XML; its texts are files of their own.

    Examples
    --------
    >>> from qda_exchange.model import COLUMNS, complete, table
    >>> applied = table({"source": ["s"], "unit": ["s"], "code": ["pace"]}, COLUMNS)
    >>> project_document(complete(CodedProject(applied)), "study", "me").count("<TextSource ")
    1
    """
    applied = project.applications
    used = applied[["code", "direction"]].dropna().drop_duplicates().sort_values("direction")
    directions: dict[str, list[str]] = {}
    for code, direction in records(used, ["code", "direction"]):
        directions.setdefault(code, []).append(direction)
    codes = element("Codes", {}, _codes(project.codes, directions))
    parts = [
        several("Users", [_user(coder) for coder in applied["coder"].dropna().unique()]),
        element("CodeBook", {}, [codes]),
        several("Variables", _variables(project)),
        several("Cases", _cases(project)),
        several("Sources", _sources(project)),
        several("Notes", [_weight(one) for one in applied["weight"].dropna().unique().tolist()]),
    ]
    attributes = {"xmlns": PROJECT_NAMESPACE, "name": name, "origin": origin}
    return DECLARATION + element("Project", attributes, parts) + "\n"


def _user(coder: str) -> str:
    return element("User", {"guid": identifier("user", coder), "name": coder})


def _weight(weight: float) -> str:
    attributes = {"guid": identifier(WEIGHT, weight), "name": WEIGHT}
    return element("Note", attributes, [text("PlainTextContent", repr(weight))])


def _codes(codes: pd.DataFrame, directions: dict[str, list[str]]) -> list[str]:
    """Return the codes at the top, each holding its children; children are made first."""
    within: dict[str | None, list[str]] = {None: []}
    for code, parent, codable, colour, description in records(codes[::-1], list(CODE_COLUMNS)):
        name = own_name(code, parent)
        parts = [] if description is None else [text("Description", description)]
        parts += [_direction(code, name, one) for one in directions.get(code, [])]
        parts += within.pop(code, [])[::-1]
        attributes = {
            "guid": identifier("code", code),
            "name": name,
            "isCodable": "true" if codable else "false",
            "color": colour,
        }
        within.setdefault(parent, []).append(element("Code", attributes, parts))
    return within[None][::-1]


def _direction(code: str, name: str, direction: str) -> str:
    attributes = {
        "guid": identifier("code", code, direction),
        "name": name + MARK + direction,
        "isCodable": "true",
    }
    return element("Code", attributes)


def _variables(project: CodedProject) -> list[str]:
    kinds = {column: "Text" for column in PLACES if project.units[column].notna().any()}
    for variable, kind in records(project.variables, ["variable", "type"]):
        kinds.setdefault(variable, kind)
    return [
        element(
            "Variable",
            {"guid": identifier("variable", name), "name": name, "typeOfVariable": kind},
        )
        for name, kind in kinds.items()
    ]


def _value(variable: str, kind: str, value: str) -> str:
    target = element("VariableRef", {"targetGUID": identifier("variable", variable)})
    return element("VariableValue", {}, [target, text(f"{kind}Value", value)])


def _values(project: CodedProject, of: str) -> dict[str, list[str]]:
    """Return the values of cases or sources by name; site and role of cases are in the units."""
    found: dict[str, list[str]] = {}
    rows = project.variables[project.variables["of"] == of]
    for name, *value in records(rows, ["name", "variable", "type", "value"]):
        if name is not None and not (of == "case" and value[0].lower() in PLACES):
            found.setdefault(name, []).append(_value(*value))
    return found


def _cases(project: CodedProject) -> list[str]:
    members: dict[tuple[Any, ...], dict[str, None]] = {}
    for key, passage in zip(
        records(project.units, PEOPLE), records(project.units, PASSAGE), strict=True
    ):
        if any(value is not None for value in key):
            members.setdefault(key, {})[_reference(passage)] = None
    values = _values(project, "case")
    cases = []
    for (case, *places), references in members.items():
        known = [(name, at) for name, at in zip(PLACES, places, strict=True) if at is not None]
        # A case that stands in the file twice, at two sites, says the rest once.
        parts = [_value(name, "Text", at) for name, at in known] + values.pop(case, [])
        # The standard wants references to whole sources first.
        parts += sorted(references, key=lambda one: not one.startswith("<SourceRef"))
        attributes = {"guid": identifier("case", case, *places), "name": case}
        cases.append(element("Case", attributes, parts))
    return cases


def _reference(passage: tuple[Any, ...]) -> str:
    source, start, *_ = passage
    if start is None:
        return element("SourceRef", {"targetGUID": identifier("source", source)})
    return element("SelectionRef", {"targetGUID": identifier("passage", *passage)})


def _sources(project: CodedProject) -> list[str]:
    codings: dict[tuple[Any, ...], list[str]] = {}
    applied = project.applications.drop_duplicates(PASSAGE + CODING)
    for passage, coding in zip(records(applied, PASSAGE), records(applied, CODING), strict=True):
        codings.setdefault(passage, []).append(_coding(passage, coding))
    selections: dict[str, list[str]] = {}
    whole: dict[str, list[str]] = {}
    for passage in records(project.units[PASSAGE].drop_duplicates(), PASSAGE):
        source, start, end, unit = passage
        parts = codings.get(passage, [])
        if start is None:
            whole.setdefault(source, []).extend(parts)
            continue
        attributes = {
            "guid": identifier("passage", *passage),
            "name": unit,
            "startPosition": start,
            "endPosition": end,
        }
        selections.setdefault(source, []).append(element("PlainTextSelection", attributes, parts))
    values = _values(project, "source")
    written = []
    for source, content in records(project.sources, ["source", "text"]):
        path = None if content is None else f"internal://{text_name(source)}"
        attributes = {"guid": identifier("source", source), "name": source, "plainTextPath": path}
        lists = [part.get(source, []) for part in (selections, whole, values)]
        written.append(element("TextSource", attributes, chain.from_iterable(lists)))
    return written


def _coding(passage: tuple[Any, ...], coding: tuple[Any, ...]) -> str:
    coder, code, direction, weight = coding
    target = ("code", code, direction) if direction else ("code", code)
    parts = [element("CodeRef", {"targetGUID": identifier(*target)})]
    if weight is not None:
        parts.append(element("NoteRef", {"targetGUID": identifier(WEIGHT, weight)}))
    attributes = {
        "guid": identifier("coding", *passage, *coding),
        "creatingUser": None if coder is None else identifier("user", coder),
    }
    return element("Coding", attributes, parts)
