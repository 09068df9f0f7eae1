"""What changed in a data file, counted in rows and named by field."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bookbuilder.verification.comparison import EXACT, Difference, compare_tables, parse_table
from compendium import data

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
        if any(d.kind in ("removed", "added") for d in self.differences):
            return self.rows
        return len({(d.kind.startswith("row"), d.row) for d in self.differences if d.row})

    @property
    def cells(self) -> str:
        """The cells and rows that changed: each of a few, else how many of each field."""
        changed = [d for d in self.differences if d.row]
        if len(changed) <= MAX_NAMED_CELLS:
            return "; ".join(f"{d.row}: {d.column} {d.words}".replace(":  ", ": ") for d in changed)
        counts = Counter(d.column or d.kind for d in changed)
        return ", ".join(f"{name} ({count})" for name, count in counts.items())

    def __str__(self) -> str:
        if not self.differences:
            return f"{self.path} changed: other bytes, the same cells"
        first = self.differences[0].kind
        if first == "unreadable":
            return f"{self.path} cannot be read as a table"
        if first in ("removed", "added", "changed"):
            return f"{self.path} {'was ' * (first != 'changed')}{first}"
        parts = [_column_change(d) for d in self.differences if not d.row]
        if self.changed_rows:
            rows = "row" if self.changed_rows == 1 else "rows"
            parts.append(f"{self.changed_rows} {rows} of {self.rows}")
        return f"{self.path} changed: {', '.join(parts)}"


def data_change(path: str, before: bytes | None, after: bytes | None, root: Path) -> DataChange:
    """Return how a data file changed, its rows matched by the key that the contract names.

    None stands for a file that was not, or is no longer, there.
    """
    kind = "added" if before is None else "removed" if after is None else "changed"
    known = [content for content in (before, after) if content is not None]
    try:
        tables = [parse_table(content) for content in known] if path.endswith(".csv") else []
    except (UnicodeDecodeError, csv.Error):  # which row is at fault, the contract says
        return DataChange(path, 0, [Difference("unreadable", path)])
    if len(tables) < 2:
        rows = len(tables[0].rows) if tables else 0
        return DataChange(path, rows, [Difference(kind, path)])
    found = compare_tables(path, *tables, key=_key(path, root), tolerance=EXACT)
    return DataChange(path, len(tables[0].rows), found)


def _column_change(difference: Difference) -> str:
    """Say what became of a column, or of the order of all rows or columns."""
    if difference.kind == "type":
        return f"{difference.column} from {difference.before} to {difference.after}"
    if difference.kind == "order":
        return f"the {difference.column} in another order"
    return f"{difference.column}: {difference.kind}"


def _key(path: str, root: Path) -> list[str]:
    for table in data.descriptor(root)["resources"]:
        if path == f"data/{table['path']}":
            key = table["schema"].get("primaryKey", [])
            return [key] if isinstance(key, str) else list(key)
    return []
