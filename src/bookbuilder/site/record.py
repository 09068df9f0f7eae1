"""The record as the book reads it: the exhibits, values and claims in `results/`."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

from bookbuilder.engine import inline_values
from bookbuilder.plan.contents import Entry, documents
from compendium import context, files
from compendium.text import nearest

Entries = dict[str, dict[str, Any]]


@cache
def root() -> Path:
    """Return the project's folder."""
    return context.project_root()


@cache
def contents() -> dict[str, Entry]:
    """Return the documents of the book with their short titles and the parts they belong to."""
    return documents(root())


@cache
def exhibits() -> Entries:
    """Return the recorded exhibits by name, each with what its run rests on."""
    runs = files.read_json(root() / "results/runs.json")
    found = files.read_json(root() / "results/exhibits.json")
    return {name: entry | runs[entry["run"]] for name, entry in found.items()}


@cache
def values() -> Entries:
    """Return the recorded numbers by key (run.name)."""
    return files.read_json(root() / "results/values.json")


@cache
def claims() -> list[dict[str, str]]:
    """Return the rows of the ledger, claims and cells; none where the plan has no ledger."""
    path = root() / "results/claims.csv"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return list(csv.DictReader(text.splitlines()))


def data_file(name: str, kind: str) -> Path:
    """Return the CSV of an exhibit: a table, or the data of a figure."""
    return root() / "results" / f"{kind}s" / f"{name}.csv"


def anchor(name: str) -> str:
    """Return the anchor of an exhibit on its page."""
    return f"exhibit-{name.replace('_', '-')}"


def exhibit(name: str) -> dict[str, Any]:
    """Return a recorded exhibit; ValueError with the nearest name when there is none."""
    if name not in exhibits():
        raise ValueError(f"no exhibit '{name}'; {nearest(name, exhibits())}")
    return exhibits()[name]


def parameter(run: str, name: str) -> Any:
    """Return a parameter of a run, as its exhibits recorded it; ValueError when there is none."""
    recorded = [entry["parameters"] for entry in exhibits().values() if entry["run"] == run]
    if not recorded:
        raise ValueError(f"no exhibit of a run '{run}' is recorded")
    if name not in recorded[0]:
        raise ValueError(f"run '{run}' has no parameter '{name}'; {nearest(name, recorded[0])}")
    return recorded[0][name]


def format_value(text: str) -> str:
    """Return a recorded number as prose shows it; errors as in `value`.

    `text` is ``run.name`` or ``run.name:spec``, where `spec` is a Python format specification;
    without one, the number stands as recorded, thousands separated.
    """
    value(text)  # or a fault with the nearest key
    key, _, spec = text.partition(":")
    return inline_values.format_value(values(), key, spec)


def value(text: str) -> float | int | str:
    """Return a recorded number or words; ValueError with the nearest key when there is none."""
    key = text.partition(":")[0]
    if key not in values():
        raise ValueError(f"no recorded value '{key}'; {nearest(key, values())}")
    return values()[key]["value"]
