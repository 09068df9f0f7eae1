"""The search brings the page that a word is about first, and shows its sentences."""

from urllib.parse import quote_plus

import pytest
from browse import opened

#: Forty queries of readers, each with the page that must come first.
QUERIES = {
    "kappa": "notebooks/intercoder_agreement",
    "inter-rater reliability": "notebooks/intercoder_agreement",
    "krippendorff": "notebooks/intercoder_agreement",
    "coder agreement": "notebooks/intercoder_agreement",
    "joint display": "notebooks/joint_display",
    "mixed methods": "notebooks/joint_display",
    "co-occurrence": "notebooks/corpus",
    "saturation": "notebooks/corpus",
    "professional development": "notebooks/professional_development",
    "training": "notebooks/professional_development",
    "EPIC report": "sources",
    "Padgett": "sources",
    "Wise Ways": "sources",
    "documents": "sources",
    "response rate": "notebooks/response_rates",
    "Table 67": "",
    "limitations": "limits",
    "generalize": "limits",
    "download data": "take_away",
    "bibtex": "take_away",
    "how to cite": "take_away",
    "interviews": "notebooks/interviews",
    "interview protocol": "notebooks/interview_protocol",
    "confidence interval": "notebooks/methods",
    "sample size": "notebooks/response_rates",
    "weights": "notebooks/weighting",
    "raking": "notebooks/methods",
    "nonresponse bias": "notebooks/representativeness",
    "representative": "notebooks/representativeness",
    "reconstruction": "notebooks/printed_limits",
    "synthetic data": "notebooks/printed_limits",
    "pacing": "notebooks/remediation_advancement",
    "findings": "notebooks/findings",
    "barriers": "notebooks/case_study",
    "leadership": "notebooks/interviews",
    "exercises": "notebooks/exercises",
    "codebook": "codes",
    "variables": "data_dictionary",
    "reproduce": "rebuild",
    "Mercer": "districts",
    "glossary": "glossary",
    "student agency": "codes",
    "coaching": "codes",
    "leaders' understanding": "codes",
}
FOUND = "[...document.querySelectorAll('ul.search > li > a')].map(a => a.getAttribute('href'))"


def results(page, query: str) -> list[str]:
    """Return the pages that a query brings, the first first."""
    page.goto(page.url.partition("?")[0] + f"?q={quote_plus(query)}")
    page.wait_for_selector(".search-summary")
    return page.evaluate(FOUND)


def test_the_page_a_word_is_about_comes_first(browser) -> None:
    page = opened(browser, "search")
    wrong = {}
    for query, wanted in QUERIES.items():
        found = results(page, query)
        if wanted and found[:1] != [f"{wanted}.html"]:
            place = found.index(f"{wanted}.html") + 1 if f"{wanted}.html" in found else None
            wrong[query] = (wanted, place, found[:2])
    assert wrong == {}


def test_a_number_brings_the_exhibit_itself(browser) -> None:
    page = opened(browser, "search")
    results(page, "Table 67")
    first = page.locator("ul.search li").first.locator("p.place a").first
    assert first.inner_text().startswith("Table 67. ")
    assert "#exhibit-" in first.get_attribute("href")


def test_excerpts_are_prose_with_the_words_marked(browser) -> None:
    page = opened(browser, "search")
    results(page, "design effect")
    excerpts = page.locator("ul.search p.context").all_inner_texts()
    assert len(excerpts) > 3
    assert not any("import " in text or "compendium." in text for text in excerpts)
    assert page.locator("ul.search mark", has_text="design").count() > 1


@pytest.mark.parametrize("query", ["xqzzy", "kappa xqzzy"])
def test_what_no_page_has_is_not_found(browser, query: str) -> None:
    assert results(opened(browser, "search"), query) == []


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("respnse rate", "response rate"),
        ("leadershp", "leadership"),
        ("krippendrof", "krippendorff"),
    ],
)
def test_a_misspelt_word_leads_to_the_nearest_that_is_there(browser, query, meant) -> None:
    page = opened(browser, "search")
    assert results(page, query) == []
    page.locator(".search-summary a", has_text=meant).click()
    page.wait_for_selector("ul.search li")
    assert f"with “{meant}”" in page.inner_text(".search-summary")


@pytest.mark.parametrize("query", ["xqzzy", "kappa xqzzy", "zzz"])
def test_a_word_with_none_near_it_suggests_nothing(browser, query: str) -> None:
    page = opened(browser, "search")
    results(page, query)
    assert page.locator(".search-summary a").count() == 0


@pytest.mark.parametrize(
    ("british", "american"),
    [("personalised", "personalized"), ("organisation", "organization")],
)
def test_british_spelling_finds_american(browser, british: str, american: str) -> None:
    page = opened(browser, "search")
    assert results(page, british) == results(page, american) != []


def test_other_letters_are_another_word(browser) -> None:
    page = opened(browser, "search")
    results(page, "mastery")
    found = " ".join(page.locator("ul.search mark").all_inner_texts())
    assert "astery" in found and "Master's" not in found
    assert results(page, "competency") == results(page, "competencies") != []


@pytest.mark.parametrize(
    ("query", "words"), [("Civil War", "EPIC-054"), ("EPIC-054", "Civil War"), ("Joanie", "Joanie")]
)
def test_a_passage_is_found_by_its_words_and_its_number(browser, query: str, words: str) -> None:
    page = opened(browser, "search")
    assert any(url.startswith("notebooks/codes_") for url in results(page, query))
    assert page.locator("ul.search p.context", has_text=words).count()


def test_a_named_exhibit_brings_no_page_with_only_its_number(browser) -> None:
    page = opened(browser, "search")
    assert len(results(page, "Table 67")) < 3


def test_a_word_of_one_letter_is_meant_as_it_stands(browser) -> None:
    page = opened(browser, "search")
    assert results(page, "C++") == []
    assert 0 < len(results(page, "C")) < 15


def test_a_code_leads_to_its_definition(browser) -> None:
    page = opened(browser, "search")
    results(page, "student agency")
    place = page.locator("ul.search li").first.locator("p.place a").first
    assert place.get_attribute("href") == "codes.html#code-student-agency"


def test_a_row_of_a_table_is_found_and_shown(browser) -> None:
    page = opened(browser, "search")
    results(page, "coaching")
    assert page.locator(
        "p.place a[href*='#exhibit-'] >> xpath=../following-sibling::p[1]//mark"
    ).count()


@pytest.mark.parametrize("query", ["", "?!"])
def test_a_search_for_nothing_says_what_to_type(browser, query: str) -> None:
    page = opened(browser, "search")
    assert results(page, query) == []
    assert "Type what you look for" in page.inner_text(".search-summary")
