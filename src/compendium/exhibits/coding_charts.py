"""Drawings of coded evidence that several notebooks share.

`direction_bars` shows of each row how much speaks for it and how much against; `voice_rows` shows
how many persons spoke of what, and how. Both tell the directions apart by place or shape as well as
by colour, so that they survive a printer without colour. They draw and nothing else: the counts
come from `compendium.coding`.
"""

from collections.abc import Hashable
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from compendium.exhibits import style

#: Direction to marker, colour and whether the marker is filled.
MARKS = {
    "helps": ("o", style.BLUE, True),
    "hinders": ("X", style.ORANGE, True),
    "mixed": ("D", style.PURPLE, True),
    "neutral": ("o", style.MUTED, False),
}
LETTERS = 22  # of a line of a row's name
# In shares of the longest bar: layout does not see words beside bars.
LABEL_GAP = 0.04
CHARACTER = 0.13
LEFT = 1.4


def direction_bars(axes: Axes, balance: pd.DataFrame, label: str, limit: float = 0) -> None:
    """Draw what hinders to the left of a middle line and what helps to the right.

    Passages that are mixed or neutral are no bar: their number stands at the right, after a plus.

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
    >>> from matplotlib.figure import Figure
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
            axes.text(-row["hinders"] - gap, place, number, va="center", ha="right")
        axes.text(row["helps"] + gap, place, _at_the_right(row), va="center")
    axes.axvline(0, color=style.INK, linewidth=1)
    axes.set_yticks(places, [fill(name, LETTERS) for name in balance[label]])
    axes.set_xticks([-0.6 * longest, 0.6 * longest], ["hinders", "helps"])
    right = max(row["helps"] + CHARACTER * longest * len(_at_the_right(row)) for row in rows)
    axes.set(xlim=(-LEFT * longest, max(LEFT * longest, right)), ylabel="")
    if balance[["mixed", "neutral"]].to_numpy().any():
        axes.set_xlabel("+: mixed or neutral", loc="right")
    axes.set_ylim(len(balance) - 0.4, -0.6)
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)


def balance_title(balance: pd.DataFrame, label: str) -> str:
    """Say what hinders most often and what helps most often; columns as in `direction_bars`.

    Examples
    --------
    >>> balance_title(pd.DataFrame({"code": ["Pace", "Time"], "helps": [0, 3], "hinders": [2, 1]}),
    ...               "code")
    'Pace is most often said to hinder (2), time to help (3)'
    """
    worst, best = (balance.nlargest(1, side).iloc[0] for side in ("hinders", "helps"))
    other = " and" if worst[label] == best[label] else f", {str(best[label]).lower()}"
    said = f"{worst[label]} is most often said to hinder ({worst['hinders']:g})"
    return f"{said}{other} to help ({best['helps']:g})"


def voice_rows(axes: Axes, directions: pd.DataFrame) -> None:
    """Draw how many speak of what: a row for each code, in it a mark for each voice.

    The cells of `directions` (voices x codes, the codes from top to bottom) are `helps`, `hinders`,
    `mixed`, `neutral`, or missing where the voice does not speak of the code. The marks stand in
    this order, whoever speaks; after them, how many of the voices they are. A code of which nobody
    speaks has no row.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> voice_rows(axes, pd.DataFrame({"Pace": ["helps", None]}, index=["Maya", "Noah"]))
    >>> [text.get_text() for text in axes.texts]
    ['1 of 2']
    """
    strange = sorted(set(pd.Series(directions.to_numpy().ravel()).dropna()) - set(MARKS))
    if strange:
        raise ValueError(f"directions: {strange[0]!r} is not one of {', '.join(MARKS)}.")
    order = list(MARKS)
    heard = [
        sorted(directions.iloc[:, i].dropna(), key=order.index) for i in range(directions.shape[1])
    ]
    names = [fill(str(directions.columns[i]), LETTERS) for i, words in enumerate(heard) if words]
    heard = [words for words in heard if words]
    for word, (marker, colour, filled) in MARKS.items():
        at = [(x, y) for y, words in enumerate(heard) for x, w in enumerate(words) if w == word]
        places = pd.DataFrame(at, columns=["x", "y"])
        look: dict[str, Any] = {"s": 60, "marker": marker, "edgecolors": colour, "label": word}
        axes.scatter(places["x"], places["y"], facecolors=colour if filled else "none", **look)
    for row, words in enumerate(heard):
        axes.text(len(words) - 0.3, row, f"{len(words)} of {len(directions)}", va="center")
    axes.set_yticks(range(len(names)), names)
    axes.set(xlim=(-0.6, max(map(len, heard), default=1) + 2), xticks=[])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _at_the_right(row: dict[Hashable, Any]) -> str:
    helps = f"{row['helps']:g}" if row["helps"] else ""
    rest = row["mixed"] + row["neutral"]
    return f"{helps}  +{rest:g}".strip() if rest else helps
