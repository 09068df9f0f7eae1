"""Repositories of git for tests."""

import subprocess
from pathlib import Path

IGNORED = "_build/\nresults/runs/\nbook/notebooks/\n"


def git(root: Path, *words: str) -> None:
    """Run a git command as a person with a name."""
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", *who, "-C", str(root), *words], check=True, capture_output=True)


def begin(root: Path) -> None:
    """Put a project under version control, and its first state into it."""
    (root / ".gitignore").write_text(IGNORED, encoding="utf-8")
    git(root, "init", "-q")
    commit(root)


def commit(root: Path) -> None:
    """Commit whatever has changed."""
    git(root, "add", "-A")
    git(root, "commit", "-qm", "State")
