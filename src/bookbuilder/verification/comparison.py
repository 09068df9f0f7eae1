"""Comparing two states of the record: tables, data of figures, pictures, numbers for prose.

Contents in, differences out. Whole numbers and text must be equal. Numbers with decimals may differ
by `Tolerance`: relative 1e-9, or one unit of the last decimal that the record keeps (1e-8), because
another processor's linear algebra changes the last bits of a float and no more. A column that turns
from whole numbers into decimals or text differs in type even where its numbers agree.

A row is named by the fewest leading columns that tell all rows apart; where none do, it is what it
holds, and its number in a spreadsheet names it.
"""

import csv
import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

INTEGER = re.compile(r"[+-]?\d+")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
#: Columns of verdicts and of joint displays' labels: a difference in one is called like the column.
VERDICT_COLUMNS = ("verdict", "label")
#: Identifiers that matplotlib derives from what it draws.
SVG_ID = re.compile(r"\b([a-zA-Z]+)[0-9a-f]{10}\b")
SVG_TOLERANCE = 0.01  # of a point
MAX_KEY_COLUMNS = 4
MAX_SHOWN_CHARACTERS = 120


class Tolerance(NamedTuple):
    """How far two numbers with decimals may be apart and still be the same."""

    relative: float = 1e-9
    absolute: float = 1e-8


LAST_BITS = Tolerance()
EXACT = Tolerance(relative=0.0, absolute=0.0)


class Table(NamedTuple):
    """Column names, and rows of cells as written."""

    columns: list[str]
    rows: list[list[str]]

    def select(self, columns: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the cells of some columns, row by row."""
        positions = [self.columns.index(column) for column in columns]
        return [tuple(row[position] for position in positions) for row in self.rows]

    def is_key(self, columns: Sequence[str]) -> bool:
        """Say whether the table has some columns, and no two rows the same cells in them."""
        has_all = bool(columns) and {*columns} <= {*self.columns}
        return has_all and len({*self.select(columns)}) == len(self.rows)


@dataclass(frozen=True)
class Difference:
    """One place where two states of the record differ, with what stands there, as written.

    `kind` is ``cell``, ``verdict``, ``label``, ``row removed``, ``row added``, ``order``, ``column
    removed``, ``column added``, ``type``, ``picture``, ``value``, ``description``, ``unreadable``,
    ``changed``, ``removed`` or ``added`` (a file, an exhibit or a value). `row` has the cells that
    name the row, or the key of an entry; row and column are empty for the whole file.
    """

    kind: str
    file: str
    row: str = ""
    column: str = ""
    before: str = ""
    after: str = ""

    @property
    def excerpts(self) -> tuple[str, str]:
        """Both states, long texts cut to the surroundings of where they part."""
        pairs = zip(self.before, self.after, strict=False)
        parting = next((at for at, (a, b) in enumerate(pairs) if a != b), 0)
        start = max(parting - MAX_SHOWN_CHARACTERS // 3, 0)
        return _excerpt(self.before, start), _excerpt(self.after, start)

    @property
    def as_row(self) -> tuple[str, str, str, str]:
        """Row, column and both states, for a table; in place of a state what became of it."""
        before, after = self.excerpts if self.before or self.after else ("", self.kind)
        empty = "(empty)" if self.before or self.after else ""
        return self.row or "(all)", self.column, before or empty, after or empty

    @property
    def words(self) -> str:
        """What stood there and what does, or what became of it."""
        return " -> ".join(filter(None, self.as_row[2:]))

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.row, self.column) if part)
        return f"{where}: {self.words}"


def _excerpt(text: str, start: int) -> str:
    end = start + MAX_SHOWN_CHARACTERS
    if len(text) <= MAX_SHOWN_CHARACTERS:
        return text
    return "…" * (start > 0) + text[start:end] + "…" * (end < len(text))


def parse_table(content: bytes) -> Table:
    """Read a CSV as text; short rows are filled up, an empty file has no columns."""
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    header, *rows = [*lines] or [[]]
    width = len(header)
    return Table(header, [(row + [""] * width)[:width] for row in rows])


def compare_records(
    before: Mapping[str, bytes], after: Mapping[str, bytes], tolerance: Tolerance = LAST_BITS
) -> list[Difference]:
    r"""Return where two states of the record differ, contents by path from the project's folder.

    >>> print(*compare_records({"results/tables/x.csv": b"a\n1\n"}, {}))
    results/tables/x.csv: removed
    """
    found: list[Difference] = []
    for file in dict.fromkeys([*before, *after]):
        if file not in after or file not in before:
            found.append(Difference("added" if file in after else "removed", file))
        elif before[file] != after[file]:
            try:
                found += _compare_contents(file, before[file], after[file], tolerance)
            except (ValueError, csv.Error):  # as where a merge left its marks
                found.append(Difference("unreadable", file))
    return found


def _compare_contents(
    file: str, before: bytes, after: bytes, tolerance: Tolerance
) -> list[Difference]:
    if file.endswith(".csv"):
        return compare_tables(file, parse_table(before), parse_table(after), tolerance=tolerance)
    if file.endswith(".svg"):
        return [] if same_picture(before, after) else [Difference("picture", file)]
    if file.endswith(".json"):
        old, new = json.loads(before), json.loads(after)
        return list(_compare_entries(file, old, new, tolerance))
    return [Difference("changed", file)]


def compare_tables(
    file: str,
    before: Table,
    after: Table,
    *,
    key: Sequence[str] = (),
    tolerance: Tolerance = LAST_BITS,
) -> list[Difference]:
    r"""Return where two states of a table differ, for the differences to name its file.

    Rows are matched by `key` where these columns name a row in both states; else by the fewest
    leading columns that do so, and where none do, by all that they hold.

    >>> old = parse_table(b"code,cases\npace,4\npolicy,2\n")
    >>> new = parse_table(b"code,cases\npace,5\n")
    >>> print(*compare_tables("t.csv", old, new), sep="\n")
    t.csv, policy: row removed
    t.csv, pace, cases: 4 -> 5
    """
    shared = [column for column in before.columns if column in after.columns]
    found = [Difference("column removed", file, "", c) for c in before.columns if c not in shared]
    found += [Difference("column added", file, "", c) for c in after.columns if c not in shared]
    if not found and before.columns != after.columns:
        found.append(Difference("order", file, column="columns"))
    keys = [key, *(shared[:width] for width in range(1, MAX_KEY_COLUMNS + 1))]
    key = next((one for one in keys if before.is_key(one) and after.is_key(one)), ())
    pairs = _match_rows(before.select(key or shared), after.select(key or shared))
    names, new_names = _row_names(before, key), _row_names(after, key)
    gone = names.keys() - {i for i, _ in pairs}
    come = new_names.keys() - {j for _, j in pairs}
    found += [Difference("row removed", file, names[i]) for i in sorted(gone)]
    found += [Difference("row added", file, new_names[j]) for j in sorted(come)]
    if [j for _, j in pairs] != sorted(j for _, j in pairs):
        found.append(Difference("order", file, column="rows"))
    for column in shared:
        old, new = ([cells for (cells,) in table.select([column])] for table in (before, after))
        types = _type_of(old), _type_of(new)
        if "nothing" not in types and types[0] != types[1]:
            found.append(Difference("type", file, "", column, *types))
        for i, j in pairs:
            if not _same(old[i], new[j], tolerance):
                kind = column if is_verdict(column, old[i], new[j]) else "cell"
                found.append(Difference(kind, file, names[i], column, old[i], new[j]))
    return found


def _match_rows(
    before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]
) -> list[tuple[int, int]]:
    """Pair the numbers of rows with the same cells, of several the first with the first."""
    numbers = {cells: j for j, cells in enumerate(_numbered(after))}
    found = {i: numbers.pop(cells, None) for i, cells in enumerate(_numbered(before))}
    if len(before) == len(after):  # a changed name: the row is where it was
        left = {*numbers.values()}
        found |= {i: i for i, j in found.items() if j is None and i in left}
    return [(i, j) for i, j in found.items() if j is not None]


def _numbered(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield each row with how many of its like have come before it."""
    count: Counter[tuple[str, ...]] = Counter()
    for cells in rows:
        yield cells, count[cells]
        count[cells] += 1


def _row_names(table: Table, key: Sequence[str]) -> dict[int, str]:
    named = enumerate(table.select(key))
    return {i: " / ".join(cells) if key else f"row {i + 2}" for i, cells in named}


def same_picture(before: bytes, after: bytes) -> bool:
    """Say whether two SVG files draw the same: equal but for identifiers and 0.01 of a point."""
    first, second = (SVG_ID.sub(r"\1", one.decode("utf-8")) for one in (before, after))
    if NUMBER.sub("#", first) != NUMBER.sub("#", second):
        return False
    pairs = zip(NUMBER.finditer(first), NUMBER.finditer(second), strict=True)
    return all(abs(float(a[0]) - float(b[0])) <= SVG_TOLERANCE for a, b in pairs)


def is_verdict(column: str, *cells: str) -> bool:
    """Say whether cells of a column are verdicts of claims or labels of joint displays.

    >>> is_verdict("label", "dissonance", ""), is_verdict("label", "Student agency")
    (True, False)
    """
    return column == "verdict" or (column == "label" and not display_labels().isdisjoint(cells))


@cache
def display_labels() -> frozenset[str]:
    """Return the labels of joint displays; other tables call the name of a code a label."""
    from compendium.triangulation import across, rule  # bring pandas, which `why` rarely needs

    return frozenset(rule.LABELS) | frozenset(across.ACROSS_LABELS)


def _compare_entries(
    file: str, before: dict[str, Any], after: dict[str, Any], tolerance: Tolerance
) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        if name not in after or name not in before:
            yield Difference("added" if name in after else "removed", file, name)
            continue
        old, new = dict(_leaves(before[name])), dict(_leaves(after[name]))
        for leaf in dict.fromkeys([*old, *new]):
            pair = old.get(leaf, ""), new.get(leaf, "")
            if not _same(*pair, tolerance):
                kind = "value" if leaf == "value" else "description"
                yield Difference(kind, file, name, leaf, *pair)
    if list(before) != list(after) and set(before) == set(after):
        yield Difference("order", file)


def _leaves(entry: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(entry, dict | list) and entry:
        for name, value in entry.items() if isinstance(entry, dict) else enumerate(entry):
            yield from _leaves(value, f"{path}.{name}" if path else str(name))
    else:
        yield path, entry if isinstance(entry, str) else json.dumps(entry)


def _type_of(cells: Iterable[str]) -> str:
    present = [cell for cell in cells if cell]
    if not present:
        return "nothing"
    if all(INTEGER.fullmatch(cell) for cell in present):
        return "whole numbers"
    return "numbers" if all(NUMBER.fullmatch(cell) for cell in present) else "text"


def _same(before: str, after: str, tolerance: Tolerance) -> bool:
    if before == after:
        return True
    if not (NUMBER.fullmatch(before) and NUMBER.fullmatch(after)):
        return False
    if INTEGER.fullmatch(before) and INTEGER.fullmatch(after):
        return int(before) == int(after)
    return math.isclose(
        float(before), float(after), rel_tol=tolerance.relative, abs_tol=tolerance.absolute
    )
