"""What a printed number can stand for: exact interval arithmetic over ways of rounding.

A published percentage is the image of an unknown exact value. Every check of this package asks
whether *any* exact values that print as the numbers in question fit together; only then is silence
from a check worth something, and only then is a finding one. Fractions, not floats: a bound that
is off by the last bit would itself be an inconsistency.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal

__all__ = ["Interval", "Number", "Rounding", "exact", "printed", "shown_digits"]

Number = str | int | float | Decimal
Rounding = Literal["nearest", "truncated", "unknown", "exact"]


@dataclass(frozen=True)
class Interval:
    """Closed interval of exact values.

    Closed on both sides, because a tie may have gone either way (half up, half even, or the last
    bit of a binary fraction) without anybody being wrong.

    Examples
    --------
    >>> print(Interval(Fraction(1, 2), Fraction(3, 4)))
    0.5 to 0.75
    """

    lower: Fraction
    upper: Fraction

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.lower + other.lower, self.upper + other.upper)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.lower - other.upper, self.upper - other.lower)

    def scaled(self, factor: Fraction | int) -> Interval:
        """Multiply by a non-negative factor."""
        return Interval(self.lower * factor, self.upper * factor)

    def meets(self, other: Interval) -> bool:
        """Whether the two have a value in common."""
        return self.lower <= other.upper and other.lower <= self.upper

    def __str__(self) -> str:
        if self.lower == self.upper:
            return words(self.lower)
        return f"{words(self.lower)} to {words(self.upper)}"


def words(value: Fraction, digits: int = 4) -> str:
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


def _decimal(value: Number) -> Decimal:
    try:
        decimal = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    except InvalidOperation:
        decimal = Decimal("NaN")
    if not decimal.is_finite():
        raise ValueError(f"{value!r} is not a number; leave the row out or print a number")
    return decimal
