"""What scripts add to the pages works with the keyboard, and says what it does."""

import json
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import study_rows
from browse import NARROW, ROOT, SITE, WIDE, opened

from bookbuilder import documents
from bookbuilder.site.interactive import settings

SOURCES = ROOT / "book" / "_static"


@pytest.fixture
def ledger(browser):
    return opened(browser, "notebooks/ledger")


TABLE = "#exhibit-ledger-verdicts"
ROWS = f"{TABLE} tbody tr:not(.group):visible"


def place(page, heading: str) -> int:
    """Return which column has a heading, from 1."""
    headings = page.locator(f"{TABLE} thead tr:last-child th").all_inner_texts()
    return [re.split(r"\W", text.strip())[0] for text in headings].index(heading) + 1


def column(page, heading: str) -> list[str]:
    return page.locator(f"{ROWS} > :nth-child({place(page, heading)})").all_inner_texts()


def test_the_ledger_is_filtered_by_verdict_and_document(ledger, values) -> None:
    count = ledger.locator(f"{TABLE} output")
    whole = values["ledger.claims"]["value"]
    assert count.inner_text() == f"{whole} of {whole} rows"
    ledger.locator(f"{TABLE} label", has_text=re.compile("^Verdict")).locator(
        "select"
    ).select_option("contradicted")
    wanted = values["ledger.verdict_contradicted"]["value"]
    assert count.inner_text() == f"{wanted} of {whole} rows"
    assert set(column(ledger, "Verdict")) == {"contradicted"}
    ledger.locator(f"{TABLE} label", has_text=re.compile("^Source")).locator(
        "select"
    ).select_option(index=1)
    assert 0 < ledger.locator(ROWS).count() < wanted
    assert ledger.locator(f"{TABLE} tr.group:visible").count() == 1


def test_a_figure_is_enlarged_by_a_tap_and_by_the_keyboard(browser) -> None:
    page = opened(browser, "notebooks/case_study")
    link, enlarged = page.locator(".exhibit-picture > a").first, page.locator("dialog.enlarged")
    link.focus()
    page.keyboard.press("Enter")
    assert "Figure" in enlarged.get_attribute("aria-label")
    assert page.evaluate("document.activeElement.textContent") == "Close"
    page.keyboard.press("Escape")
    assert not enlarged.is_visible()
    assert page.evaluate("document.activeElement.matches('.exhibit-picture > a')")
    link.click()
    page.mouse.click(3, 3)  # beside the picture
    assert not enlarged.is_visible()
    assert link.get_attribute("href").endswith(".svg")  # where no script runs


def fits(page) -> bool:
    """Return whether the picture that is enlarged is in the window as a whole."""
    width, height = page.viewport_size["width"], page.viewport_size["height"]
    box = page.locator("dialog.enlarged img").bounding_box()
    inside = box["x"] >= 0 and box["x"] + box["width"] <= width
    return inside and box["y"] >= 0 and box["y"] + box["height"] <= height


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("name", ["notebooks/joint_display", "notebooks/case_study"])
def test_an_enlarged_figure_fits_the_window_and_a_tap_zooms(browser, name: str, size) -> None:
    page = opened(browser, name, size=size)
    link, image = page.locator(".exhibit-picture > a").first, page.locator("dialog.enlarged img")
    before = link.locator("img").bounding_box()["width"]
    link.click()
    assert fits(page)
    whole = image.bounding_box()["width"]
    image.click()
    assert image.bounding_box()["width"] > max(whole, before)
    assert not fits(page)
    image.click(position={"x": 20, "y": 20})
    assert image.bounding_box()["width"] == whole


def test_words_filter_and_may_leave_nothing(ledger) -> None:
    words = ledger.locator(f"{TABLE} input[type=search]")
    words.fill("EPIC-C-002")
    assert column(ledger, "Claim") == ["EPIC-C-002"]
    words.fill("xqzzy")
    assert ledger.locator(ROWS).count() == 0
    assert "No row has all of this" in ledger.locator(f"{TABLE} output").inner_text()
    words.fill("")
    assert ledger.locator(ROWS).count() > 200


def test_a_heading_sorts_up_and_down_and_back_by_keyboard(ledger) -> None:
    as_it_stands = column(ledger, "Claim")
    button = ledger.locator(f"{TABLE} th button", has_text="Allowed")
    button.focus()
    for direction, sign in (("ascending", 1), ("descending", -1)):
        ledger.keyboard.press("Enter")
        assert button.locator("..").get_attribute("aria-sort") == direction
        first = ledger.locator(f"{TABLE} tbody").first.evaluate(
            """(body, at) => [...body.rows].slice(1).map((row) => row.cells[at].textContent)""",
            place(ledger, "Allowed") - 1,
        )
        shown = [re.match(r"[−-]?[\d,.]+", text.strip().replace("$", "")) for text in first]
        numbers = [float(one[0].replace(",", "").replace("−", "-")) for one in shown if one]
        assert len(numbers) > 50
        assert numbers == sorted(numbers, key=lambda x, s=sign: s * x)
    ledger.keyboard.press("Enter")
    assert button.locator("..").get_attribute("aria-sort") is None
    assert column(ledger, "Claim") == as_it_stands


@pytest.mark.parametrize(
    ("cells", "up"),
    [
        (["$2,000,000", "$100", "−3", "–"], ["−3", "$100", "$2,000,000", "–"]),
        (["12% to 20%", "5%", "all"], ["5%", "12% to 20%", "all"]),
        (["EPIC-10", "EPIC-9"], ["EPIC-9", "EPIC-10"]),
        (
            ["above 50 below 100", "9", "at least 2", "below 0", "over 60%", "all"],
            ["below 0", "at least 2", "9", "above 50 below 100", "over 60%", "all"],
        ),
    ],
)
def test_cells_are_sorted_by_their_value(browser, cells: list[str], up: list[str]) -> None:
    rows = "".join(f"<tr><th scope='row'>{i}</th><td>{c}</td></tr>" for i, c in enumerate(cells))
    heads = "<thead><tr><th>A</th><th>B</th></tr></thead>"
    page = browser.new_page()
    table = f"<table>{heads}<tbody>{rows}</tbody></table>"
    page.set_content(
        f"<div class='exhibit-scroll long' data-group=''>{table}</div>"
        f"<script>{(SOURCES / 'tables.js').read_text('utf-8')}</script>"
    )
    page.locator("th button", has_text="B").click()
    assert page.locator("tbody td").all_inner_texts() == up
    page.locator("th button", has_text="B").click()
    assert page.locator("tbody td").all_inner_texts() == [
        *(cell for cell in reversed(up) if cell != "–"),
        *(cell for cell in up if cell == "–"),
    ]


def test_without_a_script_the_ledger_is_all_there(browser, values) -> None:
    page = opened(browser, "notebooks/ledger", script=False)
    assert page.locator(f"{TABLE} tbody tr").count() >= values["ledger.claims"]["value"]
    assert page.locator(f"{TABLE} .table-tools").count() == 0


def test_a_term_shows_its_meaning_on_hover_and_focus_and_escape_closes(browser) -> None:
    page = opened(browser, "notebooks/methods")
    card = page.locator("#term-card")
    link = page.locator("a.term", has_text="Raking").or_(
        page.locator("a.term", has_text="design effect")
    )
    assert not card.is_visible()
    link.first.hover()
    card.wait_for(state="visible")
    page.keyboard.press("Escape")
    assert not card.is_visible()
    link.first.focus()
    assert card.is_visible()
    assert link.first.get_attribute("aria-describedby") == "term-card"
    assert len(card.inner_text()) > 40
    term = card.locator("strong").inner_text()
    assert term.lower() in ("raking", "design effect") and card.inner_text().startswith(term)


def test_without_a_script_the_meaning_is_the_title(browser) -> None:
    page = opened(browser, "notebooks/methods", script=False)
    title = page.locator("a[title]:has(.std-term)").first.get_attribute("title")
    assert len(title) > 40


NAMES = {
    "statement": "What teachers were asked",
    "district": "Whose answers",
    "weights": "How answers count",
    "split": "The survey counts as split",
    "heard": "The quoted teachers count when",
}


def control(page, name: str):
    found = page.locator(".explorer label", has_text=re.compile(f"^{NAMES[name]}"))
    return found.locator("select")


def choose(page, **chosen: str) -> None:
    for name, option in chosen.items():
        control(page, name).select_option(option)


@study_rows.on_reconstructed
@pytest.mark.parametrize("size", [WIDE, NARROW, (320, 640)])
def test_the_explorer_moves_and_says_so(browser, size) -> None:
    page = opened(browser, "notebooks/explorer", size=size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    result = page.locator(".explorer output")
    said = [result.inner_text()]
    assert result.get_attribute("aria-live") == "polite"
    for name, option in {"weights": "none", "district": "Mercer", "statement": "X-01"}.items():
        choose(page, **{name: option})
        said.append(result.inner_text())
    assert len(set(said)) == len(said)
    assert "Label:" in said[-1]
    assert page.locator(".explorer svg circle").count() == 0  # nothing fixes that share
    assert control(page, "weights").is_disabled()  # within one district all answers count alike
    choose(page, district="Scheyer-Smith")
    assert "no teacher was interviewed here" in result.inner_text()
    assert "Label:" not in result.inner_text()
    choose(page, district="all", weights="equal district", statement="X-08")
    assert page.locator(".explorer svg circle").count() == 1


def test_a_setting_stands_in_the_address_and_back_goes_to_the_one_before(browser) -> None:
    page = opened(browser, "notebooks/explorer")
    result = page.locator(".explorer output")
    usual = result.inner_text()
    choose(page, statement="X-01")
    first = result.inner_text()
    choose(page, split="0.1")
    assert page.url.endswith("#statement=X-01&split=0.1")
    page.go_back()
    assert page.url.endswith("#statement=X-01") and result.inner_text() == first
    page.go_back()
    assert result.inner_text() == usual
    linked = opened(browser, "notebooks/explorer", query="#district=Mercer&statement=X-09")
    assert control(linked, "district").input_value() == "Mercer"
    assert control(linked, "statement").input_value() == "X-09"
    wrong = opened(browser, "notebooks/explorer", query="#district=Nowhere")
    assert wrong.locator(".explorer output").inner_text() == usual


@study_rows.on_reconstructed
def test_the_explorer_shows_what_is_recorded(browser) -> None:
    import pandas as pd

    table = pd.read_csv(ROOT / "results" / "tables" / "explorer_settings.csv")
    keys = {"row_id": "X-08", "weighting": "nonresponse", "district": "all"}
    row = table.set_index(list(keys)).loc[tuple(keys.values())]
    page = opened(browser, "notebooks/explorer")
    choose(page, statement=keys["row_id"], weights=keys["weighting"])
    said = page.locator(".explorer output").inner_text()
    allowed = f"{row['open_lower']:.0%} to {row['open_upper']:.0%}"
    assert f"allow any share from {allowed}; with sampling error, " in said
    assert f"({row['cases_for']} yes, {row['cases_against']} no, " in said
    assert f"Label: {row['label_0.05_0.25']}." in said


def test_of_collected_rows_the_explorer_shows_estimates_and_says_what_is_withheld(
    browser, tmp_path
) -> None:
    import pandas as pd

    labels = {"label_0.00_0.25": "silence", "label_0.05_0.25": "silence"}
    one = {"row_id": "X-1", "claim": "One", "weighting": "equal district"} | labels
    one |= dict.fromkeys(("cases_for", "cases_against", "cases_both", "cases_heard"), 0)
    one |= {"n": 40, "effective": 30}
    shares = dict.fromkeys(("share", "open_lower", "open_upper"), 0.36) | {"lower": 0.3}
    table = pd.DataFrame(
        [
            one | shares | {"district": "all", "upper": 0.43},
            one | {"district": "Davis", "n": None, "effective": None},
        ]
    )
    block = documents.fill(
        "explorer.html", settings=json.dumps(settings(table) | {"collected": True})
    )
    script = (SOURCES / "explorer.js").as_uri()
    path = tmp_path / "page.html"
    path.write_text(f'{block}<script src="{script}"></script>', encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    said = page.locator(".explorer output")
    shown = "Survey: 36% of the answers; with sampling error, 30% to 43%"
    assert f"{shown} (40 answers, which tell as much as 30" in said.inner_text()
    assert page.locator("svg .share").count() == 1
    assert page.locator("svg .open").count() == 0
    choose(page, district="Davis")
    assert "No share is shown here" in said.inner_text()
    assert "Label: silence." in said.inner_text()
    assert page.locator("svg .share, svg .interval").count() == 0
    assert "report" not in page.locator(".explorer-key").inner_text()


def test_the_explorer_and_the_places_give_a_district_one_label() -> None:
    import pandas as pd

    tables = ROOT / "results" / "tables"
    settings = pd.read_csv(tables / "explorer_settings.csv").query("weighting == 'equal district'")
    explored = settings.set_index(["row_id", "district"])["label_0.05_0.25"]
    places = pd.read_csv(tables / "labels_by_district.csv").set_index("row_id")
    compared = 0
    for place in places.columns.drop("claim"):
        (district,) = [one for one in settings["district"].unique() if one.startswith(place)]
        for row_id, cell in places[place].dropna().items():
            assert explored[row_id, district] == cell.partition(";")[0]
            compared += 1
    assert compared > 40


def test_without_a_script_the_explorer_points_to_the_tables(browser) -> None:
    page = opened(browser, "notebooks/explorer", script=False)
    assert "the tables below" in page.locator(".explorer").inner_text()
    assert page.locator("#exhibit-explorer-usual tbody tr").count() > 10


def test_an_exercise_says_what_is_right_and_opens_its_hint(browser, values) -> None:
    page = opened(browser, "notebooks/exercises")
    questions = page.locator(".question")
    assert questions.count() == values["exercises.exercises"]["value"]
    one = questions.filter(has_text="points at most").first
    answer = values["exercises.shift_points"]["value"]
    for given, said, hint in (
        ("", "Write a number first", False),
        ("some", "is no number", False),
        (str(answer - 20), "No, it is more", True),
        (f"{answer:.0f}", "Right", True),
        (f"{answer:.0f} apples", "is no number", True),
        *((f"{answer:.0f}{unit}", "Right", True) for unit in (" points", "points", " point", "%")),
    ):
        one.locator("input").fill(given)
        one.locator("button").click()
        assert said in one.locator("output").inner_text()
        assert one.locator("details").evaluate("e => e.open") == hint
    two = questions.filter(has_text="Is it possible?").first
    right = values["exercises.percent_possible"]["value"]
    for choice in ("yes", "no"):
        two.get_by_label(choice, exact=True).check()
        two.locator("button").click()
        assert two.locator("output").inner_text().startswith("Right" if choice == right else "No")


def test_without_a_script_hint_and_solution_are_there(browser) -> None:
    page = opened(browser, "notebooks/exercises", script=False)
    assert page.locator(".question form").count() == 0
    hint = page.locator(".question details").first
    hint.locator("summary").click()
    assert hint.locator("p").first.is_visible()
    page.locator("details.sd-dropdown summary").first.click()
    assert page.locator("details.sd-dropdown p").first.is_visible()


def test_one_switch_shows_all_code_and_is_remembered(browser) -> None:
    page = opened(browser, "notebooks/weighting")
    code = page.locator("div.cell .highlight pre")
    shown = "all => all.filter(e => e.checkVisibility()).length"
    assert code.count() > 2 and code.evaluate_all(shown) == 0
    page.locator("button.show-code").click()
    assert code.evaluate_all(shown) == code.count()
    page.reload()
    assert code.evaluate_all(shown) == code.count()
    page.locator("button.show-code").click()
    assert code.evaluate_all(shown) == 0


def test_without_a_script_code_is_folded_and_opens(browser) -> None:
    page = opened(browser, "notebooks/weighting", script=False)
    folded = page.locator("details.hide.above-input")
    assert folded.count() == page.locator("div.cell .cell_input").count()  # parameters too
    assert page.locator("div.cell .highlight pre").first.is_hidden()
    folded.first.locator("summary").click()
    assert page.locator("div.cell .highlight pre").first.is_visible()


def test_a_tap_shows_the_meaning_and_a_second_one_leaves(browser) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto((SITE / "notebooks" / "methods.html").as_uri())
    link = page.locator("a.term").first
    link.tap()
    card = page.locator("#term-card")
    assert card.is_visible() and page.url.endswith("methods.html")
    box, word = card.bounding_box(), link.bounding_box()
    foot = word["y"] + word["height"]
    assert box["y"] > foot or box["y"] + box["height"] < word["y"]
    assert (
        abs(box["y"] + box["height"] - 800) < 20 or box["y"] < 100
    )  # docked, off the lines around
    link.tap()
    page.wait_for_url("**/glossary.html#*")


def test_what_a_reader_takes_away_is_there(browser) -> None:
    page = opened(browser, "take_away")
    for link, inside in (("All data", "datapackage.json"), ("every table and fig", "exhibits.csv")):
        address = page.locator("article a", has_text=link).first.evaluate("a => a.href")
        with zipfile.ZipFile(Path(unquote(urlsplit(address).path))) as archive:
            assert inside in archive.namelist() and len(archive.namelist()) > 50
    assert page.locator("pre", has_text="@misc{compendium").count() == 1
    assert page.locator("pre", has_text="TY  - ").count() == 5
    other = opened(browser, "notebooks/weighting")
    exhibit = other.locator("figure.exhibit").first
    exhibit.locator("details.cite summary").click()
    label = exhibit.locator("figcaption strong").inner_text()
    assert label in exhibit.locator("details.cite").inner_text()
    assert (
        exhibit.locator("a", has_text="Link to this").get_attribute("href").startswith("#exhibit")
    )
