"""The ledger in one file, `results/claims.csv`: a verdict for every claim and every printed cell.

The book shows claims and cells as two tables with columns of their own. Whoever computes with the
verdicts, or attaches them to a letter to the authors, wants one file with the same columns.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bookbuilder.plan import Run
from compendium import files

CLAIMS = Path("results/claims.csv")
TABLES = {"claim": "ledger_verdicts", "cell": "ledger_cells"}
COLUMNS = [
    "kind", "id", "document", "place", "subject", "published", "lower", "upper", "unit",
    "recomputed", "verdict", "evidence", "value", "exhibit", "why", "needs",
]  # fmt: skip


def has_ledger(runs: Iterable[Run]) -> bool:
    """Say whether a plan makes both tables of the ledger."""
    tables = {name for run in runs for name in run.tables}
    return tables.issuperset(TABLES.values())


def write_claims(root: Path, exhibits: Mapping[str, Mapping[str, Any]]) -> None:
    """Write `results/claims.csv` from the tables of the ledger.

    The run of a value leads to the exhibits, of the record, that show it.
    """
    from compendium import data  # brings pandas, which a build with nothing to do does not need

    by_run: dict[str, list[str]] = {}
    for name, entry in exhibits.items():
        by_run.setdefault(entry["run"], []).append(name)
    rows = [_claim(row, by_run) for row in _read(root, "claim")]
    cells = _read(root, "cell")
    tables = {row["table"] for row in cells}
    sources = {name: data.resource(name, root=root)["sources"][0] for name in tables}
    rows += [_cell(row, sources[row["table"]]["document"]) for row in cells]
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    files.write_text(root / CLAIMS, text.getvalue())


def _claim(row: dict[str, str], by_run: Mapping[str, list[str]]) -> dict[str, str]:
    columns = {name: row.get(name, "") for name in COLUMNS}
    run = row["value_key"].partition(".")[0]
    return columns | {
        "kind": "claim",
        "id": row["claim_id"],
        "place": row["section"],
        "value": row["value_key"],
        "exhibit": ";".join(by_run.get(run, [])),
    }


def _cell(row: dict[str, str], document: str) -> dict[str, str]:
    columns = {name: row.get(name, "") for name in COLUMNS}
    return columns | {
        "kind": "cell",
        "document": document,
        "id": f"{row['place']}: {row['row']}, {row['column']}",
        "subject": f"{row['row']}, {row['column']}",
        "published": row["printed"],
        "exhibit": TABLES["cell"],
    }


def _read(root: Path, kind: str) -> list[dict[str, str]]:
    path = root / f"results/tables/{TABLES[kind]}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
