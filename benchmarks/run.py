"""Measure a strand, show what comes out, and write it into `RESULTS.md`.

`make benchmark` runs it for all strands. The data of a task are made by another process and
passed on as files: a process that has held a gigabyte hands its memory's high-water mark on to
those that it starts.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import report
from contest import Goal, Task
from environment import describe
from harness import HERE, Run, measure, with_byte_code

RESULTS = HERE / "RESULTS.md"
FEW_DIGITS = 6  # libraries that agree to fewer do not compute the same


def main() -> int:
    """Measure; return 1 when a library disagrees with ours, after writing what was found."""
    args = arguments()
    began, facts = time.perf_counter(), describe(args.strand)
    strand = importlib.import_module(args.strand)
    if args.strand == "engine":
        rows = strand.measure(args.rounds or 3)
        goals = importlib.import_module("engine.rows").goals_of(rows)
    else:
        rows = libraries(strand, args)
        goals = [] if args.only else goals_of(strand.GOALS, rows)
    print(f"{args.strand}: {time.perf_counter() - began:.0f} s", flush=True)
    if not args.only and args.scale == 1:
        report.put(RESULTS, args.strand, report.section(args.strand, facts, rows, goals))
    return complain(disagreements(rows))


def libraries(strand: ModuleType, args: argparse.Namespace) -> list[Run]:
    """Measure our library beside others; return one row per task and library."""
    chosen: list[Task] = [task for task in strand.TASKS if not args.only or task.name in args.only]
    rows: list[Run] = []
    with tempfile.TemporaryDirectory() as scratch:
        for number, task in enumerate(chosen, 1):
            size = scaled(task.size, args.scale)
            print(f"{args.strand} {number}/{len(chosen)}: {task.name} {size or ''}", flush=True)
            folder = data(args.strand, size, Path(scratch))
            contenders = importlib.import_module(task.module).CONTEST.contenders[task.name]
            found = measure(task.module, task.name, contenders, folder, args.rounds or 5)
            rows += [{"task": task.name, "rows": size.get("rows", 0)} | one for one in found]
            show(found)
    return rows


def goals_of(goals: dict[tuple[str, str], float], rows: list[Run]) -> list[Goal]:
    """Return the goals of a strand with what was measured.

    Examples
    --------
    >>> goals_of({("rake", "svy"): 40}, [{"task": "rake", "library": "svy", "ratio": 99.7}])
    [Goal(about='`rake`, times ours, svy', goal=40, measured=99.7, at_most=False)]
    """
    ratios = {(row["task"], row["library"]): row["ratio"] for row in rows}
    return [
        Goal(f"`{task}`, times ours, {library}", least, ratios[task, library])
        for (task, library), least in goals.items()
    ]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks/run.py", description=__doc__)
    parser.add_argument("strand", choices=["survey", "coding", "engine"])
    parser.add_argument("--rounds", type=int, help="counted runs of each (default: 5; engine: 3)")
    parser.add_argument(
        "--only", nargs="*", default=[], help="names of tasks to try out; nothing is written"
    )
    parser.add_argument(
        "--scale", type=float, default=1.0, help="fraction of the rows; nothing is written"
    )
    args = parser.parse_args()
    if args.strand == "engine" and (args.only or args.scale != 1):
        parser.error("--only and --scale are for survey and coding; engine takes --rounds")
    return args


def scaled(size: Any, factor: float) -> dict[str, int]:
    """Return a size with fewer rows, to try things out."""
    few = {"rows": max(4000, int(size["rows"] * factor))} if size and factor != 1 else {}
    return {**size, **few}


def data(strand: str, size: dict[str, int], scratch: Path) -> Path:
    """Make the data of a size once; return their folder."""
    folder = scratch / "-".join(map(str, size.values())) if size else scratch
    if not folder.exists():
        folder.mkdir()
        settings = ", ".join(f"{key}={value}" for key, value in size.items())
        code = (
            f"import pathlib, {strand}.data as d; d.make(pathlib.Path({str(folder)!r}), {settings})"
        )
        subprocess.run([sys.executable, "-c", code], cwd=HERE, check=True, env=with_byte_code())
    return folder


def show(found: list[Run]) -> None:
    """Print the rows of a task."""
    for row in found:
        memory = "" if row["extra_mb"] is None else f"{row['extra_mb']:>8.0f} MB more"
        digits = "" if row["digits"] is None else f"{row['digits']:>4} digits"
        print(
            f"  {row['library']:<18}{row['seconds'] * 1000:>14,.1f} ms{row['ratio']:>12,.2f} x ours"
            f"{memory}{digits}",
            flush=True,
        )


def disagreements(rows: list[Run]) -> list[str]:
    """Say which libraries computed something else than ours.

    Examples
    --------
    >>> disagreements([{"task": "rake", "library": "other", "digits": 2}])
    ['rake: other agrees with compendium to 2 digits only']
    """
    return [
        f"{row['task']}: {row['library']} agrees with compendium to {row['digits']} digits only"
        for row in rows
        if row.get("digits") is not None and row["digits"] < FEW_DIGITS
    ]


def complain(lines: list[str]) -> int:
    """Print lines where errors go; return the status to end with."""
    for line in lines:
        print(line, file=sys.stderr)
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
