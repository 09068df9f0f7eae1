"""A sweep from end to end: which points are missing, having them computed, collecting.

A point is kept in `results/sweeps/<sweep>/<point>/`, laid out as the project, and takes its place
whole, with a note of what it was made from. It counts only while that is what there is now, and its
files are as they were made: asked like any run, see `engine.tasks`. What points recorded is put
into tidy tables, one row per observation: `values.csv` has a row for each point and value, each
table the rows of all points. Parameters stand in the first columns; cells are kept as recorded.
"""

import hashlib
import shutil
import time
from concurrent.futures import CancelledError, Future, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from bookbuilder.engine import lock
from bookbuilder.engine.engine import Display, load_plan
from bookbuilder.engine.hashing import Hashes
from bookbuilder.engine.tasks import Saved, Tools, make_tasks
from bookbuilder.kernels.ending import FAILED
from bookbuilder.sweep.declared import Point, Sweep
from bookbuilder.sweep.engines import UNFINISHED, Computed, Engine, pack
from compendium import data, files
from compendium.data.contract import read_contract

SWEEPS = Path("results/sweeps")
NOTE = "point.json"


@dataclass
class Swept:
    """What came of a sweep.

    How many points it has, ran, and did not have to run; messages of those that failed; files
    written with their rows; a sentence for each value that a point has not recorded.
    """

    total: int
    ran: int = 0
    fresh: int = 0
    failed: dict[Point, str] = field(default_factory=dict)
    collected: dict[Path, int] = field(default_factory=dict)
    unrecorded: list[str] = field(default_factory=list)
    seconds: float = 0.0


def plan(sweep: Sweep, root: Path, hashes: Hashes) -> dict[Point, dict[str, str]]:
    """Return the points that are missing, each with the hashes of all that decides it.

    Those are the ones without a result, or with one made from something else.
    """
    contract = read_contract(root)
    missing = {}
    for point in sweep.points:
        run = sweep.run.with_parameters(point.parameters)
        task = make_tasks({run.name: run}, contract, Tools(with_site=False))[run.name]
        saved = _saved(root / SWEEPS / sweep.name / point.name)
        if replace(task, products=list).changes(hashes, saved):
            missing[point] = task.inputs(hashes)
    return missing


def run(sweep: Sweep, root: Path, *, engine: Engine, display: Display) -> Swept:
    """Run the missing points of a sweep and collect the results of all that are there.

    Each point is put in place as soon as it comes back, so that whatever ends the sweep, what was
    finished is kept. Raises ContractError when the data break their contract, BusyError when the
    same sweep is at work, ValueError when a run before it has no results.
    """
    began = time.perf_counter()
    home = root / SWEEPS / sweep.name
    home.mkdir(parents=True, exist_ok=True)
    with lock.held(home):
        for left in home.glob(f"{UNFINISHED}*"):  # of a sweep that was killed
            shutil.rmtree(left, ignore_errors=True)
        hashes = Hashes(root)
        missing = plan(sweep, root, hashes)
        swept = Swept(len(sweep.points), fresh=len(sweep.points) - len(missing))
        project = pack(root, load_plan(root), sweep.run)
        if missing:
            data.assert_valid(root)
            display.start("points", len(missing))
            with engine(project, home) as submit:
                runs = {point: sweep.run.with_parameters(point.parameters) for point in missing}
                futures = {submit(run): point for point, run in runs.items()}
                for future in as_completed(futures):
                    point, came = futures.pop(future), _outcome(future)
                    copy = root / failed_copy(sweep, point.name)
                    if came.fault:
                        swept.failed[point] = came.fault
                        for executed in came.files.values():
                            files.write_bytes(copy, executed)
                    else:
                        inputs = missing[point] | hashes.named(came.code)
                        _keep(came, inputs, home / point.name, root)
                        copy.unlink(missing_ok=True)
                        swept.ran += 1
                    display.end(point.name, came.seconds, failed=bool(came.fault))
        _collect(sweep, root, swept)
    swept.seconds = time.perf_counter() - began
    return swept


def failed_copy(sweep: Sweep, point: str) -> Path:
    """Return where in the project the executed copy of a point is kept that failed."""
    return FAILED / "sweeps" / sweep.name / f"{point}.ipynb"


def _outcome(future: "Future[Computed]") -> Computed:
    try:
        return future.result()
    except CancelledError:
        return Computed(fault="the cluster lost it; start the sweep again: it runs what is missing")
    except Exception as error:  # of Dask, which says itself that the workers have died
        return Computed(fault=f"the cluster could not run it: {type(error).__name__}: {error}")


def _saved(place: Path) -> Saved:
    """Return what a point's result was made from; nothing where there is none."""
    try:
        note: Saved = files.read_json(place / NOTE)
        return note if note.keys() >= {"inputs", "products"} else {}
    except (OSError, ValueError, AttributeError):
        return {}


def _keep(made: Computed, inputs: dict[str, str], place: Path, root: Path) -> None:
    """Put a point's result in place of any former one."""
    making = place.with_name(f"{UNFINISHED}{place.name}")
    products = {}
    for path, content in made.files.items():
        files.write_bytes(making / path, content)
        name = (place / path).relative_to(root).as_posix()
        products[name] = hashlib.sha256(content).hexdigest()
    files.write_json(making / NOTE, {"inputs": inputs, "products": products})
    shutil.rmtree(place, ignore_errors=True)
    making.rename(place)


def _collect(sweep: Sweep, root: Path, swept: Swept) -> None:
    """Write the collected tables of a sweep from the points that have not failed, and report it."""
    home, parts = root / SWEEPS / sweep.name, dict[str, list[pd.DataFrame]]()
    sources = {path.stem: path for path in sweep.run.results if path.suffix == ".csv"}
    for point in (point for point in sweep.points if point not in swept.failed):
        recorded = files.read_json(home / point.name / sweep.run.record)["values"]
        rows = []
        for name in sweep.values:
            if name in recorded:
                number, unit = recorded[name]["value"], recorded[name]["unit"]
                rows.append({"value": name, "number": number, "unit": unit})
            else:
                swept.unrecorded.append(f"{point.name} has not recorded the value '{name}'")
        if rows:
            values = pd.DataFrame(rows, dtype="object")
            parts.setdefault("values.csv", []).append(beside(point.parameters, values))
        for name in sweep.tables:
            path = home / point.name / sources[name]
            table = pd.read_csv(path, dtype="str", keep_default_na=False)
            parts.setdefault(f"{name}.csv", []).append(beside(point.parameters, table))
    for name, found in parts.items():
        whole = pd.concat(found, ignore_index=True)
        files.write_text(home / name, whole.to_csv(index=False, lineterminator="\n"))
        swept.collected[SWEEPS / sweep.name / name] = len(whole)


def beside(parameters: dict[str, Any], table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with parameters in its first columns, under names that no column has.

    >>> list(beside({"rule": "both", "level": 0.9}, pd.DataFrame(columns=["level", "share"])))
    ['rule', 'parameter_level', 'level', 'share']
    """
    for place, (name, value) in enumerate(parameters.items()):
        column = f"parameter_{name}" if name in table else name
        table.insert(place, column, [value] * len(table))
    return table
