"""The index of a tiny book, as pages and as one page: its links lead to where the words stand."""

import io
import re
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from bookbuilder.site import index_entries, index_links, record
from bookbuilder.site.index_entries import Entry

ENTRIES = [Entry("Margins", see="Raking"), Entry("Raking", words=("raking",))]
PAGES = {
    "conf.py": 'extensions = ["myst_parser", "bookbuilder.site.index_links"]\nproject = "Tiny"',
    "index.md": "# Tiny\n\n```{toctree}\nmethods\ngeneral_index\n```\n",
    "methods.md": "# Methods\n\nNothing.\n\n## In turns\n\nThis is raking.\n",
    "general_index.md": "# Index\n\n```{index-entries} M\n```\n\n```{index-entries} R\n```\n",
}


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_entries, "entries", lambda: tuple(ENTRIES))
    monkeypatch.setattr(record, "exhibits", dict)
    for cached in (index_links._finder, index_links._slugs_by_cell, index_links._repeated_pages):
        cached.cache_clear()


def built(folder: Path, builder: str, **changed: str) -> tuple[str, str]:
    """Return the page with the index, and the warnings."""
    for name, text in (PAGES | changed).items():
        (folder / name).write_text(text, encoding="utf-8")
    out, warnings = folder / "out", io.StringIO()
    given = (folder, folder, out, folder / "trees", builder)
    with docutils_namespace():
        Sphinx(*given, status=None, warning=warnings).build()
    page = "index" if builder == "singlehtml" else "general_index"
    return (out / f"{page}.html").read_text(encoding="utf-8"), warnings.getvalue()


def places(html: str, slug: str) -> list[str]:
    found = re.search(rf'(?s)<dt id="{slug}">.*?<dd>(.*?)</dd>', html)[1]
    return re.findall(r'href="([^"]*)"', found)


@pytest.mark.parametrize(
    ("builder", "link"), [("html", "methods.html#in-turns"), ("singlehtml", "index.html#in-turns")]
)
def test_links_lead_to_the_section(tmp_path: Path, builder: str, link: str) -> None:
    html, warnings = built(tmp_path, builder)
    assert warnings == ""
    assert places(html, "index-raking") == [link]
    assert places(html, "index-margins") == ["#index-raking"]
    assert 'id="in-turns"' in html or builder == "html"


def test_an_entry_that_no_page_mentions_is_a_warning(tmp_path: Path) -> None:
    _, warnings = built(tmp_path, "html", **{"methods.md": "# Methods\n\nNothing.\n"})
    assert "index entry 'Raking' is mentioned on no page" in warnings
