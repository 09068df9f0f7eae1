r"""Dedoose's tables: excerpts with columns for each code, and two matrices of counts.

Of a code's columns (`Code: PARENT\CHILD Applied`, `... Weight`) the first says whether it was
applied; a weight beside a code that was not is left out. A range in a PDF counts characters of its
page, so such excerpts have no place in the text. Matrices have lost the excerpts.
"""

import re
from collections.abc import Iterator, Sequence

from qda_exchange.report import CHOICE, DEVIATION, DROPPED
from qda_exchange.tables.layouts import several
from qda_exchange.tables.rows import Rows
from qda_exchange.tables.sheets import Row

SOURCES = ("media title", "resource title", "title")
RANGE, CREATOR, COPY = "excerpt range", "excerpt creator", "excerpt copy"
COMBINED = "codes applied combined"
CODE = re.compile(r"code: (.+) (applied|range|weight)", re.IGNORECASE | re.DOTALL)
SPAN = re.compile(r"(\d{1,15})\s*[-–]\s*(\d{1,15})", re.ASCII)
APPLIED = {"true": True, "1": True, "yes": True, "x": True}
APPLIED |= {"false": False, "0": False, "no": False, "": False}
TOTALS = {"total", "totals", "sum"}
CORNERS = {"", "media", *SOURCES, "resource", "document", "code", "codes"}
COUNT = re.compile(r"\d{1,9}(\.0+)?|")


def excerpts(header: Sequence[str]) -> bool:
    """Say whether a header is that of excerpts."""
    lower = {name.lower() for name in header}
    return bool(lower & set(SOURCES)) and (COMBINED in lower or any(map(CODE.fullmatch, header)))


def read_excerpts(header: list[str], rows: Iterator[Row], into: Rows) -> None:
    """Read excerpts; those of one range are one unit."""
    lower, report = [name.lower() for name in header], into.report
    at = {name: lower.index(name) for name in (RANGE, CREATOR, COPY, COMBINED) if name in lower}
    at["source"] = next(lower.index(name) for name in SOURCES if name in lower)
    at |= {column: place for place, column in into.people_columns(header).items()}
    codes: dict[str, dict[tuple[str, ...], int]] = {"applied": {}, "weight": {}, "range": {}}
    for column, name in enumerate(header):
        if match := CODE.fullmatch(name):
            codes[match[2].lower()].setdefault(tuple(match[1].split("\\")), column)
    into.drop_columns(header, {*at.values(), *(p for one in codes.values() for p in one.values())})
    if not codes["applied"]:
        report.add(CHOICE, "codes stand in one cell, parted by commas")
    number_of = {path: into.code(path) for path in codes["applied"]}
    for number, row in rows:
        place, cells = f"row {number}", {name: row[one].strip() for name, one in at.items()}
        unit, coder = _add_excerpt(cells, place, into), cells.get(CREATOR)
        for path, column in codes["applied"].items():
            known = APPLIED.get(row[column].strip().lower())
            if known is None:
                what = "neither true nor false: read as not applied"
                report.add(DEVIATION, what, f"{place}, {'/'.join(path)}", row[column])
            elif known:
                text = row[codes["weight"][path]] if path in codes["weight"] else ""
                weight = into.number(text, place, "weight")
                into.apply(unit, number_of[path], coder, weight=weight)
        if not codes["applied"]:
            for code in several(cells.get(COMBINED, "").replace(",", ";")):
                into.apply(unit, into.code([code]), coder)


def _add_excerpt(cells: dict[str, str], place: str, into: Rows) -> int:
    source, given, words = cells["source"] or None, cells.get(RANGE, ""), cells.get(COPY)
    people = None, cells.get("site") or None, cells.get("role") or None
    match = SPAN.fullmatch(given)
    if match and int(match[1]) <= int(match[2]):
        span = int(match[1]), int(match[2])
        return into.passage(source, span, words=words, span=span, people=people)
    if SPAN.search(given):
        what, key = "excerpt on a page of a PDF: its place in the text is left empty", given
    else:
        what, key = "excerpt without a range: each row a unit", place
    into.report.add(CHOICE, what, place, given)
    return into.passage(source, key, f"{source}:{key}", words, people=people)


def matrix(header: Sequence[str], following: Sequence[Sequence[str]]) -> bool:
    """Say whether a table is one of counts, with names in its first row and column."""
    counts = [cell.strip() for row in following for cell in row[1:]]
    shaped = len(header) > 2 and header[0].lower() in CORNERS and all(header[1:]) and any(counts)
    return shaped and all(map(COUNT.fullmatch, counts))


def read_matrix(header: list[str], rows: Iterator[Row], into: Rows) -> None:
    """Read a matrix: of documents and codes as codings of whole documents, of codes as pairs."""
    codes = {name: at for at, name in enumerate(header) if at and name.lower() not in TOTALS}
    listed = {row[0].strip(): row for _, row in rows if row[0].strip().lower() not in TOTALS}
    into.report.add(DROPPED, "a matrix of counts has no excerpts: who said what is lost")
    numbers = {name: into.code([name]) for name in codes}
    if set(listed) <= set(codes):
        into.report.add(CHOICE, "read as co-occurrence: only pairs of codes, no codings")
        into.pairs = [
            {"code": one, "other": other, "n_both": int(float(row[at] or 0))}
            for one, row in listed.items()
            for other, at in codes.items()
        ]
        return
    into.report.add(CHOICE, "read as codings of whole documents: their number is the weight")
    for name, row in listed.items():
        unit = into.passage(name, name, name)
        for code, at in codes.items():
            if count := float(row[at] or 0):
                into.apply(unit, numbers[code], None, weight=count)
