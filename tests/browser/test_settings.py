"""One page of each kind in other settings than `test_pages`: narrow, dark, over http.

Pages of a kind come from one template, and their colours from one style sheet. With
SITE_TESTS=quick that is narrow and dark at once, and over http no other page is opened.
"""

import page_faults
import pytest
from browse import KINDS, NARROW, QUICK, SITE, WIDE, Setting, look, pages, served
from page_faults import all_of

OTHER_SETTINGS = [(NARROW, "dark"), *([] if QUICK else [(WIDE, "dark"), (NARROW, "light")])]
OF_KINDS = [page for name in KINDS if (page := SITE / f"{name}.html").exists()]


@pytest.mark.parametrize(("size", "scheme"), OTHER_SETTINGS)
def test_axe_on_each_kind_in_the_other_settings(size: tuple[int, int], scheme: str) -> None:
    urls = [page.as_uri() for page in OF_KINDS]
    assert all_of(look(urls, Setting(size, scheme, axe=True)), page_faults.axe) == []


def test_over_http() -> None:
    with served(SITE) as address:
        opened = OF_KINDS if QUICK else pages(SITE)
        urls = [f"{address}/{page.relative_to(SITE).as_posix()}" for page in opened]
        seen = look(urls, Setting())
    for question in (page_faults.outside, page_faults.errors, page_faults.images):
        assert all_of(seen, question) == []
