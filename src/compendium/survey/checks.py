"""Checks that the survey functions share, so that bad input gets the same clear answer everywhere.

A column may be given by name or as a Series; either way the rest of the package works on values
in the order of the frame. Every refusal names the column, the row (its index label), the value
and the way out: a survey estimate from silently dropped rows is a wrong number that looks right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from compendium.survey.arrays import Codes, FloatArray, IntArray

Column: TypeAlias = "str | pd.Series[Any]"

__all__ = ["Column", "column", "encode", "held_codes", "named", "numbers", "quote"]


def quote(values: Iterable[Any], limit: int = 8) -> str:
    """List values for an error message, cut short after `limit`.

    Parameters
    ----------
    values
        What to list.
    limit
        How many to show.

    Returns
    -------
    str
        For example ``'Mercer', 'Lehigh' and 3 more``.

    Examples
    --------
    >>> quote(["a", "b", "c"], limit=2)
    "'a', 'b' and 1 more"
    """
    shown = [repr(value) for value in values]
    rest = len(shown) - limit
    return ", ".join(shown[:limit]) + (f" and {rest} more" if rest > 0 else "")


def column(frame: pd.DataFrame, given: Column, role: str) -> pd.Series[Any]:
    """Find a column by name, or accept a Series that has the frame's index.

    Parameters
    ----------
    frame
        One row per respondent or unit.
    given
        Name of a column of `frame`, or a Series aligned with it.
    role
        What the column is for, to begin an error message with.

    Returns
    -------
    pandas.Series
        The column, in the order of the frame.

    Raises
    ------
    ValueError
        If there is no such column, or the index of the Series differs from the frame's.

    Examples
    --------
    >>> column(pd.DataFrame({"district": ["A", "B"]}), "district", "group").tolist()
    ['A', 'B']
    """
    if isinstance(given, pd.Series):
        if not given.index.equals(frame.index):
            raise ValueError(
                f"{role}: the Series ({len(given)} rows) is not aligned with the frame "
                f"({len(frame)} rows); give it the frame's index, in the frame's order"
            )
        return given
    if given not in frame.columns:
        near = get_close_matches(str(given), [str(name) for name in frame.columns], n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {quote(frame.columns)}"
        raise ValueError(f"{role}: the frame has no column {given!r}; {hint}")
    if list(frame.columns).count(given) > 1:
        raise ValueError(f"{role}: several columns of the frame are named {given!r}; rename them")
    return frame[given]


def named(given: str | Sequence[str], role: str) -> list[str]:
    """Read one name or several.

    Parameters
    ----------
    given
        A name, or a list of names.
    role
        What the names are for, to begin an error message with.

    Returns
    -------
    list of str
        The names.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> named("q1", "items")
    ['q1']
    """
    names = [given] if isinstance(given, str) else list(given)
    if not names:
        raise ValueError(f"{role}: name at least one column")
    return names


def encode(series: pd.Series[Any], role: str, *, missing: bool = False) -> tuple[IntArray, list]:
    """Turn labels into codes 0, 1, ... and the list of labels they stand for.

    A categorical keeps the order of its categories; other labels are sorted. Categories without
    a row are left out unless `missing` is true, which is how an answer scale is read: there,
    every level counts, chosen or not, and a missing answer gets the code -1.

    Parameters
    ----------
    series
        Labels, one per row.
    role
        What the column is for, to begin an error message with.
    missing
        Whether labels may be missing and unused categories count.

    Returns
    -------
    codes : numpy.ndarray
        One integer per row.
    labels : list
        The label of each code.

    Raises
    ------
    ValueError
        If a label is missing and `missing` is false.

    Examples
    --------
    >>> encode(pd.Series(["b", "a", "b"]), "group")
    (array([1, 0, 1]), ['a', 'b'])
    """
    held, labels = held_codes(series, role, missing=missing)
    codes: IntArray = held.astype(np.intp)
    return (codes, labels) if missing else _used(codes, labels)


def held_codes(series: pd.Series[Any], role: str, *, missing: bool = False) -> tuple[Codes, list]:
    """Turn labels into codes as `encode` does, in whatever integers they are held.

    The codes of a categorical are not copied, which matters where there are millions; categories
    without a row stay.

    Parameters
    ----------
    series, role, missing
        As for `encode`.

    Returns
    -------
    codes : numpy.ndarray
        One integer per row, possibly of one byte: widen before multiplying. Not to be written to.
    labels : list
        The label of each code.

    Raises
    ------
    ValueError
        If a label is missing and `missing` is false.

    Examples
    --------
    >>> held_codes(pd.Series(["b", "a"], dtype="category"), "group")
    (array([1, 0], dtype=int8), ['a', 'b'])
    """
    if isinstance(series.dtype, pd.CategoricalDtype):
        codes, labels = series.array.codes, series.array.categories.tolist()
    else:
        codes, uniques = pd.factorize(series, sort=True)
        labels = uniques.tolist()
    if not missing and codes.min(initial=0) < 0:
        rows = series.index[codes < 0]
        raise ValueError(
            f"{role}: column {series.name!r} is missing in {len(rows)} rows ({quote(rows)}); "
            "give these rows a label, or leave them out of the frame"
        )
    return codes, labels


def _used(codes: IntArray, labels: list) -> tuple[IntArray, list]:
    """Renumber codes without the labels that do not occur; -1 stays."""
    if codes.min(initial=0) < 0:
        counts = np.bincount(codes[codes >= 0], minlength=len(labels))
    else:
        counts = np.bincount(codes, minlength=len(labels))
    if counts.all():
        return codes, labels
    renumbered = np.append(np.cumsum(counts > 0) - 1, -1)  # the last serves the code -1
    return renumbered[codes], [label for label, n in zip(labels, counts, strict=True) if n]


def numbers(series: pd.Series[Any], role: str) -> FloatArray:
    """Read a column of numbers, none of them missing or infinite.

    Parameters
    ----------
    series
        Numbers, one per row.
    role
        What the column is for, to begin an error message with.

    Returns
    -------
    numpy.ndarray
        Floats.

    Raises
    ------
    ValueError
        If a value is no number, missing or infinite.

    Examples
    --------
    >>> numbers(pd.Series([1, 2]), "weights")
    array([1., 2.])
    """
    if series.dtype == np.float64:
        held = series.to_numpy()
        if np.isfinite(held.min(initial=0)) and np.isfinite(held.max(initial=0)):
            return held  # not to be written to: these are the frame's own
    values = pd.to_numeric(series, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    bad = ~np.isfinite(values)
    if bad.any():
        rows = series.index[bad]
        raise ValueError(
            f"{role}: {len(rows)} rows hold no finite number (row {rows[0]!r} holds "
            f"{series[bad].iloc[0]!r}); correct them, or leave these rows out of the frame"
        )
    return values
