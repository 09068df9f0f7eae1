"""Weights for a survey: the study's own, and the standard ones it can be held against.

Every function returns a `Weights`. Nothing is dropped on the way: a level without rows, rows
without a level, or targets that cannot be met are errors that name the level and the gap.
"""

from dataclasses import replace
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from compendium.survey.bounded import clipped_factor
from compendium.survey.checks import (
    Column,
    check_number,
    check_option,
    column,
    encode,
    quote,
    stored_codes,
)
from compendium.survey.weighting import Totals, Weights, match_totals, weight_values

Empty: TypeAlias = Literal["raise", "drop", "keep"]


def equal_group_weights(
    frame: pd.DataFrame, group: Column, item: str | None = None, *, empty: Empty = "raise"
) -> Weights:
    """Weight each answer by the inverse of the number of answers in its group.

    This is the weight of the teacher survey (`epic2021pedal`): a district counts once, however many
    of its teachers answered the item. With item nonresponse it differs from item to item, so it is
    given to a design as a rule: ``functools.partial(equal_group_weights, group="district")``.

    Parameters
    ----------
    frame
        One row per respondent.
    group
        Column that holds the groups to count equally.
    item
        Column of answers. Rows without an answer weigh 0: they are not in the sample for this item.
        Without an item every row counts as an answer.
    empty
        What to do with a group without a single answer to the item: refuse; ``"drop"`` it, so that
        the estimate and its design rest on the other groups; or ``"keep"`` its rows in the design
        (where their clusters and strata count) though they add nothing to the estimate.

    Returns
    -------
    Weights
        They sum to 1 in each group with answers and count as fixed in a standard error; name the
        group as the strata of the design so that it does not vary between samples.

    Examples
    --------
    >>> frame = pd.DataFrame({"district": ["A", "A", "B"], "q1": ["yes", "no", "yes"]})
    >>> equal_group_weights(frame, "district", item="q1").values.tolist()
    [0.5, 0.5, 1.0]
    """
    check_option("empty", empty, get_args(Empty))
    groups = column(frame, group, "group")
    codes, labels = encode(groups, "group")
    answered = np.ones(len(frame), dtype=bool)
    if item is not None:
        answered = stored_codes(column(frame, item, "item"), f"item {item!r}", missing=True)[0] >= 0
    counts = np.bincount(codes[answered], minlength=len(labels))
    silent = [label for label, count in zip(labels, counts, strict=True) if count == 0]
    if silent and empty == "raise":
        raise ValueError(
            f"item {item!r}: no answer in {groups.name} {quote(silent)}; choose empty='drop' to "
            "estimate from the other groups, or empty='keep' to keep its rows in the design"
        )
    if empty == "keep":
        answered = answered | (counts == 0)[codes]
        counts = np.bincount(codes[answered], minlength=len(labels))
    values = np.where(answered, 1.0 / np.maximum(counts, 1)[codes], 0.0)
    return Weights(
        values=pd.Series(values, index=frame.index, name="weight"),
        method="equal groups",
        targets={str(groups.name): {label: 1.0 for label in labels if label not in silent}},
        item=item,
        notes={"empty_groups": [str(label) for label in silent], "empty": empty},
    )


def nonresponse_weights(
    frame: pd.DataFrame, group: Column, population: Totals | pd.DataFrame
) -> Weights:
    """Weight respondents by the inverse of the response rate in their group.

    Parameters
    ----------
    frame, group
        One row per respondent; column of the groups within which nonresponse is taken to be
        haphazard.
    population
        Number of people asked in each group, or the roster itself: a frame with one row per person
        asked and the column `group`. ValueError if a group lacks respondents or a count, or has
        more respondents than people.

    Returns
    -------
    Weights
        Number asked over number of respondents. They count as fixed in a standard error; to count
        the group sizes as known, use `poststratify`.

    Examples
    --------
    >>> frame = pd.DataFrame({"district": ["A", "A", "B"]})
    >>> weights = nonresponse_weights(frame, "district", {"A": 4, "B": 3})
    >>> weights.values.tolist(), weights.notes["response_rates"]
    ([2.0, 2.0, 3.0], {'A': 0.5, 'B': 0.3333333333333333})
    """
    groups = column(frame, group, "group")
    name = str(groups.name)
    if isinstance(population, pd.DataFrame):
        people = column(population, name, "population")
        asked_codes, asked = encode(people, "population")
        population = dict(zip(asked, np.bincount(asked_codes).tolist(), strict=True))
    codes, labels = encode(groups, "group")
    targets = match_totals(population, labels, name)
    counts = np.bincount(codes)
    if (counts > targets).any():
        at = int(np.flatnonzero(counts > targets)[0])
        raise ValueError(
            f"{name} {labels[at]!r}: {counts[at]} respondents among {targets[at]:g} people; "
            "correct the population, or remove double rows from the frame"
        )
    rates = dict(zip(map(str, labels), (counts / targets).tolist(), strict=True))
    return Weights(
        values=pd.Series((targets / counts)[codes], index=frame.index, name="weight"),
        method="nonresponse",
        targets={name: dict(zip(labels, targets.tolist(), strict=True))},
        notes={"response_rates": rates},
    )


def trim(weights: Weights | pd.Series, lower: float, upper: float) -> Weights:
    """Keep weights between two limits without changing their sum.

    Every weight is multiplied by the same factor and then set to the limit it crosses, the factor
    being the one that keeps the sum. Weights between the limits so keep their ratios. (R's
    ``trimWeights`` instead spreads the excess equally over the others.)

    Parameters
    ----------
    weights
        Weights to trim. A weight of zero stays.
    lower, upper
        Limits, in the unit of the weights; 0 and ``math.inf`` for none. ValueError if no weights
        between the limits have this sum.

    Returns
    -------
    Weights
        With the number of weights at a limit. They no longer meet the margins that the weights were
        calibrated to, and count as fixed in a standard error.

    Examples
    --------
    >>> trimmed = trim(pd.Series([1.0, 1.0, 2.0, 8.0]), 0, 6)
    >>> trimmed.values.tolist(), trimmed.trimmed
    ([1.5, 1.5, 3.0, 6.0], 1)
    """
    check_number("lower", lower)
    check_number("upper", upper)
    start = weight_values(weights)
    before = weights if isinstance(weights, Weights) else Weights(weights, "as given")
    inside = np.flatnonzero(start)
    kept = start[inside]
    total = kept.sum()
    if not (0 <= lower < upper and lower * len(kept) <= total <= upper * len(kept)):
        raise ValueError(
            f"trim: no {len(kept)} weights between {lower:g} and {upper:g} sum to {total:g}; "
            f"their mean is {total / len(kept):g}, choose limits on either side of it"
        )
    factor, outside = 1.0, (kept < lower) | (kept > upper)
    if outside.any():
        factor = clipped_factor(np.ones(len(kept)), kept, (lower, upper), total)
        outside = (factor * kept <= lower) | (factor * kept >= upper)
    trimmed = np.zeros(len(start))
    trimmed[inside] = np.clip(factor * kept, lower, upper)
    return replace(
        before,
        values=pd.Series(trimmed, index=before.values.index, name="weight"),
        method=f"{before.method}, trimmed",
        trimmed=int(outside.sum()),
        notes={**before.notes, "trim": {"lower": lower, "upper": upper, "factor": factor}},
        calibration=None,
    )
