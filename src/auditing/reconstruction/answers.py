"""One item as a problem in whole numbers: which tables districts x levels its constraints allow.

A constraint on an item is a bound on a weighted sum of its shares within districts, so the
constraints of one item are rows of an integer programme over the counts. `sampling` draws from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from auditing.reconstruction.fields import split

FloatArray: TypeAlias = NDArray[np.float64]
MARGIN = 1e-5
NOT_PROVIDED = "not provided"
READ = ("constraint_id", "kind", "items", "levels", "district", "lower", "upper", "open_lower")
"""Columns of a constraint that bear on an item's answers."""


@dataclass(frozen=True)
class ItemProblem:
    """One item: which tables districts x levels the constraints allow.

    Parameters
    ----------
    item_id
        The item.
    answered
        D whole numbers: answers per district.
    levels
        The K levels of its scale.
    answer
        K flags: the levels that count as the published answer.
    names
        Source of each linear constraint.
    rows
        m x D x K: coefficients on the shares within districts.
    lower, upper
        m bounds, as shares.
    by_district
        (levels, base levels, upper bound) of shares averaged over districts, which are not linear.
    """

    item_id: str
    answered: NDArray[np.int64]
    levels: tuple[str, ...]
    answer: NDArray[np.bool_]
    names: tuple[str, ...]
    rows: FloatArray
    lower: FloatArray
    upper: FloatArray
    by_district: tuple[tuple[FloatArray, FloatArray, float], ...] = ()

    def allows(self, counts: NDArray[np.int64]) -> bool:
        """Say whether a table of counts meets every constraint."""
        shares = counts / self.answered[:, None]
        values = np.tensordot(self.rows, shares, axes=2)
        if (values < self.lower - 1e-9).any() or (values > self.upper + 1e-9).any():
            return False
        for useful, offered, upper in self.by_district:
            base = counts @ offered
            ratios = (counts @ useful)[base > 0] / base[base > 0]
            if not len(ratios) or ratios.mean() >= upper - 1e-9:
                return False
        return True


def item_problem(
    item_id: str,
    answered: pd.Series[int],
    levels: Iterable[str],
    answer: Iterable[str],
    constraints: pd.DataFrame,
) -> ItemProblem:
    """Turn the constraints on one item into rows of an integer programme.

    Parameters
    ----------
    item_id
        The item.
    answered
        Number of answers per district, the districts as index.
    levels
        Levels of the item's scale.
    answer
        Those that count as its published answer.
    constraints
        The table of constraints.

    Returns
    -------
    ItemProblem

    Raises
    ------
    ValueError
        If a district has no answer to the item.

    Examples
    --------
    >>> bound = {"constraint_id": "most", "kind": "share", "items": "I-1", "levels": "yes",
    ...          "lower": 50.0, "upper": 100.0, "open_lower": True, "district": None}
    >>> answered = pd.Series({"A": 8, "B": 5})
    >>> problem = item_problem("I-1", answered, ["no", "yes"], ["yes"], pd.DataFrame([bound]))
    >>> problem.rows.tolist(), problem.allows(np.array([[4, 4], [1, 4]]))
    ([[[0.0, 0.5], [0.0, 0.5]]], True)
    """
    empty = answered[answered < 1]
    if len(empty):
        raise ValueError(
            f"{item_id}: no answer in {empty.index[0]}; every district counts equally, so each "
            "needs at least one answer: lower item_nonresponse"
        )
    levels, answer = tuple(levels), set(answer)
    builder = _Builder(answered, levels)
    for read in zip(*(constraints[column].tolist() for column in READ), strict=True):
        constraint = dict(zip(READ, read, strict=True))
        if item_id in split(constraint["items"]):
            builder.add(constraint)
    shape = (len(builder.rows), len(answered), len(levels))
    return ItemProblem(
        item_id,
        np.asarray(answered, dtype=np.int64),
        levels,
        np.array([level in answer for level in levels]),
        tuple(builder.names),
        np.array(builder.rows, dtype=float).reshape(shape),
        np.array(builder.lower, dtype=float),
        np.array(builder.upper, dtype=float),
        tuple(builder.by_district),
    )


class _Builder:
    """Linear rows of one item, collected constraint by constraint."""

    def __init__(self, answered: pd.Series[int], levels: tuple[str, ...]) -> None:
        self.answered, self.levels = answered, levels
        self.names: list[str] = []
        self.rows: list[FloatArray] = []
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.by_district: list[tuple[FloatArray, FloatArray, float]] = []

    def add(self, constraint: dict[Any, Any]) -> None:
        """Add the rows of one constraint; kinds that bind no single item add none."""
        counted = np.isin(self.levels, split(constraint["levels"])).astype(float)
        offered = np.array([float(level != NOT_PROVIDED) for level in self.levels])
        low, high = constraint["lower"] / 100, constraint["upper"] / 100
        name, kind, district = (constraint[c] for c in ("constraint_id", "kind", "district"))
        equal = np.full(len(self.answered), 1 / len(self.answered))
        strict = bool(constraint["open_lower"])
        if kind == "share":
            self._row(name, np.outer(equal, counted), low, high, strict)
        elif kind == "deviation":
            self._row(name, np.outer(self._only(district) - equal, counted), low, high, strict)
        elif kind == "lead":
            for other in self.answered.index.drop(district):
                ahead = self._only(district) - self._only(other)
                self._row(name, np.outer(ahead, counted), low, high, strict)
        elif kind == "share_of_offered":
            self._row(name, np.outer(equal, counted - high * offered), -np.inf, 0.0, False)
            self._row(name, np.outer(equal, counted - low * offered), 0.0, np.inf, strict)
        elif kind == "share_of_offered_by_district":
            self.by_district.append((counted, offered, high))
        elif kind in ("negative_to_any", "negative_to_all"):
            self._negative(name, district, counted, int(constraint["lower"]))

    def _only(self, district: str) -> FloatArray:
        return (self.answered.index == district).astype(float)

    def _negative(self, name: str, district: str, counted: FloatArray, number: int) -> None:
        """Let all but `number` answers count; a whole number fits the row in one way only."""
        answers = self.answered[district]
        near = np.array([-0.4, 0.4]) / answers + (answers - number) / answers
        self.names.append(name)
        self.rows.append(np.outer(self._only(district), counted))
        self.lower.append(float(near[0]))
        self.upper.append(float(near[1]))

    def _row(self, name: str, row: FloatArray, low: float, high: float, above_zero: bool) -> None:
        """Add a row, a hair inside its bounds: the solver's tolerance must not cross them."""
        self.names.append(name)
        self.rows.append(row)
        self.lower.append(low if low == 0 and not above_zero else low + MARGIN)
        self.upper.append(np.inf if high >= 1 else high - MARGIN)
