"""What scripts add to the pages works with the keyboard, and says what it does."""

import re

import pytest
from browse import NARROW, ROOT, WIDE, opened

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


def test_without_a_script_the_meaning_is_the_title(browser) -> None:
    page = opened(browser, "notebooks/methods", script=False)
    title = page.locator("a[title]:has(.std-term)").first.get_attribute("title")
    assert len(title) > 40


def choose(page, label: str, option: str) -> None:
    found = page.locator(".explorer label", has_text=re.compile(f"^{label}"))
    found.locator("select").select_option(option)


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_explorer_moves_and_says_so(browser, size) -> None:
    page = opened(browser, "notebooks/explorer", size=size)
    result = page.locator(".explorer output")
    said = [result.inner_text()]
    assert result.get_attribute("aria-live") == "polite"
    for label, option in {"Weights": "none", "District": "Mercer", "Statement": "X-01"}.items():
        choose(page, label, option)
        said.append(result.inner_text())
    assert len(set(said)) == len(said)
    assert "Label:" in said[-1]
    assert page.locator(".explorer svg circle").count() == 0  # nothing fixes that share
    weights = page.locator(".explorer label", has_text=re.compile("^Weights")).locator("select")
    assert weights.is_disabled()  # within one district all answers count alike
    for label, option in {
        "District": "all",
        "Weights": "equal district",
        "Statement": "X-08",
    }.items():
        choose(page, label, option)
    assert page.locator(".explorer svg circle").count() == 1


def test_the_explorer_shows_what_is_recorded(browser) -> None:
    import pandas as pd
    from browse import ROOT

    table = pd.read_csv(ROOT / "results" / "tables" / "explorer_settings.csv")
    keys = {"row_id": "X-08", "weighting": "nonresponse", "district": "all"}
    row = table.set_index(list(keys)).loc[tuple(keys.values())]
    page = opened(browser, "notebooks/explorer")
    for label, option in zip(("Statement", "Weights", "District"), keys.values(), strict=True):
        choose(page, label, option)
    said = page.locator(".explorer output").inner_text()
    allowed = f"{row['open_lower']:.0%} to {row['open_upper']:.0%}".replace("%", " %")
    assert said.startswith(f"The print allows any share from {allowed}; with sampling error, ")
    assert f"{row['cases_for']} for, {row['cases_against']} against" in said
    assert f"Label: {row['label_0.05_0.25']}." in said


def test_without_a_script_the_explorer_points_to_the_tables(browser) -> None:
    page = opened(browser, "notebooks/explorer", script=False)
    assert "the tables below" in page.locator(".explorer").inner_text()
    assert page.locator("#exhibit-explorer-usual tbody tr").count() > 10
