"""Gathering what the points of a sweep recorded into tidy tables: one row per observation.

`values.csv` has a row for each point and value; each table has the rows of all points, under the
columns of the parameters. Cells are kept as the points recorded them.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from bookbuilder.sweep.declared import Point, Sweep
from compendium import files


def collect(
    sweep: Sweep, root: Path, folder: Path, points: Iterable[Point]
) -> tuple[dict[Path, int], list[str]]:
    """Write the collected tables of a sweep from the points whose results are there.

    Returns the files written, from the project's folder, with their rows; and a sentence for each
    value that a point has not recorded.
    """
    parts: dict[str, list[pd.DataFrame]] = {}
    unrecorded: list[str] = []
    sources = {path.stem: path for path in sweep.run.results if path.suffix == ".csv"}
    for point in points:
        recorded = files.read_json(folder / point.name / sweep.run.record)["values"]
        rows = [
            {"value": name, "number": recorded[name]["value"], "unit": recorded[name]["unit"]}
            for name in sweep.values
            if name in recorded
        ]
        unrecorded += [
            f"{point.name} has not recorded the value '{name}'"
            for name in sweep.values
            if name not in recorded
        ]
        if rows:
            values = pd.DataFrame(rows, dtype="object")
            parts.setdefault("values.csv", []).append(beside(point.parameters, values))
        for name in sweep.tables:
            path = folder / point.name / sources[name]
            table = pd.read_csv(path, dtype="str", keep_default_na=False)
            parts.setdefault(f"{name}.csv", []).append(beside(point.parameters, table))
    written = {}
    for name, found in parts.items():
        whole = pd.concat(found, ignore_index=True)
        files.write_text(folder / name, whole.to_csv(index=False, lineterminator="\n"))
        written[(folder / name).relative_to(root)] = len(whole)
    return written, unrecorded


def beside(parameters: dict[str, Any], table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with parameters in its first columns, under names that no column has.

    >>> list(beside({"rule": "both", "level": 0.9}, pd.DataFrame(columns=["level", "share"])))
    ['rule', 'parameter_level', 'level', 'share']
    """
    for place, (name, value) in enumerate(parameters.items()):
        column = f"parameter_{name}" if name in table else name
        table.insert(place, column, [value] * len(table))
    return table
