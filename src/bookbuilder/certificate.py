"""What a certificate holds: what was rebuilt, from what, with what, and which verdicts came out.

The book has it as a chapter. `compendium verify` rebuilds everything once more and puts it below
what the comparison showed, see `verification.certificate_page`.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditing.ledger import VERDICTS
from bookbuilder import environment
from bookbuilder.documents import Grid, Section
from compendium import data, files

LOCK = "requirements.lock"
HASH_DIGITS = 64
#: What computes the results: with other versions, other last digits may come out.
COMPUTING = (
    *("numpy", "pandas", "scipy", "statsmodels", "matplotlib", "seaborn"),
    *("frictionless", "papermill", "doit", "jupyter-book", "sphinx"),
)

Entries = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Input:
    """A table of the contract, as its file stands."""

    table: str
    path: str
    origin: str
    rows: int
    sha256: str


def inputs(root: Path) -> list[Input]:
    """Return every table of a project's contract, in its order."""
    found = []
    for name in data.names(root):
        described = data.resource(name, root)
        path = root / "data" / described["path"]
        with path.open(encoding="utf-8", newline="") as stream:
            rows = sum(1 for _ in csv.reader(stream)) - 1
        relative = path.relative_to(root).as_posix()
        found.append(Input(name, relative, described["origin"], rows, files.sha256(path)))
    return found


def contents(
    root: Path,
    exhibits: Entries,
    values: Entries,
    claims: Iterable[Mapping[str, str]],
    hash_digits: int = HASH_DIGITS,
) -> list[Section]:
    """Return the sections of every certificate, from the record and rows of the ledger."""
    return [
        Section("What was rebuilt", [_counts(exhibits, values)]),
        Section("Verdicts on what is published", [_verdicts(claims)]),
        Section("What it was made from", _inputs(inputs(root), hash_digits)),
        Section("What was run", [_runs(exhibits)]),
        Section("With what", _versions(root / LOCK)),
    ]


def _counts(exhibits: Entries, values: Entries) -> list[str]:
    kinds = Counter(entry["kind"] for entry in exhibits.values())
    marked = sum(bool(entry["reconstructed"]) for entry in exhibits.values())
    runs = len({entry["run"] for entry in exhibits.values()})
    return [
        f"{runs} notebook runs with exhibits",
        f"{kinds['table']} tables and {kinds['figure']} figures"
        + f", {marked} of them resting on reconstructed survey rows and marked so" * bool(marked),
        f"{len(values)} numbers that the text quotes or the ledger uses",
    ]


def _verdicts(claims: Iterable[Mapping[str, str]]) -> Grid:
    counts: dict[str, Counter[str]] = {"claim": Counter(), "cell": Counter()}
    for row in claims:
        counts[row["kind"]][row["verdict"]] += 1
    claim, cell = counts["claim"], counts["cell"]
    used = [v for v in VERDICTS if claim[v] or cell[v]]
    rows = [[verdict, str(claim[verdict]), str(cell[verdict])] for verdict in used]
    rows.append(["**all**", str(claim.total()), str(cell.total())])
    header = ["Verdict", "Claims in the text", "Cells of tables"]
    return Grid(header, rows, "Verdicts", align="lrr")


def _inputs(tables: Sequence[Input], hash_digits: int) -> list[str | Grid]:
    rows = [
        # With its kind, a hash that begins with ten digits is no number that could name a person.
        [f"`{one.path}`", one.origin, f"{one.rows:,}", f"`sha256:{one.sha256[:hash_digits]}`"]
        for one in sorted(tables, key=lambda one: one.path)
    ]
    part = f"the first {hash_digits} digits of " * (hash_digits < HASH_DIGITS)
    return [
        f"Each table of the contract, with {part}its SHA-256, which `sha256sum` gives anywhere.",
        Grid(["File", "Origin", "Rows", "SHA-256"], rows, "Inputs", align="llrl"),
    ]


def _runs(exhibits: Entries) -> Grid:
    counts = Counter(entry["run"] for entry in exhibits.values())
    rows = []
    for run, entry in {entry["run"]: entry for entry in exhibits.values()}.items():
        parameters = ", ".join(f"{key} = {value}" for key, value in entry["parameters"].items())
        notebook = str(entry["notebook"]).removeprefix("notebooks/")
        shown = parameters or "as in the notebook"
        rows.append([f"`{run}`", f"`{notebook}`", shown, str(counts[run])])
    return Grid(["Run", "Notebook", "Parameters", "Exhibits"], rows, "Runs", align="lllr")


def _versions(lock: Path) -> list[str | Grid]:
    locked = {name for name, *_ in environment.REQUIREMENT.findall(lock.read_text("utf-8"))}
    installed = environment.installed_versions()
    rows = [[name, " and ".join(installed[name])] for name in COMPUTING if name in installed]
    return [
        f"`{LOCK}` fixes {len(locked)} packages by version and hash; these compute.",
        environment.sentence(lock) or "Every one is installed as the lock has it.",
        Grid(["Package", "Version"], rows, "Versions"),
    ]
