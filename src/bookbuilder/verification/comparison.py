"""Comparing two states of the record: tables, data of figures, pictures, numbers for prose.

Contents in, differences out. Whole numbers and text must be equal. Numbers with decimals may differ
by `Tolerance`: relative 1e-9, or one unit of the last decimal that the record keeps (1e-8), because
another processor's linear algebra changes the last bits of a float and no more. A column that turns
from whole numbers into decimals or text differs in type even where its numbers agree.
"""

import csv
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bookbuilder.verification.tables import TextTable, match_rows, natural_key, parse_table

INTEGER = re.compile(r"[+-]?\d+")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
#: Columns of verdicts and of joint displays' labels: a difference in one is called like the column.
VERDICT_COLUMNS = ("verdict", "label")
#: Identifiers that matplotlib derives from what it draws.
SVG_ID = re.compile(r"\b([a-zA-Z]+)[0-9a-f]{10}\b")
SVG_TOLERANCE = 0.01  # of a point
MAX_SHOWN_CHARACTERS = 120


@dataclass(frozen=True)
class Tolerance:
    """How far two numbers with decimals may be apart and still be the same."""

    relative: float = 1e-9
    absolute: float = 1e-8


LAST_BITS = Tolerance()
EXACT = Tolerance(relative=0.0, absolute=0.0)


@dataclass(frozen=True)
class Difference:
    """One place where two states of the record differ, with what stands there, as written.

    `kind` is ``cell``, ``verdict``, ``label``, ``row missing``, ``row extra``, ``order``, ``column
    missing``, ``column extra``, ``type``, ``picture``, ``value``, ``description``, ``unreadable``,
    ``missing`` or ``extra`` (a file, an exhibit or a value). `row` has the cells that name the row,
    or the key of an entry; row and column are empty for the whole file.
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

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.row, self.column) if part)
        if self.before or self.after:
            before, after = self.excerpts
            return f"{where}: {before or '(empty)'} -> {after or '(empty)'}"
        return f"{where}: {self.kind}"


def _excerpt(text: str, start: int) -> str:
    end = start + MAX_SHOWN_CHARACTERS
    if len(text) <= MAX_SHOWN_CHARACTERS:
        return text
    return "…" * (start > 0) + text[start:end] + "…" * (end < len(text))


def compare_records(
    before: Mapping[str, bytes], after: Mapping[str, bytes], tolerance: Tolerance = LAST_BITS
) -> list[Difference]:
    r"""Return where two states of the record differ, contents by path from the project's folder.

    >>> print(*compare_records({"results/tables/x.csv": b"a\n1\n"}, {}))
    results/tables/x.csv: missing
    """
    found: list[Difference] = []
    for file in dict.fromkeys([*before, *after]):
        if file not in after:
            found.append(Difference("missing", file))
        elif file not in before:
            found.append(Difference("extra", file))
        elif before[file] != after[file]:
            try:
                found += _compare_contents(file, before[file], after[file], tolerance)
            except (ValueError, csv.Error):  # as where a merge left its marks
                found.append(Difference("unreadable", file))
    return found


def compare_tables(
    file: str,
    before: TextTable,
    after: TextTable,
    *,
    key: Sequence[str] = (),
    tolerance: Tolerance = LAST_BITS,
) -> list[Difference]:
    r"""Return where two states of a table differ, for the differences to name its file.

    Rows are matched by `key`, columns that name a row in both states; by default by the fewest
    leading columns that do so, and where none do, by their order.

    >>> old = parse_table(b"code,cases\npace,4\npolicy,2\n")
    >>> new = parse_table(b"code,cases\npace,5\n")
    >>> print(*compare_tables("t.csv", old, new), sep="\n")
    t.csv, policy: row missing
    t.csv, pace, cases: 4 -> 5
    """
    lost = [column for column in before.columns if column not in after.columns]
    gained = [column for column in after.columns if column not in before.columns]
    shared = [column for column in before.columns if column in after.columns]
    found = [Difference("column missing", file, column=column) for column in lost]
    found += [Difference("column extra", file, column=column) for column in gained]
    if not found and before.columns != after.columns:
        found.append(Difference("order", file, column="columns"))
    key = tuple(key) or natural_key(before, after, shared)
    pairs = match_rows(before, after, key, shared)
    names, new_names = before.row_names(key), after.row_names(key)
    gone = [names[i] for i, j in pairs if j is None and i is not None]
    added = [new_names[j] for i, j in pairs if i is None and j is not None]
    found += [Difference("row missing", file, name) for name in gone]
    found += [Difference("row extra", file, name) for name in added]
    matched = [(i, j) for i, j in pairs if i is not None and j is not None]
    if [j for _, j in matched] != sorted(j for _, j in matched):
        found.append(Difference("order", file, column="rows"))
    for column in shared:
        old, new = ([cells for (cells,) in table.select([column])] for table in (before, after))
        types = _type_of(old), _type_of(new)
        if "nothing" not in types and types[0] != types[1]:
            found.append(Difference("type", file, "", column, *types))
        for i, j in matched:
            if not _same(old[i], new[j], tolerance):
                kind = column if is_verdict(column, old[i], new[j]) else "cell"
                found.append(Difference(kind, file, names[i], column, old[i], new[j]))
    return found


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
    return [Difference("cell", file)]


def _compare_entries(
    file: str, before: dict[str, Any], after: dict[str, Any], tolerance: Tolerance
) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        if name not in after or name not in before:
            yield Difference("extra" if name in after else "missing", file, name)
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
