"""The rows of the results, from what the tools went through."""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

from contest import OURS
from harness import spread

from engine.project import CHANGES
from engine.scenarios import Contender, Turn

#: What a tool's own clock calls a notebook's time, in order.
PHASES = ("start", "kernel", "imports", "cells", "writing", "shutdown", "rest")


def rows_of(contenders: list[Contender], ours: Contender) -> list[dict[str, Any]]:
    """Return one row per scenario and tool; `README.md` says what the columns are.

    What was run again, what changed and what is wrong are those of the first round: later rounds
    begin with what a tool has missed before.
    """
    scenarios = dict.fromkeys(name for one in contenders for name in one.turns)
    return [
        _row(scenario, one, ours.turns[scenario])
        for scenario in scenarios
        for one in contenders
        if scenario in one.turns
    ]


def _row(scenario: str, one: Contender, ours: list[Turn]) -> dict[str, Any]:
    turns = one.turns[scenario]
    first = turns[0]
    row = {"scenario": scenario, "tool": one.tool.name, "jobs": one.tool.jobs, "rounds": len(turns)}
    row |= spread("seconds", [turn["seconds"] for turn in turns])
    used = [turn["cpu_seconds"] for turn in turns]
    row["cpu_seconds"] = None if None in used else statistics.median(used)
    row |= _beside(turns, ours)
    row |= {"notebooks": len(one.runs) or None, "reran": first["reran"]}
    row |= {"changed": first["changed"], "wrong": _wrong(scenario, first, ours)}
    row["load"] = statistics.mean(turn["load"] for turn in turns)
    return row | {"note": " ".join(filter(None, [one.tool.note, _stops(turns)]))}


def _stops(turns: list[Turn]) -> str:
    """Say how often a tool stopped and was started again, in words for a note.

    Examples
    --------
    >>> _stops([{"stopped": 0}, {"stopped": 2}]), _stops([{}])
    ('Stopped and was started again: 2.', '')
    """
    number = sum(turn.get("stopped", 0) for turn in turns)
    return f"Stopped and was started again: {number}." if number else ""


def _wrong(scenario: str, first: Turn, ours: list[Turn]) -> int | None:
    """Count the runs whose results are not ours, which are those of a build of everything."""
    if scenario not in ("cold", "no_op", *CHANGES):
        return None
    right = ours[0]["results"]
    return sum(first["results"][name] != right[name] for name in right)


def _beside(turns: list[Turn], ours: list[Turn]) -> dict[str, float | None]:
    """Say how many times as long as ours it took, round by round, by clock and processor."""
    pairs = list(zip(turns, ours, strict=True))
    ratios = spread("ratio", [one["seconds"] / mine["seconds"] for one, mine in pairs])
    if None in [one["cpu_seconds"] for one in turns]:
        return ratios | {"cpu_ratio": None}
    used = [one["cpu_seconds"] / mine["cpu_seconds"] for one, mine in pairs]
    return ratios | {"cpu_ratio": statistics.median(used)}


def phase_rows(tool: str, path: Path, totals: list[float]) -> list[dict[str, Any]]:
    """Return where a notebook's time went, in seconds per notebook, from what `timed.py` noted.

    Parameters
    ----------
    tool
        As the results call it.
    path
        The file that `timed.py` has written: one line per process.
    totals
        Seconds of each notebook from first to last; empty where `path` holds them.
    """
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    number = sum(line.get("notebooks", 0) for line in lines)
    sums = {name: sum(line.get(name, 0.0) for line in lines) for name in PHASES}
    whole = sum(totals) + sums["start"] if totals else sum(line.get("total", 0) for line in lines)
    sums["rest"] = max(whole - sum(sums.values()), 0.0)
    return [
        {"tool": tool, "phase": name, "seconds": sums[name] / number, "notebooks": number}
        for name in PHASES
    ]


def is_ours(name: str) -> bool:
    """Say whether a tool is this project, with whatever kernels.

    Examples
    --------
    >>> is_ours("compendium, fresh kernels"), is_ours("make")
    (True, False)
    """
    return name.partition(",")[0] == OURS
