"""Known totals of the population, held against the levels that a frame has.

Post-stratification, raking and nonresponse weights all ask the same first question: does every
level with rows have a total, and every total rows to carry it? A mismatch on either side would
otherwise turn into a population of the wrong size.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from compendium.survey.arrays import FloatArray
from compendium.survey.checks import quote

__all__ = ["Totals", "match_totals"]

Totals: TypeAlias = "pd.Series[Any] | Mapping[Any, float]"


def match_totals(totals: Totals, levels: Sequence[Hashable], name: str) -> FloatArray:
    """Put totals in the order of the levels of a frame.

    Parameters
    ----------
    totals
        Population total of each level: a mapping, or a Series with the levels as its index.
    levels
        The levels that occur in the frame.
    name
        What the levels are levels of, to begin an error message with.

    Returns
    -------
    numpy.ndarray
        One positive total per level of the frame.

    Raises
    ------
    ValueError
        If a level lacks a total, a total lacks rows, a level occurs twice, or a total is not a
        positive number.

    Examples
    --------
    >>> match_totals({"B": 30, "A": 20}, ["A", "B"], "district")
    array([20., 30.])
    """
    given = totals if isinstance(totals, pd.Series) else pd.Series(dict(totals), dtype=object)
    keys = given.index.tolist()
    if not given.index.is_unique:
        raise ValueError(f"{name}: the totals name {quote(given.index[given.index.duplicated()])} "
                         "more than once; give each level one total")  # fmt: skip
    without = [level for level in levels if level not in set(keys)]
    if without:
        raise ValueError(
            f"{name}: rows with {quote(without)} have no population total; add it to the totals, "
            f"which name {quote(keys)}"
        )
    empty = [key for key in keys if key not in set(levels)]
    if empty:
        gaps = ", ".join(f"{key!r} ({given.iloc[keys.index(key)]})" for key in empty[:8])
        raise ValueError(
            f"{name}: the population has {gaps} but the frame has no row there, so this total "
            "cannot be met; merge levels on both sides, or leave the level out of the population"
        )
    found = pd.to_numeric(given, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    bad = ~(np.isfinite(found) & (found > 0))
    if bad.any():
        wrong = {keys[at]: given.iloc[at] for at in np.flatnonzero(bad)}
        raise ValueError(f"{name}: totals must be positive numbers, not {wrong}")
    order = {key: at for at, key in enumerate(keys)}
    return found[[order[level] for level in levels]]
