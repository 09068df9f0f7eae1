"""A table as rows of text, and how it is read from CSV within bounds."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from qda_exchange.guard import Guard
from qda_exchange.limits import MEBIBYTE
from qda_exchange.report import DROPPED

DELIMITERS = ",;\t"
LONGEST_CELL = MEBIBYTE
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Sheet:
    """One table: where it is, its header, and its rows with their numbers (the header is row 1).

    Rows are as long as the header; rows without any text are left out.
    """

    place: str
    header: list[str]
    rows: Iterator[Row]


def fitted(rows: Iterator[Row], width: int, guard: Guard) -> Iterator[Row]:
    """Make rows as long as the header, and stop at the limits.

    Raises
    ------
    RefusedFileError
        At a row or a cell beyond the limit.

    Examples
    --------
    >>> list(fitted(iter([(2, ["a"]), (3, [""])]), 2, Guard("x.csv")))
    [(2, ['a', ''])]
    """
    cells, limits = 0, guard.limits
    for count, (number, row) in enumerate(rows, start=1):
        cells += width
        if count > limits.rows or cells > limits.cells:
            raise guard.refusal(
                f"row {number}",
                f"is beyond the limit of {limits.rows} rows or {limits.cells} cells",
                "export it in parts",
            )
        if any(row[width:]):
            guard.report.add(
                DROPPED, "cells beyond the header", f"row {number}", ", ".join(row[width:])
            )
        if any(row[:width]):
            yield number, row[:width] + [""] * (width - len(row))


def read_csv_sheet(stream: BinaryIO, guard: Guard) -> Sheet:
    r"""Read a CSV file: UTF-8 (UTF-16 with a mark), separated by comma, semicolon or tab.

    Parameters
    ----------
    stream
        The file's bytes, seekable.
    guard
        The file that is being read.

    Returns
    -------
    Sheet
        Its rows are read as they are asked for.

    Raises
    ------
    RefusedFileError
        Now or while rows are read: not in UTF-8, broken quotes, zero bytes, or beyond a limit.

    Examples
    --------
    >>> sheet = read_csv_sheet(io.BytesIO(b"id;tag\r\n1;pace\r\n"), Guard("export.csv"))
    >>> sheet.header, list(sheet.rows)
    (['id', 'tag'], [(2, ['1', 'pace'])])
    """
    limits = guard.limits
    if stream.seek(0, io.SEEK_END) > limits.table_bytes:
        raise guard.refusal(
            "",
            f"is larger than the limit of {limits.table_bytes // MEBIBYTE} MiB",
            "export it in parts",
        )
    rows = _parsed(_lines(stream, guard), guard)
    _, header = next(rows, (1, []))
    if len(header) > limits.columns:
        raise guard.refusal(
            "row 1",
            f"has {len(header)} columns, the limit is {limits.columns}",
            "export fewer codes",
        )
    header = [name.strip() for name in header]
    return Sheet("", header, fitted(rows, len(header), guard))


def _lines(stream: BinaryIO, guard: Guard) -> Iterator[str]:
    """Yield decoded lines with their ends; refuse what is no text."""
    stream.seek(0)
    wide = stream.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    stream.seek(0)
    text = io.TextIOWrapper(stream, "utf-16" if wide else "utf-8-sig", newline="")
    number = 0
    try:
        while line := text.readline(LONGEST_CELL):
            number += 1
            if "\x00" in line or len(line) == LONGEST_CELL:
                problem = "holds zero bytes" if "\x00" in line else "is longer than any line may be"
                raise guard.refusal(
                    f"line {number}", problem, "this is no CSV file; export it again"
                )
            yield line
    except UnicodeError as error:
        raise guard.refusal(
            f"line {number + 1} or later",
            f"cannot be decoded ({error})",
            "save it as CSV UTF-8",
        ) from None
    finally:
        # Whoever gave the stream may have closed it before the last line was asked for.
        with contextlib.suppress(ValueError):
            text.detach()


def _parsed(lines: Iterator[str], guard: Guard) -> Iterator[Row]:
    """Yield rows with their numbers; quotes may span lines, and have to end."""
    first = next(lines, "")
    widths = {mark: first.count(mark) for mark in DELIMITERS}
    mark = max(widths, key=lambda one: widths[one])
    reader = csv.reader(_chained(first, lines), delimiter=mark, strict=True)
    number = 0
    while True:
        number += 1
        # The longest cell is a setting of the whole process: set it for one row only.
        previous = csv.field_size_limit(LONGEST_CELL)
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise guard.refusal(
                f"row {number}, line {reader.line_num}",
                f"cannot be read as CSV ({error})",
                "look for a quote that is missing or too many, or export it again",
            ) from None
        finally:
            csv.field_size_limit(previous)
        if row is None:
            return
        yield number, row


def _chained(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines
