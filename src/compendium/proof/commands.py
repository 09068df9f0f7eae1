"""The commands why, impact and verify: their arguments, and the thin layer over this package."""

import argparse
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

Action = Callable[[argparse.Namespace, Path, Console], int]
Add = Callable[[str, Action, str], argparse.ArgumentParser]

EXAMPLES = """\
  compendium why joint_display          why a run is stale, in a sentence
  compendium impact                     what a data fix changed, against the last commit
  compendium impact --since v1.0        the same, against any revision of git
  compendium verify                     rebuild elsewhere and hold it against the record
"""


def add(add_command: Add) -> None:
    """Add the commands to the command line.

    Parameters
    ----------
    add_command
        Adds one command by name, action and summary, and returns its parser.
    """
    why = add_command("why", _why, "say why a run is stale, or that it is fresh")
    why.add_argument("name", help="name of the run in notebooks/runs.yml")


def _why(given: argparse.Namespace, root: Path, console: Console) -> int:
    from compendium.proof import why

    console.print(why.why(root, given.name), markup=False, highlight=False)
    return 0
