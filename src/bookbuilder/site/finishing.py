"""What is done to finished pages.

The theme leaves a few faults that a screen reader stumbles over: they are mended in the finished
HTML, where each repair is one line that can be taken out when the theme no longer needs it. Then
style and scripts are cut down to what the book uses (`bundle`), and the index of the search is
written.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx

from bookbuilder.site import addresses, bundle, search, takeaway

#: Pattern, replacement and why; applied to each finished page.
REPAIRS = [
    # Scripts of the theme that `bundle` leaves out, and what is said to them.
    (r'\s*<link rel="preload" as="script"[^>]*>', ""),
    (r"\s*<script>(?:let toggle|var toggle|DOCUMENTATION_OPTIONS\.)[^<]*</script>", ""),
    # One of three tags says how wide a page is.
    *[(r'(?s)(<meta name="viewport"[^>]*>.*?)\s*<meta name="viewport"[^>]*>', r"\1")] * 2,
    # An accessible name must hold the visible text: let the text be the name.
    (r'(<button[^>]*\bsearch-button[^>]*?)\s+aria-label="[^"]*"', r"\1"),
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    # docutils marks references with roles that ARIA has withdrawn.
    (r'\s+role="doc-(?:biblioentry|backlink)"', ""),
    (r'<div role="list" class="citation-list">', '<div class="citation-list">'),
    # The brand stands outside of any landmark.
    (r'(?s)(<a class="navbar-brand logo".*?</a>)', r'<nav aria-label="Home">\1</nav>'),
    # The arrow that opens a branch of the sidebar has no text.
    (r'<summary>(?=<span class="toctree-toggle")', '<summary aria-label="Pages below">'),
    # Names, brackets and blanks have the colour of the code around them.
    (r'<span class="[npw]">([^<]*)</span>', r"\1"),
    # What is left as it is, or styled by another class, need not be said of a thousand cells.
    (r'<td class="text-left">', "<td>"),
    (r'<code class="docutils literal', '<code class="literal'),
    # Rows are not striped, and a cell of one paragraph is words: in long tables it weighs.
    (r'<tr class="row-(?:even|odd)">', "<tr>"),
    (r"(<t[dh][^>]*>)<p>([^<]*(?:<(?!/?p\b)[^<]*)*)</p>\s*(?=</t[dh]>)", r"\1\2"),
    # The parameters of a function, one a line, are no list of definitions.
    (r'<dd>(<em class="sig-param">.*?</em>,?)</dd>', r'<span class="sig-line">\1</span>'),
    (r'<dl>(?=\s*<span class="sig-line">)', '<span class="sig-lines">'),
    (r'</dl>(?=\s*<span class="sig-paren">\))', "</span>"),
]
#: The search of Sphinx, in whose place `bookbuilder.site.search` puts one that knows the book.
SPHINX_SEARCH = re.compile(
    r'\s*<script[^>]* src="[^"]*(?:searchindex|searchtools|language_data)\.js[^"]*"></script>'
)
SEARCH = f'<script defer src="{bundle.STATIC}/{search.INDEX}"></script></head>'


def repair_page(html: str) -> str:
    """Return a page with every repair made.

    >>> repair_page('<summary aria-label="Toggle hidden content">Hint</summary>')
    '<summary>Hint</summary>'
    """
    for pattern, replacement in REPAIRS:
        html = re.sub(pattern, replacement, html)
    html = SPHINX_SEARCH.sub("", html)
    return html.replace("</head>", SEARCH) if 'id="search-results"' in html else html


def _finish(app: Sphinx, exception: Exception | None) -> None:
    """Mend the pages and the index of the search, and ship what they need of style and scripts."""
    folder = Path(app.outdir)
    if exception or app.builder.format != "html":
        return
    pages = [page for page in folder.rglob("*.html") if bundle.STATIC not in page.parts]
    for page in pages:
        html = page.read_text(encoding="utf-8")
        if addresses.identity() in html:  # a page of an earlier rendering is repaired already
            page.write_text(repair_page(html), encoding="utf-8")
    search.write(app)
    takeaway.write(folder / bundle.STATIC)
    bundle.bundle(folder, pages)
    bundle.remove_unused(folder)


def setup(app: Sphinx) -> None:
    """Connect to the events of a build."""
    app.connect("build-finished", _finish, priority=900)  # after the themes have copied their files
