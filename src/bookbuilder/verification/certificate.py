"""The certificate of a verification, in the manner of CODECHECK.

CODECHECK (Nüst and Eglen 2021, doi 10.12688/f1000research.51738.2) certifies that a stated workflow
gave stated outputs on a stated machine at a stated time; it says nothing of whether they are right.
So does this page: what was rebuilt, from which inputs, with which versions, and what differs.
"""

import os
import platform
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from bookbuilder.engine import claims, collect
from bookbuilder.verification.comparison import JUDGEMENTS, is_judgement
from bookbuilder.verification.documents import Document, Grid, Section
from bookbuilder.verification.tables import parse_table
from bookbuilder.verification.verify import Verification
from compendium import data, files

FOLDER = Path("_build/certificate")
PACKAGE = "compendium"
#: What the files of the record are that belong to no exhibit.
WHOLE = {
    collect.EXHIBITS.as_posix(): "Every exhibit: caption, run, inputs",
    collect.VALUES.as_posix(): "Every number that prose quotes",
    claims.CLAIMS.as_posix(): "The ledger: every claim and printed cell",
}
#: The name at the beginning of a requirement.
NAME = re.compile(r"^[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Input:
    """A table that the rebuild started from."""

    path: str
    origin: str
    rows: int
    sha256: str


def checked_at() -> str:
    """Return when the check is to be dated: SOURCE_DATE_EPOCH if given, else now (UTC)."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(given), UTC) if given else datetime.now(UTC)
    return moment.replace(microsecond=0).isoformat()


def versions() -> dict[str, str]:
    """Return the versions of Python, of the machine and of what the project depends on."""
    found = {
        "Python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        PACKAGE: metadata.version(PACKAGE),
    }
    for wanted in metadata.requires(PACKAGE) or []:
        if "extra ==" not in wanted:
            name = NAME.findall(wanted)[0]
            found[name] = metadata.version(name)
    return found


def inputs_of(root: Path) -> list[Input]:
    """Return every table of the contract with its hash."""
    found = []
    for name in data.names(root):
        described = data.resource(name, root)
        path = root / "data" / described["path"]
        rows = len(parse_table(path.read_bytes()).rows)
        relative = path.relative_to(root).as_posix()
        found.append(Input(relative, described["origin"], rows, files.sha256(path)))
    return found


def verdicts(rebuilt: dict[str, bytes]) -> dict[str, dict[str, int]]:
    """Count verdicts and labels of each table that gives them, as rebuilt."""
    counts: dict[str, dict[str, int]] = {}
    for path, content in sorted(rebuilt.items()):
        if not path.endswith(".csv"):
            continue
        sheet = parse_table(content)
        for column in JUDGEMENTS:
            if column in sheet.labels and path.startswith(("results/tables/", "results/claims")):
                place = sheet.labels.index(column)
                found = Counter(row[place] for row in sheet.rows)
                if is_judgement(column, *found):
                    counts[path] = dict(found.most_common())
    return counts


def certificate(done: Verification, *, date: str, checked_by: str = "") -> Document:
    """Return the certificate of a verification.

    Parameters
    ----------
    done
        What the rebuild showed.
    date
        When it was done, in ISO 8601.
    checked_by
        Who did it, if it is to be said.
    """
    title = data.descriptor(done.copy)["title"]
    return Document(
        title=f"Certificate of reproduction: {title}",
        lead=lead(done),
        mood="good" if done.passed else "bad",
        sections=[
            Section("What was checked", [_facts(done, date, checked_by), *_undone(done)]),
            *_failure(done),
            Section("What differs", list(_differing(done))),
            Section("What was rebuilt", [_manifest(done)]),
            Section("Verdicts and labels, as rebuilt", _verdicts(done)),
            Section("From which inputs", [_inputs(done)]),
            Section("With what", [_environment(done)]),
            Section("What this does not say", [LIMITS]),
        ],
    )


LIMITS = (
    "That a workflow gives the same results again does not make them true. Rows of the teacher "
    "survey are reconstructed; what was fitted to the printed numbers agrees with them by "
    "construction, and the ledger of claims says which that is."
)


def lead(done: Verification) -> str:
    """Return the outcome in a sentence."""
    tables, figures = (
        sum(path.startswith(f"results/{kind}/") and path.endswith(".csv") for path in done.record)
        for kind in ("tables", "figures")
    )
    if done.failure:
        return "**Not reproduced**: the build failed, so nothing can be said of the record."
    if not done.record:
        return "**Not reproduced**: the commit holds no record to compare with."
    if done.passed:
        known = f", but for {len(done.judged.accepted)} known deviations" * bool(
            done.judged.accepted
        )
        return (
            f"**Reproduced**: {tables} tables, {figures} figures and every number quoted in prose "
            f"come out as the record has them{known}."
        )
    many, unused = len(done.judged.unexplained), len(done.judged.unused)
    places = f"{many} difference{'s' * (many != 1)}"
    stale = f" and {unused} known deviations that match nothing" if unused else ""
    return f"**Not reproduced**: {places}{stale}, listed below."


def cells(paths: Iterable[str], record: dict[str, bytes]) -> int:
    """Count the cells of some tables."""
    sheets = [parse_table(record[path]) for path in paths if path.endswith(".csv")]
    return sum(len(sheet.labels) * len(sheet.rows) for sheet in sheets)


def _facts(done: Verification, date: str, checked_by: str) -> Grid:
    tolerance = done.tolerance
    rows = [
        ["commit", f"`{done.commit or 'not under version control'}`"],
        ["committed", done.committed],
        ["checked", date],
        ["by", checked_by or "(not said: `compendium verify --by NAME`)"],
        ["how", "`compendium build --no-site` in an empty folder, then cell by cell"],
        [
            "equal means",
            "text and whole numbers exactly; decimals within "
            f"{tolerance.relative:g} of their size or {tolerance.absolute:g}",
        ],
        ["compared", f"{cells(done.record, done.record):,} cells in {len(done.record)} files"],
        ["notebooks", str(len(done.runs))],
        ["seconds", f"{done.seconds:.0f}"],
    ]
    return Grid(["fact", "here"], [row for row in rows if row[1]], "Facts of the check")


def _undone(done: Verification) -> list[str]:
    if not done.undone:
        return []
    shown = ", ".join(f"`{path}`" for path in done.undone[:5])
    more = f" and {len(done.undone) - 5} more" if len(done.undone) > 5 else ""
    return [f"Not part of the check, because not committed: {shown}{more}."]


def _failure(done: Verification) -> list[Section]:
    if not done.failure:
        return []
    lines = [[line] for line in done.failure.splitlines()]
    return [Section("What the build said", [Grid(["output"], lines, "Output of the build")])]


def _differing(done: Verification) -> Iterable[str | Grid]:
    judged = done.judged
    if not (judged.unexplained or judged.accepted or judged.unused):
        yield "Nothing."
    if judged.unexplained:
        header = ["kind", "file", "row", "column", "record", "rebuilt"]
        rows = [[d.kind, f"`{d.place}`", d.row, d.column, *d.excerpt] for d in judged.unexplained]
        yield (
            "A file that is missing stands in the record or the plan and was not rebuilt; one "
            "that is extra was rebuilt and is not in the record."
        )
        yield Grid(header, rows, "Differences")
    if judged.accepted:
        yield "Known deviations, let through with their reason:"
        rows = [[str(found), entry.reason] for found, entry in judged.accepted]
        yield Grid(["difference", "reason"], rows, "Known deviations")
    if judged.unused:
        yield "Written down as known deviations, and no longer found; take them out:"
        rows = [[e.place, e.row, e.column, e.value, e.reason] for e in judged.unused]
        yield Grid(["file", "row", "column", "value", "reason"], rows, "Deviations not found")


def _manifest(done: Verification) -> Grid:
    captions = {}
    if collect.EXHIBITS.as_posix() in done.rebuilt:
        captions = files.read_json(done.copy / collect.EXHIBITS)
    differing = Counter(one.place for one in done.judged.unexplained)
    rows = []
    for path in sorted(done.rebuilt):
        caption = WHOLE.get(path) or captions.get(Path(path).stem, {}).get("caption", "")
        count = differing[path]
        outcome = "same" if not count else f"**{count} difference{'s' * (count != 1)}**"
        size = f"{cells([path], done.rebuilt):,}" if path.endswith(".csv") else ""
        rows.append([f"`{path}`", caption, size, outcome])
    return Grid(["file", "what it is", "cells", "outcome"], rows, "Files rebuilt", open_rows=10)


def _verdicts(done: Verification) -> list[str | Grid]:
    counts = verdicts(done.rebuilt)
    if not counts:
        return ["No table of this project gives any."]
    rows = [
        [f"`{path}`", ", ".join(f"{count} {word or 'none'}" for word, count in found.items())]
        for path, found in counts.items()
    ]
    return [Grid(["table", "counts"], rows, "Counts by verdict")]


def _inputs(done: Verification) -> Grid:
    rows = [[f"`{i.path}`", i.origin, f"{i.rows:,}", f"`{i.sha256}`"] for i in inputs_of(done.copy)]
    return Grid(["table", "origin", "rows", "SHA-256"], rows, "Inputs")


def _environment(done: Verification) -> Grid:
    rows = [[name, version] for name, version in versions().items()]
    lock = done.copy / "requirements.lock"
    rows.append(["requirements.lock (SHA-256)", f"`{files.sha256(lock)}`"])
    return Grid(["what", "version"], rows, "Environment")
