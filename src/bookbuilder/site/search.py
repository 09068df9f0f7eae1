"""The index of the search: what each page is about, in the words of its prose.

A reader who types "kappa" wants the page on agreement, not the page where the word stands most. So
titles, captions, numbers of exhibits, terms and the words of `book/search_words.yml` are kept apart
from prose, and `book/_static/search.js` weighs them; of a table the headings of its rows are kept,
and of a passage its words; code and lists of contents are left out. The index holds the prose
itself, so that results show sentences from a folder, too.
"""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from bookbuilder.site import record
from bookbuilder.site.bundle import STATIC
from bookbuilder.site.exhibit import ancestors, exhibit_caption, exhibit_figure

INDEX = "search_index.js"
WORDS = Path("book/search_words.yml")
#: Where Sphinx keeps the parts of a page among what it knows of the page.
PARTS = "compendium_search"
#: How much pages count that list what others say, or repeat one text, by how their names begin.
WEIGHTS = {
    "notebooks/codes_": 0.3,
    "api": 0.5,
    "certificate": 0.5,
    "data_dictionary": 0.7,
}
#: Pages to look something up by its name: their prose would be a third of the index.
BY_HEADING = ("api_", "data_dictionary")
#: A part of a page: kind (section, exhibit or term), anchor, heading, prose; headings of its rows.
Part = list[Any]
ROW = re.compile(r'<th[^>]* scope="row(?:group)?"[^>]*>(.*?)</th>(?:\s*<td[^>]*>(.*?)</td>)?', re.S)
#: A row that has words; the number of a passage, whose words stand in the next cell.
LABEL, PASSAGE = re.compile(r".*[^\W\d_]{3}"), re.compile(r"[A-Z\d]+-\d{3}\b")


def parts(doctree: nodes.document) -> list[Part]:
    """Return the parts of a page: sections, exhibits, and the terms or functions it defines."""
    found: list[Part] = []
    for node in doctree.findall():
        if isinstance(node, nodes.section) and node["ids"]:
            found.append(["s", node["ids"][0], node.next_node(nodes.title).astext(), ""])
        elif isinstance(node, exhibit_figure):
            caption = next(node.findall(exhibit_caption))
            label, _, text = caption.astext().partition(". ")
            found.append(["e", node["ids"][0], label, text, *_rows(node)])
        elif isinstance(node, nodes.term) and (ids := node["ids"] or node.parent.parent["ids"]):
            found.append(["t", ids[0], node.astext(), ""])
        elif isinstance(node, addnodes.desc_signature) and node["ids"]:
            found.append(["t", node["ids"][0], node.get("fullname", ""), ""])
        elif isinstance(node, nodes.paragraph) and found and _is_prose(node):
            section = next(part for part in reversed(found) if part[0] != "e")
            section[3] = f"{section[3]} {prose(node)}".strip()
    return [[*part[:3], tidy(part[3]), *part[4:]] for part in found]


def tidy(text: str) -> str:
    """Return prose in one line, without the gaps that citations leave."""
    text = re.sub(r"\(\s*\)", "", text)
    return re.sub(r"\s+(?=[.,;:)])|(?<=\()\s+", "", re.sub(r"\s+", " ", text)).strip()


def _rows(exhibit: nodes.Element) -> list[list[str]]:
    """Return the headings of the rows of a table, each once, or nothing of a picture."""
    cells = (cell for raw in exhibit.findall(nodes.raw) for cell in ROW.findall(raw.astext()))
    texts = (f"{head}. {next_cell}" if PASSAGE.match(head) else head for head, next_cell in cells)
    plain = (unescape(re.sub(r"<[^>]+>", "", text)).strip() for text in texts)
    rows = list(dict.fromkeys(text for text in plain if LABEL.match(text)))
    return [rows] if rows else []


def prose(paragraph: nodes.Node) -> str:
    """Return a paragraph as it will read: the keys of citations are not yet names and years."""
    texts = (
        text for text in paragraph.findall(nodes.Text) if not isinstance(text.parent, nodes.raw)
    )
    return "".join(text for text in texts if text.parent.parent.get("refdomain") != "cite")


def _is_prose(paragraph: nodes.Node) -> bool:
    return not any(isinstance(n, nodes.table | exhibit_figure) for n in ancestors(paragraph))


def _words() -> dict[str, list[str]]:
    """Return the words that lead to each page, as `book/search_words.yml` has them."""
    path = record.root() / WORDS
    words: dict[str, list[str]] = yaml.safe_load(path.read_text("utf-8")) if path.exists() else {}
    return words


def _collect(app: Sphinx, doctree: nodes.document) -> None:
    app.env.metadata[app.env.docname][PARTS] = parts(doctree)


def write(app: Sphinx) -> None:
    """Write the index beside the scripts, as a script that a page opened from a folder may load."""
    words, listed = _words(), record.contents()
    rows: dict[str, int] = {}  # each once, with its place: tables share many
    pages = [
        {
            "url": f"{page}.html",
            "title": app.env.titles[page].astext(),
            "nav": listed[page].title,
            "words": words.get(page, []),
            "weight": next((w for start, w in WEIGHTS.items() if page.startswith(start)), 1),
            "parts": [_entry(part, rows, page.startswith(BY_HEADING)) for part in found[PARTS]],
        }
        for page, found in sorted(app.env.metadata.items())
        if PARTS in found
    ]
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    script = f"const SEARCH_INDEX = {dump(pages)};\nconst SEARCH_ROWS = {dump(list(rows))};\n"
    (app.outdir / STATIC / INDEX).write_text(script, encoding="utf-8")


def _entry(part: Part, rows: dict[str, int], by_heading: bool) -> Part:
    """Return a part as the index has it: its rows by their places, its prose where it is kept."""
    places = [[rows.setdefault(row, len(rows)) for row in listed] for listed in part[4:]]
    return [*part[:3], *([""] if by_heading else [part[3], *places])]


def _replace_sphinx_search(app: Sphinx) -> None:
    builder: Any = app.builder
    builder.search = False  # neither its index nor its scripts; the page stays
    (app.outdir / STATIC).mkdir(parents=True, exist_ok=True)  # the theme copies its logo there


def _page(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    return [("search", {}, "search.html")] if app.builder.name == "html" else []


def setup(app: Sphinx) -> None:
    """Collect as pages are read; `finishing` writes the index in the end."""
    app.connect("builder-inited", _replace_sphinx_search)
    app.connect("html-collect-pages", _page)
    app.connect("doctree-read", _collect)
