"""What changed in a data file, counted in rows and named by field."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bookbuilder.verification.comparison import EXACT, Difference, compare_tables
from bookbuilder.verification.tables import parse_table
from compendium import data

#: What kinds of differences are called, where an author reads of their own data.
KIND_WORDS = {
    "row missing": "row taken out",
    "row extra": "row added",
    "column missing": "column taken out",
    "column extra": "column added",
    "order": "in another order",
    "missing": "taken out",
    "extra": "added",
    "text": "changed",
    "unreadable": "cannot be read as a table",
}
MAX_NAMED_CELLS = 3


@dataclass(frozen=True)
class DataChange:
    """How a data file differs from an earlier state, which had so many rows."""

    path: str
    rows: int
    differences: list[Difference] = field(default_factory=list)

    @property
    def changed_rows(self) -> int:
        """How many rows differ, are gone or have been added; all of a file that came or went."""
        if any(d.kind in ("missing", "extra") for d in self.differences):
            return self.rows
        return len({(d.kind.startswith("row"), d.row) for d in self.differences if d.row})

    @property
    def cells(self) -> str:
        """The cells and rows that changed: each of a few, else how many of each field."""
        changed = [d for d in self.differences if d.row]
        if len(changed) <= MAX_NAMED_CELLS:
            return "; ".join(
                f"{d.row}: {d.column} {' -> '.join(text or '(empty)' for text in d.excerpts)}"
                if d.column
                else f"{d.row}: {KIND_WORDS[d.kind]}"
                for d in changed
            )
        counts = Counter(d.column or KIND_WORDS[d.kind] for d in changed)
        return ", ".join(f"{name} ({count})" for name, count in counts.items())

    def __str__(self) -> str:
        if not self.differences:
            return f"{self.path} changed: other bytes, the same cells"
        if not any(d.row or d.column for d in self.differences):
            word = KIND_WORDS.get(self.differences[0].kind, self.differences[0].kind)
            return f"{self.path} {'was ' * (word in ('added', 'taken out'))}{word}"
        parts = [_column_change(d) for d in self.differences if not d.row]
        if self.changed_rows:
            rows = "row" if self.changed_rows == 1 else "rows"
            parts.append(f"{self.changed_rows} {rows} of {self.rows}")
        return f"{self.path} changed: {', '.join(parts)}"


def data_change(path: str, before: bytes, after: bytes, root: Path) -> DataChange:
    """Return how a data file changed, its rows matched by the key that the contract names."""
    try:
        old, new = parse_table(before), parse_table(after)
    except (UnicodeDecodeError, csv.Error):  # which row is at fault, the contract says
        return DataChange(path, 0, [Difference("unreadable", path)])
    key = [column for column in _key(path, root) if column in old.columns and column in new.columns]
    if not (old.is_key(key) and new.is_key(key)):
        key = []
    return DataChange(path, len(old.rows), compare_tables(path, old, new, key=key, tolerance=EXACT))


def count_rows(path: str, content: bytes) -> int:
    """Return how many rows a table has; none for another kind of file."""
    try:
        return len(parse_table(content).rows) if path.endswith(".csv") else 0
    except (UnicodeDecodeError, csv.Error):
        return 0


def _column_change(difference: Difference) -> str:
    """Say what became of a column, or of the order of all rows or columns."""
    if difference.kind == "type":
        return f"{difference.column} from {difference.before} to {difference.after}"
    word = KIND_WORDS.get(difference.kind, difference.kind)
    if difference.kind == "order":
        return f"the {difference.column} {word}"
    return f"{difference.column}: {word}"


def _key(path: str, root: Path) -> list[str]:
    tables = data.descriptor(root)["resources"]
    schema: dict[str, Any] = next((t["schema"] for t in tables if f"data/{t['path']}" == path), {})
    key = schema.get("primaryKey", [])
    return [key] if isinstance(key, str) else list(key)
