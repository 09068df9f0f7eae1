"""Write `RESULTS.md`: what was measured, a section for each strand.

A strand that is measured again replaces its own section; what is known of the others stays.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from contest import Goal

TITLES = {"survey": "Survey", "coding": "Coding", "engine": "Rebuild"}
HEAD = """\
# Results of the benchmarks

Written by `make benchmark`; how it measures is in [README.md](README.md). Every library or tool
runs in a process of its own, they take turns, and all numbers are medians over the turns. *Times
ours* is how many times as long the other one takes as this project in the same turn, with the least
and the greatest turn in brackets: above 1 this project is faster. Seconds hold for one machine and
one day; ratios carry further.
"""
GROWTH = "growth_"


def section(
    strand: str,
    facts: Sequence[dict[str, str]],
    rows: Sequence[dict[str, Any]],
    goals: Sequence[Goal],
    remark: str = "",
) -> str:
    """Return the section of a strand.

    Parameters
    ----------
    strand
        `survey`, `coding` or `engine`.
    facts
        Machine and versions, as `environment.describe` gives them.
    rows
        What was measured, one row per task and contender.
    goals
        What was to be reached.
    remark
        A sentence to begin with.
    """
    tables = _steps(rows) if strand == "engine" else _tasks(rows)
    parts = [f"## {TITLES[strand]}", remark, *_where(facts, rows), *_goals(goals), *tables]
    return "\n\n".join(part for part in parts if part) + "\n"


def put(path: Path, strand: str, text: str) -> None:
    """Put the section of a strand into the file, which is made where it is missing."""
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    sections = dict(re.findall(r"^(## (.+)\n(?:.*\n)*?)(?=## |\Z)", known, flags=re.M))
    by_title = {title: body for body, title in sections.items()} | {TITLES[strand]: text}
    ordered = [by_title[title].strip() for title in TITLES.values() if title in by_title]
    path.write_text("\n\n".join([HEAD.strip(), *ordered]) + "\n", encoding="utf-8")


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table in Markdown.

    Examples
    --------
    >>> print(table(["Task", "Seconds"], [["rake", 0.01733], ["", None]]))
    | Task | Seconds |
    |---|---|
    | rake | 0.0173 |
    |  |  |
    """
    lines = [heads, *([short(cell) for cell in row] for row in rows)]
    text = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([text[0], f"|{'---|' * len(heads)}", *text[1:]])


def short(value: Any) -> str:
    """Write a number with three significant digits, never in powers of ten.

    Examples
    --------
    >>> short(0.000123456), short(1234.56), short(7), short(None), short("rake")
    ('0.000123', '1,235', '7', '', 'rake')
    """
    if value is None:
        return ""
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)
    decimals = max(2 - math.floor(math.log10(abs(value))), 0) if value else 0
    return f"{value:,.{decimals}f}"


def _where(facts: Sequence[dict[str, str]], rows: Sequence[dict[str, Any]]) -> list[str]:
    machine = {one["name"]: one["value"] for one in facts if one["part"] == "machine"}
    day = machine.pop("day")
    load = sum(row["load"] for row in rows) / len(rows)
    told = ", ".join(f"{name} {value}" for name, value in machine.items())
    where = f"Measured on {day}: {told}. On average {short(load)} processes wanted a core."
    versions: dict[str, list[str]] = {}
    for one in facts:
        if one["part"] != "machine":
            versions.setdefault(one["part"], []).append(f"{one['name']} {one['value']}")
    listed = "; ".join(f"{part}: {', '.join(names)}" for part, names in versions.items())
    return [where, f"Versions ({listed})."]


def _goals(goals: Sequence[Goal]) -> list[str]:
    met = sum(one.met for one in goals)
    lines = [
        [one.about, f"{one.limit} {short(one.goal)}", one.measured, "met" if one.met else "missed"]
        for one in goals
    ]
    heads = ["Goal", "Limit", "Measured", ""]
    return ["### Goals", f"{met} of {len(goals)} goals are met.", table(heads, lines)]


def _tasks(rows: Sequence[dict[str, Any]]) -> list[str]:
    heads = ["Task", "Library", "Seconds", "First run", "Times ours", "By processor"]
    heads += ["Memory, MB", "Same digits", "Part done", "What differs"]
    columns = ["about", "library", "seconds", "first_seconds", "times", "cpu_ratio"]
    columns += ["extra_mb", "digits", "done", "note"]
    shown = [
        row | {"about": _task(row), "times": _times(row), "done": _part(row["part"])}
        for row in rows
        if not row["task"].startswith(GROWTH)
    ]
    return ["### Beside other libraries", _grouped(heads, columns, shown), *_growth(rows)]


def _growth(rows: Sequence[dict[str, Any]]) -> list[str]:
    found = [row for row in rows if row["task"].startswith(GROWTH)]
    if not found:
        return []
    sizes = sorted({row["rows"] for row in found})
    seconds = {(row["task"], row["library"], row["rows"]): row["seconds"] for row in found}
    lines = [
        [task.removeprefix(GROWTH), library, *(seconds.get((task, library, n)) for n in sizes)]
        for task, library in dict.fromkeys((row["task"], row["library"]) for row in found)
    ]
    heads = ["Task", "Library", *(f"{size:,} rows" for size in sizes)]
    return ["### Growth, in seconds", table(heads, lines)]


def _steps(rows: Sequence[dict[str, Any]]) -> list[str]:
    heads = ["What is done", "Tool", "Seconds", "Times ours", "By processor"]
    heads += ["Run again", "Changed", "Wrong"]
    columns = ["about", "library", "seconds", "times", "cpu_ratio", "reran", "changed", "wrong"]
    shown = [row | {"about": row["task"], "times": _times(row)} for row in rows]
    notes = dict.fromkeys(f"- {row['library']}: {row['note']}" for row in rows if row["note"])
    listed = "\n".join(notes)
    return ["### Beside other tools", _grouped(heads, columns, shown), listed]


def _grouped(heads: list[str], columns: list[str], rows: Iterable[dict[str, Any]]) -> str:
    """Return a table that says what its lines are about where that begins."""
    last, lines = None, []
    for row in rows:
        about = "" if row["about"] == last else row["about"]
        lines.append([about, *(row[column] for column in columns[1:])])
        last = row["about"]
    return table(heads, lines)


def _task(row: dict[str, Any]) -> str:
    return f"`{row['task']}`, {row['rows']:,} rows" if row["rows"] else f"`{row['task']}`"


def _times(row: dict[str, Any]) -> str:
    ends = (row["ratio"], row["ratio_least"], row["ratio_greatest"])
    middle, least, greatest = (short(end) for end in ends)
    return middle if least == greatest else f"{middle} ({least} to {greatest})"


def _part(part: float) -> str:
    return "all" if part == 1 else f"one in {1 / part:,.0f}"
