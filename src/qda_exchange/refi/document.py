"""The XML of a project or a codebook.

What the format has no place for goes where tools keep it: a direction into a sub-code named
`code:direction`, a weight into a note on the coding, site and role into variables of the case. Each
coder has a selection of her own, since QualCoder takes the coder from it; no two codes share a
name, and no two cases, since QualCoder refuses the second.
"""

from collections import defaultdict
from itertools import chain
from typing import Any

import pandas as pd

from qda_exchange.model import CODE_COLUMNS, CodedProject, records
from qda_exchange.naming import MARK, Names, written_names
from qda_exchange.refi.elements import (
    DECLARATION,
    element,
    identifier,
    several,
    target,
    text,
    text_name,
)
from qda_exchange.refi.reading import CASE_NAME, WEIGHT
from qda_exchange.refi.structure import NAMESPACES

PLACES = ("site", "role")
#: QualCoder stops at a note without a date.
WHEN = "2000-01-01T00:00:00Z"
PASSAGE = ["source", "start", "end", "unit"]
PEOPLE = ["case", "site", "role"]
CODING = ["coder", "code", "direction", "weight"]
Passage = tuple[Any, ...]
#: The codings of each passage, as XML, by coder.
Passages = dict[Passage, dict[str | None, list[str]]]


def codebook_document(codes: pd.DataFrame, origin: str) -> str:
    """Return a codebook as XML."""
    tree = element("Codes", _codes(codes, {}))
    document = element("CodeBook", [tree], xmlns=NAMESPACES["CodeBook"], origin=origin)
    return DECLARATION + document + "\n"


def project_document(project: CodedProject, name: str, origin: str) -> str:
    """Return a project as XML; its texts are files of their own."""
    applied = project.applications
    used = applied[["code", "direction"]].dropna().drop_duplicates().sort_values("direction")
    directions = defaultdict(list)
    for code, direction in records(used, ["code", "direction"]):
        directions[code].append(direction)
    coders = applied["coder"].dropna().unique()
    weights = applied["weight"].dropna().unique().tolist()
    passages = _passages(project)
    parts = [
        several("Users", [element("User", guid=_user(one), name=one) for one in coders]),
        element("CodeBook", [element("Codes", _codes(project.codes, directions))]),
        several("Variables", _variables(project)),
        several("Cases", _cases(project, passages)),
        several("Sources", _sources(project, passages)),
        several("Notes", [_weight(one) for one in weights]),
    ]
    document = element("Project", parts, xmlns=NAMESPACES["Project"], name=name, origin=origin)
    return DECLARATION + document + "\n"


def _user(coder: str | None) -> str | None:
    return None if coder is None else identifier("user", coder)


def _weight(weight: float) -> str:
    content = [text("PlainTextContent", repr(weight))]
    about = {"guid": identifier(WEIGHT, weight), "name": WEIGHT, "creationDateTime": WHEN}
    return element("Note", content, **about)


def _code(code: str, direction: str | None = None) -> str:
    """Return the identifier of a code or of its direction, by which that is known again."""
    guid = identifier("code", code)
    return identifier("direction", guid, direction) if direction else guid


def _codes(codes: pd.DataFrame, directions: dict[str, list[str]]) -> list[str]:
    """Return the codes at the top, each holding its children; children are made first."""
    within: dict[str | None, list[str]] = {None: []}
    rows = zip(written_names(codes), records(codes, list(CODE_COLUMNS)), strict=True)
    for name, (code, parent, codable, colour, description) in [*rows][::-1]:
        parts = [] if description is None else [text("Description", description)]
        for one in directions.get(code, []):
            attributes = {"guid": _code(code, one), "name": name + MARK + one}
            parts.append(element("Code", isCodable="true", **attributes))
        parts += within.pop(code, [])[::-1]
        attributes = {"guid": _code(code), "name": name, "isCodable": str(codable).lower()}
        within.setdefault(parent, []).append(element("Code", parts, **attributes, color=colour))
    return within[None][::-1]


def _variables(project: CodedProject) -> list[str]:
    kinds = {column: "Text" for column in PLACES if project.units[column].notna().any()}
    for variable, kind in records(project.variables, ["variable", "type"]):
        kinds.setdefault(variable, kind)
    people = project.units[PEOPLE].drop_duplicates().dropna(subset="case")
    if people["case"].str.casefold().duplicated().any():
        kinds.setdefault(CASE_NAME, "Text")
    return [
        element("Variable", guid=identifier("variable", name), name=name, typeOfVariable=kind)
        for name, kind in kinds.items()
    ]


def _value(variable: str, kind: str, value: str) -> str:
    parts = [target("VariableRef", identifier("variable", variable)), text(f"{kind}Value", value)]
    return element("VariableValue", parts)


def _values(project: CodedProject, of: str) -> dict[str, list[str]]:
    """Return the values of cases or sources by name; site and role of cases are in the units."""
    found = defaultdict(list)
    rows = project.variables[project.variables["of"] == of]
    for name, *value in records(rows, ["name", "variable", "type", "value"]):
        if name is not None and not (of == "case" and value[0].lower() in PLACES):
            found[name].append(_value(*value))
    return found


def _passages(project: CodedProject) -> Passages:
    """Return the codings of each passage by coder, with an empty list where nobody coded."""
    found: Passages = {}
    applied = project.applications.drop_duplicates(PASSAGE + CODING)
    for passage, coding in zip(records(applied, PASSAGE), records(applied, CODING), strict=True):
        coder, code, direction, weight = coding
        parts = [target("CodeRef", _code(code, direction))]
        if weight is not None:
            parts.append(target("NoteRef", identifier(WEIGHT, weight)))
        guid = identifier("coding", *passage, *coding)
        coded = element("Coding", parts, guid=guid, creatingUser=_user(coder))
        found.setdefault(passage, {}).setdefault(coder, []).append(coded)
    units = project.units[PASSAGE].drop_duplicates()
    return {one: found.get(one, {None: []}) for one in records(units, PASSAGE)}


def _cases(project: CodedProject, passages: Passages) -> list[str]:
    members: dict[tuple[Any, ...], dict[str, None]] = defaultdict(dict)
    units = project.units
    for key, passage in zip(records(units, PEOPLE), records(units, PASSAGE), strict=True):
        if any(value is not None for value in key):
            members[key].update(dict.fromkeys(_references(passage, passages)))
    values, names, cases = _values(project, "case"), Names(), []
    for (case, *places), references in members.items():
        parts = [
            _value(x, "Text", at) for x, at in zip(PLACES, places, strict=True) if at is not None
        ]
        # A case that stands in the file twice, at two sites, says the rest once.
        parts += values.pop(case, [])
        # Names that differ in large and small letters only are one name to some tools.
        name = case and case + names.free(case.casefold()).removeprefix(case.casefold())
        parts += [_value(CASE_NAME, "Text", case)] if name != case else []
        # The standard wants references to whole sources first.
        parts += sorted(references, key=lambda one: not one.startswith("<SourceRef"))
        cases.append(element("Case", parts, guid=identifier("case", case, *places), name=name))
    return cases


def _references(passage: Passage, passages: Passages) -> list[str]:
    if passage[1] is None:
        return [target("SourceRef", identifier("source", passage[0]))]
    guids = [identifier("passage", *passage, coder) for coder in passages[passage]]
    return [target("SelectionRef", guid) for guid in guids]


def _sources(project: CodedProject, passages: Passages) -> list[str]:
    selections: dict[str, list[str]] = defaultdict(list)
    whole: dict[str, list[str]] = defaultdict(list)
    for passage, by_coder in passages.items():
        source, start, end, unit = passage
        if start is None:
            whole[source] += chain.from_iterable(by_coder.values())
            continue
        for coder, parts in by_coder.items():
            guid, user = identifier("passage", *passage, coder), _user(coder)
            attributes = {"startPosition": start, "endPosition": end, "creatingUser": user}
            written = element("PlainTextSelection", parts, guid=guid, name=unit, **attributes)
            selections[source].append(written)
    values, sources = _values(project, "source"), []
    for source, content in records(project.sources, ["source", "text"]):
        parts = [*selections[source], *whole[source], *values.get(source, [])]
        path = None if content is None else f"internal://{text_name(source)}"
        guid = identifier("source", source)
        sources.append(element("TextSource", parts, guid=guid, name=source, plainTextPath=path))
    return sources
