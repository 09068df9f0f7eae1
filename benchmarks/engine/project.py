"""Copies of the project to measure in, what may be changed there, and what came of it.

Every tool works in a copy of its own, so that neither the record nor another tool is touched. A
change is one that an author makes: a cell of raw data, a parameter of one run, a helper. Each round
makes it anew, so that nothing can be fetched from a cache.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from bookbuilder.engine.plan import Run

PARTS = ("src", "data", "notebooks", "book", "_config.yml", "requirements.lock", "pyproject.toml")
LEFT = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.egg-info")
PLAN = Path("notebooks/runs.yml")

#: One cell of a table that five of the runs read.
CELL = (Path("data/published/i4tl_levers.csv"), "lever_id", "I4TL-L-001", "great_percent")
#: One parameter of one run.
PARAMETER = ("intercoder_agreement", "replicates")
#: A line of a function that two of the runs rest on; its result is made a little larger.
HELPER = (
    Path("src/compendium/survey/comparison.py"),
    "    z *= math.sqrt((size - 1) / (size - n))",
)


def copy(source: Path, target: Path, only: list[str]) -> Path:
    """Copy what a build starts from, without anything that it makes.

    Parameters
    ----------
    source, target
        The project's folder, and the folder to make.
    only
        Names of the runs to keep, with those that they read; all when empty.
    """
    for part in PARTS:
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, ignore=LEFT)
        elif (source / part).exists():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / part, target / part)
    shutil.rmtree(target / "book/notebooks", ignore_errors=True)
    if only:
        plan = yaml.safe_load((target / PLAN).read_text(encoding="utf-8"))
        kept = {name: plan[name] for name in plan if name in needed(plan, only)}
        write_plan(target, kept)
    return target


def needed(plan: dict[str, dict[str, list[str]]], names: list[str]) -> set[str]:
    """Return runs and all that they read results of.

    Examples
    --------
    >>> sorted(needed({"a": {}, "b": {"after": ["a"]}, "c": {}}, ["b"]))
    ['a', 'b']
    """
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += plan[name].get("after", [])
    return found


def write_plan(root: Path, plan: dict[str, dict[str, list[str]]]) -> None:
    """Write a plan in the order it is given in."""
    text = yaml.safe_dump(plan, sort_keys=False, allow_unicode=True)
    (root / PLAN).write_text(text, encoding="utf-8")


def change_cell(root: Path, turn: int) -> None:
    """Give one cell of the raw data another value."""
    path, key, row, column = CELL
    with (root / path).open(newline="", encoding="utf-8") as file:
        table = csv.DictReader(file)
        names, rows = list(table.fieldnames or ()), list(table)
    cell = next(one for one in rows if one[key] == row)
    cell[column] = str(81 - turn)
    with (root / path).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def change_parameter(root: Path, turn: int) -> None:
    """Give one run another parameter."""
    run, parameter = PARAMETER
    plan = yaml.safe_load((root / PLAN).read_text(encoding="utf-8"))
    plan[run].setdefault("parameters", {})[parameter] = 1000 - 100 * turn
    write_plan(root, plan)


def change_helper(root: Path, turn: int) -> None:
    """Make a function of the package compute something else.

    Raises
    ------
    ValueError
        When the line to change is no longer there.
    """
    path, line = HELPER
    before, found, after = (root / path).read_text(encoding="utf-8").partition(line)
    if not found:
        raise ValueError(f"{path} no longer holds {line.strip()!r}; choose another for HELPER")
    rest = after.partition("\n")[2]
    text = f"{before}{line} * {1 + turn / 1000}\n{rest}"
    (root / path).write_text(text, encoding="utf-8")


CHANGES = {"cell": change_cell, "parameter": change_parameter, "helper": change_helper}


def results(root: Path, runs: dict[str, Run]) -> dict[str, str]:
    """Return for each run a hash of its tables, figures and values, or nothing when it has none."""
    return {name: _hash(root, run) for name, run in runs.items()}


def _hash(root: Path, run: Run) -> str:
    record = root / run.record
    if not record.exists():
        return ""
    values = json.loads(record.read_text(encoding="utf-8"))["values"]
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode())
    for path in run.results:
        digest.update((root / path).read_bytes() if (root / path).exists() else b"")
    return digest.hexdigest()


def stamps(root: Path, runs: dict[str, Run]) -> dict[str, int]:
    """Return for each run when its record was last written; it is written by every execution."""
    paths = {name: root / run.record for name, run in runs.items()}
    return {name: path.stat().st_mtime_ns for name, path in paths.items() if path.exists()}
