"""What finished pages say besides what was rendered: the commit, and whether inputs are older.

No page is rendered again because a commit has changed: its place stays empty and is filled in when
all pages are made. A page that rests on older inputs gets a notice; the kept rendering has none, so
the next build makes the page without it.
"""

import re
import subprocess
from collections.abc import Collection
from html import escape
from pathlib import Path

#: Tells in the kept rendering which pages the last one has made; finished pages are without it.
MARK = '<meta name="compendium-rendering" content="{}" />'
COMMIT = '<span class="commit">{}</span>'
PLACES = re.compile(r'<meta name="compendium-rendering"[^>]*>|(<span class="commit">)[^<]*')
ARTICLE = '<article class="bd-article">'
#: How a page quotes the number of a run.
QUOTED = re.compile(r'data-value="([\w-]+)\.')


def stamp(made: Path, commit: str, stale: Collection[str] = ()) -> None:
    """Fill in the commit, if any, on every page of a rendered book.

    Pages that show or quote one of the `stale` runs, whose inputs have changed since, say so.
    """
    from bookbuilder import documents  # slow to import: it brings what fills in templates

    shown_commit = escape(commit) or "none yet"

    def filled(match: re.Match[str]) -> str:
        return f"{match[1]}{shown_commit}" if match[1] else ""

    for page in made.rglob("*.html"):
        text = PLACES.sub(filled, page.read_text(encoding="utf-8"))
        shown = {page.stem} if page.parent.name == "notebooks" else set()
        if concerned := sorted((shown | {*QUOTED.findall(text)}) & {*stale}):
            notice = documents.fill("stale.html", runs=concerned)
            text = text.replace(ARTICLE, ARTICLE + notice, 1)
        page.write_text(text, encoding="utf-8")


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
