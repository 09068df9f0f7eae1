"""The record as the book reads it: the exhibits, values and claims in `results/`."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

from compendium import context, files
from compendium.text import nearest


@cache
def root() -> Path:
    """Return the project's folder."""
    return context.project_root()


@cache
def exhibits() -> dict[str, dict[str, Any]]:
    """Return the recorded exhibits by name."""
    found: dict[str, dict[str, Any]] = files.read_json(root() / "results" / "exhibits.json")
    return found


@cache
def values() -> dict[str, dict[str, Any]]:
    """Return the recorded numbers by key (run.name)."""
    found: dict[str, dict[str, Any]] = files.read_json(root() / "results" / "values.json")
    return found


@cache
def claims() -> list[dict[str, str]]:
    """Return the rows of the ledger, claims and cells; none where the plan has no ledger."""
    path = root() / "results" / "claims.csv"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return list(csv.DictReader(text.splitlines()))


@cache
def cells() -> dict[str, list[str]]:
    """Return the verdicts of the ledger on the cells of each printed table, by its place."""
    found: dict[str, list[str]] = {}
    for row in claims():
        if row["kind"] == "cell":
            found.setdefault(row["place"], []).append(row["verdict"])
    return found


def quoted(text: str) -> str:
    """Return a recorded number as prose shows it.

    Parameters
    ----------
    text
        ``run.name`` or ``run.name:spec``, where `spec` is a Python format specification;
        without one, the number as recorded.

    Raises
    ------
    ValueError
        When there is no such number, with the nearest key.
    """
    spec = text.partition(":")[2]
    return format(number(text), spec) if spec else f"{number(text):,}"


def number(text: str) -> float | int:
    """Return the number itself; `text` and errors as in `quoted`."""
    key = text.partition(":")[0]
    if key not in values():
        raise ValueError(f"no recorded value '{key}'; {nearest(key, values())}")
    found: float | int = values()[key]["value"]
    return found
