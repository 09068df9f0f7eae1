"""A phone gets each table in the form that its cells call for."""

import pytest

from compendium.exhibits import layout

WORDS = "what the teachers said of it, at some length"


@pytest.mark.parametrize(
    ("columns", "cells", "form"),
    [
        (2, ["Mercer", "91.4%"], "whole"),
        (2, [WORDS, WORDS], "whole"),
        (1, [WORDS], "whole"),
        (7, ["Williams-Battier", *["1,234"] * 6], "freeze"),
        (7, ["Williams-Battier", *["89% to 95%"] * 6], "freeze"),
        (7, ["Williams-Battier", *["1,234"] * 5, WORDS], "stack"),
        (4, [WORDS] * 4, "stack"),
    ],
)
def test_form(columns: int, cells: list[str], form: str) -> None:
    assert layout.phone(["Heading"] * columns, [cells, ["–"] * columns]) == form


def test_a_table_without_rows_is_laid_out_by_its_headings() -> None:
    assert layout.phone(["A", "B"], []) == "whole"
    assert layout.unbroken([]) == []


def test_cells_stay_on_one_line_only_where_all_of_them_fit() -> None:
    assert layout.unbroken([["Mercer", "89% to 95%", WORDS]]) == [True, True, False]
    assert layout.unbroken([["not checkable", "89% to 95%"] * 8]) == [False, True] * 8
