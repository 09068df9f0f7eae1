"""Which table is whose: each format by the header that it knows."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from qda_exchange.report import CHOICE, DROPPED
from qda_exchange.tables import dedoose, layouts, nvivo
from qda_exchange.tables.mapping import mapped
from qda_exchange.tables.rows import Rows
from qda_exchange.tables.sheets import Row, Sheet, fitted

#: Rows that a report may have before its header.
LOOKED_AT = 15
Reader = Callable[[list[str], Iterator[Row], Rows], None]
#: Name, whether a header is of it, reader; tried in this order.
FORMATS: tuple[tuple[str, Callable[[Sequence[str]], bool], Reader], ...] = (
    ("Dedoose excerpts", dedoose.excerpts, dedoose.read_excerpts),
    *((one.name, one.fits, one.read) for one in layouts.LAYOUTS),
    ("NVivo coding summary", nvivo.summary, nvivo.read_summary),
    ("codebook", layouts.CODEBOOK.fits, layouts.read_codebook),
)
KNOWN = (
    "REFI-QDA (.qdpx, .qde, .qdc); projects of QualCoder, Taguette, RQDA or requal; tables of "
    "Dedoose, Taguette, QualCoder, MAXQDA, ATLAS.ti, NVivo, requal; a Word file with comments; "
    "the long table"
)


def read_sheets(sheets: Iterator[Sheet], into: Rows) -> str:
    """Read the tables of a file and return the name of its format.

    One table with codings is read, and any codebook beside it; others are reported.
    """
    names: list[str] = []
    seen: list[str] = []
    for sheet in sheets:
        head = list(islice(sheet.rows, LOOKED_AT))
        found = _recognised(head, into)
        if found and (not names or found[0] == "codebook"):
            name, read, at = found
            header = [cell.strip() for cell in head[at][1]]
            rows = fitted(chain(head[at + 1 :], sheet.rows), len(header), into.guard)
            into.guard.report.add(CHOICE, f"read as {name}", sheet.place)
            names.append(name)
            read(header, rows, into)
        elif filled := [row for _, row in head if any(row)]:
            seen.append(", ".join(filled[0][:8]))
            into.guard.report.add(DROPPED, "sheet without codings", sheet.place)
    if not names:
        shown = f"its header is {'; '.join(seen[:3])[:200]!r}"
        if not seen:
            raise into.guard.refusal("", "holds no table, or an empty one", f"export {KNOWN}")
        if into.guard.options.map:
            problem = f"lacks a column that the mapping names: {shown}"
            raise into.guard.refusal("row 1", problem, "correct the mapping")
        remedy = "say what its columns mean with --map FILE (made as a proposal if it is not there)"
        problem = f"is no table of codings: {shown}"
        raise into.guard.refusal("row 1", problem, f"{remedy}, or export {KNOWN}")
    return names[0]


def _recognised(head: list[Row], into: Rows) -> tuple[str, Reader, int] | None:
    rows = [[cell.strip() for cell in row] for _, row in head]
    options = into.guard.options
    if options.map:
        layout = mapped(options.map)
        for at, row in enumerate(rows):
            if layout.fits(row):
                options.used.add("map")
                return layout.name, layout.read, at
    for name, fits, read in FORMATS:
        for at, row in enumerate(rows):
            if fits(row):
                return name, read, at
    for at, row in enumerate(rows[:3]):
        if row and dedoose.matrix(row, rows[at + 1 :]):
            return "matrix of counts", dedoose.read_matrix, at
    return None
