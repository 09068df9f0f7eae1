"""Merging what the runs recorded into the record: exhibits, runs and values, a JSON file of each.

What a run rests on stands once, in `results/runs.json`; an exhibit names its run. Exhibits are
numbered here, tables and figures each in the order of the plan, so that a number has one source for
the book, the ledger and the JSON. The ledger is one file besides, `results/claims.csv`: the book
shows claims and cells as two tables with columns of their own, and whoever computes with the
verdicts, or attaches them to a letter, wants one with the same columns.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bookbuilder.plan import Run
from compendium import files

EXHIBITS = Path("results/exhibits.json")
RUNS = Path("results/runs.json")
VALUES = Path("results/values.json")
CLAIMS = Path("results/claims.csv")
PROVENANCE = ("notebook", "parameters", "inputs", "after", "package_version")
LEDGER_TABLES = {"claim": "ledger_verdicts", "cell": "ledger_cells"}
CLAIM_COLUMNS = [
    "kind", "id", "document", "place", "subject", "published", "lower", "upper", "unit",
    "recomputed", "verdict", "evidence", "value", "exhibit", "why", "needs",
]  # fmt: skip


def products(runs: Iterable[Run]) -> list[Path]:
    """Return the files of the record, relative to the project's folder."""
    return [EXHIBITS, RUNS, VALUES, *([CLAIMS] if has_ledger(runs) else [])]


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
            exhibits[name] = {
                "label": f"{entry['kind'].title()} {numbers[entry['kind']]}",
                **entry,
                "reconstructed": _reconstructed(run, entry, records),
                "run": run,
            }
        values |= {f"{run}.{name}": entry for name, entry in record["values"].items()}
    provenance = {run: {key: record[key] for key in PROVENANCE} for run, record in records.items()}
    files.write_json(root / EXHIBITS, exhibits)
    files.write_json(root / RUNS, provenance)
    files.write_json(root / VALUES, values)
    if has_ledger(runs):
        write_claims(root, exhibits)


def read_record(path: Path) -> dict[str, Any]:
    """Return the record of a run; empty when there is none, or it was damaged."""
    try:
        return files.read_json(path)
    except (OSError, ValueError):
        return {}


def orphans(runs: Iterable[Run], root: Path) -> list[str]:
    """Return result files that no run declares, relative to the project's folder."""
    declared = {root / path for run in runs for path in run.results}
    folders = (root / "results/tables", root / "results/figures")
    found = [path for folder in folders for path in sorted(folder.glob("[!.]*"))]
    return [path.relative_to(root).as_posix() for path in found if path not in declared]


def unread(runs: Iterable[Run], root: Path) -> list[str]:
    """Return a sentence for each declaration that the last execution of a run did not need."""
    faults = []
    for run in runs:
        never_read = read_record(root / run.record).get("never_read", {})
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
            of_other = records[other]["exhibits"].get(exhibit, {}) if other in records else {}
            found = other not in records or _reconstructed(other, of_other, records)
        if found:
            return True
    return False


def has_ledger(runs: Iterable[Run]) -> bool:
    """Say whether a plan makes both tables of the ledger."""
    tables = {name for run in runs for name in run.tables}
    return tables.issuperset(LEDGER_TABLES.values())


def write_claims(root: Path, exhibits: Mapping[str, Mapping[str, Any]]) -> None:
    """Write `results/claims.csv` from the tables of the ledger.

    The run of a value leads to the exhibits, of the record, that show it.
    """
    import pandas as pd  # which a build with nothing to do does not need

    from compendium import data

    claims, cells = (
        pd.read_csv(root / f"results/tables/{table}.csv", dtype="str", keep_default_na=False)
        for table in LEDGER_TABLES.values()
    )
    shown: dict[str, list[str]] = {}
    for name, entry in exhibits.items():
        shown.setdefault(entry["run"], []).append(name)
    claims["kind"] = "claim"
    claims["exhibit"] = [";".join(shown.get(key.split(".")[0], ())) for key in claims["value_key"]]
    renamed = {"claim_id": "id", "section": "place", "value_key": "value"}
    sources = {name: data.resource(name, root=root)["sources"][0] for name in set(cells["table"])}
    cells["document"] = [sources[name]["document"] for name in cells["table"]]
    cells["subject"] = cells["row"] + ", " + cells["column"]
    cells["id"] = cells["place"] + ": " + cells["subject"]
    cells["kind"], cells["exhibit"] = "cell", LEDGER_TABLES["cell"]
    whole = pd.concat(
        [claims.rename(columns=renamed), cells.rename(columns={"printed": "published"})]
    )
    table = whole.reindex(columns=CLAIM_COLUMNS).fillna("")
    files.write_text(root / CLAIMS, table.to_csv(index=False, lineterminator="\n"))
