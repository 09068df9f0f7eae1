"""Two states of a table as text, and which row of the one is which row of the other.

A row is named by the fewest leading columns that tell all rows apart; where none do, rows are
matched by their sequence, as lines of text are.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MAX_KEY_COLUMNS = 4


@dataclass(frozen=True)
class TextTable:
    """Column names, and rows of cells as written."""

    columns: list[str]
    rows: list[list[str]]

    def select(self, columns: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the cells of some columns, row by row."""
        positions = [self.columns.index(column) for column in columns]
        return [tuple(row[position] for position in positions) for row in self.rows]

    def is_key(self, columns: Sequence[str]) -> bool:
        """Say whether no two rows have the same cells in some columns."""
        return len(set(self.select(columns))) == len(self.rows)

    def row_names(self, key: Sequence[str]) -> list[str]:
        """Name rows by the cells of a key; without one by their number in a spreadsheet."""
        if not key:
            return [f"row {number}" for number in range(2, len(self.rows) + 2)]
        return [" / ".join(cells) for cells in self.select(key)]


def parse_table(content: bytes) -> TextTable:
    """Read a CSV as text; short rows are filled up, an empty file has no columns."""
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    header, *rows = [*lines] or [[]]
    width = len(header)
    return TextTable(header, [(row + [""] * width)[:width] for row in rows])


def natural_key(before: TextTable, after: TextTable, shared: Sequence[str]) -> tuple[str, ...]:
    """Return the fewest leading columns, four at most, that name every row in both states."""
    for width in range(1, min(len(shared), MAX_KEY_COLUMNS) + 1):
        if before.is_key(shared[:width]) and after.is_key(shared[:width]):
            return tuple(shared[:width])
    return ()


def match_rows(
    before: TextTable, after: TextTable, key: Sequence[str], shared: Sequence[str]
) -> list[tuple[int | None, int | None]]:
    """Pair row numbers of both states by a key, or by sequence; None where there is no partner."""
    if not key:
        return list(_match_sequences(before.select(shared), after.select(shared)))
    numbers = {cells: j for j, cells in enumerate(after.select(key))}
    pairs = [(i, numbers.pop(cells, None)) for i, cells in enumerate(before.select(key))]
    left = set(numbers.values())
    if len(before.rows) == len(after.rows):  # a changed key: the row is where it was
        pairs = [(i, i if j is None and i in left else j) for i, j in pairs]
        left -= {j for _, j in pairs if j is not None}
    return [*pairs, *((None, j) for j in sorted(left))]


def _match_sequences(
    before: list[tuple[str, ...]], after: list[tuple[str, ...]]
) -> Iterator[tuple[int | None, int | None]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, i, i_end, j, j_end in matcher.get_opcodes():
        both = min(i_end - i, j_end - j)
        yield from ((i + step, j + step) for step in range(both))
        yield from ((one, None) for one in range(i + both, i_end))
        yield from ((None, one) for one in range(j + both, j_end))
