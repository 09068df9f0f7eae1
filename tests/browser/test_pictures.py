"""Pictures across a phone, and dark on a dark page but never on paper."""

from browse import NARROW, WIDE, opened

FIGURE = ("notebooks/content_tailoring", ".exhibit-picture")
FILTER = "e => getComputedStyle(e).filter"


def test_a_picture_takes_the_whole_width_of_a_phone(browser) -> None:
    name, picture = FIGURE
    box = opened(browser, name, size=NARROW).locator(picture).first.bounding_box()
    assert (box["x"], box["width"]) == (0, NARROW[0])


def test_on_a_wide_screen_it_stays_within_the_text(browser) -> None:
    name, picture = FIGURE
    box = opened(browser, name, size=WIDE).locator(picture).first.bounding_box()
    assert 0 < box["x"] < box["x"] + box["width"] < WIDE[0]


def test_it_is_dark_with_the_page_and_light_on_paper(browser) -> None:
    name, picture = FIGURE
    page = opened(browser, name)
    img = page.locator(f"{picture} img").first
    set_mode = "mode => { document.documentElement.dataset.theme = mode; }"
    page.evaluate(set_mode, "light")
    assert img.evaluate(FILTER) == "none"
    page.evaluate(set_mode, "dark")
    assert img.evaluate(FILTER).startswith("invert(0.93)")
    page.emulate_media(media="print")
    assert img.evaluate(FILTER) == "none"
