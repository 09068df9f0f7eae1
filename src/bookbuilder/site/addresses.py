"""What a page says about itself to the outside: a preview where it is linked, ways to open it.

A page that has moved leaves a small one at its former address, which leads on without a server.

Both need addresses that a clone cannot know. The public address of the site and of its repository
stand in `_config.yml` (`html: baseurl`, `repository: url`) or come from the variables
COMPENDIUM_URL and COMPENDIUM_REPOSITORY, as the workflow for GitHub Pages gives them. Without them
pages have no picture for previews, which must be a full address, and no buttons.
"""

import json
import os
import re
from html import escape, unescape
from pathlib import Path, PurePosixPath
from textwrap import shorten
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from bookbuilder.site import families, record
from compendium import files
from compendium.context import REPOSITORY_VARIABLE, SITE_VARIABLE

GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)/?")
PICTURE = "_static/preview.png"
PICTURE_TEXT = "Personalized learning in schools: a research compendium"


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


def preview_tags(title: str, text: str, book: str, address: str = "", page: str = "") -> str:
    """Return the tags from which others make a preview of a page (Open Graph).

    Parameters
    ----------
    title, text
        Of the page.
    book
        Name of the book.
    address
        Public address of the site; empty where there is none.
    page
        Path of the page on the site.
    """
    tags = {"og:title": title, "og:description": text, "og:type": "article", "og:site_name": book}
    if address:
        base = address.rstrip("/")
        tags |= {"og:url": f"{base}/{page}", "og:image": f"{base}/{PICTURE}"}
        tags |= {"og:image:width": "1200", "og:image:height": "630"}
        tags |= {"og:image:alt": PICTURE_TEXT}
    lines = [f'<meta property="{key}" content="{escape(one)}" />' for key, one in tags.items()]
    if address:
        lines.append('<meta name="twitter:card" content="summary_large_image" />')
    return "".join([*lines, f'<meta name="description" content="{escape(text)}" />'])


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
    known = json.dumps({key: up + place for key, place in anchors.items()})
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>This page has moved</title>
<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<script>location.replace({known}[location.hash.slice(1)] || "{up}{target}")</script>
<noscript><meta http-equiv="refresh" content="0; url={up}{target}"></noscript></head>
<body><main><h1>This page has moved</h1><p><a href="{up}{target}">Go to its new place</a></p></main>
</body></html>
"""


def _leave_moved_pages(app: Sphinx, exception: Exception | None) -> None:
    here = app.env.found_docs >= {"codes", "districts"}  # a small project has neither
    if exception is None and app.builder.format == "html" and here:
        for page, (target, anchors) in families.moved().items():
            files.write_text(Path(app.outdir) / page, moved_page(page, target, anchors))


def _read_addresses(app: Sphinx, config: Config) -> None:
    config.html_baseurl = os.environ.get(SITE_VARIABLE) or config.html_baseurl
    repository = os.environ.get(REPOSITORY_VARIABLE)
    if repository:
        config.html_theme_options["repository_url"] = repository


def _add_preview(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    if doctree is None:
        return
    title = unescape(re.sub(r"<[^>]+>", "", context.get("title", "")))
    first = next((p.astext() for p in doctree.findall(nodes.paragraph)), "")
    text = shorten(first, 200, placeholder=" …")
    book = app.config.html_title or app.config.project
    tags = preview_tags(title, text, book, app.config.html_baseurl, f"{pagename}.html")
    context["metatags"] = context.get("metatags", "") + tags


def _add_buttons(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Put a button over the page of a notebook that opens it where it can be run."""
    notebooks = {f"notebooks/{e['run']}": e["notebook"] for e in record.exhibits().values()}
    repository = app.config.html_theme_options.get("repository_url", "")
    links = launch_links(repository, notebooks[pagename]) if pagename in notebooks else []
    if links:
        items = [{"type": "link", "text": text, "url": url} for text, url in links]
        button = {"type": "group", "icon": "fas fa-rocket", "tooltip": "Open the notebook"}
        context["header_buttons"].append(button | {"buttons": items, "label": "launch-buttons"})


def setup(app: Sphinx) -> None:
    """Connect to the events of a build."""
    app.connect("config-inited", _read_addresses)
    app.connect("html-page-context", _add_preview)
    app.connect("build-finished", _leave_moved_pages)
    app.connect("html-page-context", _add_buttons, priority=502)  # after the theme's own buttons
