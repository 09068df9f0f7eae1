"""Exchanged columns."""

import pandas as pd

from auditing.consistency import check_exchanged

# 3 and 4 of 7, 5 and 6 of 11.
SEVEN, ELEVEN = ["42.9", "57.1"], ["45.5", "54.5"]


def table(first: list[str | None], second: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame({"first": first, "second": second})


def test_exchanged_columns_are_told_from_right_ones() -> None:
    right = check_exchanged(table(list(ELEVEN), list(SEVEN)), "first", "second", 11, 7)
    wrong = check_exchanged(table(list(SEVEN), list(ELEVEN)), "first", "second", 11, 7)
    assert right["consistent"].tolist() == [True]
    assert wrong["consistent"].tolist() == [False]
    assert wrong["implied"].tolist() == ["first of 7, second of 11"]


def test_another_slip_is_left_undecided() -> None:
    found = check_exchanged(table(["42.9", "58.3"], list(ELEVEN)), "first", "second", 11, 7)
    assert found["consistent"].tolist() == [pd.NA]


def test_each_group_by_itself() -> None:
    both = pd.concat([table(list(ELEVEN), list(SEVEN)), table(list(SEVEN), list(ELEVEN))])
    both["group"] = ["a", "a", "b", "b"]
    found = check_exchanged(both, "first", "second", 11, 7, by=["group"])
    assert found[["subject", "consistent"]].to_numpy().tolist() == [["a", True], ["b", False]]


def test_an_empty_cell_leaves_the_sum_open() -> None:
    found = check_exchanged(table([*ELEVEN, None], [*SEVEN, None]), "first", "second", 11, 7)
    assert found["consistent"].tolist() == [True]
