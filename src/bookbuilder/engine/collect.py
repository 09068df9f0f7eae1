"""Merging what the runs recorded into the record: `results/exhibits.json`, `results/values.json`.

Exhibits are numbered here, tables and figures each in the order of the plan, so that a number has
one source for the book, the ledger and the JSON.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bookbuilder.engine.claims import CLAIMS, has_ledger, write_claims
from bookbuilder.plan import Run
from compendium import files

EXHIBITS = Path("results/exhibits.json")
VALUES = Path("results/values.json")
PROVENANCE = ("run", "notebook", "parameters", "inputs", "after", "package_version")


def products(runs: Iterable[Run]) -> list[Path]:
    """Return the files of the record, relative to the project's folder."""
    return [EXHIBITS, VALUES, *([CLAIMS] if has_ledger(runs) else [])]


def collect(runs: Iterable[Run], root: Path) -> None:
    """Write the files of the record from the records of all runs, given in reading order."""
    runs = list(runs)
    records = {run.name: files.read_json(root / run.record) for run in runs}
    exhibits: dict[str, dict[str, Any]] = {}
    values: dict[str, dict[str, Any]] = {}
    numbers = {"table": 0, "figure": 0}
    for run, record in records.items():
        for name, entry in record["exhibits"].items():
            numbers[entry["kind"]] += 1
            label = f"{entry['kind'].title()} {numbers[entry['kind']]}"
            exhibits[name] = {
                "label": label,
                **entry,
                "reconstructed": _reconstructed(run, entry, records),
                **{key: record[key] for key in PROVENANCE},
            }
        values |= {f"{run}.{name}": entry for name, entry in record["values"].items()}
    files.write_json(root / EXHIBITS, exhibits)
    files.write_json(root / VALUES, values)
    if has_ledger(runs):
        write_claims(root, exhibits)


def orphans(runs: Iterable[Run], root: Path) -> list[str]:
    """Return result files that no run declares, relative to the project's folder."""
    declared = {path for run in runs for path in run.results}
    found = [
        path.relative_to(root)
        for folder in ("tables", "figures")
        for path in sorted((root / "results" / folder).glob("*"))
    ]
    return [path.as_posix() for path in found if path not in declared and path.name[0] != "."]


def unread(runs: Iterable[Run], root: Path) -> list[str]:
    """Return a sentence for each declaration that the last execution of a run did not need."""
    faults = []
    for run in runs:
        record = files.read_json(root / run.record) if (root / run.record).exists() else {}
        never_read = record.get("never_read", {})
        faults += [
            f"run '{run.name}' declares '{name}' and never reads it: "
            f"take it out of its {key} in notebooks/runs.yml"
            for key, declared in (("inputs", run.inputs), ("after", run.after))
            for name in declared
            if name in never_read.get(key, [])
        ]
    return faults


def _reconstructed(run: str, entry: dict[str, Any], records: dict[str, dict[str, Any]]) -> bool:
    """Say whether an exhibit rests on reconstructed rows, itself or through runs before its own.

    It rests on what it declares, or else on every input of its run and every run before that.
    """
    record = records[run]
    origins = {table["table"]: table["origin"] for table in record["inputs"]}
    for source in entry.get("rests_on", [*origins, *record["after"]]):
        other, _, exhibit = source.partition(".")
        if other in origins:
            found = origins[other] == "reconstructed"
        else:
            of_other = records[other]["exhibits"][exhibit] if exhibit else {}
            found = _reconstructed(other, of_other, records)
        if found:
            return True
    return False
