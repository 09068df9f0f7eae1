"""Rendering on top of the last rendering makes what rendering from nothing makes."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from compare_folders import first_difference
from faults import fix_data
from small_project import Recording

from bookbuilder.engine import engine
from bookbuilder.plan import contents
from bookbuilder.rendering import site, site_cache
from compendium import context

HTML = "_build/html"


def read_again(root: Path) -> int:
    """Return how many pages the last rendering read."""
    log = (root / "_build/site.log").read_text()
    found = re.search(r"(\d+) added, (\d+) changed", log)
    assert found
    return int(found[1]) + int(found[2])


def rename_exhibit(root: Path) -> None:
    path = root / "results/exhibits.json"
    entries = json.loads(path.read_text())
    entries["marks_table"]["label"] = "Table 9"
    path.write_text(json.dumps(entries))


def assert_as_from_nothing(root: Path, tmp_path: Path) -> None:
    """Render once more from nothing, into the same folder, and compare to the byte."""
    kept = shutil.copytree(root / HTML, tmp_path / "kept")
    site_cache.invalidate(root, kept=False)
    site.build(root)
    assert read_again(root) == len(contents.documents(root))
    assert first_difference(kept, root / HTML) is None


def test_what_changes_renders_the_pages_that_rest_on_it(rendered: Path, tmp_path: Path) -> None:
    chapter = rendered / "book/apart.md"
    chapter.write_text("# Apart\n\nNothing is quoted here.\n")
    toc = rendered / contents.TOC
    toc.write_text(toc.read_text() + "  - file: apart\n")
    site.build(rendered)  # a page more: from nothing
    assert read_again(rendered) == 4
    before = {page: page.read_text() for page in site.pages(rendered)}
    fix_data(rendered)
    assert not engine.build(rendered, display=Recording()).failed
    assert read_again(rendered) == 3, "not the page that quotes nothing"
    changed = {page.stem for page, text in before.items() if page.read_text() != text}
    assert changed == {"index", "marks"}, "what `double` records is quoted on the first page"
    chapter = rendered / "book/index.md"
    chapter.write_text(chapter.read_text() + "\nOne sentence more.\n")
    site.build(rendered)
    assert read_again(rendered) == 1
    page = rendered / "book/notebooks/double.ipynb"
    page.write_text(page.read_text().replace("# Twice", "# Two times"))
    site.build(rendered)
    assert read_again(rendered) == 1
    assert "Two times" in (rendered / HTML / "notebooks/marks.html").read_text()
    assert_as_from_nothing(rendered, tmp_path)


def test_what_fails_leaves_no_rendering_to_build_on(rendered: Path) -> None:
    assert (rendered / site_cache.NOTE).exists()
    chapter = rendered / "book/index.md"
    text = chapter.read_text()
    chapter.write_text(f"{text}\n{{value}}`double.tip`\n")
    with pytest.raises(site.SiteError):
        site.build(rendered)
    assert not (rendered / site_cache.NOTE).exists()
    chapter.write_text(text)
    site.build(rendered)
    assert read_again(rendered) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "_config.yml").open("a").write("# other\n"),
        lambda root: (root / "book/_static/compendium.css").open("a").write("/* other */"),
        lambda root: (root / "requirements.lock").write_text("# other"),
        rename_exhibit,
        lambda root: (root / site_cache.NOTE).write_text("{"),
        lambda root: (root / ".git").mkdir(),
    ],
    ids=["settings", "style", "versions", "exhibits", "broken note", "repository"],
)
def test_what_every_page_rests_on_lets_nothing_be_kept(
    rendered: Path, change: Callable[[Path], object]
) -> None:
    assert site_cache.now(rendered).can_extend(site_cache.load(rendered))
    change(rendered)
    assert not site_cache.now(rendered).can_extend(site_cache.load(rendered))


def test_with_another_address_nothing_is_kept(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = site_cache.now(built)
    monkeypatch.setenv("COMPENDIUM_UNRELATED", "x")
    assert site_cache.now(built).can_extend(kept)
    monkeypatch.setenv(context.SITE_VARIABLE, "https://book.example.org")
    assert not site_cache.now(built).can_extend(kept)
