"""Rebuilding the committed record somewhere else, and holding the outcome against it.

The files of a commit go into a temporary folder, without the record; there everything is built from
nothing, by the code of that commit. The user's own tree, with whatever is unfinished in it, is
neither used nor touched.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bookbuilder.engine import collect, engine
from bookbuilder.engine.plan import Run
from bookbuilder.verification import known_deviations, revisions
from bookbuilder.verification.comparison import Difference, Tolerance, compare_records
from compendium import context, files

SHOWN = 20
#: What a copy of a folder without version control leaves behind.
LEFT = ("_build", ".venv", ".git", "__pycache__", ".pytask", "runs", "pytask.lock*", ".*_cache")


@dataclass
class Verification:
    """What a rebuild showed.

    Attributes
    ----------
    copy
        Where it was rebuilt, with its results.
    runs
        The plan.
    record, rebuilt
        Both states of the record, contents by path.
    commit, committed
        The commit and its date; empty when the project is not under version control.
    undone
        Paths of the user's tree that differ from the commit and had no part in this.
    failure
        What the build said when it failed; else empty.
    """

    copy: Path
    runs: dict[str, Run]
    record: dict[str, bytes]
    rebuilt: dict[str, bytes]
    commit: str = ""
    committed: str = ""
    undone: list[str] = field(default_factory=list)
    seconds: float = 0.0
    failure: str = ""
    tolerance: Tolerance = field(default_factory=Tolerance)
    judged: known_deviations.Judged = field(
        default_factory=lambda: known_deviations.Judged([], [], [])
    )

    @property
    def passed(self) -> bool:
        """Whether the record was rebuilt, but for deviations that are known and explained."""
        return not (self.failure or self.judged.unexplained or self.judged.unused)


def verify(
    root: Path, place: Path, *, tolerance: Tolerance | None = None, say: Callable[[str], None]
) -> Verification:
    """Rebuild the last commit and compare.

    Parameters
    ----------
    root
        The project's folder; a folder that is under no version control is taken as it stands.
    place
        An empty folder to rebuild in.
    tolerance
        How far numbers with decimals may be apart.
    say
        Told each line of the build.

    Raises
    ------
    DeviationError
        When the file of known deviations is wrong.
    """
    copy = place / "project"
    commit, committed, undone = _export(root, copy)
    record = revisions.only_record(_take_away(copy))
    known = known_deviations.parse(_text(copy / known_deviations.FILE))
    began = time.perf_counter()
    failure = _build(copy, say)
    done = Verification(
        copy=copy,
        runs=engine.load_plan(copy),
        record=record,
        rebuilt=revisions.only_record(revisions.read_folder(copy)),
        commit=commit,
        committed=committed,
        undone=undone,
        seconds=time.perf_counter() - began,
        failure=failure,
        tolerance=tolerance or Tolerance(),
    )
    done.judged = known_deviations.judge(_differences(done), known)
    return done


def summary(done: Verification) -> list[str]:
    """Return lines for a terminal: the first differences, and what was let through."""
    lines = [f"differs: {one}" for one in done.judged.unexplained[:SHOWN]]
    if len(done.judged.unexplained) > SHOWN:
        lines.append(f"... and {len(done.judged.unexplained) - SHOWN} more differences")
    lines += [f"known deviation: {one} ({entry.reason})" for one, entry in done.judged.accepted]
    lines += [
        f"{known_deviations.FILE}: nothing differs any more at {entry.place}, {entry.row}, "
        f"{entry.column}: take the entry out"
        for entry in done.judged.unused
    ]
    return lines


def _differences(done: Verification) -> list[Difference]:
    declared = {path.as_posix() for run in done.runs.values() for path in run.results}
    declared |= {Path(path).as_posix() for path in collect.products(done.runs.values())}
    lacking = sorted(declared - set(done.record) - set(done.rebuilt))
    found = compare_records(done.record, done.rebuilt, done.tolerance)
    return [*found, *(Difference("missing", path) for path in lacking)]


def _export(root: Path, copy: Path) -> tuple[str, str, list[str]]:
    """Put the files of the last commit into a folder; return commit, date and what is undone."""
    try:
        commit, committed = revisions.describe(root)
    except revisions.RevisionError:
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*LEFT))
        shutil.rmtree(copy / "book/notebooks", ignore_errors=True)
        return "", "", []
    for path, content in revisions.read_revision(root, "HEAD").items():
        files.write_bytes(copy / path, content)
    return commit, committed, revisions.uncommitted(root)


def _take_away(copy: Path) -> dict[str, bytes]:
    """Remove the record from the copy, so that nothing of it can pass for rebuilt; return it."""
    record = revisions.read_folder(copy) if (copy / "results").exists() else {}
    shutil.rmtree(copy / "results", ignore_errors=True)
    return record


def _build(copy: Path, say: Callable[[str], None]) -> str:
    """Build everything by the copy's own code; return what was said if it failed."""
    command = [sys.executable, "-m", "bookbuilder.cli", "--root", str(copy), "build", "--no-site"]
    environment = dict(os.environ)
    for name in (context.VARIABLE, context.ROOT_VARIABLE):
        environment.pop(name, None)
    if (copy / "src/compendium").is_dir():
        others = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join(
            [str(copy / "src"), *([others] if others else [])]
        )
    lines: list[str] = []
    with subprocess.Popen(
        command,
        cwd=copy,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            say(lines[-1])
    return "\n".join(lines[-40:]) if process.returncode else ""


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
