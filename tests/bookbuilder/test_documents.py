"""One template, several forms: nothing of the text is taken for markup, nothing is fetched."""

import re
from collections.abc import Callable

import jinja2
import pytest

from bookbuilder import documents

ROWS = [(f"r{n}", "<b>x</b> | y_z &amp; `a|b`") for n in range(50)]
TEMPLATE = """{% from "parts.md" import table with context %}
# {{ title }}

{{ table("Cells", ["Row", "Cell"], rows, open=40, align="lr") }}

**2** cells.
"""


@pytest.fixture
def render(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Return what renders a table of 50 rows in a form."""
    loaders = [jinja2.DictLoader({"some.md": TEMPLATE}), documents._templates().loader]
    known = documents._templates().overlay(
        loader=jinja2.ChoiceLoader([one for one in loaders if one is not None])
    )
    monkeypatch.setattr(documents, "_templates", lambda: known)
    return lambda form: documents.render("some.md", form, title="Some", rows=ROWS)


def test_the_page_holds_everything_and_fetches_nothing(render: Callable[[str], str]) -> None:
    html = documents.to_html(render("page"), "Some")
    assert not re.search(r'(src|href)="(?!data:)', html)
    assert "<script" not in html
    assert "&lt;b&gt;x&lt;/b&gt; | y_z &amp;amp; <code>a|b</code></td>" in html
    assert html.count(">r39</td>") == 2
    assert html.count(">r49</td>") == 1
    assert "All 50 rows" in html
    assert 'aria-label="Cells, all rows"' in html
    assert "<strong>2</strong> cells." in html


def test_markdown_cuts_long_tables_and_says_so(render: Callable[[str], str]) -> None:
    text = render("file")
    assert "|:--|--:|\n| r0 | \\<b\\>x\\</b\\> \\| y\\_z \\&amp; `a\\|b` |\n" in text
    assert "r19" in text
    assert "r20" not in text
    assert text.count(" |\n\n… 30 more of 50 rows are on the page.\n") == 1
    assert "<div" not in text


def test_the_book_shows_tables_whole(render: Callable[[str], str]) -> None:
    text = render("book")
    assert text.count("\n| r") == 50
    assert "more of" not in text
    assert "<div" not in text
