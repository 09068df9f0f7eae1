"""What a command of `compendium` is, and how the parts of the package add theirs.

A part (`engine`, `sweep`, `verification`, `qda_exchange`) has a module `commands` with examples and
a function `add`; `cli` joins them. Those modules are read whenever the command line starts, so
what does the work is imported by the action, when it is asked for.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from rich.console import Console

#: Does what a command says, in the project's folder; returns the exit status.
Action = Callable[[argparse.Namespace, Path, Console], int]
#: Adds one command by its name, action and summary; returns its parser, for the arguments.
Add = Callable[[str, Action, str], argparse.ArgumentParser]


class Part(Protocol):
    """The module `commands` of a part of the package."""

    EXAMPLES: str

    def add(self, add_command: Add, /) -> None:
        """Add the commands of this part, in the order in which help lists them."""


def join(parser: argparse.ArgumentParser, *parts: Part) -> None:
    """Give a command line the commands of the parts, in this order, and their examples."""
    _illustrate(parser, examples := "".join(part.EXAMPLES for part in parts))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add_command(name: str, action: Action, summary: str) -> argparse.ArgumentParser:
        description = summary[0].upper() + summary[1:] + "."
        subparser = commands.add_parser(name, help=summary, description=description)
        lines = [line for line in examples.splitlines() if f"compendium {name}" in line]
        _illustrate(subparser, "\n".join(lines))
        subparser.set_defaults(action=action)
        return subparser

    for part in parts:
        part.add(add_command)


def _illustrate(parser: argparse.ArgumentParser, examples: str) -> None:
    parser.epilog = "examples:\n" + examples
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
