"""Gathering what the points of a sweep recorded into tidy tables: one row per observation.

`values.csv` has a row for each point and value; each table has the rows of all points, under the
columns of the parameters. Cells are kept as the points recorded them.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from bookbuilder.plan import Run
from bookbuilder.sweep.declared import Point, Sweep
from compendium import files

VALUES = "values.csv"


def collect(
    sweep: Sweep, root: Path, folder: Path, points: Iterable[Point]
) -> tuple[dict[Path, int], list[str]]:
    """Write the collected tables of a sweep from the points whose results are there.

    Returns the files written, from the project's folder, with their rows; and a sentence for each
    value that a point has not recorded.
    """
    points = list(points)
    unrecorded: list[str] = []
    tables: dict[str, pd.DataFrame] = {}
    if points and sweep.values:
        rows = [row for point in points for row in _values(sweep, folder, point, unrecorded)]
        tables[VALUES] = pd.DataFrame(rows)
    for name in sweep.tables if points else ():
        parts = [_table(sweep.run, name, folder, point) for point in points]
        tables[f"{name}.csv"] = pd.concat(parts, ignore_index=True)
    for name, table in tables.items():
        files.write_text(folder / name, table.to_csv(index=False, lineterminator="\n"))
    written = {(folder / name).relative_to(root): len(table) for name, table in tables.items()}
    return written, unrecorded


def _values(
    sweep: Sweep, folder: Path, point: Point, unrecorded: list[str]
) -> Iterable[dict[str, Any]]:
    recorded = files.read_json(folder / point.name / sweep.run.record)["values"]
    for name in sweep.values:
        if name not in recorded:
            unrecorded.append(f"{point.name} has not recorded the value '{name}'")
            continue
        entry = recorded[name]
        observed = {"value": name, "number": entry["value"], "unit": entry["unit"]}
        yield beside(point.parameters, observed) | observed


def _table(run: Run, name: str, folder: Path, point: Point) -> pd.DataFrame:
    path = next(path for path in run.results if path.stem == name and path.suffix == ".csv")
    frame = pd.read_csv(folder / point.name / path, dtype="str", keep_default_na=False)
    for place, (column, value) in enumerate(beside(point.parameters, frame.columns).items()):
        frame.insert(place, column, [value] * len(frame))
    return frame


def beside(parameters: dict[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    """Return parameters under names that no column has.

    >>> beside({"rule": "both", "level": 0.9}, ["level", "share"])
    {'rule': 'both', 'parameter_level': 0.9}
    """
    taken = set(columns)
    return {f"parameter_{k}" if k in taken else k: v for k, v in parameters.items()}
