"""Weights for a survey: the study's own, and the standard ones it can be held against.

Every function returns a `Weights`: values aligned with the frame plus the record of what was
done. Nothing is dropped on the way: a level without rows, rows without a level, or targets that
cannot be met are errors that name the level and the gap.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from compendium.survey.checks import Column, column, encode, quote
from compendium.survey.weighting import Weights, design_effect, effective_sample_size

__all__ = [
    "Weights",
    "design_effect",
    "effective_sample_size",
    "equal_group_weights",
]


def equal_group_weights(
    frame: pd.DataFrame,
    group: Column,
    item: str | None = None,
    *,
    empty: Literal["raise", "drop", "keep"] = "raise",
) -> Weights:
    """Weight each answer by the inverse of the number of answers in its group.

    This is the weight of the teacher survey (`epic2021pedal`): a district counts once, however
    many of its teachers answered the item. With item nonresponse it differs from item to item,
    so it is given to a design as a rule: ``functools.partial(equal_group_weights,
    group="district")``.

    Parameters
    ----------
    frame
        One row per respondent.
    group
        Column that holds the groups to count equally.
    item
        Column of answers. Rows without an answer weigh 0: they are not in the sample for this
        item. Without an item every row counts as an answer.
    empty
        What to do with a group without a single answer to the item: refuse; ``"drop"`` it, so
        that the estimate and its design rest on the other groups; or ``"keep"`` its rows in the
        design (where their clusters and strata count) though they add nothing to the estimate.

    Returns
    -------
    Weights
        Weights sum to 1 in each group with answers. They count as fixed in a standard error;
        name the group as the strata of the design so that it does not vary between samples.

    Raises
    ------
    ValueError
        If the group is missing in a row, or a group has no answer and `empty` is ``"raise"``.

    Examples
    --------
    >>> frame = pd.DataFrame({"district": ["A", "A", "B"], "q1": ["yes", "no", "yes"]})
    >>> equal_group_weights(frame, "district", item="q1").values.tolist()
    [0.5, 0.5, 1.0]
    """
    if empty not in ("raise", "drop", "keep"):
        raise ValueError(f"empty: {empty!r} is not one of 'raise', 'drop', 'keep'")
    groups = column(frame, group, "group")
    codes, labels = encode(groups, "group")
    answered = np.ones(len(frame), dtype=bool)
    if item is not None:
        answered = column(frame, item, "item").notna().to_numpy()
    counts = np.bincount(codes[answered], minlength=len(labels))
    silent = [label for label, count in zip(labels, counts, strict=True) if count == 0]
    if silent and empty == "raise":
        raise ValueError(
            f"item {item!r}: no answer in {groups.name} {quote(silent)}; choose empty='drop' to "
            "estimate from the other groups, or empty='keep' to keep its rows in the design"
        )
    if empty == "keep":
        answered |= (counts == 0)[codes]
        counts = np.bincount(codes[answered], minlength=len(labels))
    values = np.where(answered, 1.0 / np.maximum(counts, 1)[codes], 0.0)
    return Weights(
        values=pd.Series(values, index=frame.index, name="weight"),
        method="equal groups",
        targets={str(groups.name): {label: 1.0 for label in labels if label not in silent}},
        item=item,
        notes={"empty_groups": [str(label) for label in silent], "empty": empty},
    )
