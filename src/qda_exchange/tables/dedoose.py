r"""Dedoose's export of excerpts: a row per excerpt, three columns per code.

Of the three columns (`Code: PARENT\CHILD Applied`, `... Range`, `... Weight`) the first says
whether the code was applied; a weight may stand beside a code that was not, and is then left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qda_exchange.model import CodedProject
from qda_exchange.report import CHOICE, DEVIATION
from qda_exchange.tables.building import Table, Unit, cell
from qda_exchange.tables.sheets import Sheet

MEDIA, RANGE, CREATOR, COPY = "media title", "excerpt range", "excerpt creator", "excerpt copy"
CODE = re.compile(r"code: (.+) (applied|range|weight)", re.IGNORECASE | re.DOTALL)
SPAN = re.compile(r"(\d{1,15})\s*[-–]\s*(\d{1,15})", re.ASCII)
APPLIED = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}
COMBINED = "codes applied combined"


def is_dedoose(header: Sequence[str]) -> bool:
    """Say whether a header is that of Dedoose's excerpts.

    Examples
    --------
    >>> is_dedoose(["Media Title", "Excerpt Range", "Code: Pace Applied"])
    True
    """
    return MEDIA in {name.lower() for name in header} and any(map(CODE.fullmatch, header))


def read_dedoose(sheet: Sheet, into: Table) -> CodedProject:
    r"""Read excerpts.

    Parameters
    ----------
    sheet
        The export.
    into
        Collects the rows.

    Returns
    -------
    CodedProject
        The excerpt range gives start and end; excerpts of one range are one unit.

    Examples
    --------
    >>> from qda_exchange.guard import Guard
    >>> header = ["Media Title", "Excerpt Range", "Code: Pace\\slow Applied"]
    >>> sheet = Sheet("", header, iter([(2, ["Lola", "12-40", "True"])]))
    >>> read_dedoose(sheet, Table(Guard("x"))).applications[["unit", "code"]].values.tolist()
    [['Lola:12-40', 'slow']]
    """
    lower = [name.lower() for name in sheet.header]
    at = {name: lower.index(name) for name in (MEDIA, RANGE, CREATOR, COPY) if name in lower}
    applied, weights = _code_columns(sheet.header)
    at |= into.people(sheet.header)
    used = set(at.values())
    used |= {place for place, name in enumerate(sheet.header) if CODE.fullmatch(name)}
    used |= {place for place, name in enumerate(lower) if name == COMBINED}
    into.drop_columns(sheet.header, used)
    for path in applied:
        into.add_code(path)
    for number, row in sheet.rows:
        unit = into.add_unit(_unit(row, at, number, into), cell(row, at, COPY))
        for path, column in applied.items():
            place = f"row {number}, {'/'.join(path)}"
            if _is_applied(row[column], place, into):
                text = row[weights[path]] if path in weights else ""
                weight = into.number(text, place, "weight")
                into.apply(unit, path, cell(row, at, CREATOR), weight=weight)
    return into.project()


def _code_columns(
    header: Sequence[str],
) -> tuple[dict[tuple[str, ...], int], dict[tuple[str, ...], int]]:
    """Return where each code's `Applied` and `Weight` stand, by the code's path."""
    found: dict[str, dict[tuple[str, ...], int]] = {"applied": {}, "weight": {}, "range": {}}
    for place, name in enumerate(header):
        match = CODE.fullmatch(name)
        if match:
            found[match[2].lower()].setdefault(tuple(match[1].split("\\")), place)
    return found["applied"], found["weight"]


def _unit(row: Sequence[str], at: dict[str, int], number: int, into: Table) -> Unit:
    source, site, role = (cell(row, at, column) for column in (MEDIA, "site", "role"))
    text = cell(row, at, RANGE) or ""
    span = SPAN.search(text)
    if not span or int(span[1]) > int(span[2]):
        into.guard.report.add(
            CHOICE, "excerpt without a range: each row a unit", f"row {number}", text
        )
        return Unit(source, None, site, role, None, None, f"{source}:row {number}")
    start, end = int(span[1]), int(span[2])
    return Unit(source, None, site, role, start, end, f"{source}:{start}-{end}")


def _is_applied(text: str, place: str, into: Table) -> bool:
    known = APPLIED.get(text.strip().lower())
    if known is None:
        into.guard.report.add(DEVIATION, "neither true nor false: read as not applied", place, text)
    return bool(known)
