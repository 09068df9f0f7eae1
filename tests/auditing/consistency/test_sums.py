"""Parts and wholes worked by hand."""

import pandas as pd
import pytest

from auditing.consistency import check_subset, check_total


def parts(*values: object) -> pd.DataFrame:
    return pd.DataFrame({"part": values})


@pytest.mark.parametrize(
    ("values", "fits"),
    [
        (("33.3", "33.3", "33.3"), True),  # up to 100.05
        (("33.2", "33.3", "33.3"), False),  # up to 99.95
        (("33", "33", "33"), True),
        (("50.1", "50.1"), False),  # from 100.1
        (("50.1", "50.0"), True),  # from 100.0
        (("60", None), True),  # a part is not printed
        (("60", "41", None), True),
        (("61", "41", None), False),
    ],
)
def test_percentages_and_their_total(values: tuple[object, ...], fits: bool) -> None:
    assert check_total(parts(*values), "part", 100)["consistent"].tolist() == [fits]


def test_counts_add_up_exactly() -> None:
    table = parts(59, 52, 13, 222)
    assert check_total(table, "part", 346, rounding="exact")["consistent"].tolist() == [True]
    assert check_total(table, "part", 345, rounding="exact")["consistent"].tolist() == [False]
    at_most = check_total(table, "part", 444, rounding="exact", exhaustive=False)
    assert at_most["arithmetic"].tolist() == [
        "59 + 52 + 13 + 222 = 346; with rounding 346, against at most 444"
    ]
    assert at_most["consistent"].tolist() == [True]


@pytest.mark.parametrize(
    ("sample", "population", "fits"),
    [
        ("30", "30", True),
        ("40", "20", True),  # 4 of 10, and 4 of 20
        ("50", "20", False),  # 5 of 10, but 4 of 20
        ("0", "50", True),  # none sampled of 10 there; the 10 others are
        ("0", "60", False),  # none sampled, so 10 sampled among the 8 others
    ],
)
def test_sample_within_population(sample: str, population: str, fits: bool) -> None:
    table = pd.DataFrame({"c": ["x"], "s": [sample], "p": [population]})
    assert check_subset(table, "s", "p", 10, 20, label="c")["consistent"].tolist() == [fits]


def test_a_percentage_that_is_no_whole_number_is_not_a_second_finding() -> None:
    table = pd.DataFrame({"c": ["x"], "s": ["33"], "p": ["32"]})
    found = check_subset(table, "s", "p", 10, 20, label="c")
    assert found["consistent"].tolist() == [True]


def test_missing_column() -> None:
    with pytest.raises(ValueError, match="no column whole; it has part"):
        check_total(parts(1), "whole", 1)
    with pytest.raises(ValueError, match="no column g"):
        check_total(parts(1), "part", 1, by=["g"])
