"""Charts of answers: each row a statement, and under it what is known of its share.

Statements are long and screens are narrow, so a statement stands above its mark, not beside it. The
functions draw what they are given; they compute no estimate.
"""

from collections.abc import Sequence
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from compendium.exhibits import style

LINE = 0.19  # inches of a line of text
LETTERS = 48  # of such a line
SAMPLING = "sampling interval"
ALLOWED = "what the report allows"
NOT_ASKED = "The rows hold no answers to these questions."


def statement_figure(
    title: str, statements: Sequence[str], *, room: float = 0.36, keys: int = 1
) -> tuple[Figure, Axes]:
    """Return a figure as tall as its title, its statements and their marks need.

    `title` is the finding, `room` the inches below each statement for its marks, `keys` the lines
    of the legend. Row i is at height i, from the top. Without statements the figure says so.

    Examples
    --------
    >>> fig, axes = statement_figure("All agree", ["I can tell.", "I adjust."])
    >>> fig.get_suptitle(), len(axes.texts)
    ('All agree', 2)
    """
    texts = [fill(statement, LETTERS) for statement in statements] or [NOT_ASKED]
    lines = [1 + text.count("\n") for text in texts]
    row = LINE * max(lines) + room
    around = 0.5 + 0.25 * (1 + len(title) // style.TITLE_LETTERS) + LINE * keys
    height = row * (len(lines) - 1) + LINE * lines[0] + room + around
    fig = Figure(figsize=(style.WIDTH, height))
    style.headline(fig, title)
    axes, above = fig.subplots(), 0.36 * room / row
    for place, text in enumerate(texts):
        across = axes.get_yaxis_transform()
        axes.text(0, place - above, text, va="bottom", linespacing=1.1, transform=across)
    axes.set(ylim=(len(texts) - 1 + 0.64 * room / row, -above - LINE * lines[0] / row), yticks=[])
    axes.spines["left"].set_visible(False)
    return fig, axes


def share_marks(
    axes: Axes, table: pd.DataFrame, rows: Sequence[str], *, collected: bool = False
) -> None:
    """Mark what is known of shares: a dot where a share is, around it what it may be.

    Of collected rows the dot is an estimate and the line its interval; a withheld share shows its
    remark. Otherwise the dot is a share that the report fixes, and the band what it allows.

    Parameters
    ----------
    table
        One row per mark: row, share, lower, upper and perhaps remark, as from
        `compendium.survey.known_shares`.
    rows
        Values of the column ``row`` from the top down.
    collected
        Whether the rows were collected.

    Examples
    --------
    >>> axes = Figure().subplots()
    >>> share_marks(axes, pd.DataFrame({"row": ["q1", "q2"], "share": [0.65, None],
    ...                                 "lower": [0.64, 0.5], "upper": [0.66, 1]}), ["q1", "q2"])
    >>> len(axes.patches), len(axes.collections)
    (2, 1)
    """
    at = table["row"].map({name: position for position, name in enumerate(rows)})
    known = table.assign(at=at).dropna(subset=["at"])
    ranges = known.dropna(subset=["lower", "upper"])
    if collected:
        ends: dict[str, Any] = {"color": style.INK, "linewidth": 1.5, "label": SAMPLING}
        axes.hlines(ranges["at"], ranges["lower"], ranges["upper"], **ends)
    else:
        # A band of no width would be invisible, and that it has none is the message.
        width = (ranges["upper"] - ranges["lower"]).clip(lower=0.004)
        band: dict[str, Any] = {"color": style.PURPLE, "label": ALLOWED}
        axes.barh(ranges["at"], width, 0.22, left=ranges["lower"], **band)
    dots = known.dropna(subset=["share"])
    if len(dots):
        words = "share" if collected else "printed share"
        axes.scatter(dots["share"], dots["at"], color=style.BLUE, s=45, zorder=3, label=words)
    if collected and "remark" in known:
        withheld = known[known["share"].isna()].dropna(subset=["remark"])
        for place, remark in zip(withheld["at"], withheld["remark"], strict=True):
            axes.text(0, place, f" {remark}", va="center", color=style.MUTED)
    axes.set(xlim=(0, 1.01), xticks=[0, 0.25, 0.5, 0.75, 1])
    axes.xaxis.set_major_formatter("{x:.0%}")


def legend(axes: Axes, *, columns: int = 2) -> None:
    """Explain below the figure what is drawn, `columns` entries side by side.

    The figure needs a constrained layout.
    """
    marks, words = axes.get_legend_handles_labels()
    axes.figure.legend(marks, words, ncols=columns, handlelength=1.4, loc="outside lower left")
