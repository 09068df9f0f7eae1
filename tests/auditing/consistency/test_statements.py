"""Statements about one quantity."""

import pandas as pd
import pytest

from auditing.consistency import check_statements


def said(*limits: tuple[float | None, float | None], quantity: str = "q") -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"quantity": quantity, "place": f"p{i}", "printed": "x", "lower": low, "upper": high}
            for i, (low, high) in enumerate(limits)
        ]
    )


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ([(35, 35), (34, 34)], [False]),
        ([(72.5, 73.5), (72.65, 72.75)], [True]),
        ([(0.1 + 0.2, 0.1 + 0.2), (0.3, 0.3)], [True]),
        ([(90, None), (None, 89)], [False]),
        ([(90, None), (None, 90)], [True]),
        ([(None, None), (5, 5)], [True]),
        ([(1, 2), (2, 3), (3, 4)], [True, False, True]),
        ([(1, 2)], []),
    ],
)
def test_intervals(limits: list[tuple[float | None, float | None]], expected: list[bool]) -> None:
    assert check_statements(said(*limits))["consistent"].tolist() == expected


def test_other_quantities_are_not_compared() -> None:
    both = pd.concat([said((1, 1)), said((2, 2), quantity="r")])
    assert check_statements(both).empty


def test_crossed_limits_are_refused() -> None:
    with pytest.raises(ValueError, match="q, p0: lower 3 above upper 2"):
        check_statements(said((3, 2)))
