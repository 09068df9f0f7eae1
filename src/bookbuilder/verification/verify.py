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

from bookbuilder import environment
from bookbuilder.engine import collect, engine
from bookbuilder.plan import Run
from bookbuilder.verification import revisions
from bookbuilder.verification.comparison import (
    LAST_BITS,
    Difference,
    Tolerance,
    compare_records,
)
from compendium import context, files

MAX_SHOWN_DIFFERENCES = 20
MAX_SHOWN_LINES = 40
#: What a copy of a folder without version control leaves behind.
NOT_COPIED = ("_build", ".venv", ".git", "__pycache__", "runs", ".*_cache")


@dataclass
class Verification:
    """What a rebuild showed, in `copy`, of the record (contents by path) of a commit.

    `uncommitted` are paths of the user's tree that had no part in it; `failure` is what the build
    said when it failed, `environment` how the installed packages differ from the lock; else empty.
    """

    copy: Path
    runs: dict[str, Run]
    record: dict[str, bytes]
    rebuilt: dict[str, bytes]
    commit: str
    committed: str
    uncommitted: list[str]
    seconds: float
    failure: str
    environment: str
    tolerance: Tolerance
    differences: list[Difference] = field(init=False)

    def __post_init__(self) -> None:
        declared = {path.as_posix() for run in self.runs.values() for path in run.results}
        declared |= {path.as_posix() for path in collect.products(self.runs.values())}
        lacking = sorted(declared - self.record.keys() - self.rebuilt.keys())
        self.differences = compare_records(self.record, self.rebuilt, self.tolerance)
        self.differences += [Difference("removed", path) for path in lacking]

    @property
    def passed(self) -> bool:
        """Whether the record was rebuilt without a difference."""
        return not (self.failure or self.differences)


def verify(
    root: Path, folder: Path, *, tolerance: Tolerance = LAST_BITS, say: Callable[[str], None]
) -> Verification:
    """Rebuild the last commit in an empty folder, and compare; `say` gets each line of the build.

    A project that is under no version control is taken as it stands.
    """
    copy = folder / "project"
    commit, committed, uncommitted = _export(root, copy)
    record = revisions.read_folder(copy)
    shutil.rmtree(copy / "results", ignore_errors=True)  # nothing of it may pass for rebuilt
    began = time.perf_counter()
    failure = _build(copy, say)
    return Verification(
        copy=copy,
        runs=engine.load_plan(copy),
        record=record,
        rebuilt=revisions.read_folder(copy),
        commit=commit,
        committed=committed,
        uncommitted=uncommitted,
        seconds=time.perf_counter() - began,
        failure=failure,
        environment=environment.sentence(copy / environment.LOCK),
        tolerance=tolerance,
    )


def summary(done: Verification) -> list[str]:
    """Return lines for a terminal: the first differences, and how the environment differs."""
    lines = [f"differs: {one}" for one in done.differences[:MAX_SHOWN_DIFFERENCES]]
    if len(done.differences) > MAX_SHOWN_DIFFERENCES:
        lines.append(f"... and {len(done.differences) - MAX_SHOWN_DIFFERENCES} more differences")
    return [*lines, *filter(None, [done.environment])]


def _export(root: Path, copy: Path) -> tuple[str, str, list[str]]:
    """Put the files of the last commit into a folder; return commit, date, what is uncommitted."""
    try:
        commit, committed = revisions.describe(root)
    except revisions.RevisionError:
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
        shutil.rmtree(copy / "book/notebooks", ignore_errors=True)
        return "", "", []
    for path, content in revisions.read_revision(root, "HEAD").items():
        files.write_bytes(copy / path, content)
    return commit, committed, revisions.uncommitted(root)


def _build(copy: Path, say: Callable[[str], None]) -> str:
    """Build everything by the copy's own code; return the build's last lines if it failed."""
    ours = (context.VARIABLE, context.ROOT_VARIABLE)
    variables = {name: value for name, value in os.environ.items() if name not in ours}
    if (copy / "src/compendium").is_dir():
        paths = [str(copy / "src"), *filter(None, [variables.get("PYTHONPATH")])]
        variables["PYTHONPATH"] = os.pathsep.join(paths)
    lines: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-m", "bookbuilder.cli", "--root", str(copy), "build", "--no-site"],
        cwd=copy,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            say(lines[-1])
    return "\n".join(lines[-MAX_SHOWN_LINES:]) if process.returncode else ""
