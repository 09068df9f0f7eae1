"""Copies of the project to measure in: its plan, what is changed there, and what came of it.

Every tool works in a copy of its own, so that neither the record nor another tool is touched. All
that is known of a project here stands in its files: the plan is read from the record that
`compendium build` has left, results are files. A change is one that an author makes, and differs
from round to round, so that nothing can be fetched from a cache.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PARTS = ("src", "data", "notebooks", "book", "_config.yml", "requirements.lock", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.egg-info")
#: Everything that a build makes.
PRODUCTS = ("_build", "results", "book/notebooks")
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


@dataclass
class Run:
    """One notebook run, as the record tells of it: names of tables, runs and exhibits."""

    name: str
    notebook: str
    parameters: dict[str, Any]
    inputs: dict[str, str]  # path of each table
    origins: list[str]
    after: list[str]
    tables: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)

    @property
    def page(self) -> str:
        """Path of the executed copy."""
        return f"book/notebooks/{self.name}.ipynb"

    @property
    def results(self) -> list[str]:
        """Paths of the files of its exhibits."""
        tables = [f"results/tables/{name}.csv" for name in self.tables]
        kinds = ("csv", "svg")
        return tables + [f"results/figures/{name}.{k}" for name in self.figures for k in kinds]


def copy(source: Path, target: Path) -> Path:
    """Copy what a build starts from, without anything that it makes."""
    for part in PARTS:
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, ignore=LEFT_OUT)
        elif (source / part).exists():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / part, target / part)
    remove_products(target)
    return target


def remove_products(root: Path) -> None:
    """Remove everything that a build makes."""
    for product in PRODUCTS:
        shutil.rmtree(root / product, ignore_errors=True)


def recorded_plan(root: Path) -> dict[str, Run]:
    """Return the runs that a build has recorded, by name, in the order of their exhibits."""
    runs: dict[str, Run] = {}
    exhibits, recorded = (
        json.loads((root / f"results/{name}.json").read_text(encoding="utf-8"))
        for name in ("exhibits", "runs")
    )
    for name, entry in exhibits.items():
        made = recorded[entry["run"]]
        run = runs.setdefault(
            entry["run"],
            Run(
                entry["run"],
                made["notebook"],
                dict(made["parameters"]),
                {one["table"]: one["path"] for one in made["inputs"]},
                [one["origin"] for one in made["inputs"]],
                list(made["after"]),
            ),
        )
        (run.tables if entry["kind"] == "table" else run.figures).append(name)
    return runs


def change_cell(root: Path, turn: int) -> None:
    """Give one cell of the raw data another value."""
    path, key, row, column = CELL
    with (root / path).open(newline="", encoding="utf-8") as file:
        table = csv.DictReader(file)
        names, rows = list(table.fieldnames or ()), list(table)
    next(one for one in rows if one[key] == row)[column] = str(81 - turn)
    with (root / path).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def new_parameter(turn: int) -> int:
    """Return the value that the parameter has after a turn."""
    return 1000 - 100 * turn


def change_parameter(root: Path, turn: int) -> None:
    """Give one run another parameter, in the plan that `compendium` reads."""
    run, parameter = PARAMETER
    plan = yaml.safe_load((root / PLAN).read_text(encoding="utf-8"))
    plan[run].setdefault("parameters", {})[parameter] = new_parameter(turn)
    text = yaml.safe_dump(plan, sort_keys=False, allow_unicode=True)
    (root / PLAN).write_text(text, encoding="utf-8")


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


def results(root: Path, runs: Mapping[str, Run]) -> dict[str, str]:
    """Return for each run a hash of the files of its exhibits."""
    hashes = {}
    for name, run in runs.items():
        digest = hashlib.sha256()
        for path in run.results:
            digest.update((root / path).read_bytes() if (root / path).exists() else b"missing")
        hashes[name] = digest.hexdigest()
    return hashes


def executions(root: Path, runs: Mapping[str, Run]) -> dict[str, int]:
    """Return for each run when its page was last written: every execution writes it."""
    paths = {name: root / run.page for name, run in runs.items()}
    return {name: path.stat().st_mtime_ns for name, path in paths.items() if path.exists()}
