"""What every tool goes through: a build from nothing, then round by round what an author does.

A build from nothing takes minutes, so each tool does it once, one after the other. After that the
tools take turns within each round, in an order that rotates: nothing to do, what is stale, one cell
of the raw data, one parameter, one helper. Ours alone then shows what it does besides.
"""

from __future__ import annotations

import compileall
import os
import resource
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compendium.rebuild.engine import load_plan
from engine import project
from engine.tools import OURS, TIMED, Tool, start, write_workflow

if TYPE_CHECKING:
    from compendium.rebuild.plan import Run as PlannedRun

MADE = ("_build", "results", "book/notebooks")
ROUND = ("no_op", "status", *project.CHANGES)
#: The notebook that is run alone.
ONE = "response_rates"
Turn = dict[str, Any]


@dataclass
class Contender:
    """A tool in its copy of the project."""

    tool: Tool
    root: Path
    runs: dict[str, PlannedRun]
    turns: dict[str, list[Turn]] = field(default_factory=dict)

    def goes_through(self, scenario: str, command: list[str], **more: str) -> Turn:
        """Run a command and note its time, what was executed and whose results changed."""
        stamps = project.stamps(self.root, self.runs)
        results = project.results(self.root, self.runs)
        turn = clocked(command, self.root, **more)
        after = project.stamps(self.root, self.runs)
        turn["results"] = project.results(self.root, self.runs)
        turn["reran"] = sum(after[name] != stamps.get(name) for name in after)
        turn["changed"] = sum(turn["results"][name] != results[name] for name in self.runs)
        self.turns.setdefault(scenario, []).append(turn)
        print(f"  {scenario:<14}{self.tool.name:<27}{turn['seconds']:>8.1f} s", end="")
        print(f"{turn['reran']:>4} of {len(self.runs)} notebooks", flush=True)
        return turn


def clocked(command: list[str], root: Path, **more: str) -> Turn:
    """Run a command; return its seconds by the clock and, with all it starts, by the processor."""
    began, began_cpu = time.perf_counter(), _children()
    start(command, root, **more)
    seconds = time.perf_counter() - began
    cpu = _children() - began_cpu
    return {"seconds": seconds, "cpu_seconds": cpu, "load": os.getloadavg()[0]}


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def enter(tool: Tool, source: Path, scratch: Path, only: list[str]) -> Contender:
    """Set a tool up in a copy of its own, with byte code, so that nobody has to make it."""
    root = project.copy(source, scratch / tool.name.replace(", ", "-").replace(" ", "-"), only)
    compileall.compile_dir(root / "src", quiet=1, workers=1)
    if tool.setup:
        start(tool.setup, root)
    write_workflow(tool, root)
    return Contender(tool, root, load_plan(root))


def from_nothing(one: Contender, phases: Path | None) -> None:
    """Build everything, noting where the time of notebooks goes when asked to."""
    command, more = one.tool.build, {}
    if phases:
        more = {"ENGINE_PHASES": str(phases), "ENGINE_BEGAN": repr(time.time())}
        if command[: len(OURS)] == OURS:
            command = [OURS[0], str(TIMED), "compendium", *command[len(OURS) :]]
    one.goes_through("cold", command, **more)


def rounds(contenders: list[Contender], number: int) -> None:
    """Let all tools go through each scenario, turn by turn."""
    for turn in range(1, number + 1):
        for scenario in ROUND:
            first = turn % len(contenders)  # nobody is always first
            for one in contenders[first:] + contenders[:first]:
                if scenario in project.CHANGES:
                    project.CHANGES[scenario](one.root, turn)
                    write_workflow(one.tool, one.root)
                command = one.tool.status if scenario == "status" else one.tool.build
                one.goes_through(scenario, command)


def anew(ours: Contender) -> list[str]:
    """Take everything away that was made and build it again.

    Returns the runs whose results then differ: the changes that came before were not seen rightly.
    """
    before = project.results(ours.root, ours.runs)
    for made in MADE:
        shutil.rmtree(ours.root / made, ignore_errors=True)
    start(ours.tool.build, ours.root)
    after = project.results(ours.root, ours.runs)
    return [name for name in ours.runs if before[name] and before[name] != after[name]]


def with_the_book(ours: Contender, number: int) -> None:
    """Measure builds with the book: from nothing, nothing changed, one cell of the raw data."""
    ours.goes_through("full", [*OURS, "build"])
    for turn in range(1, number + 1):
        ours.goes_through("no_op_site", [*OURS, "build"])
        project.change_cell(ours.root, turn + 20)
        ours.goes_through("fix_to_page", [*OURS, "build"])


def one_notebook(ours: Contender, plain: Contender, number: int) -> Contender:
    """Run one notebook alone; return the contender that stands for nothing but its cells."""
    cells = Contender(Tool("cells alone", [], [], jobs=1), plain.root, {})
    for _ in range(number):
        ours.goes_through("one_notebook", [*OURS, "run", ONE, "--no-site"])
        plain.goes_through("one_notebook", plain_command("one.py"))
        own_compute(cells)
    return cells


def plain_command(script: str) -> list[str]:
    """Return the command that runs one notebook without any tool."""
    return [OURS[0], str(TIMED.with_name(script)), ONE]


def own_compute(cells: Contender) -> None:
    """Note how long the cells of one notebook take in a kernel that has run them before."""
    done = start(plain_command("warm.py"), cells.root)
    turn = {"seconds": float(done.stdout.split()[-1]), "cpu_seconds": None, "results": {}}
    turn |= {"load": os.getloadavg()[0], "reran": None, "changed": None}
    cells.turns.setdefault("one_notebook", []).append(turn)
    print(f"  {'one_notebook':<14}{cells.tool.name:<27}{turn['seconds']:>8.1f} s", flush=True)
