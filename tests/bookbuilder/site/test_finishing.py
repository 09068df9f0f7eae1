"""Repairs do what they say and nothing to what is right."""

from bookbuilder.site.finishing import repair_page


def test_repairs() -> None:
    page = (
        '<link rel="preload" as="script" href="_static/scripts/bootstrap.js?digest=1" />'
        "<script>let toggleHintShow = 'Click to show';</script>"
        "<script>DOCUMENTATION_OPTIONS.pagename = 'index';</script>"
        '<script src="searchindex.js"></script>'
        '<button class="btn search-button" aria-label="Search">Search</button>'
        '<div class="citation" role="doc-biblioentry">x</div>'
        '<summary><span class="toctree-toggle"></span></summary>'
    )
    assert repair_page(page) == (
        '<button class="btn search-button">Search</button>'
        '<div class="citation">x</div>'
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
        "<summary>How this was made</summary><script>let mine = 1;</script>"
    )
    assert repair_page(page) == page


def test_a_cell_of_one_paragraph_is_a_cell_of_words() -> None:
    row = '<tr class="row-even"><td><p>a <em>b</em></p></td>\n<td><p>c</p><p>d</p></td></tr>'
    assert repair_page(row) == "<tr><td>a <em>b</em></td>\n<td><p>c</p><p>d</p></td></tr>"


def test_one_tag_says_how_wide_a_page_is() -> None:
    tag = '<meta name="viewport" content="width=device-width" />'
    assert repair_page(f"<head>{tag}{tag}\n  {tag}<title>x</title></head>") == (
        f"<head>{tag}<title>x</title></head>"
    )


def test_the_page_of_the_search_asks_for_the_search_of_the_book() -> None:
    sphinx = '<script src="_static/searchtools.js"></script><script src="searchindex.js"></script>'
    page = f'<head>{sphinx}</head><div id="search-results"></div>'
    assert repair_page(page).count("search_index.js") == 1
    assert "searchtools" not in repair_page(page)
    assert repair_page(f"<head>{sphinx}</head>") == "<head></head>"


def test_code_keeps_the_colours_that_say_something() -> None:
    code = '<span class="n">x</span><span class="w"> </span><span class="k">in</span>'
    assert repair_page(code) == 'x <span class="k">in</span>'
