"""Every page of the finished book, as a browser meets it from a folder, wide and light.

axe looks at every page (of pages that one notebook makes many times, at the first); with
SITE_TESTS=quick at one page of each kind: what fits into a quarter of an hour with all else.
"""

import re
from collections.abc import Callable

import page_faults
import pytest
from browse import SITE, Seen, pages
from page_faults import all_of

PAGES = pages(SITE)


def test_the_book_has_pages() -> None:
    assert len(PAGES) > 20


@pytest.mark.parametrize(
    "question", [page_faults.outside, page_faults.errors, page_faults.images, page_faults.exhibits]
)
def test_from_a_folder(site_seen: list[Seen], question: Callable[[Seen], list[str]]) -> None:
    assert all_of(site_seen, question) == []


def test_links(site_seen: list[Seen]) -> None:
    assert all_of(site_seen, page_faults.links, page_faults.anchors(site_seen), SITE) == []


def test_numbers(site_seen: list[Seen], values: dict[str, dict[str, float]]) -> None:
    assert sum(len(seen.facts["numbers"]) for seen in site_seen) > 100
    assert all_of(site_seen, page_faults.numbers, values) == []


def names_as_addresses(html: str) -> list[str]:
    """Return what was linked for a dot in it only, as run.name would be."""
    return re.findall(r'href="http://([^"]+)">\1<', html)


def test_no_name_is_taken_for_an_address() -> None:
    assert {
        page.name: found for page in PAGES if (found := names_as_addresses(page.read_text()))
    } == {}


def test_a_name_taken_for_an_address_is_seen() -> None:
    assert names_as_addresses('<a href="http://run.name">run.name</a>') == ["run.name"]


def test_weight(site_seen: list[Seen]) -> None:
    assert all_of(site_seen, page_faults.too_heavy) == []


def test_no_page_scrolls_sideways_on_a_telephone(site_seen: list[Seen]) -> None:
    assert all_of(site_seen, page_faults.too_wide) == []


def test_axe_on_every_kind_and_page(site_seen: list[Seen]) -> None:
    assert all_of(site_seen, page_faults.axe) == []
