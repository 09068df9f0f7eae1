"""Likert items: what counts as the top of a scale.

Answers that are no position on the scale (*not provided*) never count among the low ratings. They
stay visible in a tabulation, and are left out of a base or kept in it by a stated choice.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from compendium.survey.arrays import Mask
from compendium.survey.checks import check_number, check_option, named, quote
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
