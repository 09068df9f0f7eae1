"""The commit is the same on all pages, whenever each was rendered."""

import re
from pathlib import Path

from repositories import begin

from bookbuilder import stamp


def test_every_page_is_stamped_and_nothing_else_changes(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    for name, mark in (("index", "aa"), ("notebooks/a", "bb")):
        text = f"{stamp.MARK.format(mark)}<p>aa</p>{stamp.COMMIT.format('old')}"
        (tmp_path / f"{name}.html").write_text(text)
    stamp.stamp(tmp_path, "0123456789 & more")
    wanted = "<p>aa</p>" + stamp.COMMIT.format("0123456789 &amp; more")
    assert {page.read_text() for page in tmp_path.rglob("*.html")} == {wanted}


def test_where_nothing_is_committed_the_page_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(stamp.COMMIT.format(""))
    stamp.stamp(tmp_path, "")
    assert "none yet" in (tmp_path / "a.html").read_text()


def test_the_commit_is_named_and_whether_it_was_changed_since(tmp_path: Path) -> None:
    assert stamp.commit(tmp_path) == ""
    (tmp_path / "a.txt").write_text("one")
    begin(tmp_path)
    named = stamp.commit(tmp_path)
    assert re.fullmatch(r"[0-9a-f]{10}", named)
    (tmp_path / "a.txt").write_text("other")
    assert stamp.commit(tmp_path) == f"{named} and changes since"


def test_a_folder_inside_of_another_repository_has_no_commit(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.txt").write_text("one")
    begin(tmp_path)
    assert stamp.commit(tmp_path)
    assert stamp.commit(inside) == ""
