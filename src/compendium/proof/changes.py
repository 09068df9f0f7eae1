"""What changed in a data file, counted in rows and cells."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from compendium import data
from compendium.proof.compare import Difference, Tolerance, compare_tables
from compendium.proof.rows import Sheet, parse_table

EXACT = Tolerance(relative=0.0, absolute=0.0)


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
        """How many rows differ, are gone or have been added."""
        return len({(d.kind.startswith("row"), d.row) for d in self.differences if d.row})

    def __str__(self) -> str:
        if not self.differences:
            return f"{self.path} changed: other bytes, the same cells"
        if not self.changed_rows:
            return f"{self.path} changed: {'; '.join(str(d) for d in self.differences)}"
        rows = "row" if self.changed_rows == 1 else "rows"
        return f"{self.path} changed: {self.changed_rows} {rows} of {self.rows}"


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
    old, new = parse_table(before), parse_table(after)
    key = [label for label in _key(path, root) if label in old.labels and label in new.labels]
    if key and not all(_distinct(sheet, key) for sheet in (old, new)):
        key = []
    return DataChange(path, len(old.rows), compare_tables(path, old, new, key=key, tolerance=EXACT))


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
