"""The book without a mouse: skip link, search, colour mode, sidebar."""

import pytest
from browse import NARROW, SITE, opened

FOCUSED = "document.activeElement"
#: Until a page is drawn anew in other colours, Chromium gives a key to the page, not to the button.
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def tab_to(page, selector: str, most: int = 60) -> None:
    """Press Tab until an element that fits the selector has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED}.matches({selector!r})"):
            return
    raise AssertionError(f"{selector} is not reached by {most} times Tab")


def test_the_first_stop_is_the_skip_link(browser) -> None:
    page = opened(browser, "index")
    page.keyboard.press("Tab")
    assert "Skip to main content" in page.evaluate(f"{FOCUSED}.textContent")
    page.keyboard.press("Enter")
    assert page.evaluate(f"{FOCUSED}.id || location.hash.slice(1)") == "main-content"


@pytest.mark.parametrize("word", ["raking", "dissonance"])
def test_search_finds_a_word_from_a_folder(browser, word: str) -> None:
    page = opened(browser, "index")
    page.keyboard.press("Control+k")
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    page.wait_for_selector("ul.search li a")
    assert word.lower() in page.url


def test_search_finds_nothing_for_nonsense(browser) -> None:
    page = opened(browser, "search", query="?q=xqzzy")
    page.wait_for_function("document.querySelector('.search-summary')?.textContent.length > 20")
    assert page.locator("ul.search li").count() == 0


def test_the_colour_mode_changes(browser) -> None:
    page = opened(browser, "index")
    tab_to(page, ".theme-switch-button")
    mode = "document.documentElement.dataset.mode"
    met = set()
    for _ in range(3):
        before = page.evaluate(mode)
        page.evaluate(DRAWN)
        page.keyboard.press("Enter")
        page.wait_for_function(f"{mode} !== {before!r}")  # a key may arrive late
        met.add(page.evaluate(mode))
    assert met == {"auto", "light", "dark"}


def test_the_sidebar_of_a_narrow_page_opens_and_closes(browser) -> None:
    page = opened(browser, "index", size=NARROW)
    inside = page.locator(".bd-sidebar-primary a", has_text="Glossary").first
    assert not inside.is_visible()
    tab_to(page, ".primary-toggle")
    page.keyboard.press("Enter")
    inside.wait_for(state="visible")
    page.keyboard.press("Escape")
    inside.wait_for(state="hidden")


def test_every_page_is_in_the_sidebar(browser) -> None:
    page = opened(browser, "index")
    listed = page.evaluate(
        "[...document.querySelectorAll('.bd-sidebar-primary a.internal')].map(a => a.href).length"
    )
    assert listed > 20


@pytest.mark.parametrize("name", ["index", "sources"])
def test_the_sidebar_shows_where_a_reader_is(browser, name: str) -> None:
    page = opened(browser, "references")
    side = page.locator(".bd-sidebar-primary")
    assert side.evaluate("e => e.scrollTop") > 100  # else nothing could be out of sight
    page.goto((SITE / f"{name}.html").as_uri())
    page.wait_for_function("document.querySelector('.bd-sidebar-primary').scrollTop < 100")
    here = page.locator(".bd-sidebar-primary li.current > a").first.bounding_box()
    assert 0 < here["y"] < page.viewport_size["height"]


def test_a_selector_that_nothing_fits_is_not_reached(browser) -> None:
    with pytest.raises(AssertionError, match="not reached"):
        tab_to(opened(browser, "index"), ".no-such-thing", most=3)
