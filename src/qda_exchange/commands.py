"""The commands import and export: their arguments, and the thin layer over this package."""

import argparse
from pathlib import Path

from rich.console import Console

from bookbuilder.command import Add
from qda_exchange import FORMATS

EXAMPLES = """\
  compendium import interviews.qdpx     coding of another tool, as tables with a report
  compendium import highlights.csv --coder Ada --output highlights
  compendium export --format qdpx       the coded corpus, for another tool
"""


def add(add_command: Add) -> None:
    """Add the commands to the command line."""
    given = add_command("import", _import, "read the coding of another tool into tables")
    given.add_argument("file", type=Path, help="REFI-QDA, Dedoose, Taguette or QualCoder")
    given.add_argument(
        "--output", type=Path, metavar="DIR", help="folder to make (default: FILE-import)"
    )
    given.add_argument("--site", default="site", help="variable that is the site (default: site)")
    given.add_argument("--role", default="role", help="variable that is the role (default: role)")
    given.add_argument("--coder", help="who coded, where the file does not say")

    taken = add_command("export", _export, "write the coded corpus for another tool")
    taken.add_argument(
        "--format",
        required=True,
        choices=FORMATS,
        help="a REFI-QDA project or codebook, or the long table",
    )
    taken.add_argument(
        "--output", type=Path, metavar="FILE", help="file to make (default: compendium.FORMAT)"
    )


def _import(given: argparse.Namespace, root: Path, console: Console) -> int:
    from qda_exchange import transfer

    imported, folder = transfer.import_file(
        given.file, given.output, site=given.site, role=given.role, coder=given.coder
    )
    for line in transfer.describe(imported, folder):
        console.print(line, markup=False, highlight=False)
    return 0


def _export(given: argparse.Namespace, root: Path, console: Console) -> int:
    from qda_exchange import transfer

    path = transfer.export_corpus(root, given.format, given.output)
    console.print(f"written: {path}", markup=False, highlight=False)
    return 0
