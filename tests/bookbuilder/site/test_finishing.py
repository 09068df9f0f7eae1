"""Repairs do what they say and nothing to what is right; the search has no word of no page."""

import json

from bookbuilder.site.finishing import repair_page, tidy_search_index

INDEX = {
    "docnames": ["a", "b"],
    "terms": {"gone": [], "kappa": 1, "none": [0, 1], "zero": 0},
    "titleterms": {"left": [], "maß": 0},
}


def test_repairs() -> None:
    page = (
        '<script defer src="_static/scripts/fontawesome.js?digest=1"></script>'
        '<script src="searchindex.js"></script>'
        '<button class="btn search-button" aria-label="Search">Search</button>'
        '<div class="citation" role="doc-biblioentry">x</div><th class="stub"></th>'
        '<summary><span class="toctree-toggle"></span></summary>'
    )
    assert repair_page(page) == (
        '<button class="btn search-button">Search</button>'
        '<div class="citation">x</div><td class="stub"></td>'
        '<summary aria-label="Pages below"><span class="toctree-toggle"></span></summary>'
    )


def test_parameters_of_a_function_are_lines() -> None:
    page = (
        '<dt class="sig">f(<dl>\n<dd><em class="sig-param">a<span>: int</span></em>,</dd>\n'
        '<dd><em class="sig-param">b</em>,</dd>\n</dl>\n\n<span class="sig-paren">)</span></dt>'
    )
    assert repair_page(page) == (
        '<dt class="sig">f(<span class="sig-lines">\n'
        '<span class="sig-line"><em class="sig-param">a<span>: int</span></em>,</span>\n'
        '<span class="sig-line"><em class="sig-param">b</em>,</span>\n'
        '</span>\n\n<span class="sig-paren">)</span></dt>'
    )


def test_leaves_the_rest_alone() -> None:
    page = (
        "<dl><dt>Weight</dt><dd>How much an answer counts.</dd></dl>"
        '<th scope="col">A</th><script src="theme.js"></script><nav role="navigation"></nav>'
        "<summary>How this was made</summary>"
        '<div id="search-results"></div><script src="searchindex.js"></script>'
    )
    assert repair_page(page) == page


def test_what_draws_formulas_comes_where_there_are_some() -> None:
    script = '<script defer="defer" src="_static/tex-svg-full.js"></script>'
    assert repair_page(f"<p>None</p>{script}") == "<p>None</p>"
    page = f'<div class="math notranslate">x</div>{script}'
    assert repair_page(page) == page


def test_words_without_a_page_are_left_out_and_nothing_else() -> None:
    script = f"Search.setIndex({json.dumps(INDEX)})"
    index = json.loads(tidy_search_index(script).removeprefix("Search.setIndex(").removesuffix(")"))
    assert index == {
        "docnames": ["a", "b"],
        "terms": {"kappa": 1, "none": [0, 1], "zero": 0},  # 0 is the first page
        "titleterms": {"maß": 0},
    }


def test_a_tidy_index_stays_as_it_is() -> None:
    script = 'Search.setIndex({"terms": {"maß": [0, 1]}, "titleterms": {"(kappa)": 0}})'
    assert tidy_search_index(script) == script
