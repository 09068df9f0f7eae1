"""Word files (`.docx`): codes as comments on a text, and text or tables that a tool has exported.

What a comment marks is a passage, its author the coder, each line a code: so write Dedoose and
MAXQDA, and people who code in Word itself. Every passage has its place in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from qda_exchange.archive import Archive
from qda_exchange.guard import Guard
from qda_exchange.markup import Element, parse
from qda_exchange.positions import Text
from qda_exchange.report import CHOICE, DROPPED
from qda_exchange.tables.layouts import several
from qda_exchange.tables.rows import Rows
from qda_exchange.tables.sheets import Sheet

DOCUMENT, COMMENTS = "word/document.xml", "word/comments.xml"
LABEL = re.compile(r"(codes?( applied)?|tags?)( \(\d+\))?:\s*", re.IGNORECASE)
WEIGHT = re.compile(r"(.*?)\s*[,(\[]?\s*weight:?\s*(-?\d+(?:\.\d+)?)[)\]]?", re.IGNORECASE)
BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
SKIPPED = {"del", "moveFrom", "instrText", "delText", "pPr", "rPr", "drawing", "pict", "object"}
#: Author and lines of each comment by its number.
Comments = dict[str, tuple[str | None, list[str]]]


@dataclass
class Document:
    """The text of a Word file, what each comment marks, and its tables."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    starts: dict[str, int] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    tables: list[list[list[str]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole text, a line for each paragraph."""
        return "".join(self.parts)


def is_word(archive: Archive) -> bool:
    """Say whether an archive is a Word file."""
    return DOCUMENT in archive.names


def read_document(archive: Archive, guard: Guard) -> tuple[Document, Comments]:
    """Read text, tables and comments; no link is followed, no picture opened."""
    document = Document()
    root = parse(archive.stream(DOCUMENT), guard.file, guard.limits, f"entry {DOCUMENT}")
    _walk(root, document, guard)
    comments: Comments = {}
    if COMMENTS in archive.names:
        found = parse(archive.stream(COMMENTS), guard.file, guard.limits, f"entry {COMMENTS}")
        for comment in found.children():
            inner = Document()
            number, author = comment.attributes.get("id", ""), comment.attributes.get("author")
            _walk(comment, inner, guard)
            comments[number] = author or None, inner.text.splitlines()
    return document, comments


def read_comments(document: Document, comments: Comments, source: str, into: Rows) -> None:
    """Take each line of each comment as a code on what the comment marks."""
    report, text = into.report, document.text
    report.add(CHOICE, "comments read as codes, a line each; a weight may stand behind")
    into.sources[into.source(source)].text = Text(text)
    for number, (author, lines) in comments.items():
        place = f"comment {number}"
        start, end = document.starts.get(number), document.ends.get(number)
        if start is None or end is None or start >= end:
            report.add(DROPPED, "comment on nothing", place, " ".join(lines))
            continue
        # A mark over whole paragraphs ends behind their line end.
        end = start + len(text[start:end].rstrip("\n"))
        unit = into.passage(source, (start, end), span=(start, end))
        for line in lines:
            for code in several(LABEL.sub("", line.strip(), count=1)):
                match = WEIGHT.fullmatch(code)
                name, weight = (match[1], float(match[2])) if match and match[1] else (code, None)
                path = into.code(re.split(r"\\| > ", name))
                into.apply(unit, path, author, weight=weight)


def sheets(document: Document) -> Iterator[Sheet]:
    """Return the tables of a document as sheets."""
    for number, rows in enumerate(document.tables, start=1):
        yield Sheet(f"table {number}", iter(enumerate(rows, start=1)))


def _walk(element: Element, document: Document, guard: Guard) -> None:
    """Take in an element's text in document order; what was deleted in Word is left out."""
    for child in element.children():
        name = child.name
        if name == "t":
            _append(child.text(), document, guard)
        elif name in BREAKS:
            _append(BREAKS[name], document, guard)
        elif name == "commentRangeStart":
            document.starts[child.attributes.get("id", "")] = document.length
        elif name == "commentRangeEnd":
            document.ends[child.attributes.get("id", "")] = document.length
        elif name == "tbl":
            _walk_table(child, document, guard)
        elif name not in SKIPPED:
            _walk(child, document, guard)
            if name == "p":
                _append("\n", document, guard)


def _walk_table(element: Element, document: Document, guard: Guard) -> None:
    rows: list[list[str]] = []
    document.tables.append(rows)
    for row in element.children():
        if row.name != "tr":
            continue
        cells: list[str] = []
        for cell in row.children():
            if cell.name == "tc":
                before = len(document.parts)
                _walk(cell, document, guard)
                cells.append("".join(document.parts[before:]).rstrip("\n"))
        rows.append(cells)


def _append(text: str, document: Document, guard: Guard) -> None:
    document.parts.append(text)
    document.length += len(text)
    if document.length > guard.limits.text_bytes:
        problem = f"holds more text than the limit of {guard.limits.text_bytes} characters"
        raise guard.refusal(f"entry {DOCUMENT}", problem, "export it in parts")
