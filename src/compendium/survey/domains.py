"""Who an estimate is about: groups of respondents as domains of one sample.

A domain is a set of rows with an answer and a weight. It is never cut out of the frame, since the
units drawn outside of it belong to the design.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from compendium.survey.arrays import IntArray, Mask
from compendium.survey.checks import Column, column, encode, quote
from compendium.survey.design import listed
from compendium.survey.raking import cross
from compendium.survey.sampling import BoundDesign, Sample

EVERYONE = "all"
By: TypeAlias = Column | Sequence[Column] | None


class Grouping:
    """The domains asked for: the groups of a column, the crossed groups of several, or everyone.

    Crossed groups are labelled by tuples; only combinations with rows are groups.
    """

    def __init__(self, frame: pd.DataFrame, by: By) -> None:
        self.frame = frame
        self.codes: IntArray = np.zeros(len(frame), dtype=np.intp)
        self.labels: list[Any] = [EVERYONE]
        encoded = [encode(column(frame, each, "by"), "by") for each in listed(by, "by")]
        if len(encoded) == 1:
            self.codes, self.labels = encoded[0]
        elif encoded:
            self.codes, levels = cross(
                [codes for codes, _ in encoded], [len(labels) for _, labels in encoded]
            )
            parts = [
                [labels[code] for code in level]
                for (_, labels), level in zip(encoded, levels, strict=True)
            ]
            self.labels = list(zip(*parts, strict=True))
        self.rows: IntArray = np.bincount(self.codes, minlength=len(self.labels))

    def inside(self, sample: Sample, answered: Mask) -> Mask:
        """Find the rows of the sample that have an answer and carry weight.

        Refuses an answer in a row that weights made for one item leave out of the sample.
        """
        if not isinstance(sample.rows, slice):
            outside = answered.copy()
            outside[sample.rows] = False
            if outside.any():
                rows = self.frame.index[outside]
                raise ValueError(
                    f"weights: {len(rows)} rows with an answer weigh zero ({quote(rows)}), though "
                    "the weights were made for this item; make them for these answers"
                )
        return answered[sample.rows] & (sample.weights > 0)

    def cells(self, sample: Sample, answers: IntArray, levels: int) -> IntArray:
        """Code the rows of the sample by group * levels + answer; one code more for the others."""
        inside = self.inside(sample, answers >= 0)
        joint = self.codes[sample.rows] * levels + answers[sample.rows]
        return np.where(inside, joint, len(self.labels) * levels)


def answers_of(frame: pd.DataFrame, item: str) -> tuple[IntArray, list]:
    """Encode the answers to an item: codes (-1 without an answer) and levels, chosen or not."""
    codes, levels = encode(column(frame, item, "item"), f"item {item!r}", missing=True)
    if not levels:
        raise ValueError(
            f"item {item!r}: the column holds no answer; leave it out, or make it a categorical "
            "with the levels of its scale"
        )
    return codes, levels


def sample_of(bound: BoundDesign, *items: str) -> Sample:
    """Find the sample for one item, or for those who answered several.

    For several items, a rule for weights gets a column that is missing where either is.
    """
    if len(set(items)) == 1:
        return bound.sample(items[0])
    name = " and ".join(items)
    both = bound.frame[list(items)].notna().all(axis="columns")
    weights = bound.design.weigh(bound.frame.assign(**{name: both.where(both)}), name)
    return bound.sample(weights=weights)
