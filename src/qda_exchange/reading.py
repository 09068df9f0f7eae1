"""Reading whatever file a coding tool has written: one function for all formats.

What a file is, its content says, not its name: an archive with a `.qde` is a REFI-QDA project, one
with a workbook is Excel, one with a document Word; XML is a project or a codebook; a database is
known by its tables, and a table by its header.
"""

import codecs
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePath
from typing import BinaryIO

from qda_exchange import databases
from qda_exchange.archive import Archive
from qda_exchange.guard import DEFAULT, Guard, Limits, Options
from qda_exchange.model import CodedProject
from qda_exchange.overlaps import merge_overlapping
from qda_exchange.positions import RULES
from qda_exchange.refi.reading import read_refi
from qda_exchange.report import CHOICE, DEVIATION, DROPPED, Report
from qda_exchange.tables import nvivo, word
from qda_exchange.tables.formats import KNOWN, read_sheets
from qda_exchange.tables.mapping import mapped
from qda_exchange.tables.rows import Rows
from qda_exchange.tables.sheets import Sheet, csv_sheet, read_lines
from qda_exchange.tables.workbooks import is_workbook, read_workbook

ZIP, OLD_OFFICE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOOKED_AT = 64


@dataclass(frozen=True)
class ImportedProject:
    """What was read: the project, the format it was in, and everything odd or dropped."""

    project: CodedProject
    format: str
    report: Report


def read(
    content: bytes | BinaryIO,
    file: str,
    *,
    site: str = "site",
    role: str = "role",
    coder: str | None = None,
    positions: str | None = None,
    directions: bool = False,
    mapping: dict[str, str] | None = None,
    limits: Limits = DEFAULT,
) -> ImportedProject:
    r"""Read a file of a coding tool into the long table.

    Parameters
    ----------
    content
        The file's bytes, or a seekable stream of them; a stream is read piece by piece.
    file
        What to call the file in messages.
    site, role
        The variable or column that is the site or the role, in any letter case.
    coder
        Who coded, for formats that do not say.
    positions
        How positions in texts are counted, one of `positions.RULES`; by default the file decides.
    directions
        Whether codes named `code:helps` (hinders, mixed, neutral) are directions of that code.
    mapping
        What the columns of a table of another tool mean, by their headings; see `tables.mapping`.
    limits
        How much is accepted.

    Returns
    -------
    ImportedProject
        With every deviation, choice, loss and unused option in its report.

    Raises
    ------
    ValueError
        When an option is none of those that there are; and, as RefusedFileError, when the file is
        of no known format, broken, ambiguous, hostile or beyond a limit.

    Examples
    --------
    >>> table = b"id,document,tag,content\n7,Lola,pace,We wait.\n"
    >>> imported = read(table, "highlights.csv", coder="A")
    >>> imported.format, imported.project.applications["code"].tolist()
    ('Taguette highlights', ['pace'])
    """
    if positions is not None and positions not in RULES:
        raise ValueError(f"positions: {positions!r} is not one of {', '.join(RULES)}.")
    if mapping is not None:
        mapped(mapping)
    options = Options(site, role, coder, positions, directions, mapping)
    guard = Guard(file, Report(limits.listed), limits, options)
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    project, name = _read(stream, guard)
    project = merge_overlapping(project, guard.report)
    nobody = int(project.applications["coder"].isna().sum())
    if nobody:
        what = "codings of which the file does not say who made them: name the coder "
        what += "(--coder, or CODER=FILE in a merge)"
        guard.report.add(CHOICE, what, times=nobody)
    guard.report_unused()
    return ImportedProject(project, name, guard.report)


def _read(stream: BinaryIO, guard: Guard) -> tuple[CodedProject, str]:
    stream.seek(0)
    start = stream.read(LOOKED_AT)
    stream.seek(0)
    if start.startswith(ZIP):
        return _read_archive(Archive(stream, guard.file, guard.limits), guard)
    if start.startswith(databases.MAGIC):
        return databases.read_database(stream, guard)
    if _is_xml(start):
        return read_refi(stream, guard), "REFI-QDA"
    if start.startswith(OLD_OFFICE):
        problem = "is an old Office file (.xls, .doc), or one of NVivo, MAXQDA or ATLAS.ti itself"
        raise guard.refusal("", problem, f"save it as .xlsx, or export {KNOWN}")
    lines = read_lines(stream, guard)
    first = next(lines, "")
    if nvivo.is_text(first):
        return _read_nvivo(chain([first], lines), Rows(guard))
    return _read_tables(iter([csv_sheet(chain([first], lines), guard)]), Rows(guard))


def _read_nvivo(lines: Iterable[str], rows: Rows) -> tuple[CodedProject, str]:
    nvivo.read_text(lines, PurePath(rows.guard.file).stem, rows)
    return rows.project(), "NVivo text of a code"


def _read_tables(sheets: Iterator[Sheet], rows: Rows) -> tuple[CodedProject, str]:
    name = read_sheets(sheets, rows)
    return rows.project(), name


def _is_xml(start: bytes) -> bool:
    """Say whether a file begins as XML does, in UTF-8 or UTF-16."""
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        start = start.removeprefix(mark)
    return start.replace(b"\x00", b"").lstrip().startswith(b"<")


def _read_archive(archive: Archive, guard: Guard) -> tuple[CodedProject, str]:
    rows = Rows(guard)
    if is_workbook(archive):
        return _read_tables(read_workbook(archive, guard), rows)
    if word.is_word(archive):
        return _read_word(archive, rows)
    document = _document(archive, guard)

    def load(path: str) -> bytes | None:
        if path.startswith(("relative:", "absolute:")):
            return None
        entry = archive.find(path.partition("://")[2] or path.removeprefix("internal:"))
        return archive.content(entry) if entry else None

    return read_refi(archive.stream(document), guard, load, f"entry {document}"), "REFI-QDA"


def _read_word(archive: Archive, rows: Rows) -> tuple[CodedProject, str]:
    document, comments = word.read_document(archive, rows.guard)
    if comments:
        word.read_comments(document, comments, PurePath(rows.guard.file).stem, rows)
        return rows.project(), "Word comments"
    lines = document.text.strip().splitlines()
    if nvivo.is_text("".join(lines[:1])):
        return _read_nvivo(lines, rows)
    return _read_tables(word.sheets(document), rows)


def _document(archive: Archive, guard: Guard) -> str:
    """Return the one entry that is the project."""
    found = []
    for name in archive.names:
        if name.replace("\\", "/").rpartition("/")[2].startswith("._"):
            guard.report.add(DROPPED, "file that a Mac adds", f"entry {name}")
        elif name.lower().endswith(".qde"):
            found.append(name)
    if len(found) != 1:
        problem = f"holds {len(found)} project files (.qde) where there has to be one"
        raise guard.refusal("", problem, f"export it again as one of {KNOWN}")
    if "/" in found[0]:
        guard.report.add(DEVIATION, "project file within a folder", f"entry {found[0]}")
    return found[0]
