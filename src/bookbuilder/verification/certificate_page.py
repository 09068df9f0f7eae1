"""The certificate of a verification, in the manner of CODECHECK.

CODECHECK (Nüst and Eglen 2021, doi 10.12688/f1000research.51738.2) certifies that a stated workflow
gave stated outputs on a stated machine at a stated time; it says nothing of whether they are right.
So does this page: what was rebuilt, from which inputs, with which versions, and what differs.
"""

import csv
import json
import os
import platform
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bookbuilder import certificate
from bookbuilder.documents import Document, Grid, Section
from bookbuilder.engine import collect
from bookbuilder.verification.tables import parse_table
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
MAX_LISTED_PATHS = 5
LIMITS = "That a workflow gives the same results again does not make them true."
FITTED = (
    " Rows of the teacher survey are reconstructed; what was fitted to the printed numbers agrees "
    "with them by construction, and the ledger of claims says which that is."
)


def date_of_check() -> str:
    """Return when the check is to be dated: SOURCE_DATE_EPOCH if given, else now (UTC)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return moment.replace(microsecond=0).isoformat()


def document(done: Verification, *, date: str, checked_by: str = "") -> Document:
    """Return the certificate of a verification.

    `date` says when it was done, in ISO 8601; `checked_by` who did it, if that is to be said.
    """
    runs = _entries(done, collect.RUNS)
    found = _entries(done, collect.EXHIBITS)
    exhibits = {name: entry | runs[entry["run"]] for name, entry in found.items()}
    fitted = any(entry["reconstructed"] for entry in exhibits.values())
    ledger = done.rebuilt.get(collect.CLAIMS.as_posix(), b"").decode().splitlines()
    return Document(
        title=f"Certificate of reproduction: {data.descriptor(done.copy)['title']}",
        lead=outcome(done),
        mood="good" if done.passed else "bad",
        sections=[
            Section("What was checked", [_facts(done, date, checked_by), *_uncommitted(done)]),
            *_failure(done),
            Section("What differs", list(_differing(done))),
            Section("Files rebuilt", [_files(done, exhibits)]),
            *certificate.contents(
                done.copy, exhibits, _entries(done, collect.VALUES), csv.DictReader(ledger)
            ),
            Section("What this does not say", [LIMITS + FITTED * fitted]),
        ],
    )


def outcome(done: Verification) -> str:
    """Return the outcome in a sentence."""
    if done.failure:
        return "**Not reproduced**: the build failed, so nothing can be said of the record."
    if not done.record:
        return "**Not reproduced**: the commit holds no record to compare with."
    if done.passed:
        tables, figures = (
            sum(
                path.startswith(f"results/{kind}/") and path.endswith(".csv")
                for path in done.record
            )
            for kind in ("tables", "figures")
        )
        return (
            f"**Reproduced**: {tables} tables, {figures} figures and every number quoted in prose "
            f"come out as the record has them."
        )
    return f"**Not reproduced**: {_count_differences(len(done.differences))}, listed below."


def _facts(done: Verification, date: str, checked_by: str) -> Grid:
    tolerance = done.tolerance
    facts = {
        "commit": f"`{done.commit or 'not under version control'}`",
        "committed": done.committed,
        "checked": date,
        "by": checked_by or "(not said: `compendium verify --by NAME`)",
        "how": "`compendium build --no-site` in an empty folder, then cell by cell",
        "equal means": "text and whole numbers exactly; decimals within "
        f"{tolerance.relative:g} of their size or {tolerance.absolute:g}",
        "compared": f"{_count_cells(done.record.items()):,} cells in {len(done.record)} files",
        "notebooks": str(len(done.runs)),
        "seconds": f"{done.seconds:.0f}",
        "on": f"Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        "requirements.lock": f"`{files.sha256(done.copy / certificate.LOCK)}` (SHA-256)",
    }
    rows = [[fact, text] for fact, text in facts.items() if text]
    return Grid(["fact", "here"], rows, "Facts of the check")


def _uncommitted(done: Verification) -> Iterator[str]:
    if done.uncommitted:
        listed = ", ".join(f"`{path}`" for path in done.uncommitted[:MAX_LISTED_PATHS])
        more = f" and {len(done.uncommitted) - MAX_LISTED_PATHS} more"
        more *= len(done.uncommitted) > MAX_LISTED_PATHS
        yield f"Not part of the check, because not committed: {listed}{more}."


def _failure(done: Verification) -> Iterator[Section]:
    if done.failure:
        lines = [[line] for line in done.failure.splitlines()]
        yield Section("What the build said", [Grid(["output"], lines, "Output of the build")])


def _differing(done: Verification) -> Iterator[str | Grid]:
    if not done.differences:
        yield "Nothing."
        return
    header = ["kind", "file", "row", "column", "record", "rebuilt"]
    rows = [[d.kind, f"`{d.file}`", d.row, d.column, *d.excerpts] for d in done.differences]
    yield (
        "A missing file is in the record or the plan and was not rebuilt; an extra one was "
        "rebuilt and is not in the record."
    )
    yield Grid(header, rows, "Differences")


def _files(done: Verification, exhibits: dict[str, Any]) -> Grid:
    counts = Counter(one.file for one in done.differences)
    rows = []
    for path, content in sorted(done.rebuilt.items()):
        caption = RECORD_FILES.get(path) or exhibits.get(Path(path).stem, {}).get("caption", "")
        cells = f"{_count_cells([(path, content)]):,}" if path.endswith(".csv") else ""
        same = f"**{_count_differences(counts[path])}**" if counts[path] else "same"
        rows.append([f"`{path}`", caption, cells, same])
    return Grid(["file", "what it is", "cells", "outcome"], rows, "Files rebuilt", open_rows=10)


def _entries(done: Verification, path: Path) -> dict[str, Any]:
    return json.loads(done.rebuilt.get(path.as_posix(), b"{}"))


def _count_cells(contents: Iterable[tuple[str, bytes]]) -> int:
    count = 0
    for path, content in contents:
        if path.endswith(".csv"):
            with suppress(ValueError, csv.Error):  # a damaged table; the comparison says so
                table = parse_table(content)
                count += len(table.columns) * len(table.rows)
    return count


def _count_differences(count: int) -> str:
    return f"{count} difference{'s' * (count != 1)}"
