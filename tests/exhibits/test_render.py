"""Recorded cells as an HTML table."""

import pandas as pd
import pytest
from great_tables import _tbl_data

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


def test_refuses_an_unknown_format() -> None:
    with pytest.raises(ValueError, match="format 'percentage' of column 'rate'"):
        html(formats={"rate": "percentage"})


def test_each_cell_names_its_heading_also_below_a_group() -> None:
    made = html(labels={"place": 'The "place"', "rate": "Rate"}, group="kind")
    assert made.count('data-label="The &quot;place&quot;"') == made.count('data-label="Rate"') == 2


def test_headings_carry_no_identifier_that_another_table_could_have() -> None:
    made = html(group="kind")
    assert " id=" not in made and "headers=" not in made
    assert made.count('scope="col"') == 3


def test_the_form_for_a_phone_is_decided_from_shown_cells() -> None:
    assert '<table class="gt_table whole">' in html()
    wide = pd.DataFrame({f"c{i}": [1234567] for i in range(9)})
    shown = {"labels": {name: name for name in wide}, "formats": {}, "group": None}
    assert '<table class="gt_table freeze">' in table_html(wide, shown)


def test_cells_reached_directly_are_the_same() -> None:
    direct = html(formats={"rate": "percent:1", "n": "integer"}, group="kind")
    own = _tbl_data.PdDataFrame
    for reach in (_tbl_data._get_cell, _tbl_data._set_cell):
        ours = reach.registry[pd.DataFrame]
        reach.register(pd.DataFrame, reach.registry[own])
        again = html(formats={"rate": "percent:1", "n": "integer"}, group="kind")
        reach.register(pd.DataFrame, ours)
        assert again == direct
