"""The index of the book: every entry points to something, and what it points to is there."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from browse import SITE

PAGE = SITE / "general_index.html"


class Reader(HTMLParser):
    """Reads anchors of a page, and the links below each entry of its index."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.entries: dict[str, list[str]] = {}
        self._listed = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {given["id"]} if given.get("id") else set()
        if tag == "dt" and str(given.get("id")).startswith("index-"):
            self.entries[given["id"]] = []
        elif tag == "a" and self.entries and "reference" in str(given.get("class")):
            next(reversed(self.entries.values())).append(str(given["href"]))


@cache
def anchors(path: Path) -> set[str] | None:
    """Return the anchors of a page, None where there is no such page; read once for all tests."""
    return set(re.findall(r'\sid="([^"]+)"', path.read_text("utf-8"))) if path.is_file() else None


def faults(html: str, place: Path) -> list[str]:
    """Return what is wrong with an index: entries without a link, links into the void."""
    found = Reader(html[: html.find("prev-next-footer")])
    said = [f"{entry} points nowhere" for entry, links in found.entries.items() if not links]
    for entry, links in found.entries.items():
        for link in links:
            address, anchor = urldefrag(link)
            path = (place.parent / unquote(address)).resolve() if address else place
            there = found.anchors if path == place else anchors(path)
            if there is None or (anchor and unquote(anchor) not in there):
                said.append(f"{entry} points to {link}")
    return said


@pytest.fixture(scope="module")
def index() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_every_entry_points_to_something_that_is_there(index: str) -> None:
    assert len(Reader(index).entries) > 150
    assert faults(index, PAGE.resolve()) == []


@pytest.mark.parametrize(
    ("pattern", "wrong", "said"),
    [
        (r'href="glossary.html#term-Raking"', 'href="glossary.html#term-Rakin"', "#term-Rakin"),
        (r'href="glossary.html#term-Raking"', 'href="glossar.html"', "glossar.html"),
        (
            r'(?s)(<dt id="index-anonymity">.*?</dt>).*?</dd>',
            r"\1</dd>",
            "anonymity points nowhere",
        ),
    ],
)
def test_a_faulty_index_is_seen(index: str, pattern: str, wrong: str, said: str) -> None:
    broken, times = re.subn(pattern, wrong, index, count=1)
    assert times == 1
    assert any(said in fault for fault in faults(broken, PAGE.resolve()))


def test_letters_lead_to_their_sections(index: str) -> None:
    letters = re.search(r'(?s)<div class="index-letters.*?</div>', index)[0]
    jumps = set(re.findall(r'href="#([\w-]+)"', letters))
    assert len(jumps) > 15
    assert jumps <= Reader(index).anchors
