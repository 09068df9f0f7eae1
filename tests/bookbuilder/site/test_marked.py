"""What is downloaded of a marked exhibit says so inside the file and in its name."""

import csv
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bookbuilder.site import exhibit, marked, record

SVG = "{http://www.w3.org/2000/svg}"


def test_cells_stay_as_they_are_beside_the_new_column() -> None:
    text = 'item,share,quote\n"a, b",0.50,"one\ntwo"\n,,\n'
    rows = list(csv.reader(marked.cells(text).splitlines(keepends=True)))
    assert rows == [
        ["item", "share", "quote", "origin"],
        ["a, b", "0.50", "one\ntwo", "reconstructed"],
        ["", "", "", "reconstructed"],
    ]


def test_a_column_that_is_called_so_already_is_kept() -> None:
    assert marked.cells("origin\nprinted\n") == ("origin,exhibit_origin\nprinted,reconstructed\n")


def test_the_words_stand_below_the_picture_and_within_it() -> None:
    for path in sorted((record.root() / "results/figures").glob("*.svg")):
        before = ElementTree.fromstring(path.read_text(encoding="utf-8"))
        after = ElementTree.fromstring(marked.picture(path.read_text(encoding="utf-8")))
        lines = after.findall(f"{SVG}text")
        assert marked.WORDS in " ".join(str(line.text) for line in lines), path
        height, taller = (float(one.attrib["viewBox"].split()[3]) for one in (before, after))
        assert all(height < float(line.attrib["y"]) < taller for line in lines)
        width = float(before.attrib["viewBox"].split()[2])
        assert width > 6 * max(len(str(line.text)) for line in lines) * 0.9, path


def test_a_picture_of_unknown_size_is_refused() -> None:
    with pytest.raises(ValueError, match="no height and viewBox"):
        marked.picture("<svg></svg>")


@pytest.mark.parametrize("suffix", ["csv", "svg"])
def test_marked_exhibits_and_no_others_are_offered_as_marked_copies(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "results/figures"
    folder.mkdir(parents=True)
    (folder / "rates.csv").write_text("a\n1\n", encoding="utf-8")
    picture = '<svg height="50pt" viewBox="0 0 90 50"></svg>'
    (folder / "rates.svg").write_text(picture, encoding="utf-8")
    monkeypatch.setattr(record, "root", lambda: tmp_path)
    page = str(tmp_path / "book/index.md")
    entry = {"kind": "figure", "reconstructed": True}
    copied = exhibit.offered(page, "rates", entry, suffix)
    assert copied == f"../_build/marked/rates_reconstructed.{suffix}"
    plain = exhibit.offered(page, "rates", entry | {"reconstructed": False}, suffix)
    assert plain == f"../results/figures/rates.{suffix}"
