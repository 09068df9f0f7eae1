"""Repairs of the theme do what they say, and nothing to what is right."""

from bookbuilder.site.html_repairs import repaired


def test_repairs() -> None:
    page = (
        '<script defer src="_static/scripts/fontawesome.js?digest=1"></script>'
        '<script src="searchindex.js"></script>'
        '<button class="btn search-button" aria-label="Search">Search</button>'
        '<div class="citation" role="doc-biblioentry">x</div><th class="stub"></th>'
        '<summary><span class="toctree-toggle"></span></summary>'
    )
    assert repaired(page) == (
        '<button class="btn search-button">Search</button>'
        '<div class="citation">x</div><td class="stub"></td>'
        '<summary aria-label="Pages below"><span class="toctree-toggle"></span></summary>'
    )


def test_leaves_the_rest_alone() -> None:
    page = (
        '<th scope="col">A</th><script src="theme.js"></script><nav role="navigation"></nav>'
        "<summary>How this was made</summary>"
        '<div id="search-results"></div><script src="searchindex.js"></script>'
    )
    assert repaired(page) == page


def test_what_draws_formulas_comes_where_there_are_some() -> None:
    script = '<script defer="defer" src="_static/tex-svg-full.js"></script>'
    assert repaired(f"<p>None</p>{script}") == "<p>None</p>"
    page = f'<div class="math notranslate">x</div>{script}'
    assert repaired(page) == page
