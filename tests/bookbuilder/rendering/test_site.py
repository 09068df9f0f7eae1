"""The rendered site: whole, of one build, and never half replaced."""

from pathlib import Path

import pytest

from bookbuilder import stamp
from bookbuilder.plan import PlanError, contents
from bookbuilder.rendering import site, site_cache
from compendium import files


def test_the_pages_quote_the_record(built_once: Path) -> None:
    index = (built_once / "_build/html/index.html").read_text()
    assert 'data-value="double.top:.1f"' in index or ">10.0<" in index
    assert 'href="notebooks/marks.html#exhibit-marks-table"' in index
    assert ">Table 1<" in index


def test_an_exhibit_has_caption_cells_card_and_download(built_once: Path) -> None:
    page = (built_once / "_build/html/notebooks/marks.html").read_text()
    assert "Marks of 2 pupils." in page
    assert "<strong>Table 1. </strong>" in page
    assert "How this was made" in page
    assert "data/raw/marks.csv" in page
    assert "Rests on reconstructed survey rows" in page
    assert "marks_table_reconstructed.csv" in page
    assert (built_once / "_build/html/_downloads").is_dir()


def test_finished_pages_do_not_tell_which_rendering_made_them(built_once: Path) -> None:
    for page in site.pages(built_once):
        kept = built_once / site_cache.HTML / page.relative_to(built_once / site.HTML)
        assert "compendium-rendering" in kept.read_text()
        assert "compendium-rendering" not in page.read_text()


def test_a_changed_page_that_shows_what_it_was_is_refused(project: Path) -> None:
    made, changed = project / site_cache.HTML, ["index", "notebooks/marks"]
    for name, mark in (("index", "aaaa"), ("notebooks/marks", "bbbb"), ("notebooks/double", "aa")):
        files.write_text(made / f"{name}.html", stamp.MARK.format(mark))
    with pytest.raises(site.SiteError, match=r"^index\.html is not of this rendering\n"):
        site._assert_pages(project, "bbbb", "log", changed)
    site._assert_pages(project, "bbbb", "log", ["notebooks/marks"])


def test_a_page_that_is_missing_is_refused(project: Path) -> None:
    with pytest.raises(site.SiteError, match=r"notebooks/marks\.html was not made"):
        site._assert_pages(project, "bbbb", "log", [])


def test_a_broken_table_of_contents_is_named_with_its_line(project: Path) -> None:
    (project / contents.TOC).write_text("format: jb-book\nroot: [index\n")
    with pytest.raises(PlanError, match=r"book/_toc\.yml, line 3: no YAML file"):
        contents.documents(project)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{value}`double.tip`", "no recorded value 'double.tip'; did you mean 'double.top'"),
        ("{see}`mark_table`", "no exhibit 'mark_table'; did you mean 'marks_table'"),
        ("[nowhere](missing.md)", "missing.md"),
    ],
)
def test_a_wrong_name_in_prose_fails_the_build_and_keeps_the_old_site(
    rendered: Path, text: str, message: str
) -> None:
    chapter, page = rendered / "book/index.md", rendered / "_build/html/index.html"
    shown = page.read_bytes()
    chapter.write_text(f"{chapter.read_text()}\n{text}\n")
    with pytest.raises(site.SiteError) as error:
        site.build(rendered)
    assert message in str(error.value)
    assert page.read_bytes() == shown
    assert not list((rendered / "_build").glob("site-*"))


def test_with_public_addresses_a_notebook_opens_and_a_link_shows_a_picture(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = built / "_build/html/notebooks/marks.html"
    assert "mybinder.org" not in page.read_text()
    assert "og:image" not in page.read_text()
    monkeypatch.setenv("COMPENDIUM_URL", "https://ada.github.io/project/")
    monkeypatch.setenv("COMPENDIUM_REPOSITORY", "https://github.com/ada/project")
    site.build(built)
    opens = "https://mybinder.org/v2/gh/ada/project/HEAD?urlpath=lab/tree/notebooks/marks.ipynb"
    assert page.read_text().count(opens) == 2, "over the page and on its card"
    assert 'content="https://ada.github.io/project/_static/preview.png"' in page.read_text()
    assert (built / "_build/html/_static/preview.png").exists()
    assert "mybinder.org" not in (built / "_build/html/index.html").read_text()
