"""What every page of the book says alike: of which build it is, and of which commit.

Both change with every build, and no page is rendered again for that alone. So pages are rendered
with a mark and an empty place, and stamped when all are made.
"""

import re
import subprocess
from html import escape
from pathlib import Path

IDENTITY = '<meta name="compendium-build" content="{}"'
COMMIT = '<span class="commit">{}</span>'
PLACES = re.compile(r'(<meta name="compendium-build" content=")\w*|(<span class="commit">)[^<]*')


def stamp(made: Path, identity: str, commit: str) -> None:
    """Fill in the build's identity and its commit, if any, on every page of a rendered book."""

    def filled(match: re.Match[str]) -> str:
        return f"{match[1]}{identity}" if match[1] else f"{match[2]}{escape(commit) or 'none yet'}"

    for page in made.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(PLACES.sub(filled, text), encoding="utf-8")


def is_repository(root: Path) -> bool:
    """Say whether a project is a repository of git of its own, which an archive is not."""
    return (root / ".git").exists()


def commit(root: Path) -> str:
    """Return the commit that a project stands at, and whether it was changed since.

    Empty where the project is no repository of git of its own, or nothing is committed.
    """
    if not is_repository(root):
        return ""
    # No locks: somebody may be committing.
    git = ["git", "--no-optional-locks", "describe", "--always", "--exclude=*", "--abbrev=10"]
    asked = [*git, "--dirty= and changes since"]
    try:
        done = subprocess.run(asked, cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):  # no git here, or nothing committed
        return ""
    return done.stdout.strip()
