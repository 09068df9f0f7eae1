"""Which number of persons is behind a table: granularity turned round.

A set of printed percentages tells which denominators could have given them all, and so whether the
number of persons stated for a table is the number behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import pandas as pd

from auditing.consistency.columns import grouped
from auditing.consistency.findings import Comparison, findings_table
from auditing.consistency.granularity import possible_denominators
from auditing.consistency.rounding import Number, Rounding, shown_digits

MOST_LISTED = 5


def check_denominators(
    table: pd.DataFrame,
    value: str,
    stated: int,
    *,
    by: Sequence[str] = (),
    complete: bool = False,
    fewest: int = 1,
    digits: int | None = None,
    scale: int = 100,
    rounding: Rounding = "nearest",
) -> pd.DataFrame:
    """Ask of every group of percentages whether one denominator can have given them all.

    Item nonresponse makes denominators smaller than the number of persons stated, often without a
    word. So a group fails only when no denominator from `fewest` to `stated` gives all its values.
    Beside the denominators found stands how many would be found by chance: a value printed to unit
    u is met by a random denominator n with probability ``min(1, n * u / scale)``, multiplied over
    the values and added over the denominators.

    Parameters
    ----------
    table, value
        As in `check_granularity`.
    stated : int
        Number of persons the document states.
    by : sequence of str
        Columns that tell the groups apart; none for one group.
    complete : bool
        Whether each group lists all parts, so that whole counts must add up to the denominator.
    fewest : int
        Smallest denominator to try.
    digits, scale, rounding
        As in `possible_counts`.

    Returns
    -------
    DataFrame
        As `findings_table`; implied lists the denominators, of many the smallest and the largest.

    Raises
    ------
    ValueError
        For a missing column or `fewest` above `stated`.

    Examples
    --------
    >>> table = pd.DataFrame({"group": "level", "percent": ["0.9", "16.9", "46.4"]})
    >>> result = check_denominators(table, "percent", 611, by=["group"], fewest=500)
    >>> print(result.loc[0, "arithmetic"])
    numbers from 500 to 611 that give all 3 percentages: 18 (by chance, about 19); 611 does
    not
    """
    if not 1 <= fewest <= stated:
        raise ValueError(f"fewest is {fewest}; it must lie between 1 and the stated {stated}")
    tried = range(fewest, stated + 1)
    comparisons: list[Comparison] = []
    for subject, numbers, all_printed in grouped(table, value, by):
        found = possible_denominators(
            numbers,
            tried,
            complete=complete and all_printed,
            digits=digits,
            scale=scale,
            rounding=rounding,
        )
        units = [10.0 ** -(shown_digits(x) if digits is None else digits) for x in numbers]
        chance = sum(prod(min(1.0, n * unit / scale) for unit in units) for n in tried)
        comparisons.append(_common(subject, numbers, found, tried, chance))
    return findings_table(comparisons)


def _common(
    subject: str, numbers: list[Number], found: list[int], tried: range, chance: float
) -> Comparison:
    stated = tried[-1]
    few = len(found) <= MOST_LISTED
    listed = [", ".join(map(str, part)) for part in (found[:MOST_LISTED], found[-MOST_LISTED:])]
    return {
        "check": "denominators",
        "subject": subject,
        "printed": ", ".join(map(str, numbers)),
        "implied": f"{len(found)} possible: {listed[0]}" + ("" if few else f", ..., {listed[1]}")
        if found
        else "none",
        "consistent": bool(found),
        "arithmetic": f"numbers from {tried[0]} to {stated} that give all "
        f"{len(numbers)} percentages: {len(found)} (by chance, about {chance:.2g}); {stated} "
        f"{'does' if stated in found else 'does not'}",
    }
