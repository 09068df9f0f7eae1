"""The `compendium` command: everything that is done at a terminal, in one place.

The parts of the package bring their commands; here they are joined, and a mistake ends with a
sentence and exit status 1 (2 for the command line itself), never with a traceback.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bookbuilder import command, imports
from bookbuilder.engine import commands as rebuild
from bookbuilder.sweep import commands as sweep
from bookbuilder.verification import commands as verification
from compendium import __version__, context, files
from qda_exchange import commands as exchange


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    given = _parser().parse_args(arguments)
    console = Console(soft_wrap=True)
    try:
        root = _root(given.root)
        action: command.Action = given.action
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="compendium",
        description="Rebuild the research compendium: notebooks, results and book.",
    )
    parser.add_argument("--version", action="version", version=f"compendium {__version__}")
    parser.add_argument("--root", help="the project's folder (default: found from here upwards)")
    command.join(parser, rebuild, sweep, verification, exchange)
    return parser


if __name__ == "__main__":
    sys.exit(main())
