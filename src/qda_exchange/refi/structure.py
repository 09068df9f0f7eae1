"""What the REFI-QDA standard allows, as tables: projects and codebooks.

REFI-QDA (Rotterdam Exchange Format Initiative, www.qdasoftware.org; version 1.5 of the document,
1.0 of its two schemas) says which elements follow each other and which attributes they have. It
is written down here once, in a short notation, and read in two directions: the reader reports
whatever departs from it, and a test holds every written file and this table itself to the
published schemas.

A type is a line of attributes and a line of children. An attribute is `name=kind`, with `!` when
it must be there; the kind is a simple type, and `string` when none is given. A child is
`Name=Type`, followed by `?` (may be missing), `*` (any number) or `+` (one or more); children
joined by `|` are alternatives. The order of children counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

PROJECT_NAMESPACE = "urn:QDA-XML:project:1.0"
CODEBOOK_NAMESPACE = "urn:QDA-XML:codebook:1.0"

GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
DATE = r"-?(?!0000)([1-9]\d{4,}|\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
TIME = r"(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?|24:00:00(\.0+)?)"
ZONE = r"(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))?"
SHAPES = "Person|Oval|Rectangle|RoundedRectangle|Star|LeftTriangle|RightTriangle|UpTriangle"
#: What a value of each simple type looks like, blanks around it aside.
KINDS = {
    kind: re.compile(pattern, re.ASCII)
    for kind, pattern in {
        "guid": rf"{GUID}|\{{{GUID}\}}",
        "colour": r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})",
        "boolean": r"true|false|1|0",
        "integer": r"[+-]?\d+",
        "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
        "date": DATE + ZONE,
        "dateTime": f"{DATE}T{TIME}{ZONE}",
        "direction": r"Associative|OneWay|Bidirectional",
        "variable": r"Text|Boolean|Integer|Float|Date|DateTime",
        "shape": rf"{SHAPES}|DownTriangle|Note",
        "line": r"dotted|dashed|solid",
    }.items()
}

AUTHOR = "creatingUser=guid creationDateTime=dateTime"
AUDIT = f"{AUTHOR} modifyingUser=guid modifiedDateTime=dateTime"
NAMED = "guid=guid! name"
BOX = "firstX=integer! firstY=integer! secondX=integer! secondY=integer!"
TARGET = ("targetGUID=guid!", "")
NOTES = "NoteRef=NoteRefType*"
CODED = f"Coding=CodingType* {NOTES}"
ABOUT = "Description=string?"
MEDIA = f"{CODED} VariableValue=VariableValueType*"
TEXT_PATHS = f"{NAMED} richTextPath plainTextPath {AUDIT}"
VALUES = (
    "TextValue=string?|BooleanValue=boolean?|IntegerValue=integer?|FloatValue=decimal?"
    "|DateValue=date?|DateTimeValue=dateTime?"
)
SOURCES = (
    "TextSource=TextSourceType|PictureSource=PictureSourceType|PDFSource=PDFSourceType"
    "|AudioSource=AudioSourceType|VideoSource=VideoSourceType"
)

#: Type: attributes, children.
PROJECT = {
    "ProjectType": (
        "name! origin creatingUserGUID=guid creationDateTime=dateTime modifyingUserGUID=guid "
        "modifiedDateTime=dateTime basePath",
        "Users=UsersType? CodeBook=CodeBookType? Variables=VariablesType? Cases=CasesType? "
        "Sources=SourcesType? Notes=NotesType? Links=LinksType? Sets=SetsType? "
        f"Graphs=GraphsType? {ABOUT} {NOTES}",
    ),
    "UsersType": ("", "User=UserType+"),
    "UserType": (f"{NAMED} id", ""),
    "CodeBookType": ("", "Codes=CodesType"),
    "CodesType": ("", "Code=CodeType+"),
    "CodeType": (
        "guid=guid! name! isCodable=boolean! color=colour",
        f"{ABOUT} {NOTES} Code=CodeType*",
    ),
    "CasesType": ("", "Case=CaseType+"),
    "CaseType": (
        NAMED,
        f"{ABOUT} CodeRef=CodeRefType* VariableValue=VariableValueType* SourceRef=SourceRefType* "
        "SelectionRef=SelectionRefType*",
    ),
    "VariablesType": ("", "Variable=VariableType+"),
    "VariableType": ("guid=guid! name! typeOfVariable=variable!", ABOUT),
    "VariableValueType": ("", f"VariableRef=VariableRefType {VALUES}"),
    "SetsType": ("", "Set=SetType+"),
    "SetType": (
        "guid=guid! name!",
        f"{ABOUT} MemberCode=CodeRefType* MemberSource=SourceRefType* MemberNote=NoteRefType*",
    ),
    "SourcesType": ("", f"{SOURCES}+"),
    "TextSourceType": (
        TEXT_PATHS,
        f"{ABOUT} PlainTextContent=string? PlainTextSelection=PlainTextSelectionType* {MEDIA}",
    ),
    "PlainTextSelectionType": (
        f"{NAMED} startPosition=integer! endPosition=integer! {AUDIT}",
        f"{ABOUT} {CODED}",
    ),
    "PictureSourceType": (
        f"{NAMED} path currentPath {AUDIT}",
        f"{ABOUT} TextDescription=TextSourceType? PictureSelection=PictureSelectionType* {MEDIA}",
    ),
    "PictureSelectionType": (f"{NAMED} {BOX} {AUDIT}", f"{ABOUT} {CODED}"),
    "PDFSourceType": (
        f"{NAMED} path currentPath {AUDIT}",
        f"{ABOUT} PDFSelection=PDFSelectionType* Representation=TextSourceType? {MEDIA}",
    ),
    "PDFSelectionType": (
        f"{NAMED} page=integer! {BOX} {AUDIT}",
        f"{ABOUT} Representation=TextSourceType? {CODED}",
    ),
    "AudioSourceType": (
        f"{NAMED} path currentPath {AUDIT}",
        f"{ABOUT} Transcript=TranscriptType* AudioSelection=AudioSelectionType* {MEDIA}",
    ),
    "AudioSelectionType": (
        f"{NAMED} begin=integer! end=integer! {AUDIT}",
        f"{ABOUT} {CODED}",
    ),
    "VideoSourceType": (
        f"{NAMED} path currentPath {AUDIT}",
        f"{ABOUT} Transcript=TranscriptType* VideoSelection=VideoSelectionType* {MEDIA}",
    ),
    "VideoSelectionType": (
        f"{NAMED} begin=integer! end=integer! {AUDIT}",
        f"{ABOUT} {CODED}",
    ),
    "TranscriptType": (
        TEXT_PATHS,
        f"{ABOUT} PlainTextContent=string? SyncPoint=SyncPointType* "
        f"TranscriptSelection=TranscriptSelectionType* {NOTES}",
    ),
    "TranscriptSelectionType": (
        f"{NAMED} fromSyncPoint=guid toSyncPoint=guid {AUDIT}",
        f"{ABOUT} {CODED}",
    ),
    "SyncPointType": ("guid=guid! timeStamp=integer position=integer", ""),
    "CodingType": (f"guid=guid! {AUTHOR}", f"CodeRef=CodeRefType {NOTES}"),
    "GraphsType": ("", "Graph=GraphType+"),
    "GraphType": (NAMED, "Vertex=VertexType* Edge=EdgeType*"),
    "VertexType": (
        f"{NAMED} representedGUID=guid firstX=integer! firstY=integer! secondX=integer "
        "secondY=integer shape=shape color=colour",
        "",
    ),
    "EdgeType": (
        f"{NAMED} representedGUID=guid sourceVertex=guid! targetVertex=guid! color=colour "
        "direction=direction lineStyle=line",
        "",
    ),
    "NotesType": ("", "Note=TextSourceType+"),
    "LinksType": ("", "Link=LinkType+"),
    "LinkType": (
        f"{NAMED} direction=direction color=colour originGUID=guid targetGUID=guid",
        NOTES,
    ),
    "NoteRefType": TARGET,
    "CodeRefType": TARGET,
    "SourceRefType": TARGET,
    "SelectionRefType": TARGET,
    "VariableRefType": TARGET,
}
CODEBOOK = {
    "CodeBookType": ("origin", "Codes=CodesType Sets=SetsType?"),
    "CodesType": ("", "Code=CodeType+"),
    "SetsType": ("", "Set=SetType+"),
    "CodeType": ("guid=guid! name! isCodable=boolean! color=colour", f"{ABOUT} Code=CodeType*"),
    "SetType": ("guid=guid! name!", f"{ABOUT} MemberCode=MemberCodeType*"),
    "MemberCodeType": ("guid=guid!", ""),
}
#: Root element: its type, the table it is in, its namespace.
ROOTS = {
    "Project": ("ProjectType", PROJECT, PROJECT_NAMESPACE),
    "CodeBook": ("CodeBookType", CODEBOOK, CODEBOOK_NAMESPACE),
}


@dataclass(frozen=True)
class Child:
    """An element within another: its type, its place in the order, how often it may come."""

    type: str
    position: int
    repeats: bool


@dataclass(frozen=True)
class Type:
    """One type: attributes (kind, required), children by name, and what must not be missing."""

    attributes: dict[str, tuple[str, bool]]
    required: frozenset[str]
    children: dict[str, Child]
    needed: tuple[tuple[int, str], ...]


def is_kind(value: str, kind: str) -> bool:
    """Say whether a text is a value of a simple type.

    Examples
    --------
    >>> is_kind(" true ", "boolean"), is_kind("yes", "boolean")
    (True, False)
    """
    if kind == "string":
        return True
    fits = KINDS[kind].fullmatch
    return fits(value) is not None or fits(value.strip(" \t\r\n")) is not None


@cache
def types(root: str) -> dict[str, Type]:
    """Return the types of a document by name, those of its text elements included.

    Examples
    --------
    >>> types("CodeBook")["CodeType"].children["Code"].repeats
    True
    """
    _, declared, _ = ROOTS[root]
    read = {name: _type(attributes, children) for name, (attributes, children) in declared.items()}
    simple = {kind: Type({}, frozenset(), {}, ()) for kind in ("string", *KINDS)}
    return {**simple, **read}


def _type(attributes: str, children: str) -> Type:
    read = [re.fullmatch(r"(\w+)(?:=(\w+))?(!?)", word) for word in attributes.split()]
    kinds = {m[1]: (m[2] or "string", bool(m[3])) for m in read if m}
    required = frozenset(name for name, (_, needed) in kinds.items() if needed)
    known, needed = {}, []
    for position, group in enumerate(children.split()):
        members = [re.fullmatch(r"(\w+)=(\w+)([?*+]?)", word) for word in group.split("|")]
        often = {m[3] for m in members if m}
        for m in filter(None, members):
            known[m[1]] = Child(m[2], position, bool(often & {"*", "+"}))
        if not often & {"?", "*"}:
            needed.append((position, " or ".join(m[1] for m in members if m)))
    return Type(kinds, required, known, tuple(needed))
