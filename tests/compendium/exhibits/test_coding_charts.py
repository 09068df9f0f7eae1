"""What the two drawings of coded evidence show, mark for mark."""

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from compendium.exhibits import coding_charts

BALANCE = pd.DataFrame(
    {
        "code": ["Schedule", "Policy"],
        "helps": [4, 0],
        "hinders": [2, 3],
        "mixed": [0, 1],
        "neutral": [0, 5],
    }
)


@pytest.fixture
def axes() -> Axes:
    return Figure().subplots()


def words(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts if text.get_text()]


def test_what_hinders_goes_left_and_what_helps_goes_right(axes: Axes) -> None:
    coding_charts.direction_bars(axes, BALANCE, "code")
    assert [bar.get_width() for bar in axes.patches] == [-2, -3, 4, 0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Schedule", "Policy"]
    low, high = axes.get_ylim()
    assert low > high, "the first row stands on top"


def test_every_count_but_zero_is_written_beside_its_bar(axes: Axes) -> None:
    coding_charts.direction_bars(axes, BALANCE, "code")
    assert words(axes) == ["2", "4", "3", "(1 mixed, 5 neutral)"]


def test_panels_can_share_a_scale(axes: Axes) -> None:
    coding_charts.direction_bars(axes, BALANCE.iloc[:1], "code", limit=20)
    assert axes.get_xlim() == (-27, 27)


def test_long_remarks_get_room(axes: Axes) -> None:
    coding_charts.direction_bars(axes, BALANCE, "code")
    left, right = axes.get_xlim()
    assert right > -left


@pytest.mark.parametrize(
    ("balance", "message"),
    [
        (BALANCE.drop(columns="mixed"), "no column mixed"),
        (BALANCE.iloc[:0], "no row to draw"),
    ],
)
def test_bars_without_counts_are_refused(axes: Axes, balance: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        coding_charts.direction_bars(axes, balance, "code")


def test_each_voice_has_its_marks_where_its_codes_are(axes: Axes) -> None:
    said = pd.DataFrame(
        {"Pace": ["helps", None], "Policy": ["hinders", "neutral"]}, index=["Maya", "Noah"]
    )
    coding_charts.voice_grid(axes, said)
    places = [points.get_offsets().tolist() for points in axes.collections]
    assert places == [[[0, 0]], [[1, 0]], [[1, 1]]]
    hollow = axes.collections[2].get_facecolor()
    assert len(hollow) == 0, "neutral marks are hollow"


def test_two_codes_of_one_name_stay_apart(axes: Axes) -> None:
    said = pd.DataFrame([["helps", "helps"]], index=["Maya"], columns=["Pace", "Pace"])
    coding_charts.voice_grid(axes, said)
    assert axes.collections[0].get_offsets().tolist() == [[0, 0], [1, 0]]


def test_an_unknown_direction_is_refused(axes: Axes) -> None:
    with pytest.raises(ValueError, match="'helpz' is not one of helps"):
        coding_charts.voice_grid(axes, pd.DataFrame({"Pace": ["helpz"]}))
