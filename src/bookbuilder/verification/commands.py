"""The commands that look, and change nothing on record: status, why, impact, verify and check."""

import argparse
import json
from pathlib import Path

from rich.console import Console

from bookbuilder.command import Add

EXAMPLES = """\
  compendium status                     what is stale, and why
  compendium status --json              one record per run, for other programs
  compendium why joint_display          why a run is stale, in a sentence
  compendium impact                     what a data fix changed, against the last commit
  compendium impact --since v1.0        the same, against any revision of git
  compendium verify                     rebuild elsewhere and hold it against the record
  compendium check                      the data against their contract
"""


def add(add_command: Add) -> None:
    """Add the commands to the command line."""
    status = add_command("status", _status, "say what is stale, and why")
    status.add_argument("--json", action="store_true", help="one record per run, as JSON")
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


def _status(given: argparse.Namespace, root: Path, console: Console) -> int:
    from bookbuilder.engine import display, engine
    from bookbuilder.verification import why

    report = engine.status(root)
    if given.json:
        print(json.dumps(why.as_json(why.states(root, report)), indent=2, ensure_ascii=False))
    else:
        display.list_status(console, why.outcomes(root, report), report.notebooks)
    return 0


def _why(given: argparse.Namespace, root: Path, console: Console) -> int:
    from bookbuilder.verification import why

    console.print(why.why(root, given.name), markup=False, highlight=False)
    return 0


def _impact(given: argparse.Namespace, root: Path, console: Console) -> int:
    from bookbuilder.verification import documents, impact, impact_page
    from compendium import files

    found = impact.impact(root, given.since)
    document = impact_page.document(found)
    folder = root / impact_page.FOLDER
    files.write_text(folder / "index.html", documents.to_html(document))
    files.write_text(folder / "impact.md", documents.to_markdown(document))
    for line in impact_page.lines(found, max(console.width, 60)):
        console.print(line, markup=False, highlight=False)
    console.print(f"page      {folder / 'index.html'}", highlight=False)
    console.print(f"to attach {folder / 'impact.md'}", highlight=False)
    return 0


def _verify(given: argparse.Namespace, root: Path, console: Console) -> int:
    from bookbuilder.engine import scratch
    from bookbuilder.verification import certificate, documents, ro_crate, verify
    from bookbuilder.verification.comparison import Tolerance
    from compendium import files

    def say(line: str) -> None:
        console.print(f"  {line}", markup=False, highlight=False, style="dim")

    if not 0 <= given.tolerance < 1:
        raise ValueError(f"--tolerance is {given.tolerance:g}; it must be 0 or more, and below 1")
    with scratch.folder("compendium-verify") as place:
        tolerance = Tolerance(relative=given.tolerance)
        done = verify.verify(root, place, tolerance=tolerance, say=say)
        date = certificate.checked_at()
        document = certificate.certificate(done, date=date, checked_by=given.by)
        files.write_text(root / certificate.FOLDER / "index.html", documents.to_html(document))
        files.write_text(
            root / certificate.FOLDER / "certificate.md", documents.to_markdown(document)
        )
        archive = ro_crate.write_crate(done, root, place / "crate", date=date, checked_by=given.by)
    for line in verify.summary(done):
        console.print(line, markup=False, highlight=False)
    console.print(certificate.lead(done).replace("**", ""), markup=False, highlight=False)
    console.print(f"certificate  {root / certificate.FOLDER / 'index.html'}", highlight=False)
    console.print(f"archive      {archive}", highlight=False)
    return 0 if done.passed else 1


def _check(given: argparse.Namespace, root: Path, console: Console) -> int:
    from bookbuilder.engine import collect, engine
    from compendium import data

    faults = data.check(root=root)
    if faults:
        raise data.ContractError(faults)
    unread = collect.unread(engine.load_plan(root).values(), root)
    if unread:
        raise ValueError("\n".join(unread))
    console.print(f"{len(data.names(root=root))} tables meet their contract")
    return 0
