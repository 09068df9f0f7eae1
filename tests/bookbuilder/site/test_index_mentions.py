"""Mentions are found in headings, captions, text and cells, and those that matter are told."""

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from myst_parser.parsers.docutils_ import Parser

from bookbuilder.site.exhibit import exhibit_caption, exhibit_figure
from bookbuilder.site.index_mentions import Finder, Mention, choose_mentions, find_mentions

FINDER = Finder({"weight": ["weight"], "boot": ["bootstrap*"], "run": ["compendium run"]})
PAGE = """# A title

Weights count.

## On bootstrapping

Nothing else.

## Commands

```console
compendium run x
```

```python
weight = "compendium run"
```
"""


def collected(page: str = PAGE, **exhibits: str) -> dict[str, Mention]:
    doctree = publish_doctree(page, parser=Parser(), settings_overrides={"doctitle_xform": False})
    for name, caption in exhibits.items():
        figure = exhibit_figure("", exhibit_caption("", caption), ids=[f"exhibit-{name}"])
        doctree.append(nodes.section("", nodes.title("", "Exhibits"), figure, ids=["exhibits"]))
    return find_mentions(
        doctree, "page", FINDER, lambda anchor: {"run"} if "cells" in anchor else set()
    )


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("A WEIGHT, two weights", {"weight"}),
        ("weightless, overweight, weight-free", set()),
        ("bootstrap, bootstraps and bootstrapping", {"boot"}),
        ("", set()),
    ],
)
def test_words_are_found_whole(text: str, keys: set[str]) -> None:
    assert FINDER.keys_in(text) == keys


def test_a_finder_of_nothing_finds_nothing() -> None:
    assert Finder({}).keys_in("weight") == set()


def test_headings_matter_and_code_of_notebooks_does_not_count() -> None:
    found = collected()
    assert not found["weight"].matters
    assert (found["weight"].paragraphs, found["weight"].anchor) == (1, "")
    assert found["boot"].matters
    assert found["boot"].anchor == "on-bootstrapping"
    assert found["run"].paragraphs == 1


def test_captions_and_cells_of_exhibits_are_named() -> None:
    found = collected("# Title", one="Weights.", cells="Nothing.")
    assert found["weight"].exhibits == ["exhibit-one"]
    assert found["run"].exhibits == ["exhibit-cells"]
    assert found["run"].matters


def test_of_many_pages_those_that_pass_by_are_left_out() -> None:
    pages = [Mention(str(number), paragraphs=1) for number in range(20)]
    assert choose_mentions(pages[:8]) == pages[:8]
    assert choose_mentions([*pages, Mention("often", paragraphs=3)]) == [
        Mention("often", paragraphs=3)
    ]
