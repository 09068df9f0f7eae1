"""Where the marks of a chart of answers stand, and what is not drawn."""

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from compendium.exhibits import charts, style

ROWS = ["q1", "q2"]
KNOWN = pd.DataFrame({"row": ROWS, "share": [0.7, None], "lower": [0.6, 0.4], "upper": [0.8, 0.4]})


@pytest.fixture
def axes() -> Axes:
    style.use()
    return Figure().subplots()


def test_a_long_statement_is_broken_and_finds_room() -> None:
    _, axes = charts.statement_figure("All agree", ["one " * 30, "two"])
    first, second = axes.texts
    assert max(map(len, first.get_text().splitlines())) <= charts.LETTERS
    assert first.get_position()[1] < second.get_position()[1]
    bottom, top = axes.get_ylim()
    assert bottom > top  # the first row stands on top


def test_a_figure_grows_with_its_words_and_never_in_width() -> None:
    short, _ = charts.statement_figure("All agree", ["one", "two"])
    long, _ = charts.statement_figure("All agree " * 9, ["one " * 30, "two"])
    assert short.get_figwidth() == long.get_figwidth() == style.WIDTH
    assert long.get_figheight() > short.get_figheight() + 1


def test_a_share_is_a_dot_and_what_the_print_allows_is_a_band(axes: Axes) -> None:
    charts.share_marks(axes, KNOWN, ROWS)
    assert [round(bar.get_x(), 2) for bar in axes.patches] == [0.6, 0.4]
    assert axes.patches[0].get_width() == pytest.approx(0.2)
    # That the print leaves nothing open must still be seen.
    assert axes.patches[1].get_width() > 0
    centres = [bar.get_y() + bar.get_height() / 2 for bar in axes.patches]
    assert centres == pytest.approx([0, 1])
    (dots,) = axes.collections
    assert dots.get_offsets().tolist() == [[0.7, 0]]  # no dot where no share is fixed


def test_of_collected_rows_the_interval_is_a_line_and_no_band(axes: Axes) -> None:
    charts.share_marks(axes, KNOWN, ROWS, collected=True)
    assert not axes.patches
    lines, _ = axes.collections
    assert [segment[:, 0].tolist() for segment in lines.get_segments()] == [[0.6, 0.8], [0.4, 0.4]]


def test_a_withheld_share_says_so_in_its_place(axes: Axes) -> None:
    told = KNOWN.assign(remark=["nobody answered in Davis", "withheld: few persons"])
    charts.share_marks(axes, told, ROWS, collected=True)
    (text,) = axes.texts  # the first has a share, and its remark stands in the table
    assert text.get_text().strip() == "withheld: few persons"
    assert text.get_position()[1] == 1


def test_without_statements_a_figure_says_that_nobody_was_asked() -> None:
    _, axes = charts.statement_figure("", [])
    assert [text.get_text() for text in axes.texts] == [charts.NOT_ASKED]
    charts.share_marks(axes, KNOWN.assign(remark="withheld"), [], collected=True)
    charts.legend(axes)


def test_rows_that_are_not_wanted_and_missing_ranges_are_left_out(axes: Axes) -> None:
    charts.share_marks(axes, KNOWN, ["q2"])
    charts.share_marks(axes, KNOWN.assign(lower=None), ["q2"])
    assert [round(bar.get_x(), 2) for bar in axes.patches] == [0.4]
    assert not axes.collections


@pytest.mark.parametrize(
    ("collected", "words"),
    [(False, ["printed share", charts.ALLOWED]), (True, [charts.SAMPLING, "share"])],
)
def test_the_legend_names_the_marks_that_are_there(
    axes: Axes, collected: bool, words: list[str]
) -> None:
    charts.share_marks(axes, KNOWN, ROWS, collected=collected)
    charts.legend(axes)
    (legend,) = axes.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == words
