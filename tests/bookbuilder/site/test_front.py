"""The picture of the front page draws what the record holds."""

import csv
import re
from pathlib import Path

import pytest

from bookbuilder.site import generated, record

HEAD = ["claim", "survey", "cases_for", "cases_both", "cases_against", "low", "high"]


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    path = tmp_path / "statements.csv"
    rows = [["A < B", "about 65%", 1, 0, 4, 0.625, 0.675], ["C", "over 90%", 0, 0, 0, 0.9, 1]]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEAD, *rows])
    monkeypatch.setattr(record, "data_file", lambda name, kind: path)
    return generated.chart()


def test_a_bar_goes_from_the_smallest_share_to_the_largest(drawn: str) -> None:
    assert "left: 62.5%; width: 5.0%" in drawn
    assert "left: 90.0%; width: 10.0%" in drawn


def test_there_is_a_dot_for_each_teacher_and_the_words_say_the_same(drawn: str) -> None:
    first, second = drawn.split('<th scope="row">')[1:]
    assert [first.count(f'class="{word}"') for word in ("yes", "both", "no")] == [1, 0, 4]
    assert "1 yes, 4 no" in first
    assert "nobody" in second and 'class="no"' not in second


def test_what_a_reader_hears_is_escaped_and_needs_no_picture(drawn: str) -> None:
    heard = re.sub(r'<span[^>]*aria-hidden="true">.*?</span>|<[^>]+>', " ", drawn)
    assert "A &lt; B" in heard and "about 65%" in heard
