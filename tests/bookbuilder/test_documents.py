"""One document, two forms: nothing of the text is taken for markup, nothing is fetched."""

import re

from bookbuilder.documents import (
    Document,
    Grid,
    Pictures,
    Section,
    to_html,
    to_markdown,
)

ROWS = [[f"r{n}", "<b>x</b> | y_z"] for n in range(50)]
DOCUMENT = Document(
    "What changed",
    "**2** cells in `a.csv`.",
    [
        Section("Tables", [Grid(["row", "cell"], ROWS, "Cells")]),
        Section("Pictures", [Pictures(b"<svg/>", None, "map")], level=3),
    ],
)


def test_the_page_holds_everything_and_fetches_nothing() -> None:
    html = to_html(DOCUMENT)
    assert not re.search(r'(src|href)="(?!data:)', html)
    assert "<script" not in html
    assert "&lt;b&gt;x&lt;/b&gt; | y_z" in html
    assert html.count('<td data-of="row">r49</td>') == 1
    assert "All 50 rows" in html
    assert 'alt="map, before the change"' in html
    assert "after: none" in html


def test_markdown_cuts_long_tables_and_says_so() -> None:
    text = to_markdown(DOCUMENT)
    assert "| r19 | \\<b\\>x\\</b\\> \\| y\\_z |" in text
    assert "r20" not in text
    assert "… and 30 more rows" in text
    assert "### Pictures" in text


def test_links_lead_to_a_place_on_the_page() -> None:
    parts = [Grid(["exhibit"], [["[map_one](#map_one)"]])]
    linked = Document("L", "l", [Section("All", parts), Section("Map", anchor="map_one")])
    assert '<a href="#map_one">map_one</a>' in to_html(linked)
    assert '<h2 id="map_one">Map</h2>' in to_html(linked)
    assert "| map\\_one |" in to_markdown(linked)
