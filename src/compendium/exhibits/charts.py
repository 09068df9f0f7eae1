"""Charts of answers: each row a statement, its bar, and under the bar what is uncertain about it.

Statements are long and screens are narrow, so a statement stands above its bar, not beside it. Two
kinds of uncertainty are kept apart, because neither contains the other: a thin line for sampling
(who happened to answer), a broad band for what the published numbers leave open (which rows could
stand behind them). The functions draw what they are given; they compute no estimate.
"""

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from compendium.exhibits import style

__all__ = ["answer_bars", "legend", "percent_axis", "statement_rows", "uncertainty"]

BAR, BAR_AT = 0.3, -0.08
MARK_AT, BAND = 0.19, 0.13
SAMPLING = "sampling interval"
LEFT_OPEN = "left open, at least"


def statement_rows(axes: Axes, statements: Sequence[str], *, width: int = 62) -> None:
    """Lay out one row per statement, from the top, with the words above where its bar goes.

    Row i is at height i; a line is broken after `width` characters.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> statement_rows(axes, ["I can tell.", "I adjust."])
    >>> [text.get_text() for text in axes.texts]
    ['I can tell.', 'I adjust.']
    """
    lines = [fill(statement, width) for statement in statements]
    for row, text in enumerate(lines):
        across = axes.get_yaxis_transform()
        axes.text(0, row - 0.27, text, va="bottom", linespacing=1.1, transform=across)
    tallest = 1 + lines[0].count("\n") if lines else 1
    axes.set_ylim(len(lines) - 0.6, -0.34 - 0.24 * tallest)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def answer_bars(
    axes: Axes,
    bars: pd.DataFrame,
    rows: Sequence[str],
    colours: Mapping[str, str],
    *,
    at: float = BAR_AT,
    height: float = BAR,
) -> None:
    """Draw the bars of a chart of answers, with a line at zero where they run to both sides.

    Parameters
    ----------
    bars
        One row per mark: row, level, start and end (in shares), as from
        `compendium.survey.likert.diverging`.
    rows
        Values of the column ``row`` from the top down.
    colours
        Colour of each level to draw; bars of other levels are left out.
    at, height
        Place of the bar within its row, and its height.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> bars = pd.DataFrame({"row": "q1", "level": ["no", "yes"], "start": [-0.2, 0.0],
    ...                      "end": [0.0, 0.8]})
    >>> answer_bars(axes, bars, ["q1"], {"no": "tan", "yes": "navy"})
    >>> [round(float(bar.get_width()), 2) for bar in axes.patches]
    [0.2, 0.8]
    """
    place = {name: position + at for position, name in enumerate(rows)}
    for level, colour in colours.items():
        drawn = bars[(bars["level"] == level) & bars["row"].isin(list(rows))]
        heights = [place[name] for name in drawn["row"]]
        width = drawn["end"] - drawn["start"]
        axes.barh(heights, width, height, left=drawn["start"], color=colour, label=level)
    if (bars["start"] < 0).any():
        low, high = ([m + side * height for m in place.values()] for side in (-0.62, 0.62))
        axes.vlines([0] * len(place), low, high, color=style.INK, linewidth=1.2)


def uncertainty(
    axes: Axes, table: pd.DataFrame, rows: Sequence[str], *, at: float = MARK_AT
) -> None:
    """Mark under each bar the sampling interval and what the published numbers leave open.

    Parameters
    ----------
    table
        One row per mark: row, lower and upper (sampling interval), open_lower and open_upper
        (smallest and largest over reconstructions), in shares. A missing pair is not drawn.
    rows, at
        Values of the column ``row`` from the top down; place of the marks within their row.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> uncertainty(axes, pd.DataFrame({"row": ["q1"], "lower": [0.7], "upper": [0.9],
    ...                                 "open_lower": [0.75], "open_upper": [0.85]}), ["q1"])
    >>> len(axes.patches), len(axes.lines)
    (1, 1)
    """
    place = {name: position + at for position, name in enumerate(rows)}
    known = table[table["row"].isin(list(rows))]
    bands = known.dropna(subset=["open_lower", "open_upper"])
    axes.barh(
        [place[name] for name in bands["row"]],
        # A band of no width would be invisible, and that it has none is the message.
        (bands["open_upper"] - bands["open_lower"]).clip(lower=0.004),
        BAND,
        left=bands["open_lower"],
        color=style.PURPLE,
        alpha=0.6,
    )
    ends: dict[str, Any] = {"marker": "|", "markersize": 7, "markeredgewidth": 1.5}
    for mark in known.dropna(subset=["lower", "upper"]).to_dict("records"):
        height = place[mark["row"]]
        axes.plot([mark["lower"], mark["upper"]], [height] * 2, color=style.INK, lw=1.5, **ends)


def percent_axis(axes: Axes, marks: Sequence[float]) -> None:
    """Write shares as percentages without sign, for axes that run to both sides of zero.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> percent_axis(axes, [-0.5, 0, 0.5])
    >>> [label.get_text() for label in axes.get_xticklabels()]
    ['50%', '0%', '50%']
    """
    axes.set_xticks(list(marks), [f"{abs(mark):.0%}" for mark in marks])


def legend(axes: Axes, *, marks: Sequence[str] = (SAMPLING, LEFT_OPEN), columns: int = 2) -> None:
    """Explain below the figure the colours of the bars, then the marks under them.

    `marks` are those to explain, `columns` is how many entries stand side by side. The figure needs
    a constrained layout.
    """
    proxies = {
        SAMPLING: Line2D([], [], color=style.INK, lw=1.5, marker="|", markersize=7),
        LEFT_OPEN: Patch(color=style.PURPLE, alpha=0.6),
    }
    drawn, words = axes.get_legend_handles_labels()
    axes.figure.legend(
        [*drawn, *(proxies[mark] for mark in marks)],
        [*words, *marks],
        ncols=columns,
        handlelength=1.4,
        fontsize=10,
        loc="outside lower left",
    )
