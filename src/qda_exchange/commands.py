"""The commands import, merge and export: their arguments, and the thin layer over this package."""

import argparse
from pathlib import Path

from rich.console import Console

from bookbuilder.command import Add
from qda_exchange import FORMATS

EXAMPLES = """\
  compendium import interviews.qdpx     coding of another tool, as tables with a report
  compendium import highlights.csv --coder Ada --output highlights
  compendium import odd.csv --map odd-columns.csv   any table, by what its columns mean
  compendium merge Ada=ada.csv Ben=ben.csv --output both   a file for each coder
  compendium export --format qdpx       the coded corpus, for another tool
"""
POSITIONS = ("characters", "utf16", "characters-lf", "utf16-lf")


def add(add_command: Add) -> None:
    """Add the commands to the command line."""
    parser = add_command("import", _import, "read the coding of another tool into tables")
    add = parser.add_argument
    add("file", type=Path, help="a project, table or Word file of a coding tool")
    add("--output", type=Path, metavar="DIR", help="folder to make (default: FILE-import)")
    _add_people(parser)
    add("--coder", help="who coded, where the file does not say")
    text = "how positions count characters (default: as fits the file; -lf: every line end as one)"
    add("--positions", choices=POSITIONS, help=text)
    text = "read a code named CODE:helps (hinders, mixed, neutral) as a direction of CODE"
    add("--directions", action="store_true", help=text)
    text = "what the columns of a table mean; made as a proposal if it is not there"
    add("--map", type=Path, metavar="FILE", help=text)

    parser = add_command("merge", _merge, "put the files of several coders together")
    text = "a file, with its coder where it says none"
    parser.add_argument("files", nargs="+", metavar="[CODER=]FILE", help=text)
    text = "folder to make (default: merged)"
    parser.add_argument("--output", type=Path, metavar="DIR", default=Path("merged"), help=text)
    _add_people(parser)

    parser = add_command("export", _export, "write the coded corpus for another tool")
    text = "a REFI-QDA project or codebook, a Taguette project, or the long table"
    parser.add_argument("--format", required=True, choices=FORMATS, help=text)
    text = "file to make (default: compendium.FORMAT)"
    parser.add_argument("--output", type=Path, metavar="FILE", help=text)


def _add_people(parser: argparse.ArgumentParser) -> None:
    for name in ("site", "role"):
        text = f"variable or column that is the {name} (default: {name})"
        parser.add_argument(f"--{name}", default=name, help=text)


def _import(args: argparse.Namespace, root: Path, console: Console) -> int:
    from qda_exchange import transfer

    if args.map and not args.map.exists():
        transfer.propose_mapping(args.file, args.map)
        _print(
            console,
            f"proposed: {args.map}, what the columns of {args.file} mean",
            "look it through, mend it, and give the same command again",
        )
        return 1
    names = ("site", "role", "coder", "positions", "directions")
    options = {name: getattr(args, name) for name in names}
    imported, folder = transfer.import_file(args.file, args.output, mapping=args.map, **options)
    _print(console, *transfer.describe(imported, folder))
    return 0


def _merge(args: argparse.Namespace, root: Path, console: Console) -> int:
    from qda_exchange import transfer

    files: list[tuple[str | None, Path]] = []
    for word in args.files:
        coder, mark, name = word.partition("=")
        if mark and not name:
            raise ValueError(f"{word}: names no file; write CODER=FILE")
        alone = not mark or Path(word).exists()
        files.append((None, Path(word)) if alone else (coder or None, Path(name)))
    merged, folder = transfer.merge_files(files, args.output, site=args.site, role=args.role)
    _print(console, *transfer.describe(merged, folder))
    return 0


def _export(args: argparse.Namespace, root: Path, console: Console) -> int:
    from qda_exchange import transfer

    path, notices = transfer.export_corpus(root, args.format, args.output)
    _print(console, *notices, f"written: {path}")
    return 0


def _print(console: Console, *lines: str) -> None:
    for line in lines:
        console.print(line, markup=False, highlight=False)
