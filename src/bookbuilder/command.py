"""What a command of `compendium` is, and how the parts of the package add theirs.

A part (`engine`, `sweep`, `verification`, `qda_exchange`, `survey_rows`) has a module `commands`
with examples and a function `add`; `cli` joins them. Those modules are read whenever the command
line starts, so what does the work is imported by the action, when it is asked for.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

#: Does what a command says, in the project's folder; returns the exit status.
Action = Callable[[argparse.Namespace, Path, Console], int]
#: Adds one command by its name, action and summary; returns its parser, for the arguments.
Add = Callable[[str, Action, str], argparse.ArgumentParser]


def count(text: str) -> int:
    """Return a number of things that an argument gives."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number of 1 or more")
    return int(text)
