"""The command `rows`: bring collected survey rows in, from the files that people have."""

import argparse
from pathlib import Path

from rich.console import Console

from bookbuilder.command import Add

EXAMPLES = """\
  compendium rows web.csv paper.sav roster.xlsx   take collected survey rows in
"""
MAP = "rows.yml"


def add(add_command: Add) -> None:
    """Add the command to the command line."""
    parser = add_command("rows", _rows, "take collected survey rows in place of those in data/raw")
    text = "exports of Qualtrics, LimeSurvey, Google Forms, SPSS, Stata or Excel"
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=text)
    text = f"what columns and answers mean (default: {MAP} beside the first file; made if missing)"
    parser.add_argument("--map", type=Path, metavar="FILE", help=text)


def _rows(args: argparse.Namespace, root: Path, console: Console) -> int:
    from compendium import files
    from survey_rows import mapping, placing, sources, wanted

    def say(*lines: str) -> None:
        for line in lines:
            console.print(line, markup=False, highlight=False)

    read = [sources.read_source(path) for path in args.files]
    twice = {one.name for one in read if [o.name for o in read].count(one.name) > 1}
    if twice:
        raise ValueError(f"{', '.join(twice)}: two files have this name; rename one")
    path, fields = args.map or args.files[0].parent / MAP, wanted.fields(root)
    for one in read:
        say(f"read      {one.name}: {one.tool}, {len(one.rows)} rows")
    if path.exists():
        known = mapping.read_mapping(path, read, fields)
    else:
        known = mapping.propose(read, fields)
        files.write_text(path, known.text())
        say(f"proposed  {path}: what their columns and answers mean")
    points = known.open_points()
    if points:
        say(*(f"  {point}" for point in points))
        say(f"settle {len(points)} points in {path}, then give the same command again")
        return 1
    placed = placing.place(read, known, fields)
    say(*(f"note      {note}" for note in placed.notes))
    problems = placed.problems()
    if problems:
        say(*(f"  {problem}" for problem in problems))
        say(f"nothing was written: settle these in {path} or in the files, then try again")
        return 1
    say(*(f"wrote     {line}" for line in placing.write(placed, root)))
    say("next      make book")
    return 0
