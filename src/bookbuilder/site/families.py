"""Lists of the pages that one notebook makes: codes by category, and districts.

Labels and definitions come from the tables that the plan makes the runs of, and stand nowhere else.
"""

import csv
from itertools import groupby

from bookbuilder.plan import families
from bookbuilder.site import record
from compendium.data.contract import read_contract


def codes() -> str:
    """Return every code with its definition and counts, under a heading for each category."""
    parts = []
    for category, rows in groupby(_rows("codebook"), key=lambda row: row["category"]):
        lines = []
        for row in rows:
            run = f"code_{row['code']}"
            lines.append(
                f"- [{row['label']}](notebooks/{run}.ipynb) (segments: {{value}}`{run}.segments`,\n"
                f"  persons: {{value}}`{run}.persons`). {row['definition']}"
            )
        parts.append(f"## {category}\n\n" + "\n".join(lines))
    return "\n\n".join(parts)


def districts() -> str:
    """Return every surveyed district with how many were asked, and what is printed of it."""
    lines = []
    for row in _rows("epic_districts"):
        if row["surveyed"] == "true":
            run = families.fill("district_{district:slug}", row)
            lines.append(
                f"- [{row['district']}](notebooks/{run}.ipynb): {{value}}`{run}.answered` of\n"
                f"  {{value}}`{run}.asked` teachers answered; the document bounds\n"
                f"  {{value}}`{run}.bounded` of {{value}}`{run}.items` items."
            )
    return "\n".join(lines)


def _rows(table: str) -> list[dict[str, str]]:
    contract = read_contract(record.root())
    with (contract.root / contract.file(table)).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
