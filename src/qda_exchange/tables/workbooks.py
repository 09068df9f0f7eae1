"""Excel files (`.xlsx`), read with the same guarded means as a project.

A workbook is an archive of XML. Only the values that stand in its cells are read: no macro,
formula or link is followed. Dates come as the numbers that Excel keeps.
"""

import posixpath
import re
from collections.abc import Iterator

from qda_exchange.archive import Archive
from qda_exchange.guard import Guard, RefusedFileError
from qda_exchange.markup import Element, parse
from qda_exchange.tables.sheets import Row, Sheet

WORKBOOK, STRINGS = "xl/workbook.xml", "xl/sharedStrings.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]+")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
TRUTH = {"1": "True", "0": "False"}


def is_workbook(archive: Archive) -> bool:
    """Say whether an archive is an Excel file."""
    return WORKBOOK in archive.names


def read_workbook(archive: Archive, guard: Guard) -> Iterator[Sheet]:
    """Yield the sheets of a workbook in order, each read when it is asked for."""
    book = _Workbook(archive, guard)
    for name, entry in book.sheets():
        yield Sheet(f"sheet {name!r}", book.rows(entry))


class _Workbook:
    """The parts of a workbook and the texts that its cells share."""

    def __init__(self, archive: Archive, guard: Guard) -> None:
        self._archive, self._guard, self._limits = archive, guard, guard.limits
        self._strings = list(self._shared()) if STRINGS in archive.names else []

    def sheets(self) -> list[tuple[str, str]]:
        """Return name and entry of each sheet."""
        relations = [one.attributes for one in self._parse(RELATIONS).children()]
        targets = {one.get("Id", ""): one.get("Target", "") for one in relations}
        found = []
        for part in self._parse(WORKBOOK).children():
            for sheet in part.children() if part.name == "sheets" else ():
                target = targets.get(sheet.attributes.get("id", ""), "")
                entry = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
                if entry in self._archive.names and "worksheet" in target:
                    found.append((sheet.attributes.get("name", ""), entry))
        return found

    def rows(self, entry: str) -> Iterator[Row]:
        """Yield the rows of a sheet with their numbers, cells by their place."""
        number = 0
        for part in self._parse(entry).children():
            for row in part.children() if part.name == "sheetData" else ():
                given = row.attributes.get("r", "")
                number = int(given) if given.isdecimal() and len(given) < 9 else number + 1
                yield number, self._row(row, entry)

    def _row(self, row: Element, entry: str) -> list[str]:
        cells: list[str] = []
        for cell in row.children():
            column = _column(cell.attributes.get("r", ""), len(cells))
            if column >= self._limits.columns:
                problem = f"has more columns than the limit of {self._limits.columns}"
                raise self._refusal(entry, cell, problem, "export fewer codes")
            cells += [""] * (column + 1 - len(cells))
            cells[column] = self._value(cell, entry)
        return cells

    def _value(self, cell: Element, entry: str) -> str:
        kind, value = cell.attributes.get("t", "n"), ""
        for part in cell.children():
            if part.name == "v":
                value = part.text()
            elif part.name == "is":
                value = _rich(part)
        if kind == "s":
            if not value.isdecimal() or int(value) >= len(self._strings):
                problem = f"points at the shared text {value!r}, which is not there"
                raise self._refusal(entry, cell, problem, "save it again in Excel")
            return self._strings[int(value)]
        return TRUTH.get(value, value) if kind == "b" else _unescaped(value)

    def _shared(self) -> Iterator[str]:
        length = 0
        for count, item in enumerate(self._parse(STRINGS).children()):
            text = _rich(item)
            length += len(text)
            if length > self._limits.text_bytes or count >= self._limits.cells:
                problem = f"holds more text than the limit of {self._limits.text_bytes} characters"
                raise self._refusal(STRINGS, item, problem, "export it in parts")
            yield text

    def _refusal(self, entry: str, at: Element, problem: str, remedy: str) -> RefusedFileError:
        return self._guard.refusal(f"entry {entry}, line {at.line}", problem, remedy)

    def _parse(self, entry: str) -> Element:
        if entry not in self._archive.names:
            raise self._guard.refusal(f"entry {entry}", "is missing", "save it again in Excel")
        return parse(self._archive.stream(entry), self._guard.file, self._limits, f"entry {entry}")


def _rich(item: Element) -> str:
    """Return the text of a cell that may be in runs of differing style; readings aside."""
    parts = []
    for part in item.children():
        if part.name == "t":
            parts.append(part.text())
        elif part.name == "r":
            parts += [run.text() for run in part.children() if run.name == "t"]
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    """Return a text with the characters that Excel writes as `_x000D_`, those of texts only."""
    return ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return chr(number) if number and not 0xD800 <= number < 0xE000 else found[0]


def _column(reference: str, otherwise: int) -> int:
    """Return the place of a column from a cell's reference, such as 27 from `AB3`."""
    found = REFERENCE.fullmatch(reference)
    place = 0
    for letter in found[1] if found else ():
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1 if found else otherwise
