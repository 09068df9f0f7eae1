"""The command `sweep`: its arguments, and the thin layer over this package."""

import argparse
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from bookbuilder.command import Add, count
from compendium.text import listed

if TYPE_CHECKING:
    from bookbuilder.sweep.declared import Sweep
    from bookbuilder.sweep.sweeping import Swept

EXAMPLES = """\
  compendium sweep sweeps/joint_display.yml            a notebook over a grid of parameters
  compendium sweep sweeps/joint_display.yml --dry-run  how many runs, how many are missing
  compendium sweep sweeps/joint_display.yml --scheduler tcp://10.0.0.7:8786
"""


def add(add_command: Add) -> None:
    """Add the command to the command line."""
    sweep = add_command("sweep", _sweep, "run a notebook over a grid of parameters, and collect")
    sweep.add_argument("file", type=Path, metavar="SWEEP.yml", help="run, grid and what to collect")
    sweep.add_argument("--dry-run", action="store_true", help="say what is missing, run nothing")
    where = sweep.add_mutually_exclusive_group()
    where.add_argument(
        "--workers", type=count, metavar="N", help="points at once on this machine (the default)"
    )
    where.add_argument(
        "--scheduler",
        type=_address,
        metavar="tcp://HOST:PORT",
        help="address of a Dask cluster whose workers run the points",
    )


def _sweep(args: argparse.Namespace, root: Path, console: Console) -> int:
    from bookbuilder.engine import display
    from bookbuilder.engine.hashing import Hashes
    from bookbuilder.sweep import declared, engines, sweeping

    sweep = declared.read_sweep(args.file, root)
    if args.dry_run:
        missing = sweeping.plan(sweep, root, Hashes(root))
        console.print(f"{len(sweep.points)} runs, {len(missing)} missing", highlight=False)
        for point in missing:
            console.print(f"  {point.name}", markup=False, highlight=False)
        return 0
    engine = partial(engines.local, workers=args.workers)
    if args.scheduler:
        engine = partial(engines.dask, scheduler=args.scheduler, say=console.print)
    with display.ProgressDisplay(console, bar=True) as progress:
        swept = sweeping.run(sweep, root, engine=engine, display=progress)
    summarise(console, sweep, swept)
    return 1 if swept.failed or swept.unrecorded else 0


def _address(text: str) -> str:
    if not re.fullmatch(r"[a-z]+://\S+:\d+", text):
        raise argparse.ArgumentTypeError(f"{text}: write it as tcp://HOST:PORT")
    return text


def summarise(console: Console, sweep: "Sweep", swept: "Swept") -> None:
    """Print what came of a sweep: each failure once, then counts, time and what was collected."""
    from bookbuilder.kernels.ending import FAILED
    from bookbuilder.sweep import sweeping

    alike: dict[str, list[str]] = {}
    for point, message in swept.failed.items():
        alike.setdefault(message, []).append(point.name)
    for message, names in alike.items():
        copy = sweeping.failed_copy(sweep, names[0]).as_posix()
        shown = message.replace(f"{FAILED.as_posix()}/{sweep.run.name}.ipynb", copy)
        console.print(f"\n[red]✗ {escape(listed(names))}[/]\n{escape(shown)}", highlight=False)
    for sentence in swept.unrecorded:
        console.print(f"[yellow]{escape(sentence)}[/]", highlight=False)
    counts = f"{swept.ran} run, {swept.fresh} unchanged, {len(swept.failed)} failed"
    console.print(f"{swept.total} points: {counts}; {swept.seconds:.1f} s", highlight=False)
    for path, rows in swept.collected.items():
        console.print(f"collected {path.as_posix()} ({rows} rows)", highlight=False)
