"""Recorded cells as an HTML table."""

import re

import pandas as pd
import pytest

from compendium.exhibits.render import table_html

FRAME = pd.DataFrame(
    {
        "place": ["Mercer", "Davis"],
        "kind": ["large", "small"],
        "rate": [0.9136, None],
        "n": [1243, 24],
    }
)


def html(**display: object) -> str:
    shown: dict = {
        "labels": {"place": "Place", "rate": "Rate", "n": "N"},
        "formats": {},
        "group": None,
    }
    return table_html(FRAME, shown | display)


def test_shows_the_labelled_columns_in_their_order() -> None:
    made = html()
    assert made.index("Place") < made.index("Rate")
    assert "large" not in made
    assert made.startswith("<table") and made.endswith("</table>")


def test_a_table_may_have_no_rows() -> None:
    shown = {"labels": {"place": "Place", "rate": "Rate"}, "formats": {}, "group": None}
    made = table_html(FRAME.head(0), shown)
    assert "Place" in made and "<td" not in made
    assert "<td" in table_html(FRAME, shown)


def test_formats() -> None:
    made = html(formats={"rate": "percent:1", "n": "integer"})
    assert "91.4%" in made
    assert "1,243" in made


def test_at_most_so_many_decimals() -> None:
    made = html(formats={"rate": "upto:3", "n": "upto:2"})
    assert ">0.914<" in made and ">1,243<" in made and ">24<" in made
    assert ">24.00<" in html(formats={"n": "number:2"})


def test_missing_cells_are_dashes() -> None:
    assert "–" in html(formats={"rate": "number:2"})


def test_a_column_may_have_the_name_of_an_argument() -> None:
    made = table_html(
        pd.DataFrame({"cases": [3]}), {"labels": {"cases": "Cases"}, "formats": {}, "group": None}
    )
    assert "Cases" in made


def test_groups_become_headings() -> None:
    made = html(group="kind")
    assert made.index("large") < made.index("Mercer") < made.index("small")


def test_carries_no_random_identifier_and_no_inline_style() -> None:
    assert html() == html()
    assert "style=" not in html()


def test_text_is_escaped() -> None:
    frame = FRAME.assign(place=["<script>alert(1)</script>", "a & b"])
    made = table_html(frame, {"labels": {"place": "Place"}, "formats": {}, "group": None})
    assert "<script>" not in made


def test_names_link_to_the_cells_of_another_table() -> None:
    frame = pd.DataFrame({"who": ["Ann & Ben (EPIC-014, EPIC-7); X-1"], "segment": ["EPIC-014"]})
    display = {"labels": {"who": "Who", "segment": "Segment"}, "group": None}
    linked = table_html(frame, display | {"formats": {"who": "links", "segment": "anchor"}})
    assert (
        'Ann &amp; Ben (<a href="#EPIC-014">EPIC-014</a>, <a href="#EPIC-7">EPIC-7</a>)' in linked
    )
    assert "; X-1</th>" in linked
    assert '<td id="EPIC-014">' in linked
    plain = table_html(frame, display | {"formats": {}})
    assert "<a " not in plain and " id=" not in plain


def test_refuses_an_unknown_format() -> None:
    with pytest.raises(ValueError, match="format 'percentage' of column 'rate'"):
        html(formats={"rate": "percentage"})


def test_where_rows_become_blocks_the_table_has_its_headings_once_more() -> None:
    words = pd.DataFrame({"a": ["x" * 40], "b": ["word " * 30], "c": ["word " * 30]})
    shown = {"labels": {"a": 'The "place"', "b": "Why \\", "c": "So"}, "formats": {}, "group": None}
    made = table_html(words, shown)
    assert "cells stack" in made
    assert "--head-1:&quot;The \\22 place\\22 &quot;;--head-2:&quot;Why \\5c &quot;" in made
    assert "--head" not in html()


def test_the_first_columns_that_tell_rows_apart_are_headers_of_their_rows() -> None:
    frame = pd.DataFrame({"a": ["x", "x", "y"], "b": [1, 2, 1], "c": [0, 0, 0]})
    shown: dict = {"labels": {"a": "A", "b": "B", "c": "C"}, "formats": {}, "group": None}
    assert '<tr><th scope="row">x</th><th scope="row">2</th><td>0</td></tr>' in table_html(
        frame, shown
    )
    # Within the group that b names, a alone tells rows apart.
    assert table_html(frame, shown | {"group": "b"}).count('scope="row"') == 3
    # Where nothing tells them apart, the first column is taken.
    alike = frame.assign(b=1)
    assert table_html(alike, shown).count('scope="row"') == 3


def test_a_group_is_a_body_of_its_own() -> None:
    made = html(group="kind")
    assert made.count("<tbody>") == made.count("</tbody>") == 2
    assert '<tr class="group"><th colspan="3" scope="rowgroup">large</th></tr>' in made


def test_headings_carry_no_identifier_that_another_table_could_have() -> None:
    made = html(group="kind")
    assert " id=" not in made and "headers=" not in made
    assert made.count('scope="col"') == 3


def test_the_form_for_a_phone_is_decided_from_shown_cells() -> None:
    assert '<table class="cells whole ' in html()
    wide = pd.DataFrame({f"c{i}": [1234567] for i in range(9)})
    shown = {"labels": {name: name for name in wide}, "formats": {}, "group": None}
    assert '<table class="cells freeze ' in table_html(wide, shown)


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (1234567, "integer", "1,234,567"),
        (-1234.5, "number:1", "−1,234.5"),
        (-0.04, "number:1", "0.0"),  # a nought has no sign
        (-0.004, "percent:0", "0%"),
        (-0.056, "percent:1", "−5.6%"),
        (100.0, "upto:2", "100"),
        (0.5, "upto:2", "0.5"),
        (1e21, "integer", "1,000,000,000,000,000,000,000"),
    ],
)
def test_a_number_is_written_out(number: float, form: str, text: str) -> None:
    frame = pd.DataFrame({"x": [number]})
    shown: dict = {"labels": {"x": "X"}, "formats": {"x": form}, "group": None}
    assert f">{text}</th>" in table_html(frame, shown)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([1, 2], "whole right-1 short-1"),
        (["2021-03", "14:30"], "whole right-1 short-1"),
        (["Mercer", "1"], "whole short-1"),
        ([True, False], "whole center-1 short-1"),
    ],
)
def test_numbers_stand_to_the_right_and_words_to_the_left(cells: list, kind: str) -> None:
    made = table_html(
        pd.DataFrame({"x": cells}), {"labels": {"x": "X"}, "formats": {}, "group": None}
    )
    assert f'<table class="cells {kind}">' in made


def test_rows_of_a_group_stand_together_and_one_without_a_name_too() -> None:
    frame = pd.DataFrame({"kind": ["a", None, "a"], "x": [1, 2, 3]})
    made = table_html(frame, {"labels": {"x": "X"}, "formats": {}, "group": "kind"})
    seen = re.findall(r">([^<>\n]+)</t[dh]>", made)
    assert seen == ["X", "a", "1", "3", "–", "2"]
