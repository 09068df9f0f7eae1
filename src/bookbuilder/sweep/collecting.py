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
from bookbuilder.sweep.store import Store
from compendium import files

VALUES = "values.csv"


def collect(
    sweep: Sweep, store: Store, points: Iterable[Point]
) -> tuple[dict[Path, int], list[str]]:
    """Write the collected tables of a sweep from the points whose results are there.

    Returns the files written, from the project's folder, with their rows; and a sentence for each
    value that a point has not recorded.
    """
    points = list(points)
    written: dict[Path, int] = {}
    unrecorded: list[str] = []
    if not points:
        return written, unrecorded
    if sweep.values:
        rows = [row for point in points for row in _values(sweep, store, point, unrecorded)]
        _write(pd.DataFrame(rows), store, VALUES, written)
    for name in sweep.tables:
        frames = [_table(sweep.run, name, store, point) for point in points]
        _write(pd.concat(frames, ignore_index=True), store, f"{name}.csv", written)
    return written, unrecorded


def _write(frame: pd.DataFrame, store: Store, name: str, written: dict[Path, int]) -> None:
    files.write_text(store.folder / name, frame.to_csv(index=False, lineterminator="\n"))
    written[(store.folder / name).relative_to(store.root)] = len(frame)


def _values(
    sweep: Sweep, store: Store, point: Point, unrecorded: list[str]
) -> Iterable[dict[str, Any]]:
    recorded = files.read_json(store.folder / point.name / sweep.run.record)["values"]
    for name in sweep.values:
        if name not in recorded:
            unrecorded.append(f"{point.name} has not recorded the value '{name}'")
            continue
        entry = recorded[name]
        observed = {"value": name, "number": entry["value"], "unit": entry["unit"]}
        yield beside(point.parameters, observed) | observed


def _table(run: Run, name: str, store: Store, point: Point) -> pd.DataFrame:
    path = next(path for path in run.results if path.stem == name and path.suffix == ".csv")
    frame = pd.read_csv(store.folder / point.name / path, dtype="str", keep_default_na=False)
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
