"""A table as rows of text, and how it is read from CSV within bounds."""

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, NamedTuple

from qda_exchange.guard import MEBIBYTE, Guard
from qda_exchange.report import CHOICE, DEVIATION, DROPPED

DELIMITERS = ",;\t|"
LONGEST_CELL = MEBIBYTE
csv.field_size_limit(LONGEST_CELL)
SAMPLE = 4096
#: How a spreadsheet says what parts the cells, in a line before the header.
SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
MANY_BYTES = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
Row = tuple[int, list[str]]


class Sheet(NamedTuple):
    """One table: where it is, and its rows with their numbers, a header somewhere among them."""

    place: str
    rows: Iterator[Row]


def fitted(rows: Iterator[Row], width: int, guard: Guard) -> Iterator[Row]:
    """Make rows as long as the header, leave out empty ones, and refuse more than is allowed."""
    limits = guard.limits
    for count, (number, row) in enumerate(rows, start=1):
        if count > limits.rows or count * width > limits.cells:
            problem = f"is beyond the limit of {limits.rows} rows or {limits.cells} cells"
            raise guard.refusal(f"row {number}", problem, "export it in parts")
        if any(row[width:]):
            beyond = ", ".join(row[width:])
            guard.report.add(DROPPED, "cells beyond the header", f"row {number}", beyond)
        if any(row[:width]):
            yield number, row[:width] + [""] * (width - len(row))


def read_csv_sheet(stream: BinaryIO, guard: Guard) -> Sheet:
    r"""Read a CSV file: UTF-8, UTF-16 or Windows-1252, with or without a line `sep=;`.

    What parts the cells is what gives the first line the most of them: comma, semicolon, tab or
    bar. Rows are read as they are asked for; whatever is no table is refused then at the latest.
    """
    return csv_sheet(read_lines(stream, guard), guard)


def read_lines(stream: BinaryIO, guard: Guard) -> Iterator[str]:
    """Return the lines of a text in UTF-8, UTF-16 or Windows-1252."""
    limit = guard.limits.table_bytes
    if stream.seek(0, io.SEEK_END) > limit:
        problem = f"is larger than the limit of {limit // MEBIBYTE} MiB"
        raise guard.refusal("", problem, "export it in parts")
    return _lines(stream, _encoding(stream, guard), guard)


def _encoding(stream: BinaryIO, guard: Guard) -> str:
    """Find out the encoding: by its mark, else by what decodes the whole file."""
    stream.seek(0)
    start = stream.read(SAMPLE)
    if start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return "utf-16"
    zeros = [start[place::2].count(0) for place in (0, 1)]
    if max(zeros) > len(start) // 4 and not min(zeros):
        guard.report.add(DEVIATION, "UTF-16 without a mark")
        return "utf-16-be" if zeros[0] else "utf-16-le"
    if _decodes(stream, "utf-8"):
        return "utf-8-sig"
    stream.seek(0)
    mixed = any(MANY_BYTES.search(piece) for piece in iter(lambda: stream.read(MEBIBYTE), b""))
    if mixed or not _decodes(stream, "cp1252"):
        problem = "cannot be decoded: it is neither UTF-8 nor Windows-1252 throughout"
        raise guard.refusal("", problem, "save it as CSV UTF-8")
    guard.report.add(CHOICE, "not in UTF-8: read as Windows-1252, as Excel in the West saves CSV")
    return "cp1252"


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    stream.seek(0)
    pieces = codecs.iterdecode(iter(lambda: stream.read(MEBIBYTE), b""), encoding)
    try:
        return all(True for _ in pieces)
    except UnicodeDecodeError:
        return False


def _lines(stream: BinaryIO, encoding: str, guard: Guard) -> Iterator[str]:
    """Yield decoded lines with their ends; refuse what is no text."""
    stream.seek(0)
    text, number = io.TextIOWrapper(stream, encoding, newline=""), 0
    try:
        while line := text.readline(LONGEST_CELL):
            number += 1
            if "\x00" in line or len(line) == LONGEST_CELL:
                problem = "holds zero bytes" if "\x00" in line else "is longer than any line may be"
                remedy = "this is no CSV file; export it again"
                raise guard.refusal(f"line {number}", problem, remedy)
            yield line
    except UnicodeError as error:
        place, problem = f"line {number + 1} or later", f"cannot be decoded ({error})"
        raise guard.refusal(place, problem, "save it as CSV UTF-8") from None
    finally:
        # Whoever gave the stream may have closed it before the last line was asked for.
        with contextlib.suppress(ValueError):
            text.detach()


def csv_sheet(lines: Iterator[str], guard: Guard) -> Sheet:
    """Return lines of CSV as a sheet."""
    return Sheet("", _parsed(lines, guard))


def _parsed(lines: Iterator[str], guard: Guard) -> Iterator[Row]:
    """Yield rows with their numbers; quotes may span lines, and have to end."""
    first, number, limit = next(lines, ""), 0, guard.limits.columns
    said = SEPARATOR.fullmatch(first)
    width = {one: len(next(csv.reader([first], delimiter=one), [])) for one in DELIMITERS}
    mark = said[1] if said else max(DELIMITERS, key=lambda one: width[one])
    number = 1 if said else 0
    reader = csv.reader(lines if said else chain([first], lines), delimiter=mark, strict=True)
    while True:
        number += 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            place, problem = f"row {number}, line {reader.line_num}", "cannot be read as CSV"
            remedy = "look for a quote that is missing or too many, or export it again"
            raise guard.refusal(place, f"{problem} ({error})", remedy) from None
        if row is None:
            return
        if len(row) > limit:
            problem = f"has {len(row)} columns, the limit is {limit}"
            raise guard.refusal(f"row {number}", problem, "export fewer codes")
        yield number, row
