"""Time several libraries at one task, fairly: each in a process of its own, taking turns.

Imports, caches and memory of one library never touch another. The workers of a task are alive
together but work one at a time: each does its first run, which is kept apart, then they take turns
until each has done as many counted runs as asked for. Whatever else the machine is doing then falls
on all of them alike, and the ratio of two libraries is taken within a turn before the median.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contest import OURS, Contender, Prepared, agreement

HERE = Path(__file__).resolve().parent
PYTHONS = {
    "project": Path(sys.executable),
    "peers": HERE / ".venv-peers/bin/python",
    "older": HERE / ".venv-older/bin/python",
    "engines": HERE / ".venv-engines/bin/python",
}
Run = dict[str, Any]


class Worker:
    """A contender at work in a process of its own."""

    def __init__(self, module: str, task: str, library: str, folder: Path, python: Path) -> None:
        command = [str(python), str(HERE / "worker.py"), module, task, library, str(folder)]
        self.name = f"{task}, {library}"
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=with_byte_code()
        )
        self.held_mb: float = self._answer()["held_mb"]

    def run(self) -> Run:
        """Run once; return seconds, processor seconds, peak memory so far, and the numbers."""
        assert self.process.stdin is not None
        self.process.stdin.write("run\n")
        self.process.stdin.flush()
        return self._answer()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *reason: object) -> None:
        self.process.communicate()  # its input closed, it ends

    def _answer(self) -> Run:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):  # libraries may print what they like
                found: Run = json.loads(line)
                return found
        raise RuntimeError(f"{self.name}: the worker ended with status {self.process.wait()}")


def measure(
    module: str, task: str, contenders: dict[str, Contender], folder: Path, rounds: int
) -> list[Run]:
    """Time all contenders of a task, turn by turn.

    Parameters
    ----------
    module
        The module that defines them, for example `survey.raking`.
    task
        Name of the task.
    contenders
        By library; `compendium` must be among them.
    folder
        Folder of the task's data.
    rounds
        Counted runs of each.

    Returns
    -------
    list of dict
        One row per library.
    """
    with contextlib.ExitStack() as stack:
        workers = {
            library: stack.enter_context(
                Worker(module, task, library, folder, PYTHONS[one.environment])
            )
            for library, one in contenders.items()
        }
        first = {library: worker.run() for library, worker in workers.items()}
        turns: dict[str, list[Run]] = {library: [] for library in workers}
        for turn in range(rounds):
            start = turn % len(workers)  # nobody is always first
            for library in [*workers][start:] + [*workers][:start]:
                turns[library].append(workers[library].run())
    load = os.getloadavg()[0]
    rows = []
    for library, one in contenders.items():
        row = timing(one, first[library], turns[library])
        row |= beside(one, turns[library], turns[OURS])
        row |= space(one, workers[library].held_mb, [first[library], *turns[library]])
        same = agreement(first[OURS]["numbers"], first[library]["numbers"])
        row |= {"digits": None if library == OURS else same, "load": load, "note": one.note}
        rows.append({"task": task, "library": library} | row)
    return rows


def timing(one: Contender, first: Run, turns: list[Run]) -> Run:
    """Say how long the whole task takes, from runs that do a part of it."""
    seconds = [turn["seconds"] / one.part for turn in turns]
    cpu = statistics.median(turn["cpu_seconds"] for turn in turns) / one.part
    return {
        "runs": len(turns),
        "part": one.part,
        "first_seconds": first["seconds"] / one.part,
        **spread("seconds", seconds),
        "cpu_seconds": None if one.apart else cpu,
    }


def beside(one: Contender, theirs: list[Run], ours: list[Run]) -> Run:
    """Say how many times as long as ours it takes, by the clock and by the processor."""

    def ratios(clock: str) -> list[float]:
        pairs = zip(theirs, ours, strict=True)
        return [other[clock] / one.part / mine[clock] for other, mine in pairs]

    cpu = None if one.apart else statistics.median(ratios("cpu_seconds"))
    return {**spread("ratio", ratios("seconds")), "cpu_ratio": cpu}


def space(one: Contender, held_mb: float, runs: list[Run]) -> Run:
    """Say how much more memory than before its first run it took at its peak."""
    peak_mb = max(run["peak_mb"] for run in runs)
    return {"extra_mb": None if one.apart else max(peak_mb - held_mb, 0.0)}


def spread(name: str, values: list[float]) -> dict[str, float]:
    """Return the median of some numbers, the least and the greatest.

    Examples
    --------
    >>> spread("ratio", [3.0, 1.0, 2.0])
    {'ratio': 2.0, 'ratio_least': 1.0, 'ratio_greatest': 3.0}
    """
    return {
        name: statistics.median(values),
        f"{name}_least": min(values),
        f"{name}_greatest": max(values),
    }


def importing(*modules: str) -> Callable[[Path], Prepared]:
    """Return the contender that starts Python and imports modules, in the environment it is in."""
    command = [sys.executable, "-c", f"import {', '.join(modules)}"]

    def prepare(folder: Path) -> Prepared:
        def run() -> object:
            return subprocess.run(command, cwd=folder, check=True, capture_output=True)

        return run, lambda done: {}

    return prepare


def with_byte_code() -> dict[str, str]:
    """Return the environment without the wish to keep no byte code, which slows every import."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
