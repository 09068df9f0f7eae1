"""The commands that look, and change nothing on record: status, why, impact, verify and check."""

import argparse
import tempfile
from pathlib import Path

from rich.console import Console

from bookbuilder.command import Add

EXAMPLES = """\
  compendium status                     what is stale, and why
  compendium why joint_display          why a run is stale, a line for each reason
  compendium impact                     what a data fix changed, against the last commit
  compendium impact --since v1.0        the same, against any revision of git
  compendium verify                     rebuild elsewhere and hold it against the record
  compendium check                      the data against their contract
"""


def add(add_command: Add) -> None:
    """Add the commands to the command line."""
    add_command("status", _status, "say what is stale, and why")
    why = add_command("why", _why, "say why a run is stale, or that it is fresh")
    why.add_argument("name", help="name of the run in notebooks/runs.yml")

    impact = add_command("impact", _impact, "say what a data fix changed, cell by cell")
    impact.add_argument(
        "--since", default="HEAD", metavar="REVISION", help="compare with (default: HEAD)"
    )
    verify = add_command("verify", _verify, "rebuild the last commit elsewhere, compare the record")
    verify.add_argument(
        "--tolerance",
        type=float,
        default=1e-9,
        metavar="RELATIVE",
        help="how far decimals may be apart, relative to their size (default: 1e-9)",
    )
    verify.add_argument("--by", default="", metavar="NAME", help="who checks, for the certificate")
    add_command("check", _check, "check every table against its contract")


def _status(args: argparse.Namespace, root: Path, console: Console) -> int:
    from bookbuilder.engine import display, engine
    from bookbuilder.verification import why

    report = engine.status(root)
    display.list_status(console, why.outcomes(root, report), report.notebooks)
    return 0


def _why(args: argparse.Namespace, root: Path, console: Console) -> int:
    from bookbuilder.verification import why

    for line in why.why(root, args.name):
        console.print(line, markup=False, highlight=False)
    return 0


def _impact(args: argparse.Namespace, root: Path, console: Console) -> int:
    from rich.markdown import Markdown

    from bookbuilder.verification import impact

    shown, page, text = impact.write(impact.impact(root, args.since), root / impact.FOLDER)
    console.print(Markdown(shown), soft_wrap=False)
    console.print(f"page      {page}", highlight=False)
    console.print(f"to attach {text}", highlight=False)
    return 0


def _verify(args: argparse.Namespace, root: Path, console: Console) -> int:
    from bookbuilder import certificate
    from bookbuilder.verification import verify
    from bookbuilder.verification.comparison import Tolerance

    def say(line: str, style: str = "") -> None:
        console.print(line, markup=False, highlight=False, style=style)

    if not 0 <= args.tolerance < 1:
        raise ValueError(f"--tolerance is {args.tolerance:g}; it must be 0 or more, and below 1")
    with tempfile.TemporaryDirectory(prefix="compendium-verify-") as temporary:
        tolerance = Tolerance(relative=args.tolerance)
        done = verify.verify(
            root, Path(temporary), tolerance=tolerance, say=lambda line: say(f"  {line}", "dim")
        )
        page = certificate.write(done, root / certificate.FOLDER, checked_by=args.by)
    for line in [*verify.summary(done), certificate.outcome(done).replace("**", "")]:
        say(line)
    say(f"certificate  {page}")
    return 0 if done.passed else 1


def _check(args: argparse.Namespace, root: Path, console: Console) -> int:
    from bookbuilder.engine import collect, engine
    from compendium import data

    data.assert_valid(root)
    if unread := collect.unread(engine.load_plan(root).values(), root):
        raise ValueError("\n".join(unread))
    console.print(f"{len(data.names(root=root))} tables meet their contract")
    return 0
