"""Taguette's project (`.sqlite3`): highlights are bytes of a document's text, its markup aside.

Documents are HTML. Their text gets a line end behind every block, so that paragraphs stay apart;
places move accordingly. Who made a highlight stands in the log of commands; a project that was
exported has lost it, since Taguette puts one user (`admin`) in its place.
"""

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from html.parser import HTMLParser
from typing import Any

from qda_exchange.collecting import Collector
from qda_exchange.databases.safe import Database, whole
from qda_exchange.databases.spans import Spans
from qda_exchange.report import CHOICE, DROPPED
from qda_exchange.tables.layouts import tag_path

BLOCKS = {"p", "div", "br", "li", "tr", "table", "blockquote", "pre", "section", "article"}
BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dt", "dd", "hr", "title"}
EXPORTED = "admin"


class HtmlText(HTMLParser):
    r"""The text of a document, and the places in it that bytes of its markup's text mean."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._bytes: list[int] = []
        self._places: list[int] = []
        self._contents: list[bytes] = []
        self._length = self._size = 0
        self._begun = self._broken = False
        self.feed(html)
        self.close()
        self.text = "".join(self._pieces)

    def handle_data(self, data: str) -> None:
        """Take in text; blanks before the first element are not counted."""
        data = data if self._begun else data.lstrip()
        if not data:
            return
        if self._broken and self._length and not data.startswith("\n"):
            self._pieces.append("\n")
            self._length += 1
        self._begun, content = True, data.encode("utf-8", "surrogatepass")
        self._bytes.append(self._size)
        self._places.append(self._length)
        self._contents.append(content)
        self._size += len(content)
        self._pieces.append(data)
        self._length += len(data)
        self._broken = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Break a line where the markup does."""
        self._begun = True
        self._broken |= tag in {"br", "hr"}

    def handle_endtag(self, tag: str) -> None:
        """Break a line behind a block."""
        last = self._pieces[-1] if self._pieces else ""
        self._broken |= tag in BLOCKS and not last.endswith("\n")

    def place(self, offset: int, *, end: bool) -> int:
        """Return the place of a byte, as an end before a line end and as a start behind it."""
        piece = (bisect_left if end else bisect_right)(self._bytes, offset) - 1
        if piece < 0:
            return 0
        within = self._contents[piece][: offset - self._bytes[piece]]
        return self._places[piece] + len(within.decode("utf-8", "ignore"))


def read(database: Database, into: Collector) -> str:
    """Take in documents, tags and highlights of all projects of the database."""
    spans, projects = Spans(into), dict(database.rows("projects", "id", "name"))
    several = len(projects) > 1
    if several:
        into.report.add(CHOICE, "several projects in one file: documents named by both")
    texts: dict[Any, HtmlText] = {}
    for key, name, html, project in database.rows(
        "documents", "id", "name", "contents", "project_id"
    ):
        texts[key] = HtmlText(html or "")
        whole_name = f"{projects.get(project)}\\{name}" if several else name
        spans.add_source(key, whole_name, texts[key].text)
    tags = {}
    for key, path, description in database.rows("tags", "id", "path", "description"):
        tags[key] = into.code(tag_path(path or f"tag {key}"))
        into.describe(tags[key], description)
    coders, applied = _coders(database, into), defaultdict(list)
    for highlight, tag in database.rows("highlight_tags", "highlight_id", "tag_id"):
        applied[highlight].append(tag)
    for key, document, start, end, snippet in database.rows(
        "highlights", "id", "document_id", "start_offset", "end_offset", "snippet"
    ):
        first, last = whole(start), whole(end)
        if document not in texts or first is None or last is None:
            into.report.add(DROPPED, "highlight without a document or a place", str(key))
            continue
        first, last = texts[document].place(first, end=False), texts[document].place(last, end=True)
        passage = spans.passage(document, first, max(first, last))
        into.say(passage, HtmlText(snippet or "").text)
        for tag in applied[key]:
            if tag in tags:
                into.apply(passage, tags[tag], coders.get((key, tag)))
    return "Taguette"


def _coders(database: Database, into: Collector) -> dict[tuple[Any, Any], str]:
    """Return who gave which tag to which highlight, by the log of commands."""
    coders: dict[tuple[Any, Any], str] = {}
    for user, payload in database.rows("commands", "user_login", "payload"):
        try:
            command = json.loads(payload or "{}")
        except (ValueError, RecursionError):
            continue
        if not isinstance(command, dict) or command.get("type") != "highlight_add":
            continue
        highlight, tags = command.get("highlight_id"), command.get("tags")
        for tag in tags if isinstance(tags, list) else []:
            if isinstance(tag, int) and isinstance(highlight, int) and user:
                coders.setdefault((highlight, tag), user)
    if set(coders.values()) == {EXPORTED}:
        what = "Taguette names one user for all when it exports: who coded is not in the file"
        into.report.add(CHOICE, what)
        return {}
    return coders
