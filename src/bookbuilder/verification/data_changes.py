"""What changed in a data file, counted in rows and cells."""

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bookbuilder.verification.comparison import Difference, Tolerance, compare_tables
from bookbuilder.verification.tables import Sheet, parse_table
from compendium import data

EXACT = Tolerance(relative=0.0, absolute=0.0)
#: What kinds of differences are called, where an author reads of his own data.
WORDS = {
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


@dataclass(frozen=True)
class DataChange:
    """How a data file differs from a former state of it.

    Attributes
    ----------
    path
        The file, from the project's folder.
    rows
        How many rows it had before.
    differences
        Cells changed, rows gone and added, columns likewise.
    """

    path: str
    rows: int
    differences: list[Difference] = field(default_factory=list)

    @property
    def changed_rows(self) -> int:
        """How many rows differ, are gone or have been added; all of a file that came or went."""
        if any(d.kind in ("missing", "extra") for d in self.differences):
            return self.rows
        return len({(d.kind.startswith("row"), d.row) for d in self.differences if d.row})

    def __str__(self) -> str:
        if not self.differences:
            return f"{self.path} changed: other bytes, the same cells"
        if not any(d.row or d.column for d in self.differences):
            words = [WORDS.get(d.kind, d.kind) for d in self.differences]
            return f"{self.path} {'was ' * (words[0] in ('added', 'taken out'))}{words[0]}"
        parts = [_of_column(d) for d in self.differences if not d.row]
        if self.changed_rows:
            rows = "row" if self.changed_rows == 1 else "rows"
            parts.append(f"{self.changed_rows} {rows} of {self.rows}")
        return f"{self.path} changed: {', '.join(parts)}"


def data_change(path: str, before: bytes, after: bytes, root: Path) -> DataChange:
    """Return how a data file changed, its rows matched by the key that the contract names.

    Parameters
    ----------
    path
        The file, from the project's folder.
    before, after
        Its two states.
    root
        The project's folder.
    """
    try:
        old, new = parse_table(before), parse_table(after)
    except (UnicodeDecodeError, csv.Error):  # which row is at fault, the contract says
        return DataChange(path, 0, [Difference("unreadable", path)])
    key = [label for label in _key(path, root) if label in old.labels and label in new.labels]
    if key and not all(_distinct(sheet, key) for sheet in (old, new)):
        key = []
    return DataChange(path, len(old.rows), compare_tables(path, old, new, key=key, tolerance=EXACT))


def rows_of(path: str, content: bytes) -> int:
    """Return how many rows a table has; none for another kind of file."""
    try:
        return len(parse_table(content).rows) if path.endswith(".csv") else 0
    except (UnicodeDecodeError, csv.Error):
        return 0


def _of_column(found: Difference) -> str:
    """Say what became of a column, or of the order of all rows or columns."""
    if found.kind == "type":
        return f"{found.column} from {found.before} to {found.after}"
    words = WORDS.get(found.kind, found.kind)
    if found.kind == "order":
        return f"the {found.column} {words}"
    return f"{found.column}: {words}"


def _key(path: str, root: Path) -> list[str]:
    resources: list[dict[str, Any]] = data.descriptor(root)["resources"]
    schema: dict[str, Any] = next(
        (r["schema"] for r in resources if f"data/{r['path']}" == path), {}
    )
    key = schema.get("primaryKey", [])
    return [key] if isinstance(key, str) else list(key)


def _distinct(sheet: Sheet, key: list[str]) -> bool:
    places = [sheet.labels.index(label) for label in key]
    return len({tuple(row[p] for p in places) for row in sheet.rows}) == len(sheet.rows)
