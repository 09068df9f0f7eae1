"""The `compendium` command: everything that is done at a terminal, in one place.

The parts of the package bring their commands; here they are joined, and a mistake ends with a
sentence and exit status 1 (2 for the command line itself), never with a traceback. Whoever stops
the command, even while it is still importing, reads that what was finished is kept.
"""

import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

INTERRUPTED = 130
STOPPED = "stopped; what was finished is kept"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    try:
        signal.signal(signal.SIGTERM, _interrupt)
        return _run(arguments)
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        return INTERRUPTED


def run() -> None:
    """Run the command line and end the process with its status."""
    status = main()
    if status == INTERRUPTED:  # Python may take an interrupt for unhandled that was handled
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _interrupt(*_: object) -> None:
    """End as on Ctrl-C when somebody asks the process to end."""
    raise KeyboardInterrupt


def _run(arguments: Sequence[str] | None) -> int:
    from rich.console import Console

    from compendium import files

    args = _parser().parse_args(arguments)
    try:
        root = _root(args.root)
        status: int = args.action(args, root, Console(soft_wrap=True))
        return status
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ValueError, OSError, RuntimeError) as error:
        Console(stderr=True, soft_wrap=True).print(
            files.format_error(error), markup=False, highlight=False
        )
        return 1


def _root(named: str | None) -> "Path":
    """Return the project's folder, as named or found from here upwards."""
    from pathlib import Path

    from compendium import context

    if not named:
        return context.project_root()
    root = Path(named).resolve()
    if not (root / context.MARKER).is_file():
        raise FileNotFoundError(
            f"--root {named}: no project, it has no {context.MARKER.as_posix()}"
        )
    return root


def _parser() -> "argparse.ArgumentParser":
    import argparse

    from bookbuilder.command import Action
    from bookbuilder.engine import commands as rebuild
    from bookbuilder.sweep import commands as sweep
    from bookbuilder.verification import commands as verification
    from compendium import __version__
    from qda_exchange import commands as exchange
    from survey_rows import commands as rows

    parts = (rebuild, sweep, verification, rows, exchange)
    examples = "".join(part.EXAMPLES for part in parts)
    parser = argparse.ArgumentParser(
        prog="compendium",
        description="Rebuild the research compendium: notebooks, results and book.",
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"compendium {__version__}")
    parser.add_argument("--root", help="the project's folder (default: found from here upwards)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add_command(name: str, action: Action, summary: str) -> argparse.ArgumentParser:
        lines = [line for line in examples.splitlines() if f"compendium {name}" in line]
        subparser = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog="\n".join(["examples:", *lines]),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        subparser.set_defaults(action=action)
        return subparser

    for part in parts:
        part.add(add_command)
    return parser


if __name__ == "__main__":
    run()
