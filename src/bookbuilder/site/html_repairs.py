"""What is done to every page: its identity, its part of the book, and repairs of the theme.

The theme leaves a few faults that a screen reader stumbles over, and loads a script of 1.5 MB that
its style sheet makes redundant. They are mended in the finished HTML, where each repair is one line
that can be taken out when the theme no longer needs it.
"""

import os
import re
import shutil
from functools import cache
from html import escape
from importlib.metadata import files as distributed
from pathlib import Path
from typing import Any

import yaml
from sphinx.application import Sphinx
from sphinx.config import Config

from bookbuilder import stamp
from bookbuilder.site import record
from compendium.context import RENDERING_VARIABLE

#: The build of MathJax that draws glyphs as SVG and needs no font file.
MATHJAX = "tex-svg-full.js"

#: Pattern, replacement and why; applied to each finished page.
REPAIRS = [
    # The icons come from the style sheet; the script only adds 1.5 MB to every page.
    (r'\s*<script[^>]* src="[^"]*fontawesome\.js[^"]*"></script>', ""),
    (r'\s*<link rel="preload" as="script" href="[^"]*fontawesome[^"]*"\s*/?>', ""),
    # An accessible name must hold the visible text: let the text be the name.
    (r'(<button[^>]*\bsearch-button[^>]*?)\s+aria-label="[^"]*"', r"\1"),
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    (r'(<button[^>]*?)\s+aria-label="light/dark"', r'\1 aria-label="Colour mode"'),
    # docutils marks references with roles that ARIA has withdrawn.
    (r'\s+role="doc-(?:biblioentry|backlink)"', ""),
    (r'<div role="list" class="citation-list">', '<div class="citation-list">'),
    # The brand stands outside of any landmark.
    (r'(?s)(<a class="navbar-brand logo".*?</a>)', r'<nav aria-label="Home">\1</nav>'),
    # The arrow that opens a branch of the sidebar has no text.
    (r'<summary>(?=<span class="toctree-toggle")', '<summary aria-label="Pages below">'),
    # A style sheet that is named by its hash gets it once more, unless it is the first time.
    (r"(mystnb\.[0-9a-f]+\.css)\?v=\w+", r"\1"),
    # An empty corner of a table is a cell, not a header.
    (r'<th\b([^>]*?)\s+scope="\w+"(?=[^>]*>\s*</th>)', r"<th\1"),
    (r"<th\b([^>]*)>\s*</th>", r"<td\1></td>"),
]


def setup(app: Sphinx) -> None:
    """Connect to the events of a build."""
    app.connect("config-inited", _use_own_mathjax)
    app.connect("html-page-context", _identify)
    app.connect("build-finished", _bring_mathjax)
    app.connect("build-finished", _repair)


#: The index of the search, as large as a page; only the page of results reads it.
SEARCH_INDEX = re.compile(r'\s*<script[^>]* src="[^"]*searchindex\.js[^"]*"></script>')
RESULTS = 'id="search-results"'
#: Draws formulas; Sphinx asks for it on the front page too, which has none.
FORMULAS = re.compile(r'\s*<script[^>]* src="[^"]*tex-svg-full\.js[^"]*"></script>')
FORMULA = 'class="math '


def repaired(html: str) -> str:
    """Return a page with every repair made.

    Examples
    --------
    >>> repaired('<tr><th></th><th>A</th></tr>')
    '<tr><td></td><th>A</th></tr>'
    """
    for pattern, replacement in REPAIRS:
        html = re.sub(pattern, replacement, html)
    html = html if FORMULA in html else FORMULAS.sub("", html)
    return html if RESULTS in html else SEARCH_INDEX.sub("", html)


def _use_own_mathjax(app: Sphinx, config: Config) -> None:
    config.mathjax_path = MATHJAX


def _bring_mathjax(app: Sphinx, exception: Exception | None) -> None:
    """Copy MathJax from its wheel, so that formulas show without a network."""
    if exception or app.builder.format != "html":
        return
    found = [path for path in distributed("sphinx-mathjax-offline") or [] if path.name == MATHJAX]
    shutil.copyfile(str(found[0].locate()), Path(app.outdir) / "_static" / MATHJAX)


def _identify(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    context["metatags"] = context.get("metatags", "") + _mark()
    if _parts().get(pagename):
        kicker = f'<p class="kicker">{escape(_parts()[pagename])}</p>'
        context["body"] = context["body"].replace("<h1>", f"{kicker}<h1>", 1)


def _mark() -> str:
    """Return the tag by which a page says of which rendering it is."""
    mark = os.environ.get(RENDERING_VARIABLE, "unknown")
    return f"{stamp.IDENTITY.format(mark)} />"


@cache
def _parts() -> dict[str, str]:
    """Return the part of the book that each page belongs to."""
    toc = yaml.safe_load((record.root() / "book" / "_toc.yml").read_text(encoding="utf-8"))
    return {
        page["file"]: part["caption"]
        for part in toc.get("parts", [])
        for chapter in part["chapters"]
        for page in [chapter, *chapter.get("sections", [])]
        if "caption" in part
    }


def _repair(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        if _mark() in html:  # a page of a former rendering is repaired already
            page.write_text(repaired(html), encoding="utf-8")
