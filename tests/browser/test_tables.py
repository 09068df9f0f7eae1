"""Tables on a phone, on paper, and where there is nothing to scroll."""

import re

import pytest
from browse import NARROW, WIDE, opened

STACKED = ("notebooks/joint_display", "#exhibit-joint-display")
FROZEN = ("notebooks/intercoder_agreement", "#exhibit-agreement-by-code")
WHOLE = ("notebooks/methods", "#exhibit-methods-interval")
LONG = ("notebooks/ledger", "#exhibit-ledger-verdicts")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_rows_become_blocks_whose_cells_name_their_heading(browser, script: bool) -> None:
    name, exhibit = STACKED
    page = opened(browser, name, size=NARROW, script=script)
    box = page.locator(f"{exhibit} thead").bounding_box()
    assert box["width"] <= 1 and box["height"] <= 1  # for a screen reader only
    cells = page.locator(f"{exhibit} tbody tr").first.locator("td, th")
    assert cells.count() >= 8
    for number in range(cells.count()):
        box = cells.nth(number).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= NARROW[0]
    before = "e => getComputedStyle(e, '::before').content"
    assert cells.nth(0).evaluate(before) == "none"
    assert cells.nth(1).evaluate(before).startswith('"Claim"')


def test_the_same_table_is_a_table_on_a_wide_screen(browser) -> None:
    name, exhibit = STACKED
    page = opened(browser, name)
    assert page.locator(f"{exhibit} thead").is_visible()
    row = page.locator(f"{exhibit} tbody tr").first.locator("td, th")
    assert row.first.bounding_box()["y"] == row.last.bounding_box()["y"]


def test_a_matrix_scrolls_under_its_first_column_and_says_so(browser) -> None:
    name, exhibit = FROZEN
    page = opened(browser, name, size=NARROW)
    page.locator(f"{exhibit} figcaption").scroll_into_view_if_needed()
    page.locator(f"{exhibit} .scroll-hint", has_text="sideways").wait_for()
    box = page.locator(f"{exhibit} .exhibit-scroll")
    cell = page.locator(f"{exhibit} tbody tr:not(.group)").first.locator("th").first
    before = cell.bounding_box()["x"]
    box.evaluate("e => { e.scrollLeft = 150; }")
    assert box.evaluate("e => e.scrollLeft") == 150
    assert abs(cell.bounding_box()["x"] - before) < 1


def test_a_table_that_fits_takes_no_stop_and_makes_no_landmark(browser) -> None:
    name, exhibit = WHOLE
    box = opened(browser, name).locator(f"{exhibit} .exhibit-scroll")
    box.and_(box.page.locator(":not([tabindex])")).wait_for()
    assert box.get_attribute("role") == "group"
    assert not box.page.locator(f"{exhibit} .scroll-hint").is_visible()


TEXT_BOX = ".pst-scrollable-table-container"


def test_a_table_of_the_text_says_when_it_scrolls_and_no_more(browser) -> None:
    page = opened(browser, "certificate", size=NARROW)
    page.locator(f".scroll-hint + {TEXT_BOX}").first.wait_for(state="attached")
    told = page.evaluate(
        """box => [...document.querySelectorAll(box)].map(e => [
            e.scrollWidth > e.clientWidth + 1, !e.previousElementSibling.hidden])""",
        TEXT_BOX,
    )
    assert any(scrolls for scrolls, _ in told)
    assert [shown for _, shown in told] == [scrolls for scrolls, _ in told]
    assert page.locator(f"{TEXT_BOX}[role=group]").count() == 0


LAID_OUT = "e => e.checkVisibility({ contentVisibilityAuto: true })"


def test_rows_far_from_the_screen_are_not_laid_out_until_they_come_near(browser) -> None:
    name, exhibit = LONG
    page = opened(browser, name, size=NARROW)
    last = page.locator(f"{exhibit} tbody tr:not(.group) > :first-child").last
    assert not last.evaluate(LAID_OUT)
    last.scroll_into_view_if_needed()
    page.wait_for_function(f"e => ({LAID_OUT})(e)", arg=last.element_handle())


def test_rows_that_are_all_laid_out_are_found(browser) -> None:
    name, exhibit = LONG
    page = opened(browser, name, size=NARROW)
    page.add_style_tag(content="* { content-visibility: visible !important; }")
    assert page.locator(f"{exhibit} tbody tr:not(.group) > :first-child").last.evaluate(LAID_OUT)


@pytest.mark.parametrize(("size", "words"), [(WIDE, "down ↓"), (NARROW, "scrolls down ↓")])
def test_a_long_table_says_that_it_scrolls_down(browser, size, words: str) -> None:
    name, exhibit = LONG
    page = opened(browser, name, size=size)
    page.locator(f"{exhibit} caption, {exhibit} figcaption").first.scroll_into_view_if_needed()
    hint = page.locator(f"{exhibit} .scroll-hint")
    hint.filter(has_text=words).wait_for()
    page.locator(f"{exhibit} input[type=search]").fill("EPIC-C-002")
    hint.wait_for(state="hidden")


def test_a_wide_table_takes_the_margin(browser) -> None:
    page = opened(browser, STACKED[0])
    page.locator(f"{STACKED[1]} figcaption").scroll_into_view_if_needed()
    box = page.locator(f"{STACKED[1]} .exhibit-scroll")
    text = page.locator("article section > p").first
    assert box.bounding_box()["width"] > text.bounding_box()["width"] + 100
    assert box.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_a_text_table_of_sentences_becomes_blocks_on_a_phone(browser) -> None:
    page = opened(browser, "exchange", size=(320, 800))
    row = page.locator(f"{TEXT_BOX} table.stack tbody tr").first
    first, second = (row.locator("td").nth(place).bounding_box() for place in (0, 1))
    assert second["y"] > first["y"] and second["width"] > 250
    # One of short words stays a table.
    other = opened(browser, "data_dictionary", size=(320, 800))
    assert other.locator("table").count() > 3
    assert other.locator(f"{TEXT_BOX} table.stack").count() == 0


BROKEN = """() => {
  const broken = [];
  for (const code of document.querySelectorAll("table.table code .pre")) {
    for (const part of code.childNodes) {
      if (part.nodeType !== Node.TEXT_NODE || !/^\\w+[/.]?$/.test(part.data)) continue;
      const range = document.createRange();
      range.selectNodeContents(part);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (lines.size > 1) broken.push(part.data);
    }
  }
  return broken;
}"""


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", ["certificate", "data_dictionary"])
def test_names_in_a_table_are_broken_between_words_only(browser, name: str, size) -> None:
    page = opened(browser, name, size=size)
    assert page.locator("table.table code .pre").count() > 100
    assert page.evaluate(BROKEN) == []


def test_a_name_broken_within_a_word_is_found(browser) -> None:
    page = opened(browser, "certificate", size=NARROW)
    page.add_style_tag(content="table.table code { overflow-wrap: anywhere !important; }")
    assert page.evaluate(BROKEN)


def test_blocks_are_sorted_from_a_list(browser) -> None:
    name, exhibit = LONG
    page = opened(browser, name, size=NARROW)
    heads = page.locator(f"{exhibit} thead button")
    stops = heads.evaluate_all("all => all.map(button => button.tabIndex)")
    assert len(stops) > 5 and set(stops) == {-1}  # out of sight
    page.locator(f"{exhibit} .sort-choice select").select_option(label="Claim, descending")
    shown = page.locator(f"{exhibit} tbody tr:not(.group) > :first-child").all_text_contents()[:20]
    numbers = [int(re.search(r"\d+$", text)[0]) for text in shown]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] > 20


def test_on_paper_a_table_has_its_headings_and_no_tools(browser) -> None:
    name, exhibit = LONG
    page = opened(browser, name)
    page.locator(f"{exhibit} .table-tools").wait_for(state="visible")
    page.emulate_media(media="print")
    assert not page.locator(f"{exhibit} .table-tools").is_visible()
    assert page.locator(f"{exhibit} thead").is_visible()
    box = page.locator(f"{exhibit} .exhibit-scroll")
    assert box.evaluate("e => getComputedStyle(e).overflow") == "visible"


LINES = """() => [...document.querySelectorAll("code .pre.option")]
  .filter((e) => e.getClientRects().length > 1).map((e) => e.textContent)"""


@pytest.mark.parametrize("name", ["exchange", "rebuild", "sweep"])
def test_an_option_is_not_broken_at_its_hyphens(browser, name: str) -> None:
    page = opened(browser, name, size=NARROW)
    assert page.locator("code .pre.option").count() > 0
    assert page.evaluate(LINES) == []


def test_a_broken_option_is_found(browser) -> None:
    page = opened(browser, "exchange", size=NARROW)
    style = "code .pre.option { white-space: normal !important; display: inline; width: 0 }"
    page.add_style_tag(content=f"{style} p, li {{ width: 4em }}")
    assert page.evaluate(LINES)
