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
    assert words(axes) == ["2", "4", "3", "+6"]


def test_panels_can_share_a_scale(axes: Axes) -> None:
    coding_charts.direction_bars(axes, BALANCE.iloc[:1], "code", limit=20)
    assert axes.get_xlim() == pytest.approx((-28, 28))


def test_long_remarks_get_room(axes: Axes) -> None:
    coding_charts.direction_bars(axes, BALANCE.assign(helps=4, mixed=10, neutral=100), "code")
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


def test_each_code_has_a_mark_for_each_voice_and_their_number() -> None:
    said = pd.DataFrame(
        {"Pace": ["helps", None], "Vision": [None, None], "Policy": ["neutral", "hinders"]},
        index=["Maya", "Noah"],
    )
    axes = Figure().subplots()
    coding_charts.voice_rows(axes, said)
    places = [points.get_offsets().tolist() for points in axes.collections]
    assert places == [[[0, 0]], [[0, 1]], [], [[1, 1]]], "hinders stands before neutral"
    assert words(axes) == ["1 of 2", "2 of 2"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Pace", "Policy"]
    hollow = axes.collections[3].get_facecolor()
    assert len(hollow) == 0, "neutral marks are hollow"


def test_two_codes_of_one_name_stay_apart(axes: Axes) -> None:
    said = pd.DataFrame([["helps", "helps"]], index=["Maya"], columns=["Pace", "Pace"])
    coding_charts.voice_rows(axes, said)
    assert axes.collections[0].get_offsets().tolist() == [[0, 0], [0, 1]]


def test_an_unknown_direction_is_refused(axes: Axes) -> None:
    with pytest.raises(ValueError, match="'helpz' is not one of helps"):
        coding_charts.voice_rows(axes, pd.DataFrame({"Pace": ["helpz"]}))
