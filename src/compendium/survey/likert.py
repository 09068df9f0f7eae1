"""Likert items: what counts as the top of a scale, and how to draw a scale.

Answers that are no position on the scale (*not provided*) never count among the low ratings. They
stay visible in a tabulation, and are left out of a base or kept in it by a stated choice.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from compendium.survey.arrays import Mask
from compendium.survey.checks import check_number, check_option, column, named, quote
from compendium.survey.scales import Scale, check_scale, encode_answers

Base: TypeAlias = Literal["substantive", "all"]
OTHER = "any other answer"


def two_way(answers: pd.Series, hit: Mask, known: Mask, name: str) -> pd.Series:
    """Reduce answers to two levels, `name` and any other answer; missing where nothing is known."""
    codes = np.where(known, np.where(hit, 0, 1), -1)
    flags = pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype([name, OTHER]))
    return pd.Series(flags, index=answers.index, name=answers.name)


def any_of(
    answers: pd.Series, scale: Scale, wanted: str | Sequence[str], base: Base = "substantive"
) -> pd.Series:
    """Reduce answers to whether they are among some.

    Parameters
    ----------
    answers, scale
        One answer per row; their scale.
    wanted
        The answers that count, or the one that does.
    base
        ``"substantive"``: answers that are no position on the scale become missing, so that shares
        are of those who rated; ``"all"``: they count as any other answer.

    Returns
    -------
    pandas.Series
        Categorical with two levels, the wanted answers joined by "or", and "any other answer";
        ready for `compendium.survey.tabulate`. ValueError if an answer is not on the scale.

    Examples
    --------
    >>> usefulness = Scale("usefulness", ("useless", "useful", "very useful"), ("not provided",))
    >>> answers = pd.Series(["very useful", "not provided", "useful"])
    >>> any_of(answers, usefulness, ["very useful"]).tolist()
    ['very useful', nan, 'any other answer']
    """
    check_option("base", base, get_args(Base))
    encoded, counted = encode_answers(answers, scale), named(wanted, "wanted")
    allowed = scale.levels if base == "substantive" else scale.answers
    unknown = [level for level in counted if level not in allowed]
    if unknown:
        raise ValueError(
            f"wanted: {quote(unknown)} is not among {quote(allowed)} of the scale {scale.name!r} "
            f"with base={base!r}"
        )
    hit, known = encoded.isin(counted).to_numpy(), encoded.isin(list(allowed)).to_numpy()
    return two_way(answers, hit, known, " or ".join(counted))


def top_box(
    answers: pd.Series, scale: Scale, boxes: int = 2, base: Base = "substantive"
) -> pd.Series:
    """Reduce answers to whether they are among the highest `boxes` levels; see `any_of`.

    Examples
    --------
    >>> scale = Scale("agreement", ("disagree", "neither", "agree", "fully agree"))
    >>> top_box(pd.Series(["disagree", "agree"]), scale).tolist()
    ['any other answer', 'agree or fully agree']
    """
    check_scale(scale)
    check_number("boxes", boxes, 1, len(scale.levels) - 1, whole=True)
    return any_of(answers, scale, scale.levels[-int(boxes) :], base)


def diverging(
    table: pd.DataFrame,
    scale: Scale,
    below: str | Sequence[str] | None = None,
    base: Base = "all",
) -> pd.DataFrame:
    """Lay out the bars of a diverging chart: low levels left of zero, high levels right.

    Parameters
    ----------
    table
        Shares from `compendium.survey.tabulate`, of items with this scale.
    scale
        The scale.
    below
        Levels left of zero. By default the lower half; the middle of an odd number of levels then
        lies across zero.
    base
        Draw shares of ``"all"`` answers, or divide by the share of ``"substantive"`` ones.

    Returns
    -------
    pandas.DataFrame
        The table in the order of the scale, with panel (``"rating"``, or ``"not substantive"`` for
        a bar of its own beside the ratings), start and end (in shares; null where the share is).
        Bars of a panel join without gaps. ValueError if the table's levels are not those of the
        scale.

    Examples
    --------
    >>> scale = Scale("agreement", ("no", "rather no", "rather yes", "yes"))
    >>> table = pd.DataFrame({"item": "q1", "group": "all", "level": scale.levels,
    ...     "share": [0.1, 0.2, 0.3, 0.4]})
    >>> diverging(table, scale)[["start", "end"]].round(2).to_numpy().tolist()
    [[-0.3, -0.2], [-0.2, 0.0], [0.0, 0.3], [0.3, 0.7]]
    """
    check_scale(scale)
    check_option("base", base, get_args(Base))
    for name in ("item", "group", "level", "share"):
        column(table, name, "table")
    half = len(scale.levels) // 2
    left = list(scale.levels[:half])
    if below is not None:
        left = [] if isinstance(below, list | tuple) and not below else named(below, "below")
    odd = below is None and len(scale.levels) % 2 == 1
    if left != list(scale.levels[: len(left)]):
        raise ValueError(f"below: {quote(left)} are not the lowest levels of {scale.name!r}")
    parts = []
    for (item, group), rows in table.groupby(["item", "group"], sort=False, observed=True):
        if sorted(map(str, rows["level"])) != sorted(scale.answers):
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
    if not parts:
        raise ValueError("table: it holds no share to draw")
    return pd.concat(parts, ignore_index=True)[[*table.columns, "panel", "start", "end"]]
