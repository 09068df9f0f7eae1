"""Certificates: what was rebuilt, from what, with what, and which verdicts came out.

The book has it as a chapter. `compendium verify` rebuilds everything once more and puts it below
what the comparison showed, in the manner of CODECHECK (Nüst and Eglen 2021, doi
10.12688/f1000research.51738.2), which certifies that a stated workflow gave stated outputs on a
stated machine at a stated time; it says nothing of whether they are right.
"""

import csv
import json
import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditing.ledger import VERDICTS
from bookbuilder import documents, environment
from bookbuilder.engine import collect
from bookbuilder.environment import LOCK
from bookbuilder.verification.comparison import parse_table
from compendium import data, files

if TYPE_CHECKING:
    from bookbuilder.verification.verify import Verification

HASH_DIGITS = 64
#: What computes the results: with other versions, other last digits may come out.
COMPUTING = (
    *("numpy", "pandas", "scipy", "statsmodels", "matplotlib", "seaborn"),
    *("frictionless", "papermill", "doit", "jupyter-book", "sphinx"),
)

FOLDER = Path("_build/certificate")
#: What the files of the record are that belong to no exhibit.
RECORD_FILES = {
    collect.EXHIBITS.as_posix(): "Every exhibit: caption, note, run",
    collect.RUNS.as_posix(): "Every run: notebook, parameters, inputs",
    collect.VALUES.as_posix(): "Every number that prose quotes",
    collect.CLAIMS.as_posix(): "The ledger: every claim and printed cell",
}

Entries = Mapping[str, Mapping[str, Any]]


def contents(
    root: Path,
    exhibits: Entries,
    values: Entries,
    claims: Iterable[Mapping[str, str]],
    digits: int = HASH_DIGITS,
) -> dict[str, Any]:
    """Return what `record.md` shows, from the record and rows of the ledger.

    Of each hash so many `digits` are shown.
    """
    lock = root / LOCK
    installed = environment.installed_versions()
    return {
        "kinds": Counter(entry["kind"] for entry in exhibits.values()),
        "marked": sum(bool(entry["reconstructed"]) for entry in exhibits.values()),
        "values": len(values),
        "verdicts": _verdicts(claims),
        "inputs": _inputs(root, digits),
        "digits": digits,
        "runs": _runs(exhibits),
        "lock": LOCK,
        "locked": len({name for name, *_ in environment.REQUIREMENT.findall(lock.read_text())}),
        "departures": environment.sentence(lock),
        "versions": [(n, " and ".join(installed[n])) for n in COMPUTING if n in installed],
    }


def count_rows(path: Path) -> int:
    """Return how many rows a table has below its heading."""
    with path.open(encoding="utf-8", newline="") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1


def _verdicts(claims: Iterable[Mapping[str, str]]) -> list[tuple[str, int, int]]:
    counts = Counter((row["verdict"], row["kind"]) for row in claims)
    rows = [(verdict, counts[verdict, "claim"], counts[verdict, "cell"]) for verdict in VERDICTS]
    total = sum(claim for _, claim, _ in rows), sum(cell for *_, cell in rows)
    return [*(row for row in rows if any(row[1:])), ("**all**", *total)]


def _inputs(root: Path, digits: int) -> list[tuple[str, ...]]:
    rows = []
    for table in data.descriptor(root)["resources"]:
        path = root / "data" / table["path"]
        # With its kind, a hash that begins with ten digits is no number that could name a person.
        digest = f"`sha256:{files.sha256(path)[:digits]}`"
        rows.append((f"`data/{table['path']}`", table["origin"], f"{count_rows(path):,}", digest))
    return sorted(rows)


def _runs(exhibits: Entries) -> list[tuple[str, ...]]:
    counts = Counter(entry["run"] for entry in exhibits.values())
    rows: list[tuple[str, ...]] = []
    for run, entry in {entry["run"]: entry for entry in exhibits.values()}.items():
        parameters = ", ".join(f"{key} = {value}" for key, value in entry["parameters"].items())
        notebook = str(entry["notebook"]).removeprefix("notebooks/")
        shown = parameters or "as in the notebook"
        rows.append((f"`{run}`", f"`{notebook}`", shown, str(counts[run])))
    return rows


def write(done: "Verification", folder: Path, *, checked_by: str = "") -> Path:
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
        lock_hash=files.sha256(done.copy / LOCK),
        differences=[
            (d.kind, f"`{d.file}`", d.row, d.column, *d.excerpts) for d in done.differences
        ],
        files=_files(done, exhibits),
        **contents(done.copy, exhibits, values, csv.DictReader(ledger)),
    )
    return page


def outcome(done: "Verification") -> str:
    """Return the outcome in a sentence."""
    if done.failure:
        return (
            "**Not reproduced**: the build failed, so there is nothing to compare the record with."
        )
    if not done.record:
        return "**Not reproduced**: the commit holds no record to compare with."
    if not done.passed:
        differences = documents.count(len(done.differences), "difference")
        return f"**Not reproduced**: {differences} from the record."
    tables, figures = (
        sum(path.startswith(f"results/{kind}/") and path.endswith(".csv") for path in done.record)
        for kind in ("tables", "figures")
    )
    return (
        f"**Reproduced**: {tables} tables, {figures} figures and every number quoted in prose "
        "came out as in the record."
    )


def _files(done: "Verification", exhibits: dict[str, Any]) -> list[tuple[str, ...]]:
    counts = Counter(one.file for one in done.differences)
    rows: list[tuple[str, ...]] = []
    for path, content in sorted(done.rebuilt.items()):
        caption = RECORD_FILES.get(path) or exhibits.get(Path(path).stem, {}).get("caption", "")
        cells = f"{_count_cells(path, content):,}" if path.endswith(".csv") else ""
        same = f"**{documents.count(counts[path], 'difference')}**" if counts[path] else "same"
        rows.append((f"`{path}`", caption, cells, same))
    return rows


def _entries(done: "Verification", path: Path) -> dict[str, Any]:
    return json.loads(done.rebuilt.get(path.as_posix(), b"{}"))


def _count_cells(path: str, content: bytes) -> int:
    if path.endswith(".csv"):
        with suppress(ValueError, csv.Error):  # a damaged table; the comparison says so
            columns, rows = parse_table(content)
            return len(columns) * len(rows)
    return 0
