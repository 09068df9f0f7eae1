"""Every page of the finished book, as a browser meets it.

axe looks at every page wide and light (of pages that one notebook makes many times, at the first),
and at one page of each kind in all four settings: pages of a kind come from one template, and their
colours from one style sheet. With SITE_TESTS=quick axe looks at these only, wide and light, narrow
and dark, and over http only they are opened: what fits into a quarter of an hour with all else.
"""

import re
from collections.abc import Callable

import judge
import pytest
from browse import KINDS, NARROW, QUICK, SITE, WIDE, Seen, Setting, look, pages, served

PAGES = pages(SITE)
OTHER_SETTINGS = [(NARROW, "dark"), *([] if QUICK else [(WIDE, "dark"), (NARROW, "light")])]
OF_KINDS = [page for name in KINDS if (page := SITE / f"{name}.html").exists()]


def all_of(seen: list[Seen], question: Callable[..., list[str]], *given: object) -> list[str]:
    return [fault for one in seen for fault in question(one, *given)]


def test_the_book_has_pages() -> None:
    assert len(PAGES) > 20


@pytest.mark.parametrize("question", [judge.outside, judge.errors, judge.images, judge.exhibits])
def test_from_a_folder(site_seen: list[Seen], question: Callable[[Seen], list[str]]) -> None:
    assert all_of(site_seen, question) == []


def test_links(site_seen: list[Seen]) -> None:
    assert all_of(site_seen, judge.links, judge.anchors(site_seen), SITE) == []


def test_numbers(site_seen: list[Seen], values: dict[str, dict[str, float]]) -> None:
    assert sum(len(seen.facts["numbers"]) for seen in site_seen) > 100
    assert all_of(site_seen, judge.numbers, values) == []


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
    assert all_of(site_seen, judge.too_heavy) == []


def test_no_page_scrolls_sideways_on_a_telephone(site_seen: list[Seen]) -> None:
    assert all_of(site_seen, judge.too_wide) == []


def test_axe_on_every_kind_and_page(site_seen: list[Seen]) -> None:
    assert all_of(site_seen, judge.axe) == []


@pytest.mark.parametrize(("size", "scheme"), OTHER_SETTINGS)
def test_axe_on_each_kind_in_the_other_settings(size: tuple[int, int], scheme: str) -> None:
    urls = [page.as_uri() for page in OF_KINDS]
    assert all_of(look(urls, Setting(size, scheme, axe=True)), judge.axe) == []


def test_over_http() -> None:
    with served(SITE) as address:
        opened = OF_KINDS if QUICK else PAGES
        urls = [f"{address}/{page.relative_to(SITE).as_posix()}" for page in opened]
        seen = look(urls, Setting())
    for question in (judge.outside, judge.errors, judge.images):
        assert all_of(seen, question) == []
