"""Charts of answers: each row a statement, and under it what is known of its share.

Statements are long and screens are narrow, so a statement stands above its mark, not beside it. The
functions draw what they are given; they compute no estimate.
"""

from collections.abc import Sequence
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from compendium.exhibits import style

__all__ = ["legend", "percent_axis", "share_marks", "statement_rows"]

MARK_AT = -0.08
SAMPLING = "sampling interval"
ALLOWED = "what the print allows"


def statement_rows(axes: Axes, statements: Sequence[str], *, width: int = 62) -> None:
    """Lay out one row per statement, from the top, with the words above where its mark goes.

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


def share_marks(
    axes: Axes,
    table: pd.DataFrame,
    rows: Sequence[str],
    *,
    collected: bool = False,
    at: float = MARK_AT,
) -> None:
    """Mark what is known of shares: a dot where a share is, around it what it may be.

    Of collected rows the dot is an estimate and the line around it its interval. Otherwise the dot
    is a share that the print fixes, and the band what the print allows.

    Parameters
    ----------
    table
        One row per mark: row, share, lower and upper, as from `compendium.survey.known_shares`.
    rows, at
        Values of the column ``row`` from the top down; place of the marks within their row.
    collected
        Whether the rows were collected.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> share_marks(axes, pd.DataFrame({"row": ["q1", "q2"], "share": [0.65, None],
    ...                                 "lower": [0.64, 0.5], "upper": [0.66, 1]}), ["q1", "q2"])
    >>> len(axes.patches), len(axes.collections)
    (2, 1)
    """
    place = {name: position + at for position, name in enumerate(rows)}
    known = table[table["row"].isin(list(rows))]
    ranges = known.dropna(subset=["lower", "upper"])
    heights = [place[name] for name in ranges["row"]]
    if collected:
        ends: dict[str, Any] = {"color": style.INK, "linewidth": 1.5, "label": SAMPLING}
        axes.hlines(heights, ranges["lower"], ranges["upper"], **ends)
    else:
        # A band of no width would be invisible, and that it has none is the message.
        width = (ranges["upper"] - ranges["lower"]).clip(lower=0.004)
        band: dict[str, Any] = {"color": style.PURPLE, "alpha": 0.6, "label": ALLOWED}
        axes.barh(heights, width, 0.26, left=ranges["lower"], **band)
    dots = known.dropna(subset=["share"])
    if len(dots):
        words = "share" if collected else "printed share"
        at_share = [place[name] for name in dots["row"]]
        axes.scatter(dots["share"], at_share, color=style.BLUE, s=45, zorder=3, label=words)


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


def legend(axes: Axes, *, columns: int = 2) -> None:
    """Explain below the figure what is drawn, `columns` entries side by side.

    The figure needs a constrained layout.
    """
    drawn, words = axes.get_legend_handles_labels()
    axes.figure.legend(
        drawn, words, ncols=columns, handlelength=1.4, fontsize=10, loc="outside lower left"
    )
