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
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bookbuilder.engine.engine import load_plan
from engine import project
from engine.tools import JOBS, OURS, TIMED, Tool, environment, start, write_workflow

if TYPE_CHECKING:
    from bookbuilder.engine.plan import Run as PlannedRun

MADE = ("_build", "results", "book/notebooks")
ROUND = ("no_op", "status", *project.CHANGES)
#: The notebook that is run alone.
ONE = "response_rates"
#: Seconds between two changes while a build watches: an author takes longer.
SETTLED = 2.0
#: How often another tool is started again: two kernels that start at once may take the same port,
#: and papermill then waits for one of them in vain.
PATIENCE = 3
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
        patience = 0 if command[: len(OURS)] == OURS else PATIENCE
        turn = clocked(command, self.root, patience, **more)
        after = project.stamps(self.root, self.runs)
        turn["results"] = project.results(self.root, self.runs)
        turn["reran"] = sum(after[name] != stamps.get(name) for name in after)
        turn["changed"] = sum(turn["results"][name] != results[name] for name in self.runs)
        self.turns.setdefault(scenario, []).append(turn)
        print(f"  {scenario:<14}{self.tool.name:<27}{turn['seconds']:>8.1f} s", end="")
        print(f"{turn['reran']:>4} of {len(self.runs)} notebooks", flush=True)
        return turn


def clocked(command: list[str], root: Path, patience: int = 0, **more: str) -> Turn:
    """Run a command; return its seconds by the clock and, with all it starts, by the processor.

    One that stops is started again as often as `patience` says, on the same clock: every tool goes
    on from where it stopped.
    """
    began, began_cpu = time.perf_counter(), _children()
    stopped = 0
    while True:
        try:
            start(command, root, **more)
            break
        except RuntimeError as error:
            if stopped == patience:
                raise
            stopped += 1
            print(f"  stopped, and is started again: {error}", flush=True)
    seconds = time.perf_counter() - began
    cpu = _children() - began_cpu
    return {
        "seconds": seconds,
        "cpu_seconds": cpu,
        "load": os.getloadavg()[0],
        "stopped": stopped,
    }


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
    take_away(ours.root)
    start(ours.tool.build, ours.root)
    after = project.results(ours.root, ours.runs)
    return [name for name in ours.runs if before[name] and before[name] != after[name]]


def whole_plan(ours: Contender, fresh: Contender, number: int) -> None:
    """Build the whole plan from nothing, without the book, with either kind of kernels in turn.

    Both choose themselves how many notebooks run at once.
    """
    for turn in range(number):
        for one in (ours, fresh) if turn % 2 else (fresh, ours):
            take_away(one.root)
            one.goes_through("whole", one.tool.build)


def take_away(root: Path) -> None:
    """Remove everything that a build makes."""
    for made in MADE:
        shutil.rmtree(root / made, ignore_errors=True)


def with_the_book(ours: Contender, number: int) -> None:
    """Measure builds with the book: from nothing, nothing changed, one cell of the raw data."""
    for turn in range(1, number + 1):
        take_away(ours.root)
        ours.goes_through("full", [*OURS, "build"])
        ours.goes_through("no_op_site", [*OURS, "build"])
        project.change_cell(ours.root, turn + 20)
        ours.goes_through("fix_to_page", [*OURS, "build"])


def one_notebook(ours: Contender, plain: Contender, number: int) -> list[Contender]:
    """Run one notebook alone; return who stands for a build that watches, and for its cells."""
    watching = Contender(Tool("compendium, watching", [], []), ours.root, {})
    cells = Contender(Tool("cells alone", [], [], jobs=1), plain.root, {})
    for _ in range(number):
        ours.goes_through("one_notebook", [*OURS, "run", ONE, "--no-site"])
        plain.goes_through("one_notebook", plain_command("one.py"))
        own_compute(cells)
    for seconds in saved_while_watched(ours.root, ours.runs[ONE].source, number):
        note(watching, seconds)
    return [watching, cells]


def saved_while_watched(root: Path, notebook: Path, number: int) -> list[float]:
    """Save a notebook while `compendium watch` is at work; return the seconds until it waits again.

    The first time a process does something it imports what it needs for that, so one more goes
    before those that count.
    """
    given = environment(root) | {"PYTHONUNBUFFERED": "1"}
    command = [*OURS, "watch", "--no-site", "--workers", str(JOBS)]
    text, measured = (root / notebook).read_text(encoding="utf-8"), []
    with subprocess.Popen(
        command, cwd=root, env=given, stdout=subprocess.PIPE, text=True
    ) as process:
        until_it_waits(process)
        for turn in range(number + 1):
            time.sleep(SETTLED)
            began = time.perf_counter()
            (root / notebook).write_text(text + "\n" * (turn + 1), encoding="utf-8")
            until_it_waits(process)
            measured.append(time.perf_counter() - began)
        process.terminate()  # a background would have it ignore Ctrl-C
    (root / notebook).write_text(text, encoding="utf-8")
    return measured[1:]


def until_it_waits(process: subprocess.Popen[str]) -> None:
    """Read what `compendium watch` says until it waits for the next change."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("watching "):
            return
    raise RuntimeError("compendium watch has ended")


def plain_command(script: str) -> list[str]:
    """Return the command that runs one notebook without any tool."""
    return [OURS[0], str(TIMED.with_name(script)), ONE]


def own_compute(cells: Contender) -> None:
    """Note how long the cells of one notebook take in a kernel that has run them before."""
    done = start(plain_command("warm.py"), cells.root)
    note(cells, float(done.stdout.split()[-1]))


def note(one: Contender, seconds: float) -> None:
    """Keep how long one notebook took, of which nothing else is measured."""
    turn = {"seconds": seconds, "cpu_seconds": None, "results": {}}
    turn |= {"load": os.getloadavg()[0], "reran": None, "changed": None}
    one.turns.setdefault("one_notebook", []).append(turn)
    print(f"  {'one_notebook':<14}{one.tool.name:<27}{seconds:>8.1f} s", flush=True)
