"""Likert items: what counts as the top of a scale, and how to draw a scale.

Answers that are no position on the scale (*not provided*) never count among the low ratings. They
stay visible in a tabulation, and are left out of a base or kept in it by a stated choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from compendium.survey.checks import quote
from compendium.survey.scales import (
    AGREEMENT_4,
    AGREEMENT_5,
    FREQUENCY,
    USEFULNESS,
    Scale,
    encode_answers,
    encode_items,
    read_scales,
)

__all__ = [
    "AGREEMENT_4",
    "AGREEMENT_5",
    "FREQUENCY",
    "USEFULNESS",
    "Base",
    "Scale",
    "any_of",
    "diverging",
    "encode_answers",
    "encode_items",
    "read_scales",
    "top_box",
]

Base: TypeAlias = Literal["substantive", "all"]
OTHER = "any other answer"


def any_of(
    answers: pd.Series[Any], scale: Scale, wanted: Sequence[str], base: Base = "substantive"
) -> pd.Series[Any]:
    """Reduce answers to whether they are among some.

    Parameters
    ----------
    answers
        One answer per row.
    scale
        Their scale.
    wanted
        The answers that count.
    base
        ``"substantive"``: answers that are no position on the scale become missing, so that
        shares are of those who rated; ``"all"``: they count as any other answer.

    Returns
    -------
    pandas.Series
        Categorical with two levels, the wanted answers joined by "or", and "any other answer";
        ready for `compendium.survey.estimates.tabulate`.

    Raises
    ------
    ValueError
        If a wanted answer is not on the scale, or is not substantive while the base is.

    Examples
    --------
    >>> answers = pd.Series(["very useful", "not provided", "slightly useful"])
    >>> any_of(answers, USEFULNESS, ["very useful"]).tolist()
    ['very useful', nan, 'any other answer']
    """
    if base not in ("substantive", "all"):
        raise ValueError(f"base: {base!r} is not one of 'substantive', 'all'")
    allowed = scale.levels if base == "substantive" else scale.answers
    unknown = [level for level in wanted if level not in allowed]
    if unknown or not wanted:
        raise ValueError(
            f"wanted: {quote(unknown)} is not among {quote(allowed)} of the scale {scale.name!r} "
            f"with base={base!r}"
        )
    encoded = encode_answers(answers, scale)
    hit = " or ".join(wanted)
    among = encoded.isin(list(wanted)).to_numpy()
    outside = ~encoded.isin(list(allowed)).to_numpy()
    codes = np.where(outside, -1, np.where(among, 0, 1)).astype(np.intp)
    found = pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype([hit, OTHER]))
    return pd.Series(found, index=answers.index, name=answers.name)


def top_box(
    answers: pd.Series[Any], scale: Scale, boxes: int = 2, base: Base = "substantive"
) -> pd.Series[Any]:
    """Reduce answers to whether they are among the highest levels of their scale.

    Parameters
    ----------
    answers, scale, base
        As for `any_of`.
    boxes
        How many of the highest levels count.

    Returns
    -------
    pandas.Series
        As from `any_of`.

    Raises
    ------
    ValueError
        If `boxes` leaves no level on either side.

    Examples
    --------
    >>> top_box(pd.Series(["disagree", "agree"]), AGREEMENT_4).tolist()
    ['any other answer', 'agree or strongly agree']
    """
    if not 0 < boxes < len(scale.levels):
        raise ValueError(
            f"boxes: {boxes} of the {len(scale.levels)} levels of the scale {scale.name!r} leave "
            "nothing to compare"
        )
    return any_of(answers, scale, scale.levels[-boxes:], base)


def diverging(
    table: pd.DataFrame,
    scale: Scale,
    below: Sequence[str] | None = None,
    base: Base = "all",
) -> pd.DataFrame:
    """Lay out the bars of a diverging chart: low levels left of zero, high levels right.

    Parameters
    ----------
    table
        Shares from `compendium.survey.estimates.tabulate`, of items with this scale.
    scale
        The scale.
    below
        Levels left of zero. By default the lower half; the middle of an odd number of levels
        then lies across zero.
    base
        Draw shares of ``"all"`` answers, or divide by the share of substantive ones.

    Returns
    -------
    pandas.DataFrame
        The table in the order of the scale, with panel (``"rating"``, or ``"not substantive"``
        for a bar of its own beside the ratings), start and end (in shares; null where the share
        is). Bars of a panel join without gaps.

    Raises
    ------
    ValueError
        If the table's levels are not those of the scale.

    Examples
    --------
    >>> table = pd.DataFrame({"item": "q1", "group": "all", "level": AGREEMENT_4.levels,
    ...     "share": [0.1, 0.2, 0.3, 0.4]})
    >>> diverging(table, AGREEMENT_4)[["start", "end"]].round(2).to_numpy().tolist()
    [[-0.3, -0.2], [-0.2, 0.0], [0.0, 0.3], [0.3, 0.7]]
    """
    half = len(scale.levels) // 2
    left = list(scale.levels[:half] if below is None else below)
    odd = below is None and len(scale.levels) % 2 == 1
    if left != list(scale.levels[: len(left)]):
        raise ValueError(f"below: {quote(left)} are not the lowest levels of {scale.name!r}")
    parts = []
    for (item, group), rows in table.groupby(["item", "group"], sort=False, observed=True):
        if sorted(rows["level"]) != sorted(scale.answers):
            raise ValueError(
                f"item {item!r}, group {group!r}: levels {quote(rows['level'])} are not those of "
                f"the scale {scale.name!r}; encode the answers with encode_answers first"
            )
        ordered = rows.set_index("level").loc[list(scale.answers)].reset_index()
        rated = ordered["level"].isin(scale.levels).to_numpy()
        shares = ordered["share"].to_numpy(dtype=np.float64, na_value=np.nan)
        if base == "substantive":
            whole = shares[rated].sum()
            shares = np.where(rated, shares / whole if whole > 0 else np.nan, shares)
        ends = np.where(rated, np.cumsum(np.where(rated, shares, 0.0)), np.cumsum(shares))
        lower = shares[rated][: len(left)].sum() + (shares[rated][half] / 2 if odd else 0.0)
        ends = ends - np.where(rated, lower, 0.0)
        panel = np.where(rated, "rating", "not substantive")
        parts.append(ordered.assign(panel=panel, start=ends - shares, end=ends))
    return pd.concat(parts, ignore_index=True)[[*table.columns, "panel", "start", "end"]]
