"""The command `sweep`: its arguments, and the thin layer over this package."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from bookbuilder.command import Add

if TYPE_CHECKING:
    from bookbuilder.sweep.sweeping import Engine

#: Of a scheduler: a protocol, a machine, a port.
ADDRESS = re.compile(r"[a-z]+://\S+:\d+")

EXAMPLES = """\
  compendium sweep sweeps/joint_display.yml            a notebook over a grid of parameters
  compendium sweep sweeps/joint_display.yml --dry-run  how many runs, how many are missing
  compendium sweep sweeps/joint_display.yml --engine dask --scheduler tcp://10.0.0.7:8786
"""


def add(add_command: Add) -> None:
    """Add the command to the command line."""
    sweep = add_command("sweep", _sweep, "run a notebook over a grid of parameters, and collect")
    sweep.add_argument("file", type=Path, metavar="SWEEP.yml", help="run, grid and what to collect")
    sweep.add_argument("--dry-run", action="store_true", help="say what is missing, run nothing")
    sweep.add_argument(
        "--engine",
        choices=["local", "dask"],
        default="local",
        help="this machine (default), or workers of a Dask cluster",
    )
    sweep.add_argument("--workers", type=int, metavar="N", help="points at once")
    sweep.add_argument(
        "--scheduler",
        metavar="tcp://HOST:PORT",
        help="an existing Dask cluster (default: one is made on this machine)",
    )
    sweep.add_argument(
        "--worker-root",
        metavar="DIR",
        help="where a worker has its copy of the project (default: COMPENDIUM_ROOT, or where its "
        "package was installed from)",
    )


def _sweep(args: argparse.Namespace, root: Path, console: Console) -> int:
    from bookbuilder.sweep import declared, display, sweeping

    _check(args)
    sweep = declared.read_sweep(args.file, root)
    if args.dry_run:
        missing = sweeping.plan(sweep, root).missing
        console.print(f"{len(sweep.points)} runs, {len(missing)} missing", highlight=False)
        for point in missing:
            console.print(f"  {point.name}", markup=False, highlight=False)
        return 0
    with display.SweepDisplay(console) as progress:
        swept = sweeping.run(
            sweep,
            root,
            engine=_engine(args, progress.say),
            display=progress,
            # Workers on this machine use this project; those of a cluster find their own.
            worker_root=args.worker_root or (None if args.scheduler else str(root)),
        )
    display.summarise(console, swept)
    return 1 if swept.failed or swept.unrecorded else 0


def _check(args: argparse.Namespace) -> None:
    if args.engine == "local" and (args.scheduler or args.worker_root):
        raise ValueError("--scheduler and --worker-root are for --engine dask")
    if args.workers is not None and args.workers < 1:
        raise ValueError(f"--workers is {args.workers}; it must be 1 or more")
    if args.scheduler and not ADDRESS.fullmatch(args.scheduler):
        raise ValueError(f"--scheduler {args.scheduler}: write it as tcp://HOST:PORT")
    if args.scheduler and args.workers is not None:
        raise ValueError("--workers is for a cluster made here; an existing one has its own")


def _engine(args: argparse.Namespace, say: Callable[[str], None]) -> "Engine":
    from bookbuilder.sweep import engines

    if args.engine == "local":
        return lambda tasks: engines.local(tasks, args.workers)
    return lambda tasks: engines.dask(tasks, args.workers, args.scheduler, say)
