"""Answer scales: which answers there are, in which order, and which are no position at all.

A teacher who says that a topic was *not provided* has not rated it low: such answers are marked as
not substantive. An answer outside its scale is refused with its row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from compendium.survey.checks import column, encode, numbers, quote
from compendium.text import ALIKE

TRUTH = {"true": True, "false": False}


@dataclass(frozen=True)
class Scale:
    """An ordered set of answers.

    Parameters
    ----------
    name
        Name of the scale.
    levels
        Two or more different answers that are a position on the scale, from lowest to highest.
    not_substantive
        Answers that are not, such as ``"not provided"``.

    Examples
    --------
    >>> Scale("agreement", ("no", "yes"), ("do not know",)).answers
    ('do not know', 'no', 'yes')
    """

    name: str
    levels: tuple[str, ...]
    not_substantive: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for answer in self.answers:
            if not isinstance(answer, str) or not answer or answer != answer.strip():
                raise ValueError(
                    f"scale {self.name!r}: {answer!r} is no text, empty, or has blanks around it"
                )
        if len(self.levels) < 2 or len(set(self.answers)) < len(self.answers):
            raise ValueError(
                f"scale {self.name!r}: {quote(self.answers)} must be two or more different levels"
            )

    @property
    def answers(self) -> tuple[str, ...]:
        """All answers: those that are not substantive, then the levels from low to high."""
        return (*self.not_substantive, *self.levels)


def read_scales(table: pd.DataFrame) -> dict[str, Scale]:
    """Make scales, by name, from a table with one row per answer.

    Its columns are scale, position (1 for the lowest level), level, and substantive (true or false,
    also as text). ValueError if a column is absent, a cell is missing, a position is no number or
    shared by two levels, or a scale has repeated answers.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "scale": "use", "position": [0, 2, 1], "level": ["not provided", "useful", "useless"],
    ...     "substantive": [False, True, True]})
    >>> read_scales(table)["use"].levels
    ('useless', 'useful')
    """
    names, levels = (encode(column(table, name, "scales"), name) for name in ("scale", "level"))
    rows = pd.DataFrame({
        "scale": np.array(names[1], dtype=object)[names[0]],
        "level": np.array(levels[1], dtype=object)[levels[0]],
        "position": numbers(column(table, "position", "scales"), "position"),
        "substantive": column(table, "substantive", "scales").map(_truth).tolist(),
    })  # fmt: skip
    scales = {}
    for name, answers in rows.groupby("scale", sort=False):
        rated = answers[answers["substantive"]].sort_values("position")
        if rated["position"].duplicated().any():
            raise ValueError(
                f"scale {name!r}: two levels have the same position; give each its own"
            )
        others = answers[~answers["substantive"]].sort_values("position", kind="stable")
        scales[str(name)] = Scale(str(name), tuple(rated["level"]), tuple(others["level"]))
    return scales


def _truth(value: Any) -> bool:
    """Read true or false, as such or as text."""
    known = TRUTH.get(value.strip().lower()) if isinstance(value, str) else value
    if not isinstance(known, bool | np.bool_):
        raise ValueError(f"substantive: {value!r} is neither true nor false")
    return bool(known)


def check_scale(scale: object) -> None:
    """Refuse what is no scale."""
    if not isinstance(scale, Scale):
        raise ValueError(f"scale: a {type(scale).__name__} is no Scale; make one, or read_scales")


def encode_answers(answers: pd.Series, scale: Scale) -> pd.Series:
    """Turn answers, one per row, into an ordered categorical with every answer of the scale.

    ValueError if an answer is not on the scale; names the column, the row, the answer and the
    nearest valid one.

    Examples
    --------
    >>> scale = Scale("agreement", ("disagree", "neither", "agree"))
    >>> encode_answers(pd.Series(["agree", None], name="q1"), scale).cat.codes.tolist()
    [2, -1]
    """
    check_scale(scale)
    if not isinstance(answers, pd.Series):
        raise ValueError(f"answers: a {type(answers).__name__} is no Series, one answer per row")
    outside = answers[answers.notna() & ~answers.isin(scale.answers)]
    if len(outside):
        row, value = quote(outside.index[:1]), quote(outside[:1])
        near = get_close_matches(str(outside.iloc[0]), scale.answers, n=1, cutoff=ALIKE)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(
            f"column {answers.name!r}, row {row}: {value} is not on the scale {scale.name!r} "
            f"({quote(scale.answers)}){hint} ({len(outside)} such answers in the column)"
        )
    kind = pd.CategoricalDtype(list(scale.answers), ordered=True)
    return answers.astype(kind)


def encode_items(frame: pd.DataFrame, scales: Mapping[str, Scale]) -> pd.DataFrame:
    """Encode several columns of answers on the scale of each, reporting the faults of all at once.

    Examples
    --------
    >>> scale = Scale("agreement", ("disagree", "agree"))
    >>> frame = encode_items(pd.DataFrame({"q1": ["agree"]}), {"q1": scale})
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
