"""A notice on pages that rest on older inputs, until a build brings all runs up to date.

It goes into the finished pages only, never into the kept rendering: the next build, in which
nothing is left stale, makes the pages without it.
"""

import re
from collections.abc import Collection
from html import escape
from pathlib import Path

NOTICE = (
    '<div class="admonition warning stale-inputs" role="note"><p class="admonition-title">'
    "This page rests on older inputs</p><p>Its sources have changed since {runs} last ran. "
    "<code>compendium build</code> brings it up to date.</p></div>"
)
PLACE = re.compile(r'<article class="bd-article">')
#: How a page quotes the number of a run.
QUOTED = re.compile(r'data-value="([\w-]+)\.')


def add(made: Path, stale: Collection[str]) -> list[str]:
    """Put the notice on every page that shows or quotes a stale run; return their names.

    Parameters
    ----------
    made
        The folder of the finished pages.
    stale
        Names of runs whose inputs have changed since they last ran.
    """
    marked = []
    for page in sorted(made.rglob("*.html")) if stale else ():
        text = page.read_text(encoding="utf-8")
        shown = {page.stem} if page.parent.name == "notebooks" else set()
        concerned = sorted((shown | set(QUOTED.findall(text))) & set(stale))
        if concerned and (place := PLACE.search(text)):
            runs = ", ".join(f"<code>{escape(run)}</code>" for run in concerned)
            notice = NOTICE.format(runs=runs)
            page.write_text(text[: place.end()] + notice + text[place.end() :], encoding="utf-8")
            marked.append(page.relative_to(made).with_suffix("").as_posix())
    return marked
