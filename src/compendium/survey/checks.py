"""Checks that the survey functions share, so that bad input gets the same clear answer everywhere.

A column may be given by name or as a Series; either way the rest of the package works on values in
the order of the frame. Nothing is guessed: an option outside its list, text where numbers belong,
or labels that only look alike are refused with the column, the row (its index label), the value and
the way out.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from difflib import get_close_matches
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from compendium.survey.arrays import Codes, FloatArray, IntArray
from compendium.text import ALIKE, listed

Column: TypeAlias = str | pd.Series

NUMBERS = ("boolean", "decimal", "empty", "floating", "integer", "mixed-integer-float")


def quote(values: Iterable[Any], limit: int = 8) -> str:
    """List values for an error message, cut short after `limit`.

    Examples
    --------
    >>> quote(["a", "b", "c"], limit=2)
    "'a', 'b' and 1 more"
    """
    return listed([repr(v.item() if isinstance(v, np.generic) else v) for v in values], limit)


def check_option(name: str, value: object, allowed: Sequence[str]) -> None:
    """Refuse a word that is not among those an option allows."""
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{name}: {value!r} is not one of {quote(allowed, 30)}")


def is_number(value: object) -> bool:
    """Say whether a value is a number proper: not text, not true or false, not NaN."""
    return type(value) is not bool and isinstance(value, Real) and not math.isnan(value)


def check_number(
    name: str, value: Any, least: float = 0, most: float = math.inf, *, whole: bool = False
) -> None:
    """Refuse what is no number from `least` to `most`, or no whole one where one is needed."""
    if not is_number(value) or not least <= value <= most or (whole and value % 1 != 0):
        limits = f"of at least {least:g}" if most == math.inf else f"from {least:g} to {most:g}"
        raise ValueError(f"{name}: {value!r} is not a {'whole ' * whole}number {limits}")


def check_frame(frame: object) -> None:
    """Refuse what is no frame of rows."""
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"frame: the rows are a {type(frame).__name__}, not a DataFrame")


def column(frame: pd.DataFrame, source: Column, role: str) -> pd.Series:
    """Find a column by name, or accept a Series that has the frame's index.

    `role` says what the column is for, and begins the message of a refusal.
    """
    check_frame(frame)
    if isinstance(source, pd.Series):
        if not source.index.equals(frame.index):
            raise ValueError(
                f"{role}: the Series ({len(source)} rows) is not aligned with the frame "
                f"({len(frame)} rows); give it the frame's index, in the frame's order"
            )
        return source
    if not isinstance(source, Hashable):
        raise ValueError(
            f"{role}: a {type(source).__name__} does not say which rows its values belong to; give "
            "the name of a column, or a Series with the frame's index"
        )
    if source not in frame.columns:
        near = get_close_matches(str(source), map(str, frame.columns), n=1, cutoff=ALIKE)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {quote(frame.columns)}"
        raise ValueError(f"{role}: the frame has no column {source!r}; {hint}")
    if list(frame.columns).count(source) > 1:
        raise ValueError(f"{role}: several columns of the frame are named {source!r}; rename them")
    return frame[source]


def named(names: str | Iterable[str], role: str) -> list[str]:
    """Read one name or several, each of them once."""
    if isinstance(names, set | frozenset) or not isinstance(names, Iterable):
        raise ValueError(f"{role}: {names!r} is neither a name nor a list of names")
    listed = [names] if isinstance(names, str) else list(names)
    if not listed:
        raise ValueError(f"{role}: name at least one")
    twice = [name for name, count in Counter(map(str, listed)).items() if count > 1]
    if twice:
        raise ValueError(f"{role}: {quote(twice)} is named more than once; name each once")
    return listed


def encode(series: pd.Series, role: str, *, missing: bool = False) -> tuple[IntArray, list]:
    """Turn labels into codes 0, 1, ... and the list of labels they stand for.

    A categorical keeps the order of its categories; other labels are sorted. Categories without a
    row are left out unless `missing` is true, as for an answer scale: there every level counts,
    chosen or not, and a missing answer gets the code -1.

    Examples
    --------
    >>> encode(pd.Series(["b", "a", "b"]), "group")
    (array([1, 0, 1]), ['a', 'b'])
    """
    stored, labels = stored_codes(series, role, missing=missing)
    codes: IntArray = stored.astype(np.intp)
    if missing:
        return codes, labels
    counts = np.bincount(codes, minlength=len(labels))
    renumbered = np.cumsum(counts > 0) - 1
    return renumbered[codes], [label for label, n in zip(labels, counts, strict=True) if n]


def stored_codes(series: pd.Series, role: str, *, missing: bool = False) -> tuple[Codes, list]:
    """Turn labels into codes as `encode` does, in whatever integers they are stored.

    The codes of a categorical are not copied, which matters where there are millions: do not
    write to them, and widen them before multiplying. Categories without a row stay.
    """
    if isinstance(series.dtype, pd.CategoricalDtype):
        codes, labels = series.array.codes, series.array.categories.tolist()
    else:
        kind = pd.api.types.infer_dtype(series, skipna=True) if series.dtype == object else ""
        if kind.startswith("mixed") and kind != "mixed-integer-float":
            kinds = quote(dict.fromkeys(type(value).__name__ for value in series.dropna()))
            raise ValueError(
                f"{role}: column {series.name!r} mixes values of different types ({kinds}), which "
                "may stand for the same; make them one type, for instance with astype(str)"
            )
        codes, uniques = pd.factorize(series, sort=True)
        labels = uniques.tolist()
    for label in labels:
        if isinstance(label, str) and (not label or label != label.strip()):
            row = series.index[(series == label).to_numpy(dtype=bool, na_value=False)]
            where = f" (row {quote(row[:1])})" if len(row) else ""
            raise ValueError(
                f"{role}: column {series.name!r} holds {label!r}{where}, an empty text or one with "
                "blanks around it; strip the blanks (.str.strip()), and make an empty text missing"
            )
    if not missing and codes.min(initial=0) < 0:
        rows = series.index[codes < 0]
        raise ValueError(
            f"{role}: column {series.name!r} is missing in {len(rows)} rows ({quote(rows)}); "
            "give these rows a label, or leave them out of the frame"
        )
    return codes, labels


def numbers(series: pd.Series, role: str, *, missing: bool = False) -> FloatArray:
    """Read a column of finite numbers; NaN where one is missing, if `missing` allows it.

    Text and dates are refused, even where they could be read as numbers.
    """
    if series.dtype == np.float64:
        stored = series.to_numpy()
        if np.isfinite(stored.min(initial=0)) and np.isfinite(stored.max(initial=0)):
            return stored  # not to be written to: these are the frame's own
    kind = pd.api.types.infer_dtype(series, skipna=True) if series.dtype == object else ""
    numeric = pd.api.types.is_numeric_dtype(series) and series.dtype.kind != "c"
    if kind in NUMBERS or numeric:
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
        bad = ~np.isfinite(values)
        if missing:
            bad &= ~series.isna().to_numpy()
    else:
        values = np.empty(0)
        bad = np.array([not is_number(value) for value in series], dtype=bool)
        bad |= not bad.any()
    if bad.any():
        rows = series.index[bad]
        raise ValueError(
            f"{role}: column {series.name!r} holds no finite number in {len(rows)} rows (row "
            f"{quote(rows[:1])} holds {quote(series[bad][:1])}); make it a column of numbers first"
        )
    return values
