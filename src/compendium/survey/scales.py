"""Answer scales: which answers there are, in which order, and which are no position at all.

Some answers are no position on their scale: a teacher who says that a topic was *not provided*
has not rated it low. Such answers are marked as not substantive. An answer outside its scale is
refused with its row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import pandas as pd

from compendium.survey.checks import column, quote

__all__ = [
    "AGREEMENT_4",
    "AGREEMENT_5",
    "FREQUENCY",
    "USEFULNESS",
    "Scale",
    "encode_answers",
    "encode_items",
    "read_scales",
]


@dataclass(frozen=True)
class Scale:
    """An ordered set of answers.

    Parameters
    ----------
    name
        Name of the scale.
    levels
        Answers that are a position on the scale, from lowest to highest.
    not_substantive
        Answers that are not, such as ``"not provided"``.

    Raises
    ------
    ValueError
        If an answer occurs twice, or there are fewer than two levels.

    Examples
    --------
    >>> Scale("agreement", ("no", "yes"), ("do not know",)).answers
    ('do not know', 'no', 'yes')
    """

    name: str
    levels: tuple[str, ...]
    not_substantive: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.levels) < 2 or len(set(self.answers)) < len(self.answers):
            raise ValueError(
                f"scale {self.name!r}: {quote(self.answers)} must be two or more different levels"
            )

    @property
    def answers(self) -> tuple[str, ...]:
        """All answers: those that are not substantive, then the levels from low to high."""
        return (*self.not_substantive, *self.levels)


AGREEMENT_4 = Scale("agreement", ("strongly disagree", "disagree", "agree", "strongly agree"))
AGREEMENT_5 = Scale(
    "agreement with a middle",
    ("strongly disagree", "disagree", "neither agree nor disagree", "agree", "strongly agree"),
)
FREQUENCY = Scale(
    "frequency", ("never", "once or twice a year", "several times a year", "monthly", "weekly")
)
USEFULNESS = Scale(
    "usefulness",
    ("not at all useful", "slightly useful", "mostly useful", "very useful"),
    ("not provided",),
)


def read_scales(table: pd.DataFrame) -> dict[str, Scale]:
    """Make scales from a table of their answers.

    Parameters
    ----------
    table
        One row per answer: scale, position (1 for the lowest level), level, and substantive
        (true or false).

    Returns
    -------
    dict
        Scale by name.

    Raises
    ------
    ValueError
        If a column is absent or a scale has repeated answers.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "scale": "use", "position": [0, 2, 1], "level": ["not provided", "useful", "useless"],
    ...     "substantive": [False, True, True]})
    >>> read_scales(table)["use"].levels
    ('useless', 'useful')
    """
    for name in ("scale", "position", "level", "substantive"):
        column(table, name, "scales")
    found = {}
    for name in table["scale"].drop_duplicates():
        rows = table[table["scale"] == name].sort_values("position", kind="stable")
        rated = rows["substantive"].astype(bool)
        levels, others = rows.loc[rated, "level"], rows.loc[~rated, "level"]
        found[str(name)] = Scale(str(name), tuple(levels), tuple(others))
    return found


def encode_answers(answers: pd.Series[Any], scale: Scale) -> pd.Series[Any]:
    """Turn answers into an ordered categorical, refusing any that is not on the scale.

    Parameters
    ----------
    answers
        One answer per row; missing where there is none.
    scale
        The scale.

    Returns
    -------
    pandas.Series
        Ordered categorical with every answer of the scale as a category.

    Raises
    ------
    ValueError
        If an answer is not on the scale; names the column, the row, the answer and the nearest
        valid one.

    Examples
    --------
    >>> encode_answers(pd.Series(["agree", None], name="q1"), AGREEMENT_4).cat.codes.tolist()
    [2, -1]
    """
    outside = answers[answers.notna() & ~answers.isin(scale.answers)]
    if len(outside):
        row, value = outside.index[0], outside.iloc[0]
        near = get_close_matches(str(value), scale.answers, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(
            f"column {answers.name!r}, row {row!r}: {value!r} is not on the scale {scale.name!r} "
            f"({quote(scale.answers)}){hint} ({len(outside)} such answers in the column)"
        )
    kind = pd.CategoricalDtype(list(scale.answers), ordered=True)
    return answers.astype(kind)


def encode_items(frame: pd.DataFrame, scales: Mapping[str, Scale]) -> pd.DataFrame:
    """Encode several columns of answers, reporting the faults of all of them at once.

    Parameters
    ----------
    frame
        One row per respondent.
    scales
        Scale of each column.

    Returns
    -------
    pandas.DataFrame
        A copy of the frame with these columns encoded.

    Raises
    ------
    ValueError
        If a column is absent, or an answer is not on its scale.

    Examples
    --------
    >>> frame = encode_items(pd.DataFrame({"q1": ["agree"]}), {"q1": AGREEMENT_4})
    >>> frame["q1"].cat.ordered
    True
    """
    encoded, faults = {}, []
    for item, scale in scales.items():
        try:
            encoded[item] = encode_answers(column(frame, item, "item"), scale)
        except ValueError as fault:
            faults.append(str(fault))
    if faults:
        raise ValueError("\n".join(faults))
    return frame.assign(**encoded)
