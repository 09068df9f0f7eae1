"""Where the marks of a chart of answers stand, and what is not drawn."""

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from compendium.exhibits import charts, style

ROWS = ["q1", "q2"]
BARS = pd.DataFrame(
    {
        "row": ["q1", "q1", "q2", "q2"],
        "level": ["no", "yes", "no", "yes"],
        "start": [-0.3, 0.0, -0.6, 0.0],
        "end": [0.0, 0.7, 0.0, 0.4],
    }
)
MARKS = pd.DataFrame(
    {
        "row": ROWS,
        "lower": [0.6, 0.3],
        "upper": [0.8, 0.5],
        "open_lower": [0.5, 0.4],
        "open_upper": [0.9, 0.4],
    }
)


@pytest.fixture
def axes() -> Axes:
    style.use()
    return Figure().subplots()


def test_a_long_statement_is_broken_and_finds_room(axes: Axes) -> None:
    charts.statement_rows(axes, ["one " * 30, "two"], width=40)
    first, second = axes.texts
    assert max(map(len, first.get_text().splitlines())) <= 40
    assert first.get_position()[1] < second.get_position()[1]
    bottom, top = axes.get_ylim()
    assert bottom > top  # the first row stands on top
    charts.statement_rows(axes, ["one", "two"])
    assert axes.get_ylim()[1] > top  # one line needs less room than four


def test_bars_stand_where_the_data_say(axes: Axes) -> None:
    charts.answer_bars(axes, BARS, ROWS, {"no": "#aa0000", "yes": "#0000aa"})
    found = [
        (to_hex(bar.get_facecolor()), round(bar.get_x(), 2), round(bar.get_width(), 2))
        for bar in axes.patches
    ]
    assert found == [
        ("#aa0000", -0.3, 0.3),
        ("#aa0000", -0.6, 0.6),
        ("#0000aa", 0.0, 0.7),
        ("#0000aa", 0.0, 0.4),
    ]
    centres = [bar.get_y() + bar.get_height() / 2 for bar in axes.patches]
    assert centres == pytest.approx([charts.BAR_AT, 1 + charts.BAR_AT] * 2)


def test_only_bars_to_both_sides_have_a_line_at_zero(axes: Axes) -> None:
    charts.answer_bars(axes, BARS[BARS["start"] >= 0], ROWS, {"yes": "navy"})
    assert not axes.collections
    charts.answer_bars(axes, BARS, ROWS, {"yes": "navy"})
    assert len(axes.collections[0].get_segments()) == len(ROWS)


def test_rows_and_levels_that_are_not_wanted_are_left_out(axes: Axes) -> None:
    charts.answer_bars(axes, BARS, ["q2"], {"yes": "navy"})
    assert [round(bar.get_width(), 2) for bar in axes.patches] == [0.4]


def test_both_uncertainties_are_drawn_and_kept_apart(axes: Axes) -> None:
    charts.uncertainty(axes, MARKS, ROWS)
    assert [line.get_xdata().tolist() for line in axes.lines] == [[0.6, 0.8], [0.3, 0.5]]
    assert [round(bar.get_x(), 2) for bar in axes.patches] == [0.5, 0.4]
    # That the print leaves nothing open must still be seen.
    assert axes.patches[1].get_width() > 0


def test_a_missing_pair_is_not_drawn(axes: Axes) -> None:
    charts.uncertainty(axes, MARKS.assign(open_lower=None, open_upper=None), ROWS)
    assert (len(axes.patches), len(axes.lines)) == (0, 2)
    charts.uncertainty(axes, MARKS.assign(lower=None, upper=None), ROWS)
    assert (len(axes.patches), len(axes.lines)) == (2, 2)


def test_the_legend_names_the_marks_that_are_there(axes: Axes) -> None:
    charts.answer_bars(axes, BARS, ROWS, {"yes": "navy"})
    charts.legend(axes, marks=(charts.SAMPLING,))
    (legend,) = axes.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["yes", charts.SAMPLING]
