"""Reading results back: the values and the tables that another run recorded."""

from pathlib import Path
from typing import Any

import pandas as pd

from compendium import context, files, watch
from compendium.text import nearest

TABLES = Path("results/tables")


def values_of(run: str) -> dict[str, float]:
    """Return the numbers that another run recorded, by their name within that run.

    Parameters
    ----------
    run
        Name of the run, declared under ``after`` for the present one.

    Raises
    ------
    ValueError
        When the present run does not declare it.
    FileNotFoundError
        When it has not been run yet.
    """
    stored: dict[str, dict[str, Any]] = _record_of(run)["values"]
    return {name: entry["value"] for name, entry in stored.items()}


def table_of(run: str, name: str) -> pd.DataFrame:
    """Return a table that another run recorded, with its cells as the record keeps them.

    Parameters
    ----------
    run
        Name of the run, declared under ``after`` for the present one.
    name
        Name of the table exhibit.

    Returns
    -------
    pandas.DataFrame
        The cells of ``results/tables/NAME.csv``; only an empty cell is missing, words such as
        "none" are kept.

    Raises
    ------
    ValueError
        When the present run does not declare the other one, or that run records no such table.
    FileNotFoundError
        When it has not been run yet.
    """
    known = [key for key, entry in _record_of(run)["exhibits"].items() if entry["kind"] == "table"]
    if name not in known:
        raise ValueError(f"run '{run}' records no table '{name}'; {nearest(name, known)}")
    path = context.project_root() / TABLES / f"{name}.csv"
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def origins_of(run: str) -> set[str]:
    """Return where the tables behind another run come from, those of the runs it reads included.

    Parameters
    ----------
    run
        Name of the run, declared under ``after`` for the present one.

    Returns
    -------
    set of str
        Words of the contract: printed, coded, compiled, derived, measured, reconstructed.

    Raises
    ------
    ValueError
        When the present run does not declare it.
    FileNotFoundError
        When it, or a run it reads, has not been run yet.
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
            f"{watch.line_to_add(here.run, 'after', here.after, run)}"
        )
    return _stored(run)


def _stored(run: str) -> dict[str, Any]:
    path = context.project_root() / context.RECORDS / f"{run}.json"
    if not path.exists():
        raise FileNotFoundError(f"run '{run}' has no results yet; do `compendium run {run}` first")
    record: dict[str, Any] = files.read_json(path)
    return record
