"""What a certificate holds: what was rebuilt, from what, with what, and which verdicts came out.

The book has it as a chapter. `compendium verify` rebuilds everything once more and puts it below
what the comparison showed, see `verification.certificate_page`.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from auditing.ledger import VERDICTS
from bookbuilder import environment
from compendium import data, files

LOCK = "requirements.lock"
HASH_DIGITS = 64
#: What computes the results: with other versions, other last digits may come out.
COMPUTING = (
    *("numpy", "pandas", "scipy", "statsmodels", "matplotlib", "seaborn"),
    *("frictionless", "papermill", "doit", "jupyter-book", "sphinx"),
)

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
