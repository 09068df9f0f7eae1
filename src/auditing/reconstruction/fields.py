"""The columns of the table of constraints, and how a row of it is written.

One row per constraint:

- `constraint_id`, `kind` (see `readings`), `claim_id` or `table`, `row`, `column` of its source;
- `items`, `levels`, `district`: what it is about (lists separated by semicolons; a level of a
  roster column is written `grade_level=K-2`);
- `printed` as it stands in the source; `lower`, `upper` (in `unit`), `open_lower`, `open_upper`:
  the interval the print allows;
- `allowed_lower`, `allowed_upper`: the same, widened where the printed numbers contradict each
  other and the smallest relaxation needs it;
- `basis`: `printed`, `derived` (determined but not printed), `reading` (our sense of words) or
  `structure` (what any such survey satisfies); `note`.
"""

from __future__ import annotations

from typing import Any

FIELDS = (
    *("constraint_id", "kind", "claim_id", "table", "row", "column"),
    *("items", "levels", "district", "printed", "lower", "upper", "open_lower", "open_upper"),
    *("unit", "allowed_lower", "allowed_upper", "basis", "note"),
)
UNITS = dict.fromkeys(("share_gap", "lead", "deviation", "difference"), "points") | {
    "district_count": "districts"
}
COUNTS = ("negative_to_any", "negative_to_all", "answered", "excluded", "structure")


def column_of(item_id: str) -> str:
    """Name the column of the responses that holds an item.

    Examples
    --------
    >>> column_of("EPIC-I-001")
    'epic_i_001'
    """
    return item_id.lower().replace("-", "_")


def split(cell: Any) -> list[str]:
    """Split a list written with semicolons; empty for a missing cell.

    Examples
    --------
    >>> split("monthly;weekly"), split(None)
    (['monthly', 'weekly'], [])
    """
    return cell.split(";") if isinstance(cell, str) and cell else []


def constraint_row(
    name: str, kind: str, printed: Any, bounds: tuple[float, float], **more: Any
) -> dict[str, Any]:
    """Write one constraint with its defaults; `more` holds the other fields.

    Examples
    --------
    >>> row = constraint_row("EPIC-C-019", "response_rate", "73%", (72.5, 73.5))
    >>> row["unit"], row["basis"], row["open_lower"]
    ('percent', 'printed', False)
    """
    unit = UNITS.get(kind, "persons" if kind in COUNTS or kind.endswith("count") else "percent")
    row: dict[str, Any] = dict.fromkeys(FIELDS)
    row |= {"constraint_id": name, "kind": kind, "printed": str(printed), "unit": unit}
    row |= {"lower": bounds[0], "upper": bounds[1], "open_lower": False, "open_upper": False}
    return row | {"basis": "printed", "note": ""} | more
