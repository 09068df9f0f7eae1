"""The index of the search holds no word that no page holds."""

import json

from bookbuilder.site.search_index import tidied

INDEX = {
    "docnames": ["a", "b"],
    "terms": {"gone": [], "kappa": 1, "none": [0, 1], "zero": 0},
    "titleterms": {"left": [], "maß": 0},
}


def test_words_without_a_page_are_left_out_and_nothing_else() -> None:
    script = f"Search.setIndex({json.dumps(INDEX)})"
    told = json.loads(tidied(script).removeprefix("Search.setIndex(").removesuffix(")"))
    assert told == {
        "docnames": ["a", "b"],
        "terms": {"kappa": 1, "none": [0, 1], "zero": 0},  # 0 is the first page
        "titleterms": {"maß": 0},
    }


def test_a_tidy_index_stays_as_it_is() -> None:
    script = 'Search.setIndex({"terms": {"maß": [0, 1]}, "titleterms": {"(kappa)": 0}})'
    assert tidied(script) == script
