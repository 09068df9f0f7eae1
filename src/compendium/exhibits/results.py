"""Reading results back: the values and the tables that another run recorded.

Within a run they are what that run has just recorded, and must be declared. Anywhere else, as in a
notebook opened in JupyterLab on a fresh clone, they are the committed record in `results/`.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from compendium import context, files
from compendium.text import nearest

RESULTS = Path("results")


def values_of(run: str) -> dict[str, float]:
    """Return the numbers that another run recorded, by their name within that run.

    ValueError when the present run does not declare the other one under ``after``,
    FileNotFoundError when that has no results yet.

    Examples
    --------
    >>> values_of("response_rates")["printed_davis"]
    13
    """
    entries = _record_of(run)["values"]
    return {name: kept["value"] for name, kept in entries.items() if kept.get("unit") != "words"}


def table_of(run: str, name: str) -> pd.DataFrame:
    """Return a table that another run recorded, with its cells as the record keeps them.

    Only an empty cell of ``results/tables/NAME.csv`` is missing, words such as "none" are kept.
    Errors as of `values_of`, and ValueError when that run records no such table.

    Examples
    --------
    >>> table_of("response_rates", "epic_table2")["printed_share"].max()
    np.float64(0.914)
    """
    check_exhibit(run, name, "table")
    path = context.project_root() / RESULTS / "tables" / f"{name}.csv"
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def check_exhibit(run: str, name: str, kind: str = "") -> None:
    """Raise ValueError when another run records no exhibit (of a kind) with a name."""
    exhibits = _record_of(run)["exhibits"]
    known = [key for key, entry in exhibits.items() if kind in ("", entry["kind"])]
    if name not in known:
        raise ValueError(
            f"run '{run}' records no {kind or 'exhibit'} '{name}'; {nearest(name, known)}"
        )


def origins_of(run: str) -> set[str]:
    """Return where the tables behind another run come from, those of the runs it reads included.

    The words are those of the contract: printed, coded, compiled, derived, reconstructed. Errors as
    of `values_of`, also of a run that it reads.

    Examples
    --------
    >>> sorted(origins_of("district_characteristics"))
    ['derived', 'printed']
    """
    return _origins(_record_of(run))


def _origins(record: dict[str, Any]) -> set[str]:
    own = {table["origin"] for table in record["inputs"]}
    return own.union(*(_origins(_stored(other)) for other in record["after"]))


def _record_of(run: str) -> dict[str, Any]:
    here = context.current()
    if here and run not in here.after:
        raise ValueError(
            f"the run '{here.run}' reads results of '{run}' without declaring it; "
            f"{context.line_to_add(here.run, 'after', here.after, run)}"
        )
    return _stored(run)


def _stored(run: str) -> dict[str, Any]:
    root = context.project_root()
    path = root / context.RECORDS / f"{run}.json"
    record: dict[str, Any] = {}
    if not context.current():
        record = _committed(run, root / RESULTS)
    elif path.exists():
        record = files.read_json(path)
    if not record:
        raise FileNotFoundError(f"run '{run}' has no results yet; do `compendium run {run}` first")
    return record


def _committed(run: str, results: Path) -> dict[str, Any]:
    """Return what the committed record holds of a run; nothing when it does not know it."""
    exhibits, runs, values = (
        files.read_json(results / name) if (results / name).exists() else {}
        for name in ("exhibits.json", "runs.json", "values.json")
    )
    own = {name: entry for name, entry in exhibits.items() if entry["run"] == run}
    numbers = {key.partition(".")[2]: v for key, v in values.items() if key.startswith(f"{run}.")}
    return {"exhibits": own, "values": numbers, **runs[run]} if run in runs else {}
