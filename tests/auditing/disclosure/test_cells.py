"""Small counts are found, printed or implied, and suppressed so that none can be worked out."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditing.disclosure import few_persons, small_cells, small_shares, suppress


def test_small_cells_lie_between_nought_and_the_threshold() -> None:
    table = pd.DataFrame({"group": list("abcd"), "persons": [0, 1, 9, 10]})
    found = small_cells(table, ["persons"], label=["group"], threshold=10)
    assert found["subject"].tolist() == ["persons of b", "persons of c"]
    assert small_cells(table[table["persons"] > 9], ["persons"], threshold=10).empty


def test_printed_percentages_imply_small_cells() -> None:
    table = pd.DataFrame({"group": ["rare", "common", "none"], "percent": [0.2, 40.0, 0.0]})
    assert small_shares(table, {"percent": 611}, label=["group"])["value"].tolist() == [1]
    assert small_shares(table, {"percent": 61100}, label=["group"]).empty


@settings(deadline=None, max_examples=40)
@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=2, max_size=4
        )
    )
)
def test_suppression_leaves_no_small_cell_and_none_to_be_worked_out(rows: list[list[int]]) -> None:
    counts = pd.DataFrame(rows)
    shown = suppress(counts, threshold=5)
    assert not ((shown > 0) & (shown < 5)).any(axis=None)
    hidden = shown.isna()
    assert 1 not in set(hidden.sum(axis=0)) | set(hidden.sum(axis=1))
    assert (shown.fillna(counts) == counts).all(axis=None)
    if (counts >= 5).all(axis=None):
        assert not hidden.any(axis=None)


def test_primary_suppression_alone_gives_the_cell_away() -> None:
    counts = pd.DataFrame({"a": [3, 30], "b": [20, 40]})
    primary = counts.astype("float").mask(counts < 5)
    assert counts.loc[0].sum() - primary.loc[0].sum() == 3  # the total less what is shown
    assert suppress(counts).isna().sum(axis=1).tolist() == [2, 2]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: small_cells(t, ["none"]), "no column none; the table has n"),
        (lambda t: small_cells(t, ["n"], threshold=1), "threshold 1 protects nobody"),
        (lambda t: suppress(t, threshold=0), "threshold 0 protects nobody"),
    ],
)
def test_refuses_what_would_check_nothing(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(pd.DataFrame({"n": [1]}))


def few(n, shares, line=None, threshold=5):
    table = pd.DataFrame({"n": n, "share": shares})
    return few_persons(table, pd.Series(line or ["item"] * len(n)), threshold=threshold).tolist()


def test_a_share_of_few_persons_takes_a_second_one_of_its_line_along():
    # 13 of whom 3 answered so; with the total of the line, a district alone could be worked out.
    assert few([13, 40, 90], [3 / 13, 0.5, 0.5]) == [True, True, False]
    assert few([13, 40, 90], [10 / 13, 0.5, 0.5]) == [True, True, False]
    assert few([13, 13, 90], [3 / 13, 2 / 13, 0.5]) == [True, True, False]


def test_nobody_and_everybody_are_no_few_persons():
    assert few([13, 40], [0.0, 1.0]) == [False, False]


def test_other_lines_and_missing_shares_are_left_alone():
    assert few([13, 40, 50], [3 / 13, 0.5, 0.5], ["a", "a", "b"]) == [True, True, False]
    assert few([13, None, 40, 50], [3 / 13, None, 0.5, 0.5]) == [True, False, True, False]
    assert few([None], [None]) == [False]


def test_the_threshold_of_shares_is_kept_to_the_person():
    assert few([13, 40], [5 / 13, 0.5]) == [False, False]
    assert few([13, 40], [5 / 13, 0.5], threshold=6) == [True, True]
