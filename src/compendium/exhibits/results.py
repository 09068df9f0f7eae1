"""Reading results back: the values another run recorded, and the merged record."""

from pathlib import Path
from typing import Any

from compendium import context, files

RECORDS = Path("_build/records")


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
    here = context.current()
    if here and run not in here.after:
        raise ValueError(
            f"run '{here.run}' reads values of '{run}' but does not say so; "
            f"add it under 'after' in notebooks/runs.yml"
        )
    root = context.project_root()
    path = root / RECORDS / f"{run}.json"
    if not path.exists():
        raise FileNotFoundError(f"run '{run}' has no results yet; do `compendium run {run}` first")
    stored: dict[str, dict[str, Any]] = files.read_json(path)["values"]
    return {name: entry["value"] for name, entry in stored.items()}
