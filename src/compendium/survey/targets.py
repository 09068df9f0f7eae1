"""Known totals of the population, held against the levels that a frame has.

Every level with rows needs a total, and every total rows to carry it: a mismatch on either side
would turn into a population of the wrong size.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from compendium.survey.arrays import FloatArray
from compendium.survey.checks import is_number, quote

Totals: TypeAlias = pd.Series | Mapping[Any, float]


def match_totals(totals: Totals, levels: Sequence[Hashable], name: str) -> FloatArray:
    """Put totals in the order of the levels of a frame: one positive total for each."""
    if isinstance(totals, pd.Series) and not totals.index.is_unique:
        twice = totals.index[totals.index.duplicated()]
        raise ValueError(f"{name}: the totals name {quote(twice)} more than once; give each one")
    if not isinstance(totals, pd.Series | Mapping):
        raise ValueError(
            f"{name}: the totals are a {type(totals).__name__}; give a mapping from each level to "
            "its total in the population, or a Series with the levels as its index"
        )
    given = dict(totals.items())
    without = [level for level in levels if level not in given]
    if without:
        raise ValueError(
            f"{name}: rows with {quote(without)} have no population total; add it to the totals, "
            f"which name {quote(given)}"
        )
    empty = {level: total for level, total in given.items() if level not in set(levels)}
    if empty:
        gaps = ", ".join(f"{level!r} ({total})" for level, total in list(empty.items())[:8])
        raise ValueError(
            f"{name}: the population has {gaps} but the frame has no row there, so this total "
            "cannot be met; merge levels on both sides, or leave the level out of the population"
        )
    wrong = {key: n for key, n in given.items() if not (is_number(n) and 0 < n < np.inf)}
    if wrong:
        raise ValueError(f"{name}: totals must be positive numbers, not {wrong}")
    return np.array([given[level] for level in levels], dtype=np.float64)
