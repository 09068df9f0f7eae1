"""Comparing two states of the record: tables, data of figures, pictures, numbers for prose.

Pure: contents in, differences out. Whole numbers and text must be equal. Numbers with decimals may
differ by `Tolerance`: relative 1e-9, or one unit of the last decimal that the record keeps (1e-8),
because another processor's linear algebra changes the last bits of a float and no more. A column
that turns from whole numbers into decimals or text differs in type even where its numbers agree.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bookbuilder.verification.tables import Sheet, name_of, natural_key, pair_rows, parse_table
from compendium.triangulation.across import ACROSS_LABELS
from compendium.triangulation.rule import LABELS as LABELS_OF_STRANDS

INTEGER = re.compile(r"[+-]?\d+")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
#: Columns whose cells are judgements; a change of one is named as such.
JUDGEMENTS = ("verdict", "label")
#: The labels of joint displays; other tables call the name of a code or an item a label.
LABELS = frozenset(LABELS_OF_STRANDS) | frozenset(ACROSS_LABELS)
#: Identifiers that matplotlib derives from what it draws.
DRAWN_ID = re.compile(r"\b([a-zA-Z]+)[0-9a-f]{10}\b")
PICTURE_UNIT = 0.01
#: Characters of a long text that are shown.
EXCERPT = 120


@dataclass(frozen=True)
class Tolerance:
    """How far two numbers with decimals may be apart and still be the same."""

    relative: float = 1e-9
    absolute: float = 1e-8


@dataclass(frozen=True)
class Difference:
    """One place where two states of the record differ.

    Attributes
    ----------
    kind
        ``cell``, ``verdict``, ``label``, ``row missing``, ``row extra``, ``order``, ``column
        missing``, ``column extra``, ``type``, ``picture``, ``value``, ``description``, ``missing``
        or ``extra`` (a file, an exhibit or a value).
    place
        The file, from the project's folder.
    row, column
        Where in it: the cells that name the row, or the key of an entry; empty for the whole file.
    before, after
        What stands there, as written.
    """

    kind: str
    place: str
    row: str = ""
    column: str = ""
    before: str = ""
    after: str = ""

    @property
    def excerpt(self) -> tuple[str, str]:
        """Both states, long texts cut to the surroundings of where they part."""
        pairs = zip(self.before, self.after, strict=False)
        same = next((at for at, (a, b) in enumerate(pairs) if a != b), 0)
        start = max(same - EXCERPT // 3, 0)
        return _cut(self.before, start), _cut(self.after, start)

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.place, self.row, self.column) if part)
        if self.before or self.after:
            before, after = self.excerpt
            return f"{where}: {before or '(empty)'} -> {after or '(empty)'}"
        return f"{where}: {self.kind}"


@dataclass(frozen=True)
class _Pair:
    """Two states of a table, and what names its rows."""

    place: str
    before: Sheet
    after: Sheet
    key: Sequence[str]


def compare_tables(
    place: str,
    before: Sheet,
    after: Sheet,
    *,
    key: Sequence[str] = (),
    tolerance: Tolerance | None = None,
) -> list[Difference]:
    r"""Return where two states of a table differ.

    Parameters
    ----------
    place
        The file, for the differences to name.
    before, after
        The two states.
    key
        Columns that name a row; by default the fewest leading columns that do so in both states,
        and where none do, rows are matched by their order.
    tolerance
        How far numbers with decimals may be apart.

    Examples
    --------
    >>> old = parse_table(b"code,cases\npace,4\npolicy,2\n")
    >>> new = parse_table(b"code,cases\npace,5\n")
    >>> for one in compare_tables("t.csv", old, new):
    ...     print(one)
    t.csv, policy: row missing
    t.csv, pace, cases: 4 -> 5
    """
    tolerance = tolerance or Tolerance()
    found = [
        Difference("column missing", place, "", c) for c in before.labels if c not in after.labels
    ]
    found += [
        Difference("column extra", place, "", c) for c in after.labels if c not in before.labels
    ]
    shared = [label for label in before.labels if label in after.labels]
    if not found and before.labels != after.labels:
        found.append(Difference("order", place, "", "columns"))
    key = tuple(key) or natural_key(before, after, shared)
    pairs = pair_rows(before, after, key, shared)
    found += [
        Difference("row missing", place, name_of(before, i, key))
        for i, j in pairs
        if j is None and i is not None
    ]
    found += [
        Difference("row extra", place, name_of(after, j, key))
        for i, j in pairs
        if i is None and j is not None
    ]
    matched = [(i, j) for i, j in pairs if i is not None and j is not None]
    if [j for _, j in matched] != sorted(j for _, j in matched):
        found.append(Difference("order", place, "", "rows"))
    for label in shared:
        found += _column(_Pair(place, before, after, key), label, matched, tolerance)
    return found


def compare_records(
    before: Mapping[str, bytes], after: Mapping[str, bytes], tolerance: Tolerance | None = None
) -> list[Difference]:
    r"""Return where two states of the record differ, file by file.

    Parameters
    ----------
    before, after
        Contents by path from the project's folder, such as ``results/tables/x.csv``.
    tolerance
        As in `compare_tables`.

    Examples
    --------
    >>> print(*compare_records({"results/tables/x.csv": b"a\n1\n"}, {}))
    results/tables/x.csv: missing
    """
    found: list[Difference] = []
    for path in dict.fromkeys([*before, *after]):
        if path not in after:
            found.append(Difference("missing", path))
        elif path not in before:
            found.append(Difference("extra", path))
        elif before[path] != after[path]:
            found += _file(path, before[path], after[path], tolerance or Tolerance())
    return found


def same_picture(before: bytes, after: bytes) -> bool:
    """Say whether two SVG files draw the same: equal but for identifiers and 0.01 of a point."""
    first, second = (DRAWN_ID.sub(r"\1", one.decode("utf-8")) for one in (before, after))
    if NUMBER.sub("#", first) != NUMBER.sub("#", second):
        return False
    pairs = zip(NUMBER.finditer(first), NUMBER.finditer(second), strict=True)
    return all(abs(float(a[0]) - float(b[0])) <= PICTURE_UNIT for a, b in pairs)


def is_judgement(column: str, *cells: str) -> bool:
    """Say whether cells of a column are verdicts of claims or labels of joint displays.

    Examples
    --------
    >>> is_judgement("label", "dissonance", ""), is_judgement("label", "Student agency")
    (True, False)
    """
    return column == "verdict" or (column == "label" and not LABELS.isdisjoint(cells))


def _cut(text: str, start: int) -> str:
    if len(text) <= EXCERPT:
        return text
    return "…" * (start > 0) + text[start : start + EXCERPT] + "…" * (start + EXCERPT < len(text))


def _file(path: str, before: bytes, after: bytes, tolerance: Tolerance) -> list[Difference]:
    if path.endswith(".csv"):
        return compare_tables(path, parse_table(before), parse_table(after), tolerance=tolerance)
    if path.endswith(".svg"):
        return [] if same_picture(before, after) else [Difference("picture", path)]
    if path.endswith(".json"):
        return list(_entries(path, json.loads(before), json.loads(after), tolerance))
    return [Difference("cell", path)]


def _entries(
    path: str, before: dict[str, Any], after: dict[str, Any], tolerance: Tolerance
) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            yield Difference("missing", path, name)
        elif name not in before:
            yield Difference("extra", path, name)
        else:
            old, new = dict(_leaves(before[name])), dict(_leaves(after[name]))
            for leaf in dict.fromkeys([*old, *new]):
                first, second = old.get(leaf, ""), new.get(leaf, "")
                if not _same(first, second, tolerance):
                    kind = "value" if leaf == "value" else "description"
                    yield Difference(kind, path, name, leaf, first, second)
    if list(before) != list(after) and set(before) == set(after):
        yield Difference("order", path)


def _leaves(entry: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(entry, dict | list) and entry:
        items = entry.items() if isinstance(entry, dict) else enumerate(entry)
        for name, value in items:
            yield from _leaves(value, f"{path}.{name}" if path else str(name))
    else:
        yield path, entry if isinstance(entry, str) else json.dumps(entry)


def _column(
    table: _Pair, label: str, matched: list[tuple[int, int]], tolerance: Tolerance
) -> Iterator[Difference]:
    old, new = table.before.labels.index(label), table.after.labels.index(label)
    kinds = [
        _kind(row[at] for row in sheet.rows)
        for sheet, at in ((table.before, old), (table.after, new))
    ]
    if "nothing" not in kinds and kinds[0] != kinds[1]:
        yield Difference("type", table.place, "", label, *kinds)
    for i, j in matched:
        first, second = table.before.rows[i][old], table.after.rows[j][new]
        if not _same(first, second, tolerance):
            kind = label if is_judgement(label, first, second) else "cell"
            name = name_of(table.before, i, table.key)
            yield Difference(kind, table.place, name, label, first, second)


def _kind(cells: Iterator[str]) -> str:
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
