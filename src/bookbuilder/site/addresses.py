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
from html import escape, unescape
from pathlib import Path
from textwrap import shorten
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from bookbuilder import documents, stamp
from bookbuilder.plan import families
from bookbuilder.site import record
from bookbuilder.site.search import prose, tidy
from compendium import files
from compendium.context import RENDERING_VARIABLE, REPOSITORY_VARIABLE, SITE_VARIABLE
from compendium.data.contract import read_contract

GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)/?")
#: Pages that stood alone, one for each row of a table: which rows, and where each leads now.
MOVED: dict[str, tuple[Any, str]] = {
    "notebooks/code_{code}.html": ("codebook", "codes.html#code-{code}"),
    "notebooks/district_{district:slug}.html": (
        {"table": "epic_districts", "where": {"surveyed": True}},
        "districts.html#district-{district:slug}",
    ),
}


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


def moved() -> dict[str, str]:
    """Return where each former page leads now, as seen from there."""
    found = {"general_index.html": "glossary.html"}
    found["notebooks/reconstruction.html"] = "printed_limits.html"
    for page, (rows, target) in MOVED.items():
        for row in families.rows(page, rows, read_contract(record.root())):
            place = families.fill(target, row).replace("_", "-")
            found[families.fill(page, row)] = "../" * page.count("/") + place
    return found


def _leave_moved_pages(app: Sphinx, exception: Exception | None) -> None:
    here = app.env.found_docs >= {"codes", "districts"}  # a small project has neither
    if exception is None and app.builder.format == "html" and here:
        for page, target in moved().items():
            files.write_text(Path(app.outdir) / page, documents.fill("moved.html", target=target))


def _read_addresses(app: Sphinx, config: Config) -> None:
    config.html_baseurl = os.environ.get(SITE_VARIABLE) or config.html_baseurl
    if repository := os.environ.get(REPOSITORY_VARIABLE):
        config.html_theme_options["repository_url"] = repository


def identity() -> str:
    """Return the tag by which a page says of which rendering it is."""
    return stamp.MARK.format(os.environ.get(RENDERING_VARIABLE, "unknown"))


def _describe(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Put into a page what it says about itself."""
    context["metatags"] = context.get("metatags", "") + identity()
    if (listed := record.contents().get(pagename)) and listed.part:
        kicker = f'<p class="kicker">{escape(listed.part)}</p>'
        context["body"] = context["body"].replace("<h1>", f"{kicker}<h1>", 1)
    if doctree is not None:
        first = next((tidy(prose(p)) for p in doctree.findall(nodes.paragraph)), "")
        context["metatags"] += documents.fill(
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
