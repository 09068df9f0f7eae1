"""The `compendium` command: build, run, sweep, status, why, impact, verify, check, import, export.

Each subcommand is a thin layer over `rebuild`, `proof`, `data` and `exchange`; a mistake ends with
a sentence and exit status 1 (2 for the command line itself), never with a traceback.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from compendium import __version__, context, files, imports
from compendium.proof import commands as proof
from compendium.rebuild.sweep import commands as sweep

EXAMPLES = """examples:
  compendium build                      bring results and book up to date
  compendium run response_rates         rerun one notebook, then refresh its page
  compendium run intercoder_agreement -p replicates=500
  compendium run ledger --record        the declared parameters: into the record
{sweep}  compendium status                     what is stale, and why
  compendium status --json              one record per run, for other programs
{proof}  compendium check                      the data against their contract
  compendium import interviews.qdpx     coding of another tool, as tables with a report
  compendium import highlights.csv --coder Ada --output highlights
  compendium export --format qdpx       the coded corpus, for another tool
""".replace("{sweep}", sweep.EXAMPLES).replace("{proof}", proof.EXAMPLES)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    given = _parser().parse_args(arguments)
    console = Console(soft_wrap=True)
    try:
        root = _root(given.root)
        action: Callable[[argparse.Namespace, Path, Console], int] = given.action
        with imports.lean():
            return action(given, root, console)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ValueError, OSError, RuntimeError) as error:
        Console(stderr=True, soft_wrap=True).print(files.said(error), markup=False, highlight=False)
        return 1
    except KeyboardInterrupt:
        Console(stderr=True).print("stopped; what was finished is kept")
        return 130


def _root(given: str | None) -> Path:
    """Return the project's folder, as given or found from here upwards."""
    if not given:
        return context.project_root()
    root = Path(given).resolve()
    if not (root / context.MARKER).is_file():
        raise FileNotFoundError(
            f"--root {given}: no project, it has no {context.MARKER.as_posix()}"
        )
    return root


def _build(given: argparse.Namespace, root: Path, console: Console) -> int:
    from compendium.rebuild import display, engine

    if given.workers is not None and given.workers < 1:
        raise ValueError(f"--workers is {given.workers}; it must be 1 or more")
    with display.ProgressDisplay(console) as progress:
        report = engine.build(
            root,
            display=progress,
            force=given.force,
            with_site=not given.no_site,
            workers=given.workers,
            kernels=given.kernels,
        )
    display.summarise(console, root, report)
    return 1 if report.failed else 0


def _run(given: argparse.Namespace, root: Path, console: Console) -> int:
    from compendium.rebuild import display, engine, plan

    runs = engine.load_plan(root)
    if given.name not in runs:
        raise plan.PlanError(f"no run '{given.name}'; {context.nearest(given.name, runs)}")
    parameters = plan.parse_parameters(given.parameters)
    if parameters and given.record:
        raise plan.PlanError(
            "--record takes the declared parameters and -p others: leave one out, or change the "
            f"parameter of '{given.name}' in {plan.PLAN.as_posix()}"
        )
    if parameters:
        changed = runs[given.name].with_parameters(parameters)
        from compendium.rebuild import trial

        place = trial.run(changed, parameters, root)
        console.print(f"trial, the record is untouched: {place.relative_to(root).as_posix()}")
        console.print(f"its page: {trial.page(place, given.name).relative_to(root).as_posix()}")
        return 0
    with display.ProgressDisplay(console) as progress:
        report = engine.build(root, display=progress, only=given.name, with_site=not given.no_site)
    display.summarise(console, root, report)
    return 1 if report.failed else 0


def _status(given: argparse.Namespace, root: Path, console: Console) -> int:
    from compendium.proof import why
    from compendium.rebuild import display, engine

    report = engine.status(root)
    if given.json:
        print(json.dumps(why.as_json(why.states(root, report)), indent=2, ensure_ascii=False))
    else:
        display.list_status(console, why.outcomes(root, report), report.notebooks)
    return 0


def _check(given: argparse.Namespace, root: Path, console: Console) -> int:
    from compendium import data
    from compendium.rebuild import collect, engine

    faults = data.check(root=root)
    if faults:
        raise data.ContractError(faults)
    unread = collect.unread(engine.load_plan(root).values(), root)
    if unread:
        raise ValueError("\n".join(unread))
    console.print(f"{len(data.names(root=root))} tables meet their contract")
    return 0


def _import(given: argparse.Namespace, root: Path, console: Console) -> int:
    from compendium import exchange

    imported, folder = exchange.import_file(
        given.file, given.output, site=given.site, role=given.role, coder=given.coder
    )
    for line in exchange.describe(imported, folder):
        console.print(line, markup=False, highlight=False)
    return 0


def _export(given: argparse.Namespace, root: Path, console: Console) -> int:
    from compendium import exchange

    path = exchange.export_corpus(root, given.format, given.output)
    console.print(f"written: {path}", markup=False, highlight=False)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="compendium",
        description="Rebuild the research compendium: notebooks, results and book.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"compendium {__version__}")
    parser.add_argument("--root", help="the project's folder (default: found from here upwards)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = _add(commands, "build", _build, "run what is stale, then render the book")
    build.add_argument("--force", action="store_true", help="run everything, stale or not")
    build.add_argument(
        "--no-site", action="store_true", help="results only, do not render the book"
    )
    build.add_argument(
        "--workers",
        type=int,
        help="notebooks at once (default: one more than there are processors)",
    )
    build.add_argument(
        "--kernels",
        choices=["auto", "forked", "fresh"],
        help="fork kernels from a process that has imported the libraries, or start each afresh "
        "(default: auto, forked where that is safe; or COMPENDIUM_KERNELS)",
    )

    run = _add(commands, "run", _run, "rerun one notebook and refresh its page")
    run.add_argument("name", help="name of the run in notebooks/runs.yml")
    run.add_argument(
        "-p",
        dest="parameters",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a trial with this parameter, kept apart in results/runs/; may be repeated",
    )
    run.add_argument(
        "--record", action="store_true", help="the declared parameters, into the record (default)"
    )
    run.add_argument("--no-site", action="store_true", help="do not render the book")

    status = _add(commands, "status", _status, "say what is stale, and why")
    status.add_argument("--json", action="store_true", help="one record per run, as JSON")
    for part in (sweep, proof):
        part.add(lambda name, action, summary: _add(commands, name, action, summary))
    _add(commands, "check", _check, "check every table against its contract")
    _add_exchange(commands)
    return parser


def _add_exchange(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    given = _add(commands, "import", _import, "read the coding of another tool into tables")
    given.add_argument("file", type=Path, help="REFI-QDA, Dedoose, Taguette or QualCoder")
    given.add_argument(
        "--output", type=Path, metavar="DIR", help="folder to make (default: FILE-import)"
    )
    given.add_argument("--site", default="site", help="variable that is the site (default: site)")
    given.add_argument("--role", default="role", help="variable that is the role (default: role)")
    given.add_argument("--coder", help="who coded, where the file does not say")

    taken = _add(commands, "export", _export, "write the coded corpus for another tool")
    taken.add_argument(
        "--format",
        required=True,
        choices=["qdpx", "qdc", "csv"],
        help="a REFI-QDA project or codebook, or the long table",
    )
    taken.add_argument(
        "--output", type=Path, metavar="FILE", help="file to make (default: compendium.FORMAT)"
    )


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    action: Callable[[argparse.Namespace, Path, Console], int],
    summary: str,
) -> argparse.ArgumentParser:
    lines = [line for line in EXAMPLES.splitlines() if f"compendium {name}" in line]
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog="\n".join(["examples:", *lines]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(action=action)
    return parser


if __name__ == "__main__":
    sys.exit(main())
