"""What is done to finished pages and to the index of the search.

Every page says of which rendering it is and to which part of the book it belongs. The theme leaves
a few faults that a screen reader stumbles over, and loads a script of 1.5 MB that its style sheet
makes redundant: they are mended in the finished HTML, where each repair is one line that can be
taken out when the theme no longer needs it. Sphinx leaves words in the index of the search that no
page holds any more, which a rendering from nothing has not; both must give the same bytes.
"""

import json
import os
import re
import shutil
from functools import cache
from html import escape
from importlib.metadata import files as distributed_files
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from bookbuilder import stamp
from bookbuilder.plan import contents
from bookbuilder.site import record
from compendium.context import RENDERING_VARIABLE

#: The build of MathJax that draws glyphs as SVG and needs no font file.
MATHJAX = "tex-svg-full.js"
SEARCH_INDEX = "searchindex.js"

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
    # The parameters of a function, one a line, are no list of definitions.
    (r'<dd>(<em class="sig-param">.*?</em>,?)</dd>', r'<span class="sig-line">\1</span>'),
    (r'<dl>(?=\s*<span class="sig-line">)', '<span class="sig-lines">'),
    (r'</dl>(?=\s*<span class="sig-paren">\))', "</span>"),
    # An empty corner of a table is a cell, not a header.
    (r'<th\b([^>]*?)\s+scope="\w+"(?=[^>]*>\s*</th>)', r"<th\1"),
    (r"<th\b([^>]*)>\s*</th>", r"<td\1></td>"),
]
#: Scripts that only some pages need, by what such a page holds: the index of the search, as large
#: as a page, and what draws formulas, which Sphinx asks for on the front page too.
SCRIPTS = {
    'class="math ': re.compile(rf'\s*<script[^>]* src="[^"]*{re.escape(MATHJAX)}[^"]*"></script>'),
    'id="search-results"': re.compile(r'\s*<script[^>]* src="[^"]*searchindex\.js[^"]*"></script>'),
}


def repair_page(html: str) -> str:
    """Return a page with every repair made.

    Examples
    --------
    >>> repair_page('<tr><th></th><th>A</th></tr>')
    '<tr><td></td><th>A</th></tr>'
    """
    for pattern, replacement in REPAIRS:
        html = re.sub(pattern, replacement, html)
    for mark, script in SCRIPTS.items():
        html = html if mark in html else script.sub("", html)
    return html


def tidy_search_index(script: str) -> str:
    """Return the script that sets the index, a call with JSON, without the words of no page.

    Examples
    --------
    >>> tidy_search_index('Search.setIndex({"terms": {"gone": [], "kappa": 3}, "titleterms": {}})')
    'Search.setIndex({"terms": {"kappa": 3}, "titleterms": {}})'
    """
    call, _, rest = script.partition("(")
    index = json.loads(rest.rpartition(")")[0])
    for words in ("terms", "titleterms"):
        index[words] = {word: pages for word, pages in index[words].items() if pages != []}
    return f"{call}({json.dumps(index, ensure_ascii=False)})"


def _use_own_mathjax(app: Sphinx, config: Config) -> None:
    config.mathjax_path = MATHJAX


def _identify(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    context["metatags"] = context.get("metatags", "") + _identity_tag()
    if part := _parts().get(pagename):
        kicker = f'<p class="kicker">{escape(part)}</p>'
        context["body"] = context["body"].replace("<h1>", f"{kicker}<h1>", 1)


def _identity_tag() -> str:
    """Return the tag by which a page says of which rendering it is."""
    return f"{stamp.IDENTITY.format(os.environ.get(RENDERING_VARIABLE, 'unknown'))} />"


@cache
def _parts() -> dict[str, str]:
    """Return the part of the book that each page belongs to."""
    return contents.captions(record.root())


def _finish(app: Sphinx, exception: Exception | None) -> None:
    """Mend the pages and the index, and copy MathJax from its wheel: no page needs a network."""
    folder = Path(app.outdir)
    index = folder / SEARCH_INDEX
    if exception is None and index.exists():
        index.write_text(tidy_search_index(index.read_text("utf-8")), encoding="utf-8")
    if exception or app.builder.format != "html":
        return
    wheel = distributed_files("sphinx-mathjax-offline") or []
    (script,) = [path for path in wheel if path.name == MATHJAX]
    shutil.copyfile(str(script.locate()), folder / "_static" / MATHJAX)
    for page in folder.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        if _identity_tag() in html:  # a page of an earlier rendering is repaired already
            page.write_text(repair_page(html), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Connect to the events of a build."""
    app.connect("config-inited", _use_own_mathjax)
    app.connect("html-page-context", _identify)
    app.connect("build-finished", _finish)
