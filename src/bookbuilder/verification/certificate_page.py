"""The certificate of a verification, in the manner of CODECHECK.

CODECHECK (Nüst and Eglen 2021, doi 10.12688/f1000research.51738.2) certifies that a stated workflow
gave stated outputs on a stated machine at a stated time; it says nothing of whether they are right.
So does this page: what was rebuilt, from which inputs, with which versions, and what differs.
"""

import csv
import json
import platform
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bookbuilder import certificate, documents
from bookbuilder.engine import collect
from bookbuilder.verification.comparison import parse_table
from bookbuilder.verification.verify import Verification
from compendium import data, files

FOLDER = Path("_build/certificate")
#: What the files of the record are that belong to no exhibit.
RECORD_FILES = {
    collect.EXHIBITS.as_posix(): "Every exhibit: caption, note, run",
    collect.RUNS.as_posix(): "Every run: notebook, parameters, inputs",
    collect.VALUES.as_posix(): "Every number that prose quotes",
    collect.CLAIMS.as_posix(): "The ledger: every claim and printed cell",
}


def write(done: Verification, folder: Path, *, checked_by: str = "") -> Path:
    """Write the certificate into a folder, as a page and as Markdown; return the page.

    `checked_by` says who did it, if that is to be said.
    """
    exhibits, runs = _entries(done, collect.EXHIBITS), _entries(done, collect.RUNS)
    exhibits = {name: entry | runs[entry["run"]] for name, entry in exhibits.items()}
    ledger = done.rebuilt.get(collect.CLAIMS.as_posix(), b"").decode().splitlines()
    values = _entries(done, collect.VALUES)
    page, _ = documents.write(
        folder,
        "certificate",
        f"Certificate of reproduction: {data.descriptor(done.copy)['title']}",
        outcome=outcome(done),
        done=done,
        checked=datetime.now(UTC).isoformat(timespec="seconds"),
        checked_by=checked_by,
        cells=sum(_count_cells(*file) for file in done.record.items()),
        machine=f"Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        lock_hash=files.sha256(done.copy / certificate.LOCK),
        differences=[
            (d.kind, f"`{d.file}`", d.row, d.column, *d.excerpts) for d in done.differences
        ],
        files=_files(done, exhibits),
        **certificate.contents(done.copy, exhibits, values, csv.DictReader(ledger)),
    )
    return page


def outcome(done: Verification) -> str:
    """Return the outcome in a sentence."""
    if done.failure:
        return (
            "**Not reproduced**: the build failed, so there is nothing to compare the record with."
        )
    if not done.record:
        return "**Not reproduced**: the commit holds no record to compare with."
    if not done.passed:
        return f"**Not reproduced**: {_count_differences(len(done.differences))} from the record."
    tables, figures = (
        sum(path.startswith(f"results/{kind}/") and path.endswith(".csv") for path in done.record)
        for kind in ("tables", "figures")
    )
    return (
        f"**Reproduced**: {tables} tables, {figures} figures and every number quoted in prose "
        "came out as in the record."
    )


def _files(done: Verification, exhibits: dict[str, Any]) -> list[tuple[str, ...]]:
    counts = Counter(one.file for one in done.differences)
    rows: list[tuple[str, ...]] = []
    for path, content in sorted(done.rebuilt.items()):
        caption = RECORD_FILES.get(path) or exhibits.get(Path(path).stem, {}).get("caption", "")
        cells = f"{_count_cells(path, content):,}" if path.endswith(".csv") else ""
        same = f"**{_count_differences(counts[path])}**" if counts[path] else "same"
        rows.append((f"`{path}`", caption, cells, same))
    return rows


def _entries(done: Verification, path: Path) -> dict[str, Any]:
    return json.loads(done.rebuilt.get(path.as_posix(), b"{}"))


def _count_cells(path: str, content: bytes) -> int:
    if path.endswith(".csv"):
        with suppress(ValueError, csv.Error):  # a damaged table; the comparison says so
            columns, rows = parse_table(content)
            return len(columns) * len(rows)
    return 0


def _count_differences(count: int) -> str:
    return f"{count:,} difference{'s' * (count != 1)}"
