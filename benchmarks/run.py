"""Measure a strand, show what comes out, and write it to `data/measured/`.

`make benchmark` runs it for all strands. The data of a task are made by another process and
passed on as files: a process that has held a gigabyte hands its memory's high-water mark on to
those that it starts.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from contest import Task
from environment import describe
from harness import HERE, Run, measure, with_byte_code

RESULTS = HERE.parent / "data/measured"
FEW_DIGITS = 6  # libraries that agree to fewer do not compute the same


def main() -> int:
    """Measure; return 1 when a library disagrees with ours, after writing what was found."""
    given = arguments()
    began, facts = time.perf_counter(), describe(given.strand)
    if given.strand == "engine":
        tables, faults = engines(given)
    else:
        tables, faults = libraries(given)
    print(f"{given.strand}: {time.perf_counter() - began:.0f} s", flush=True)
    if given.record or (not given.only and given.scale == 1):
        for name, rows in tables.items():
            write(rows, RESULTS / f"{name}.csv")
        remember(given.strand, facts, RESULTS / "benchmark_environment.csv")
    return report(faults)


def engines(given: argparse.Namespace) -> tuple[dict[str, list[Run]], list[str]]:
    """Measure our engine beside other tools; return tables by name, and nothing to report."""
    engine = importlib.import_module("engine")
    rows, phases = engine.measure(given.only, given.rounds or 3)
    return {"benchmark_engine": rows, "benchmark_engine_phases": phases}, []


def libraries(given: argparse.Namespace) -> tuple[dict[str, list[Run]], list[str]]:
    """Measure our library beside others; return the table by name, and who disagrees."""
    tasks: list[Task] = importlib.import_module(given.strand).TASKS
    chosen = [task for task in tasks if not given.only or task.name in given.only]
    rows: list[Run] = []
    with tempfile.TemporaryDirectory() as scratch:
        for number, task in enumerate(chosen, 1):
            size = scaled(task.size, given.scale)
            print(f"{given.strand} {number}/{len(chosen)}: {task.name} {size or ''}", flush=True)
            folder = data(given.strand, size, Path(scratch))
            contenders = importlib.import_module(task.module).CONTEST.contenders[task.name]
            found = measure(task.module, task.name, contenders, folder, given.rounds or 5)
            rows += [{"task": task.name, "rows": size.get("rows", 0)} | one for one in found]
            show(found)
    return {f"benchmark_{given.strand}": rows}, disagreements(rows)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    words = argparse.ArgumentParser(prog="benchmarks/run.py", description=__doc__)
    words.add_argument("strand", choices=["survey", "coding", "engine"])
    words.add_argument("--rounds", type=int, help="counted runs of each (default: 5; engine: 3)")
    words.add_argument(
        "--only", nargs="*", default=[], help="names of tasks (engine: of runs); nothing is written"
    )
    words.add_argument("--record", action="store_true", help="write what was measured of a part")
    words.add_argument("--scale", type=float, default=1.0, help="fraction of the rows; ditto")
    return words.parse_args()


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
        if row["digits"] is not None and row["digits"] < FEW_DIGITS
    ]


def report(lines: list[str]) -> int:
    """Print lines where errors go; return the status to end with."""
    for line in lines:
        print(line, file=sys.stderr)
    return int(bool(lines))


def remember(strand: str, facts: list[dict[str, str]], path: Path) -> None:
    """Write what a strand was measured on; what is known of the others stays."""
    kept: list[dict[str, str]] = []
    if path.exists():
        with path.open(newline="", encoding="utf-8") as file:
            kept = [row for row in csv.DictReader(file) if row["strand"] != strand]
    rows = [*kept, *({"strand": strand} | fact for fact in facts)]
    write(sorted(rows, key=lambda row: row["strand"]), path)


def write(rows: list[Run], path: Path) -> None:
    """Write rows as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows({key: shown(value) for key, value in row.items()} for row in rows)


def shown(value: Any) -> Any:
    """Write a number with four significant digits, never in powers of ten.

    Examples
    --------
    >>> shown(0.000123456), shown(1234.56), shown(7), shown(None)
    ('0.0001235', '1235', 7, '')
    """
    if value is None:
        return ""
    if not isinstance(value, float):
        return value
    decimals = 3 - math.floor(math.log10(abs(value))) if value else 0
    return f"{round(value, decimals):.{max(decimals, 0)}f}"


if __name__ == "__main__":
    sys.exit(main())
