"""Commands of `compendium` given within the test's own process, which spares starting another."""

import contextlib
import io
from pathlib import Path
from subprocess import CompletedProcess

from bookbuilder import cli


def call(folder: Path, *words: str) -> CompletedProcess[str]:
    """Give a command in a folder; return its status, what it says and what it complains of."""
    said, complained = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(complained),
    ):
        try:
            status: object = cli.main(words)
        except SystemExit as ending:  # as argparse ends
            status = ending.code
    assert isinstance(status, int)
    return CompletedProcess(words, status, said.getvalue(), complained.getvalue())
