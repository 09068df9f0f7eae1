"""What a printed number can stand for: exact interval arithmetic over ways of rounding.

A published percentage is the image of an unknown exact value. Every check of this package asks
whether *any* exact values that print as the numbers in question fit together; only then is silence
from a check worth something, and only then is a finding one. Fractions, not floats: a bound that
is off by the last bit would itself be an inconsistency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import inf, isinf
from typing import Any, Literal

import pandas as pd

Number = str | int | float | Decimal
Rounding = Literal["nearest", "truncated", "unknown", "exact"]


@dataclass(frozen=True)
class Interval:
    """Exact values that a printed number or word can stand for; no limit is an infinite one.

    A rounded number is closed on both sides, because a tie may have gone either way (half up, half
    even, or the last bit of a binary fraction) without anybody being wrong. Words can leave out a
    limit: over 20 is above 20. Products and quotients are of numbers from zero on.

    Examples
    --------
    >>> print(Interval(Fraction(1, 2), Fraction(3, 4)))
    0.5 to 0.75
    >>> over_20 = Interval(Fraction(20), inf, open_lower=True)
    >>> print(over_20), over_20.meets(Interval(Fraction(20), Fraction(20)))
    above 20
    (None, False)
    """

    lower: Fraction | float
    upper: Fraction | float
    open_lower: bool = False
    open_upper: bool = False

    def __add__(self, other: Interval) -> Interval:
        return self._with(self.lower + other.lower, self.upper + other.upper, other)

    def __sub__(self, other: Interval) -> Interval:
        return self + Interval(-other.upper, -other.lower, other.open_upper, other.open_lower)

    def __mul__(self, other: Interval) -> Interval:
        self._refuse_negative(other)
        upper = self.upper * other.upper if self.upper and other.upper else Fraction(0)
        made = self._with(self.lower * other.lower, upper, other)
        # Nothing times anything is nothing: a zero that is reached closes the end.
        low = any(not (one.lower or one.open_lower) for one in (self, other))
        high = any(not (one.upper or one.open_upper) for one in (self, other))
        ends = made.open_lower and not low, made.open_upper and not high
        return Interval(made.lower, made.upper, *ends)

    def __truediv__(self, other: Interval) -> Interval:
        self._refuse_negative(other)
        lower = 1 / other.upper if other.upper else inf
        upper = 1 / other.lower if other.lower else inf
        return self * Interval(lower or Fraction(0), upper, other.open_upper, other.open_lower)

    def _with(self, lower: Fraction | float, upper: Fraction | float, other: Interval) -> Interval:
        open_lower, open_upper = self.open_lower or other.open_lower, self.open_upper
        return Interval(lower, upper, open_lower, open_upper or other.open_upper)

    def _refuse_negative(self, other: Interval) -> None:
        if self.lower < 0 or other.lower < 0:
            raise ValueError(f"{self} and {other}: products and quotients need numbers from 0 on")

    def scaled(self, factor: Fraction | int) -> Interval:
        """Multiply by a non-negative factor."""
        return Interval(self.lower * factor, self.upper * factor, self.open_lower, self.open_upper)

    def meets(self, other: Interval) -> bool:
        """Whether the two have a value in common."""
        return not (self.above(other) or other.above(self))

    def above(self, other: Interval) -> bool:
        """Whether every value of this one is larger than every value of the other."""
        touching = self.open_lower or other.open_upper
        return self.lower > other.upper or (self.lower == other.upper and touching)

    def contains(self, other: Interval) -> bool:
        """Whether every value of the other is one of this."""
        low = other.lower > self.lower or (
            other.lower == self.lower and (other.open_lower or not self.open_lower)
        )
        high = other.upper < self.upper or (
            other.upper == self.upper and (other.open_upper or not self.open_upper)
        )
        return low and high

    def __str__(self) -> str:
        if self.lower == self.upper:
            return words(self.lower)
        low = f"{'above' if self.open_lower else 'at least'} {words(self.lower)}"
        high = f"{'below' if self.open_upper else 'at most'} {words(self.upper)}"
        if isinf(self.lower) or isinf(self.upper):
            return high if isinf(self.lower) else low
        if self.open_lower or self.open_upper:
            return f"{low}, {high}"
        return f"{words(self.lower)} to {words(self.upper)}"


def words(value: Fraction | float, digits: int = 4) -> str:
    """Write a fraction with at most `digits` decimals and no trailing zeros."""
    return f"{float(value):.{digits}f}".rstrip("0").rstrip(".") if value else "0"


def shown_digits(value: Number) -> int:
    """Decimals that a number shows.

    A float has lost its trailing zeros (98.0 shows none), so it counts as printed more coarsely
    than it may have been. That widens what it can stand for and can hide a fault, never invent one;
    state the digits where they are known.

    Examples
    --------
    >>> shown_digits("98.0"), shown_digits(98.0), shown_digits(0.9)
    (1, 0, 1)
    """
    decimal = _decimal(value)
    if not isinstance(value, str):
        decimal = decimal.normalize()
    return max(0, -int(decimal.as_tuple().exponent))


def as_printed(values: pd.Series, digits: int, whole: Iterable[float] = ()) -> pd.Series:
    """Write numbers as a document prints them, trailing zeros included.

    Parameters
    ----------
    values
        Numbers that lost their trailing zeros when they were read.
    digits
        Decimals that the document prints.
    whole
        Values that it prints without decimals all the same.

    Returns
    -------
    pandas.Series
        Texts; missing where the cell is empty.

    Examples
    --------
    >>> as_printed(pd.Series([2.0, 98.0, None]), 1, whole=[98]).tolist()
    ['2.0', '98', <NA>]
    """
    bare = set(whole)
    texts = [
        pd.NA if pd.isna(x) else f"{x:.0f}" if x in bare else f"{x:.{digits}f}" for x in values
    ]
    return pd.Series(texts, index=values.index, dtype="string")


def exact(value: Number) -> Fraction:
    """Exact value of a number as printed."""
    return Fraction(_decimal(value))


def printed(value: Number, digits: int | None = None, rounding: Rounding = "nearest") -> Interval:
    """Exact values that print as `value`.

    With unit ``u = 10 ** -digits``: nearest ``[v - u/2, v + u/2]``; truncated towards zero
    ``[v, v + u]``, mirrored below zero; unknown the union of the two; exact only v itself.

    Parameters
    ----------
    value : str, int, float or Decimal
        The number as printed.
    digits : int, optional
        Decimals it was rounded to; as shown when omitted.
    rounding : {"nearest", "truncated", "unknown", "exact"}
        How it was shortened.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        When the value is no number, or shows more decimals than it is said to be rounded to.

    Examples
    --------
    >>> print(printed("0.9"))
    0.85 to 0.95
    >>> print(printed(54.2, rounding="truncated"))
    54.2 to 54.3
    """
    centre = exact(value)
    if rounding == "exact":
        return Interval(centre, centre)
    shown = shown_digits(value)
    digits = shown if digits is None else digits
    if shown > digits:
        raise ValueError(
            f"{value} shows {shown} decimals but is said to be rounded to {digits}; "
            "give the digits as printed"
        )
    unit = Fraction(1, 10**digits)
    half, tail = unit / 2, Fraction(0) if rounding == "nearest" else unit
    below, above = (tail if centre <= 0 else 0), (tail if centre >= 0 else 0)
    if rounding != "truncated":
        below, above = max(below, half), max(above, half)
    return Interval(centre - below, centre + above)


def interval(row: Mapping[Any, Any]) -> Interval:
    """Values that the limits of a row allow: lower, upper, and whether each is left out.

    Parameters
    ----------
    row
        Keys lower and upper, missing for no limit; lower_open and upper_open where there are any.

    Examples
    --------
    >>> print(interval({"lower": 50, "upper": 100, "lower_open": True}))
    above 50, at most 100
    """
    lower, upper = row["lower"], row["upper"]
    opened = (row.get(name) for name in ("lower_open", "upper_open"))
    return Interval(
        -inf if pd.isna(lower) else exact(lower),
        inf if pd.isna(upper) else exact(upper),
        *(not pd.isna(one) and bool(one) for one in opened),
    )


def _decimal(value: Number) -> Decimal:
    try:
        decimal = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    except InvalidOperation:
        decimal = Decimal("NaN")
    if not decimal.is_finite():
        raise ValueError(f"{value!r} is not a number; leave the row out or print a number")
    return decimal
