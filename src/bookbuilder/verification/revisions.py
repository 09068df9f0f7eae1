"""Reading the record, and what goes with it, from a folder or from a revision of git."""

import io
import os
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path

from compendium.text import nearest

TABLES, FIGURES = "results/tables", "results/figures"


class RevisionError(RuntimeError):
    """There is no such revision, or no repository; the message says what to do."""


def read_folder(root: Path) -> dict[str, bytes]:
    """Return the record of a project as it stands: contents by path from its folder."""
    folders = [root / "results", root / TABLES, root / FIGURES]
    paths = [path for folder in folders for path in sorted(folder.glob("*")) if path.is_file()]
    return only_record({p.relative_to(root).as_posix(): p.read_bytes() for p in paths})


def read_revision(root: Path, revision: str, wanted: Iterable[str] = ()) -> dict[str, bytes]:
    """Return files of a project as a revision of git has them; by default all."""
    listed = git(root, "ls-tree", "-z", "--name-only", revision, *wanted).decode().split("\0")
    present = [path for path in listed if path]
    if not present:
        return {}
    archive = git(root, "archive", "--format=tar", revision, *present)
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        return {
            member.name: content.read()
            for member in packed.getmembers()
            if (content := packed.extractfile(member)) is not None
        }


def only_record(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return those of some files that belong to the record: no trials, nothing hidden."""
    return {
        path: content
        for path, content in files.items()
        if Path(path).parent.as_posix() in ("results", TABLES, FIGURES)
        and not Path(path).name.startswith(".")
    }


def describe(root: Path, revision: str = "HEAD") -> tuple[str, str]:
    """Return the full name of a commit and its date (ISO 8601).

    Raises RevisionError when there is no repository, nothing committed, or no such revision; names
    the nearest.
    """
    try:
        git(root, "log", "-1")
    except RevisionError as error:
        raise RevisionError(
            f"there is no earlier state of {root} to compare with ({error}); put the project under "
            "git (`git init`) and commit the record"
        ) from None
    try:
        if revision.startswith("-"):  # git would take it for an option
            raise RevisionError("no name of a revision begins with '-'")
        shown = git(root, "log", "-1", "--format=%H %cI", f"{revision}^{{commit}}", "--")
    except RevisionError:
        names = git(root, "for-each-ref", "--format=%(refname:short)").decode().split()
        raise RevisionError(
            f"no revision '{revision}' in the repository of {root}; {nearest(revision, names)}; "
            "name a tag, a branch or a commit (`git log --oneline`)"
        ) from None
    commit, date = shown.decode().split()
    return commit, date


def uncommitted(root: Path) -> list[str]:
    """Return the paths that differ from the last commit, files that git does not know included."""
    lines = git(root, "status", "--porcelain", "--no-renames", ".").decode().splitlines()
    return [line[3:] for line in lines]


def git(root: Path, *words: str) -> bytes:
    """Return what a git command prints; RevisionError with git's own words when it fails."""
    try:
        english = os.environ | {"LC_ALL": "C"}
        command = ["git", "-C", str(root), *words]
        done = subprocess.run(command, capture_output=True, check=False, env=english)
    except FileNotFoundError:
        raise RevisionError("git is not installed; the record is compared with a commit") from None
    if done.returncode:
        complaints = done.stderr.decode(errors="replace").strip().splitlines()
        raise RevisionError(f"git {words[0]}: {(complaints or ['no reason given'])[0]}")
    return done.stdout
