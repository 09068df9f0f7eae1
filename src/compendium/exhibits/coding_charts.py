"""Drawings of coded evidence that several notebooks share.

`direction_bars` shows of each row how much speaks for it and how much against; `voice_grid` shows
which person spoke of what, and how. Both tell the directions apart by place or shape as well as by
colour, so that they survive a printer without colour. They draw and nothing else: the counts come
from `compendium.coding`.
"""

from collections.abc import Hashable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from compendium.exhibits import style

#: Direction to marker, colour and whether the marker is filled.
MARKS = {
    "helps": ("o", style.BLUE, True),
    "hinders": ("X", style.ORANGE, True),
    "mixed": ("D", style.PURPLE, True),
    "neutral": ("o", style.MUTED, False),
}
# In shares of the longest bar, for a figure 6 inches wide: layout does not see words beside bars.
LABEL_GAP = 0.03
CHARACTER = 0.1
LEFT = 1.35


def direction_bars(axes: Axes, balance: pd.DataFrame, label: str, limit: float = 0) -> None:
    """Draw what hinders to the left of a middle line and what helps to the right.

    Passages that are mixed or neutral are no bar: they are written at the right.

    Parameters
    ----------
    balance
        One row per bar, from top to bottom: `label`, and the counts `helps`, `hinders`, `mixed`,
        `neutral` (see `compendium.coding.tallies.direction_balance`).
    label
        Column with the names of the bars.
    limit
        Longest bar that must fit, for panels that are to share a scale; 0 for the longest drawn.

    Examples
    --------
    >>> rows = pd.DataFrame(
    ...     {"code": ["Pace"], "helps": [2], "hinders": [3], "mixed": [1], "neutral": [0]}
    ... )
    >>> axes = Figure().subplots()
    >>> direction_bars(axes, rows, "code")
    >>> [float(bar.get_width()) for bar in axes.patches]
    [-3.0, 2.0]
    """
    missing = [column for column in (label, *MARKS) if column not in balance.columns]
    if missing or not len(balance):
        wrong = f"no column {', '.join(missing)}" if missing else "no row to draw"
        raise ValueError(f"balance: {wrong}; it has {', '.join(map(str, balance.columns))}.")
    places, rows = range(len(balance)), balance.to_dict("records")
    longest = max(limit, float(balance[["helps", "hinders"]].to_numpy().max()), 1)
    gap = LABEL_GAP * longest
    axes.barh(places, -balance["hinders"], color=style.ORANGE, height=0.7)
    axes.barh(places, balance["helps"], color=style.BLUE, height=0.7)
    for place, row in enumerate(rows):
        if row["hinders"]:
            number = f"{row['hinders']:g}"
            axes.text(-row["hinders"] - gap, place, number, va="center", ha="right", fontsize=9.5)
        axes.text(row["helps"] + gap, place, _at_the_right(row), va="center", fontsize=9.5)
    axes.axvline(0, color=style.INK, linewidth=1)
    axes.set_yticks(places, balance[label], fontsize=10)
    axes.set_xticks([-0.6 * longest, 0.6 * longest], ["hinders", "helps"])
    right = max(row["helps"] + CHARACTER * longest * len(_at_the_right(row)) for row in rows)
    axes.set(xlim=(-LEFT * longest, max(LEFT * longest, right)), ylabel="")
    axes.set_ylim(len(balance) - 0.4, -0.6)
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)


def voice_grid(axes: Axes, said: pd.DataFrame) -> None:
    """Draw who spoke of what: a mark where a voice speaks of a code, its shape the direction.

    The cells of `said` (voices x codes, from top to bottom and left to right) are `helps`,
    `hinders`, `mixed`, `neutral`, or missing where the voice does not speak of the code.

    Examples
    --------
    >>> axes = Figure().subplots()
    >>> voice_grid(axes, pd.DataFrame({"Pace": ["helps", None]}, index=["Maya", "Noah"]))
    >>> [len(points.get_offsets()) for points in axes.collections]
    [1]
    """
    cells = said.reset_index(drop=True)
    cells.columns = pd.RangeIndex(cells.shape[1])
    marks = pd.Series(cells.stack()).dropna()
    strange = sorted(set(marks) - set(MARKS))
    if strange:
        raise ValueError(f"said: {strange[0]!r} is not one of {', '.join(MARKS)}.")
    for word, (marker, colour, filled) in MARKS.items():
        found = marks.index[marks == word]
        if len(found):
            rows, columns = zip(*found, strict=True)
            face = colour if filled else "none"
            axes.scatter(
                columns, rows, s=70, marker=marker, facecolors=face, edgecolors=colour, zorder=2
            )
    axes.set_xticks(range(said.shape[1]), said.columns, rotation=90)
    axes.set_yticks(range(len(said)), said.index)
    axes.set(xlim=(-0.6, said.shape[1] - 0.4), ylim=(len(said) - 0.4, -0.6))
    axes.xaxis.tick_top()
    axes.grid(visible=True)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    keys = [_key(word) for word in MARKS]
    spacing = {"ncols": 4, "handletextpad": 0.1, "columnspacing": 1.0}
    axes.legend(handles=keys, loc="upper center", bbox_to_anchor=(0.5, -0.01), **spacing)


def headline(drawn: Figure, text: str) -> None:
    """Write a title over the whole width of a figure, where an axes' title would be cut off.

    Examples
    --------
    >>> drawn = Figure()
    >>> headline(drawn, "Schedules help and hinder")
    >>> drawn.get_suptitle()
    'Schedules help and hinder'
    """
    drawn.suptitle(text, x=0.01, ha="left", fontweight="bold", fontsize=12)


def _at_the_right(row: dict[Hashable, Any]) -> str:
    helps = f"{row['helps']:g}" if row["helps"] else ""
    rest = ", ".join(f"{row[word]:g} {word}" for word in ("mixed", "neutral") if row[word])
    return f"{helps}  ({rest})".strip() if rest else helps


def _key(word: str) -> Line2D:
    marker, colour, filled = MARKS[word]
    face = colour if filled else "none"
    return Line2D(
        [], [], marker=marker, color=colour, markerfacecolor=face, linestyle="", label=word
    )
