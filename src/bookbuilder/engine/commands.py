"""The commands build, watch and run: their arguments, and the thin layer over this package.

What builds is imported when it is asked for: the command line starts at once.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from bookbuilder.command import Add, count

EXAMPLES = """\
  compendium build                      bring results and book up to date
  compendium watch                      the same again whenever a file is saved
  compendium run response_rates         rerun one notebook, then refresh its page
  compendium run intercoder_agreement -p replicates=500
"""


def add(add_command: Add) -> None:
    """Add the commands to the command line."""
    build = add_command("build", _build, "run what is stale, then render the book")
    build.add_argument("--force", action="store_true", help="run everything, stale or not")
    watch = add_command("watch", _watch, "build again, at once, whenever a source is saved")
    for parser in (build, watch):
        _add_options(parser)

    run = add_command("run", _run, "rerun one notebook and refresh its page")
    run.add_argument("name", help="name of the run in notebooks/runs.yml")
    run.add_argument(
        "-p",
        dest="parameters",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a trial with this parameter, kept apart in results/runs/; may be repeated",
    )
    run.add_argument("--no-site", action="store_true", help="do not render the book")


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-site", action="store_true", help="results only, do not render the book"
    )
    parser.add_argument(
        "--workers",
        type=count,
        help="notebooks at once (default: one more than there are processors)",
    )
    parser.add_argument(
        "--kernels",
        choices=["auto", "forked", "fresh"],
        help="fork kernels from a process that has imported the libraries, or start each afresh "
        "(default: auto, forked where that is safe; or COMPENDIUM_KERNELS)",
    )


def _build(args: argparse.Namespace, root: Path, console: Console) -> int:
    return _show_build(root, console, force=args.force, **_options(args))


def _options(args: argparse.Namespace) -> dict[str, Any]:
    return {"with_site": not args.no_site, "workers": args.workers, "kernels": args.kernels}


def _show_build(root: Path, console: Console, **options: Any) -> int:
    """Build, show how it goes on and what came of it, and return the exit status."""
    from bookbuilder.engine import display, engine

    with display.ProgressDisplay(console) as progress:
        report = engine.build(root, display=progress, **options)
    display.summarise(console, root, report)
    return 1 if report.failed else 0


def _watch(args: argparse.Namespace, root: Path, console: Console) -> int:
    from bookbuilder.engine import watching

    def build(renderer: Any) -> None:
        _show_build(root, console, renderer=renderer, **_options(args))

    def tell(line: str) -> None:
        console.print(line, markup=False, highlight=False)

    try:
        watching.watch(root, build, tell, with_site=not args.no_site, kernels=args.kernels)
    except KeyboardInterrupt:
        tell("no longer watching")
        return 0
    tell("the package has changed: starting anew")
    sys.stdout.flush()
    return os.execv(sys.executable, sys.orig_argv)


def _run(args: argparse.Namespace, root: Path, console: Console) -> int:
    from bookbuilder import plan

    parameters = plan.parse_parameters(args.parameters)
    if not parameters:
        return _show_build(root, console, only=args.name, with_site=not args.no_site)
    from bookbuilder.engine import engine, trial

    changed = engine.named(engine.load_plan(root), args.name).with_parameters(parameters)
    place = trial.run(changed, parameters, root)
    console.print(f"trial, the record is untouched: {place.relative_to(root).as_posix()}")
    console.print(f"its page: {trial.page(place, args.name).relative_to(root).as_posix()}")
    return 0
