"""What a page says about itself, and where former addresses lead.

In its head each page names the rendering it is of, for the check of the build, and what others need
for a preview. Over its title stands the part of the book; a page of a notebook has a button to open
that where it can be run. A page that has moved leaves a small one at its former address, which
leads on without a server.

The public address of the site and of its repository, which a clone cannot know, stand in
`_config.yml` (`html: baseurl`, `repository: url`) or come from the variables COMPENDIUM_URL and
COMPENDIUM_REPOSITORY, as the workflow for GitHub Pages gives them. Without them pages have no
picture for previews, which must be a full address, and no buttons.
"""

import os
import re
from functools import cache
from html import escape, unescape
from pathlib import Path, PurePosixPath
from textwrap import shorten
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from bookbuilder import stamp
from bookbuilder.plan import contents, families
from bookbuilder.site import record, templates
from bookbuilder.site.search import prose, tidy
from compendium import files
from compendium.context import RENDERING_VARIABLE, REPOSITORY_VARIABLE, SITE_VARIABLE
from compendium.data.contract import read_contract

GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)/?")
#: Pages that stood alone: of each row of a table, the name of the page, where it leads, and what
#: became of its exhibits, on which page.
MOVED: list[tuple[Any, list[Any]]] = [
    (
        "codebook",
        [
            "notebooks/code_{code}.html",
            "codes.html#code-{code}",
            "notebooks/codes_{category:slug}.html",
            ["code_{code}_definition", "codes_{category:slug}_definitions"],
            ["code_{code}_voices", "codes_{category:slug}_voices"],
            ["code_{code}_direction", "codes_{category:slug}_direction"],
            ["code_{code}_segments", "codes_{category:slug}_segments"],
        ],
    ),
    (
        {"table": "epic_districts", "where": {"surveyed": True}},
        [
            "notebooks/district_{district:slug}.html",
            "districts.html#district-{district:slug}",
            "districts.html",
            ["profile_{district:slug}", "profile_{district:slug}"],
            ["profile_{district:slug}_items", "profile_{district:slug}_items"],
            ["profile_{district:slug}_estimates", "profile_{district:slug}_items"],
        ],
    ),
]


def launch_links(repository: str, notebook: str) -> list[tuple[str, str]]:
    """Return where a notebook of a project on GitHub can be opened: names and addresses.

    Examples
    --------
    >>> launch_links("", "notebooks/x.ipynb")
    []
    >>> launch_links("https://github.com/ada/project", "notebooks/x.ipynb")[0]
    ('JupyterLab on Binder', 'https://mybinder.org/v2/gh/ada/project/HEAD?urlpath=lab/tree/notebooks/x.ipynb')
    """
    match = GITHUB.fullmatch(repository)
    if not match:
        return []
    binder = f"https://mybinder.org/v2/gh/{match[1]}/HEAD?urlpath=lab/tree/{notebook}"
    source = f"https://github.com/{match[1]}/blob/HEAD/{notebook}"
    return [("JupyterLab on Binder", binder), ("Notebook on GitHub", source)]


def moved() -> dict[str, tuple[str, dict[str, str]]]:
    """Return the former addresses of pages: where each leads now, and where its anchors lead."""
    found: dict[str, tuple[str, dict[str, str]]] = {"general_index.html": ("glossary.html", {})}
    for rows, written in MOVED:
        for row in families.rows(written[0], rows, read_contract(record.root())):
            old, target, page, *exhibits = families.fill(written, row)
            anchors = {record.anchor(was): f"{page}#{record.anchor(now)}" for was, now in exhibits}
            found[old] = (target.replace("_", "-"), anchors)
    return found


def moved_page(page: str, target: str, anchors: dict[str, str]) -> str:
    """Return the page at a former address, which leads on to where its content is now.

    Parameters
    ----------
    page
        The former address, from the folder of the site.
    target
        Where it leads.
    anchors
        Where its anchors lead, if elsewhere.

    Examples
    --------
    >>> '<a href="../codes.html">' in moved_page("notebooks/code_policy.html", "codes.html", {})
    True
    """
    up = "../" * (len(PurePosixPath(page).parents) - 1)
    known = {key: up + place for key, place in anchors.items()}
    return templates.fill("moved.html", target=up + target, anchors=known)


def _leave_moved_pages(app: Sphinx, exception: Exception | None) -> None:
    here = app.env.found_docs >= {"codes", "districts"}  # a small project has neither
    if exception is None and app.builder.format == "html" and here:
        for page, (target, anchors) in moved().items():
            files.write_text(Path(app.outdir) / page, moved_page(page, target, anchors))


def _read_addresses(app: Sphinx, config: Config) -> None:
    config.html_baseurl = os.environ.get(SITE_VARIABLE) or config.html_baseurl
    repository = os.environ.get(REPOSITORY_VARIABLE)
    if repository:
        config.html_theme_options["repository_url"] = repository


def identity() -> str:
    """Return the tag by which a page says of which rendering it is."""
    return f"{stamp.IDENTITY.format(os.environ.get(RENDERING_VARIABLE, 'unknown'))} />"


@cache
def _listed() -> dict[str, contents.Entry]:
    return contents.documents(record.root())


def _describe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Put into a page what it says about itself."""
    context["metatags"] = context.get("metatags", "") + identity()
    if pagename in _listed() and (part := _listed()[pagename].part):
        kicker = f'<p class="kicker">{escape(part)}</p>'
        context["body"] = context["body"].replace("<h1>", f"{kicker}<h1>", 1)
    if doctree is not None:
        first = next((tidy(prose(p)) for p in doctree.findall(nodes.paragraph)), "")
        context["metatags"] += templates.fill(
            "preview.html",
            title=unescape(re.sub(r"<[^>]+>", "", context.get("title", ""))),
            text=shorten(first, 200, placeholder=" …"),
            book=app.config.html_title or app.config.project,
            address=app.config.html_baseurl.rstrip("/"),
            page=f"{pagename}.html",
        )
    notebooks = {f"notebooks/{e['run']}": e["notebook"] for e in record.exhibits().values()}
    repository = app.config.html_theme_options.get("repository_url", "")
    if links := launch_links(repository, notebooks[pagename]) if pagename in notebooks else []:
        items = [{"type": "link", "text": text, "url": url} for text, url in links]
        button = {"type": "group", "icon": "fas fa-rocket", "tooltip": "Open the notebook"}
        context["header_buttons"].append(button | {"buttons": items, "label": "launch-buttons"})


def setup(app: Sphinx) -> None:
    """Connect to the events of a build."""
    app.connect("config-inited", _read_addresses)
    app.connect("html-page-context", _describe, priority=502)  # after the theme's own buttons
    app.connect("build-finished", _leave_moved_pages)
