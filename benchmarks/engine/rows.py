"""The rows of the results, from what the tools went through."""

from __future__ import annotations

import statistics
from typing import Any

from contest import Goal
from harness import spread

from engine.project import CHANGES
from engine.scenarios import Contender, Turn

#: What a scenario is called in the results.
SCENARIOS = {
    "cold": "everything, from nothing",
    "no_op": "nothing changed",
    "status": "only asked what is stale",
    "cell": "one cell of raw data changed",
    "parameter": "a parameter of one run changed",
    "helper": "a helper of two runs changed",
    "one_notebook": "one notebook by its command",
    "whole": "everything, kernels forked or fresh",
    "full": "everything, with the book",
    "no_op_site": "nothing changed, with the book",
    "fix_to_page": "one cell changed, with the book",
}


def rows_of(contenders: list[Contender], ours: Contender) -> list[dict[str, Any]]:
    """Return one row per scenario and tool.

    What was run again, what changed and what is wrong are those of the first round: later rounds
    begin with what a tool has missed before.
    """
    return [
        _row(scenario, one, ours.turns[scenario])
        for scenario in SCENARIOS
        for one in contenders
        if scenario in one.turns
    ]


def _row(scenario: str, one: Contender, ours: list[Turn]) -> dict[str, Any]:
    turns = one.turns[scenario]
    pairs = list(zip(turns, ours, strict=True))
    row = {"task": SCENARIOS[scenario], "library": one.tool.name, "runs": len(turns)}
    row |= spread("seconds", [turn["seconds"] for turn in turns])
    row |= spread("ratio", [theirs["seconds"] / mine["seconds"] for theirs, mine in pairs])
    used = [theirs["cpu_seconds"] / mine["cpu_seconds"] for theirs, mine in pairs]
    row |= {"cpu_ratio": statistics.median(used), "reran": turns[0]["reran"]}
    row |= {"changed": turns[0]["changed"], "wrong": _wrong(scenario, turns[0], ours)}
    row["load"] = statistics.mean(turn["load"] for turn in turns)
    return row | {"note": " ".join(filter(None, [one.tool.note, _stops(turns)]))}


def _stops(turns: list[Turn]) -> str:
    """Say how often a tool stopped and was started again, in words for a note.

    Examples
    --------
    >>> _stops([{"stopped": 0}, {"stopped": 2}]), _stops([{"stopped": 0}])
    ('Stopped and was started again: 2.', '')
    """
    number = sum(turn["stopped"] for turn in turns)
    return f"Stopped and was started again: {number}." if number else ""


def _wrong(scenario: str, first: Turn, ours: list[Turn]) -> int | None:
    """Count the runs whose results are not ours, which are those of a build of everything."""
    if scenario not in ("cold", "no_op", *CHANGES):
        return None
    right = ours[0]["results"]
    return sum(first["results"][name] != right[name] for name in right)


def goals_of(rows: list[dict[str, Any]]) -> list[Goal]:
    """Return what was set as a goal for rebuilding, with what was measured."""
    seconds = {(row["task"], row["library"]): row["seconds"] for row in rows}

    def ours(scenario: str, tool: str = "compendium") -> float:
        return seconds[SCENARIOS[scenario], tool]

    return [
        Goal("nothing changed, seconds", 0.5, ours("no_op"), at_most=True),
        Goal("nothing changed, with the book, seconds", 0.5, ours("no_op_site"), at_most=True),
        Goal("what is stale, seconds", 0.5, ours("status"), at_most=True),
        Goal("everything, beside make", 0.5, ours("cold") / ours("cold", "make"), at_most=True),
        Goal(
            "everything, kernels forked beside fresh",
            0.45,
            ours("whole") / ours("whole", "fresh kernels"),
            at_most=True,
        ),
        Goal(
            "one cell to its page, of a full build with the book",
            0.22,
            ours("fix_to_page") / ours("full"),
            at_most=True,
        ),
    ]
