"""Rows of two states of a table: which row of the one is which row of the other.

A row is named by the fewest leading columns that tell all rows apart; where none do, rows are
matched by their sequence, as lines of text are.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Sheet:
    """The text of a table: column labels and rows of cells."""

    labels: list[str]
    rows: list[list[str]]


def parse_table(content: bytes) -> Sheet:
    """Read a CSV as text; a table without columns has no labels and no rows."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    width = len(rows[0]) if rows else 0
    return Sheet(rows[0] if rows else [], [(row + [""] * width)[:width] for row in rows[1:]])


def natural_key(before: Sheet, after: Sheet, shared: list[str]) -> tuple[str, ...]:
    """Return the fewest leading columns, four at most, that name every row in both states."""
    for width in range(1, min(len(shared), 4) + 1):
        key = tuple(shared[:width])
        if all(len(set(keys(sheet, key))) == len(sheet.rows) for sheet in (before, after)):
            return key
    return ()


def keys(sheet: Sheet, key: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the cells of the key, row by row."""
    places = [sheet.labels.index(label) for label in key]
    return [tuple(row[place] for place in places) for row in sheet.rows]


def pair_rows(
    before: Sheet, after: Sheet, key: Sequence[str], shared: list[str]
) -> list[tuple[int | None, int | None]]:
    """Match rows: by key, what is left over by its position; without a key, by their sequence."""
    if not key:
        return list(_by_sequence(keys(before, shared), keys(after, shared)))
    place = {name: j for j, name in enumerate(keys(after, key))}
    pairs: list[tuple[int | None, int | None]] = []
    for i, name in enumerate(keys(before, key)):
        pairs.append((i, place.pop(name, None)))
    left = set(place.values())
    if len(before.rows) == len(after.rows):  # a changed key: the row is where it was
        pairs = [(i, i if j is None and i in left else j) for i, j in pairs]
        left -= {j for _, j in pairs if j is not None}
    return pairs + [(None, j) for j in sorted(left)]


def _by_sequence(
    before: list[tuple[str, ...]], after: list[tuple[str, ...]]
) -> Iterator[tuple[int | None, int | None]]:
    for _, i, i_end, j, j_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        both = min(i_end - i, j_end - j)
        yield from ((i + step, j + step) for step in range(both))
        yield from ((one, None) for one in range(i + both, i_end))
        yield from ((None, one) for one in range(j + both, j_end))


def name_of(sheet: Sheet, row: int, key: Sequence[str]) -> str:
    """Name a row by the cells of its key, or by its number as a spreadsheet counts."""
    if not key:
        return f"row {row + 2}"
    return " / ".join(keys(Sheet(sheet.labels, [sheet.rows[row]]), key)[0])
