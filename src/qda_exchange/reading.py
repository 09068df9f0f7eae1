"""Reading whatever file a coding tool has written: one function for all formats.

What a file is, its content says, not its name: an archive with a `.qde` is a REFI-QDA project, one
with a workbook is Excel, XML is a project or a codebook, and a table is known by its header.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from qda_exchange.archive import Archive
from qda_exchange.guard import Guard
from qda_exchange.limits import DEFAULT, Limits
from qda_exchange.model import CodedProject
from qda_exchange.refi.reading import read_refi
from qda_exchange.report import CHOICE, DEVIATION, DROPPED, Report
from qda_exchange.tables.building import Table
from qda_exchange.tables.canonical import is_canonical, read_canonical
from qda_exchange.tables.dedoose import is_dedoose, read_dedoose
from qda_exchange.tables.qualcoder import is_qualcoder, read_qualcoder
from qda_exchange.tables.sheets import Sheet, read_csv_sheet
from qda_exchange.tables.taguette import is_taguette, read_taguette
from qda_exchange.tables.workbooks import is_workbook, read_workbook

ZIP, OLD_EXCEL = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOOKED_AT = 64
FORMATS: dict[str, tuple[Callable[[list[str]], bool], Callable[[Sheet, Table], CodedProject]]] = {
    "Dedoose": (is_dedoose, read_dedoose),
    "QualCoder": (is_qualcoder, read_qualcoder),
    "Taguette": (is_taguette, read_taguette),
    "long table": (is_canonical, read_canonical),
}
KNOWN = "REFI-QDA (.qdpx, .qde, .qdc), Dedoose, Taguette, QualCoder or the long table"


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
        The variable (REFI-QDA) or column that is the site or the role, in any letter case.
    coder
        Who coded, for formats that do not say.
    limits
        How much is accepted.

    Returns
    -------
    ImportedProject
        Every deviation, choice and loss is in its report.

    Raises
    ------
    RefusedFileError
        When the file is of no known format, broken, ambiguous, hostile or beyond a limit. It is a
        ValueError that names file, place, limit and what to do.

    Examples
    --------
    >>> table = b"id,document,tag,content\n7,Lola,pace,We wait.\n"
    >>> imported = read(table, "highlights.csv", coder="A")
    >>> imported.format, imported.project.applications["code"].tolist()
    ('Taguette', ['pace'])
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    report = Report(limits.listed)
    stream.seek(0)
    start = stream.read(LOOKED_AT)
    stream.seek(0)
    guard = Guard(file, report, limits)
    into = Table(guard, site, role, coder)
    if start.startswith(ZIP):
        project, name = _read_archive(Archive(stream, file, limits), into)
    elif _is_xml(start):
        project = read_refi(stream, guard, site=site, role=role)
        name = "REFI-QDA"
    elif start.startswith(OLD_EXCEL):
        raise guard.refusal("", "is an old Excel file (.xls)", "save it as .xlsx")
    else:
        project, name = _read_sheets(iter([read_csv_sheet(stream, guard)]), into)
    return ImportedProject(project, name, report)


def _is_xml(start: bytes) -> bool:
    """Say whether a file begins as XML does, in UTF-8 or UTF-16."""
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        start = start.removeprefix(mark)
    return start.replace(b"\x00", b"").lstrip().startswith(b"<")


def _read_archive(archive: Archive, into: Table) -> tuple[CodedProject, str]:
    if is_workbook(archive):
        return _read_sheets(read_workbook(archive, into.guard), into)
    document = _document(archive, into)
    entries = {_last(name): name for name in archive.names}

    def load(path: str) -> bytes | None:
        entry = entries.get(_last(path))
        if entry is None or path.startswith(("relative:", "absolute:")):
            return None
        return archive.content(entry)

    project = read_refi(
        archive.stream(document),
        into.guard,
        load=load,
        place=f"entry {document}",
        site=into.site,
        role=into.role,
    )
    return project, "REFI-QDA"


def _document(archive: Archive, into: Table) -> str:
    """Return the one entry that is the project."""
    copies = [name for name in archive.names if _last(name).startswith("._")]
    for name in copies:
        into.guard.report.add(DROPPED, "file that a Mac adds", f"entry {name}")
    found = [name for name in archive.names if name.lower().endswith(".qde") and name not in copies]
    if len(found) != 1:
        raise into.guard.refusal(
            "",
            f"holds {len(found)} project files (.qde) where there has to be one",
            f"export it again as one of {KNOWN}",
        )
    if "/" in found[0]:
        into.guard.report.add(DEVIATION, "project file within a folder", f"entry {found[0]}")
    return found[0]


def _last(path: str) -> str:
    """Return the file's name in a path of any system, in small letters."""
    return path.replace("\\", "/").rpartition("/")[2].lower()


def _read_sheets(sheets: Iterator[Sheet], into: Table) -> tuple[CodedProject, str]:
    headers: list[Sequence[str]] = []
    read = None
    for sheet in sheets:
        name = next((one for one, (fits, _) in FORMATS.items() if fits(sheet.header)), None)
        if name and read is None:
            into.guard.report.add(CHOICE, f"read as {name}", sheet.place)
            read = FORMATS[name][1](sheet, into), name
        elif any(sheet.header):
            headers.append(sheet.header)
            into.guard.report.add(DROPPED, "sheet without codings", sheet.place)
    if read is None:
        seen = "; ".join(", ".join(header[:8]) for header in headers[:3])[:200] or "nothing"
        raise into.guard.refusal(
            "row 1", f"is no table of codings: its header is {seen!r}", f"export {KNOWN}"
        )
    return read
