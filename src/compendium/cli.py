"""The `compendium` command: everything that is done at a terminal, in one place.

Each subcommand is a thin layer over `rebuild`, `proof`, `data` and `exchange`; a mistake ends with
a sentence and exit status 1 (2 for the command line itself), never with a traceback.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from compendium import __version__, context, files, imports
from compendium.proof import commands as proof
from compendium.rebuild import commands as rebuild
from compendium.rebuild.sweep import commands as sweep

EXCHANGE = """\
  compendium check                      the data against their contract
  compendium import interviews.qdpx     coding of another tool, as tables with a report
  compendium import highlights.csv --coder Ada --output highlights
  compendium export --format qdpx       the coded corpus, for another tool
"""
EXAMPLES = "examples:\n" + "".join(part.EXAMPLES for part in (rebuild, sweep, proof)) + EXCHANGE


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

    for part in (rebuild, sweep, proof):
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
