"""What every tool goes through: a build from nothing, then round by round what an author does.

A build from nothing takes minutes, so each tool does it once, one after the other. After that the
tools take turns within each round, in an order that rotates: nothing to do, what is stale, one cell
of the raw data, one parameter, one helper. Ours alone then shows what it does besides.
"""

from __future__ import annotations

import compileall
import os
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine import project
from engine.steps import ONE
from engine.tools import BUILD, COMMAND, Tool, start, write_workflow

ROUND = ("no_op", "status", *project.CHANGES)
#: The notebook that is run alone.
ALONE = "response_rates"
#: How often another tool is started again: two kernels that start at once may take the same port,
#: and papermill then waits for one of them in vain.
PATIENCE = 3
Turn = dict[str, Any]


@dataclass
class Contender:
    """A tool in its copy of the project."""

    tool: Tool
    root: Path
    runs: dict[str, project.Run] = field(default_factory=dict)
    turns: dict[str, list[Turn]] = field(default_factory=dict)

    def goes_through(self, scenario: str, command: list[str]) -> None:
        """Run a command and note its time, what was executed and whose results changed."""
        before = project.executions(self.root, self.runs), project.results(self.root, self.runs)
        patience = 0 if command[:1] == COMMAND else PATIENCE
        turn = clocked(command, self.root, patience)
        if not self.runs:  # the first build of ours, whose record is the plan of all
            self.runs = project.recorded_plan(self.root)
        after = project.executions(self.root, self.runs), project.results(self.root, self.runs)
        turn["results"] = after[1]
        turn["reran"] = sum(after[0][name] != before[0].get(name) for name in after[0])
        turn["changed"] = sum(after[1][name] != before[1].get(name) for name in self.runs)
        self.turns.setdefault(scenario, []).append(turn)
        print(f"  {scenario:<14}{self.tool.name:<27}{turn['seconds']:>8.1f} s", end="")
        print(f"{turn['reran']:>4} of {len(self.runs)} notebooks", flush=True)

    def change(self, scenario: str, turn: int) -> None:
        """Make one change, and write the tool's file anew where that is what an author would do."""
        project.CHANGES[scenario](self.root, turn)
        if scenario == "parameter":
            run, parameter = project.PARAMETER
            self.runs[run].parameters[parameter] = project.new_parameter(turn)
        write_workflow(self.tool, self.root, self.runs)


def clocked(command: list[str], root: Path, patience: int = 0) -> Turn:
    """Run a command; return its seconds by the clock and, with all it starts, by the processor.

    One that stops is started again as often as `patience` says, on the same clock: every tool goes
    on from where it stopped.
    """
    began, began_cpu = time.perf_counter(), _children()
    stopped = 0
    while True:
        try:
            start(command, root)
            break
        except RuntimeError as error:
            if stopped == patience:
                raise
            stopped += 1
            print(f"  stopped, and is started again: {error}", flush=True)
    seconds = time.perf_counter() - began
    turn = {"seconds": seconds, "cpu_seconds": _children() - began_cpu, "stopped": stopped}
    return turn | {"load": os.getloadavg()[0]}


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def enter(tool: Tool, source: Path, scratch: Path, runs: dict[str, project.Run]) -> Contender:
    """Set a tool up in a copy of its own, with byte code, so that nobody has to make it."""
    root = project.copy(source, scratch / tool.name)
    compileall.compile_dir(root / "src", quiet=1, workers=1)
    if tool.setup:
        start(tool.setup, root)
    write_workflow(tool, root, runs)
    return Contender(tool, root, runs)


def rounds(contenders: Sequence[Contender], number: int) -> None:
    """Let all tools go through each scenario, turn by turn."""
    for turn in range(1, number + 1):
        first = turn % len(contenders)  # nobody is always first
        for scenario in ROUND:
            for one in (*contenders[first:], *contenders[:first]):
                if scenario in project.CHANGES:
                    one.change(scenario, turn)
                one.goes_through(
                    scenario, one.tool.status if scenario == "status" else one.tool.build
                )


def one_notebook(ours: Contender, plain: Contender, number: int) -> None:
    """Run one notebook alone, by our command and by papermill's."""
    for _ in range(number):
        ours.goes_through("one_notebook", [*COMMAND, "run", ALONE, "--no-site"])
        plain.goes_through("one_notebook", [sys.executable, str(ONE), ALONE])


def differs_from_a_new_build(ours: Contender) -> list[str]:
    """Build everything once more from nothing; return the runs whose results then differ.

    Where one does, the changes that came before were not seen rightly.
    """
    before = project.results(ours.root, ours.runs)
    project.remove_products(ours.root)
    start(ours.tool.build, ours.root)
    after = project.results(ours.root, ours.runs)
    return [name for name in ours.runs if before[name] != after[name]]


def ours_alone(ours: Contender, fresh: Contender, number: int) -> None:
    """Measure what only ours does, as anyone starts it: either kind of kernels, and the book."""
    for turn in range(1, number + 1):
        for one in (ours, fresh) if turn % 2 else (fresh, ours):
            project.remove_products(one.root)
            one.goes_through("whole", one.tool.build)
    for turn in range(1, number + 1):
        project.remove_products(ours.root)
        ours.goes_through("full", [*COMMAND, "build"])
        ours.goes_through("no_op_site", [*COMMAND, "build"])
        project.change_cell(ours.root, turn + 20)
        ours.goes_through("fix_to_page", [*COMMAND, "build"])


def kinds_of_kernels(ours: Contender) -> tuple[Contender, Contender]:
    """Return ours with forked and with fresh kernels, with as many at once as either chooses."""
    tools = Tool(ours.tool.name, BUILD), Tool("fresh kernels", [*BUILD, "--kernels", "fresh"])
    forked, fresh = (Contender(tool, ours.root, ours.runs) for tool in tools)
    return forked, fresh
