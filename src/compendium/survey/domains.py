"""Who an estimate is about: groups of respondents as domains of one sample.

A domain is a set of rows with an answer. It is never cut out of the frame, since the units drawn
outside of it belong to the design.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from compendium.survey.arrays import IntArray, Mask
from compendium.survey.checks import Column, column, encode, quote
from compendium.survey.sampling import BoundDesign, Sample

__all__ = ["EVERYONE", "Grouping", "answers_of", "sample_of"]

EVERYONE = "all"


class Grouping:
    """The domains asked for: the groups of a column, or everyone.

    Parameters
    ----------
    frame
        One row per respondent.
    by
        Column of groups, or None.

    Raises
    ------
    ValueError
        If a row has no group.
    """

    def __init__(self, frame: pd.DataFrame, by: Column | None) -> None:
        self.frame = frame
        self.codes: IntArray = np.zeros(len(frame), dtype=np.intp)
        self.labels: list[Any] = [EVERYONE]
        if by is not None:
            self.codes, self.labels = encode(column(frame, by, "by"), "by")
        self.rows: IntArray = np.bincount(self.codes, minlength=len(self.labels))

    def check_covered(self, sample: Sample, answered: Mask) -> None:
        """Refuse answers of rows that are not in the sample.

        Parameters
        ----------
        sample
            The sample of the item.
        answered
            Rows of the frame with an answer.

        Raises
        ------
        ValueError
            If a row with an answer carries no weight.
        """
        if isinstance(sample.rows, slice):
            return
        outside = answered.copy()
        outside[sample.rows] = False
        if outside.any():
            rows = self.frame.index[outside]
            raise ValueError(
                f"weights: {len(rows)} rows with an answer weigh zero ({quote(rows)}); make the "
                "weights for this item"
            )

    def domains(self, sample: Sample, answered: Mask) -> Iterator[tuple[Any, Mask, int]]:
        """Go through the groups.

        Parameters
        ----------
        sample
            The sample of the item.
        answered
            Rows of the frame with an answer.

        Yields
        ------
        label, domain, missing
            The group's label, its rows with an answer as a mask on the rows of the sample, and
            the number of its rows without.

        Raises
        ------
        ValueError
            If a row with an answer carries no weight.
        """
        self.check_covered(sample, answered)
        for code, label in enumerate(self.labels):
            inside = self.codes == code
            missing = int(np.count_nonzero(inside & ~answered))
            yield label, (inside & answered)[sample.rows], missing


def answers_of(frame: pd.DataFrame, item: str) -> tuple[IntArray, list]:
    """Encode the answers to an item.

    Parameters
    ----------
    frame
        One row per respondent.
    item
        Column of answers.

    Returns
    -------
    codes : numpy.ndarray
        One integer per row; -1 without an answer.
    levels : list
        The level of each code, chosen by anyone or not.

    Raises
    ------
    ValueError
        If there is no such column, or it holds neither answers nor the levels of a scale.

    Examples
    --------
    >>> answers_of(pd.DataFrame({"q1": ["yes", None, "no"]}), "q1")
    (array([ 1, -1,  0]), ['no', 'yes'])
    """
    codes, levels = encode(column(frame, item, "item"), f"item {item!r}", missing=True)
    if not levels:
        raise ValueError(
            f"item {item!r}: the column holds no answer; leave it out, or make it a categorical "
            "with the levels of its scale"
        )
    return codes, levels


def sample_of(bound: BoundDesign, *items: str) -> Sample:
    """Find the sample for one item, or for those who answered several.

    Parameters
    ----------
    bound
        Design on a frame.
    items
        Columns of answers.

    Returns
    -------
    Sample
        For several items, a rule for weights gets a column that is missing where either is.
    """
    if len(set(items)) == 1:
        return bound.sample(items[0])
    name = " and ".join(items)
    both = bound.frame[list(items)].notna().all(axis="columns")
    weights = bound.design.weigh(bound.frame.assign(**{name: both.where(both)}), name)
    return bound.sample(weights=weights)
