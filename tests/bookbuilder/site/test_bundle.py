"""A site asks for one style sheet, one script and one font, with what its pages use in them."""

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from bookbuilder.site import bundle

USED = {"p", "a", "b", "shown"}


@pytest.mark.parametrize(
    ("css", "left"),
    [
        ("p.a{top:0} p.gone{top:0}", "p.a{top:0}"),
        ("#gone{top:0} #b:hover{top:0}", "#b:hover{top:0}"),
        (".a,.gone,p>.b{top:0}", ".a,p>.b{top:0}"),
        (".a:is(.gone, .b:not(.x)){top:0}", ".a:is(.gone, .b:not(.x)){top:0}"),
        (".a[data-x='.gone']{top:0}", ".a[data-x='.gone']{top:0}"),
        ("a::before{content:'}{,'}", "a::before{content:'}{,'}"),
        ('@charset "x";/* .a{} */@media (x){.gone{top:0}}', ""),
        ("@media (x){.gone{top:0}.a{top:0}}", "@media (x){.a{top:0}}"),
        ("@page wide{size:A4}", "@page wide{size:A4}"),
    ],
)
def test_a_rule_stays_when_a_page_has_all_that_it_asks_for(css: str, left: str) -> None:
    assert bundle.cut(css, USED) == left


def test_indentation_and_remarks_go_and_licences_and_code_stay() -> None:
    script = "  a;\n  // why\n/* and\n how */ b\n/*! licence */\n  c; // d\n'/* e */'\n"
    assert bundle.REMARK.sub("", script) == "a;\n b\n/*! licence */\nc; // d\n'/* e */'\n"


def test_a_variable_stays_when_a_rule_or_a_script_asks_for_it() -> None:
    css = "a{--b: 1; --c: var(--b); top: var(--d)} i{--d: 'x;'; --e: 3; --f: 4}"
    left = bundle.without_idle_variables(css, "style.getPropertyValue('--e')")
    assert left == "a{ top: var(--d)} i{--d: 'x;'; --e: 3;}"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder with two pages, and a theme with more than they use."""
    import pydata_sphinx_theme

    theme = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
    icons = "vendor/fontawesome/webfonts/fa-solid-900.ttf"
    files = {
        "basic.css": "p{color:red}",
        "theme.css": "@font-face{font-family:Icons;src:url(../vendor/fa-solid-900.ttf)}"
        r".search::before{content:'\\f002'} .bell::before{content:'\\f0f3'}",
        "doctools.js": "let first;",
        "bootstrap.js": "let unwanted;",
        "left.png": "",
        "macros.html": "theme.css",  # a page of the theme's own says what it would load
        "logo.svg": "",
    }
    (tmp_path / "_static" / icons).parent.mkdir(parents=True)
    (tmp_path / "_static" / icons).write_bytes((theme / icons).read_bytes())
    (tmp_path / "_static" / "fonts").mkdir()
    for name, text in files.items():
        (tmp_path / "_static" / name).write_text(text.replace("\\\\", "\\"))
    (tmp_path / "below").mkdir()
    for name, up in (("index.html", ""), ("below/page.html", "../")):
        (tmp_path / name).write_text(
            f'<link rel="stylesheet" href="{up}_static/theme.css?v=1" />'
            f'<script src="{up}_static/doctools.js"></script>'
            f'<script src="{up}_static/bootstrap.js?digest=2"></script></head>'
            f'<img src="{up}_static/logo.svg"><p class="search">x</p>'
        )
    return tmp_path


def test_pages_ask_for_the_bundle_wherever_they_lie(site: Path) -> None:
    pages = [site / "index.html", site / "below" / "page.html"]
    former = site / "former.html"
    former.write_text("<head></head>")
    bundle.bundle(site, [*pages, former])
    assert former.read_text() == "<head></head>", "a page that leads on asks for nothing"
    for page, up in zip(pages, ("", "../"), strict=True):
        html = page.read_text()
        versions = dict(re.findall(r"(book\.\w+)\?v=(\w+)", html))
        assert bundle._ask(html, up, versions) == html, "as a page that is kept stays"
        assert html.count("<link") == html.count("<script") == 1
        assert f'href="{up}_static/book.css?v=' in html and f'src="{up}_static/book.js?v=' in html
    assert (site / "_static" / "book.js").read_text() == "let first;\n;"
    style = (site / "_static" / "book.css").read_text()
    assert "color:red" in style and "bell" not in style
    # A rendering on top of this one, with other scripts, changes the address on every page.
    (site / "_static" / "doctools.js").write_text("let second;")
    before = [page.read_text() for page in pages]
    pages[0].write_text(
        before[0].replace("book.js", "doctools.js").replace("book.css", "theme.css")
    )
    bundle.bundle(site, pages)
    assert all(page.read_text() != text for page, text in zip(pages, before, strict=True))


def test_the_font_has_the_icons_that_are_shown_and_no_other(site: Path) -> None:
    bundle.bundle(site, [site / "index.html"])
    font = TTFont(site / "_static" / bundle.ICONS)
    assert set(font.getBestCmap()) == {0xF002}


def test_what_no_page_names_is_not_shipped(site: Path) -> None:
    pages = [site / "index.html", site / "below" / "page.html"]
    bundle.bundle(site, pages)
    bundle.remove_unused(site)
    left = {
        p.relative_to(site / "_static").as_posix()
        for p in site.rglob("*")
        if p.is_file()
        if "_static" in p.parts
    }
    assert left == {"book.css", "book.js", "fonts/icons.woff", "logo.svg"}
