"""Does it help or hinder: the directions in which codes were applied."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from compendium.coding.checks import DIRECTIONS, check_applications, raise_faults, require_columns
from compendium.coding.units import HINT, n_distinct, share, unit_column


def directions(
    applications: pd.DataFrame, by: Sequence[str] = ("code",), unit: str = "segment"
) -> pd.DataFrame:
    """Count distinct segments or cases per direction in each group.

    Parameters
    ----------
    applications
        One coding (see `reconcile`): columns `segment_id`, `code`, `direction`, those of `by`;
        for cases also `case`.
    by
        The columns that make the groups.
    unit
        `segment` or `case`.

    Returns
    -------
    pandas.DataFrame
        One row per group and direction, zeros included: `by`, `direction`, `n`, `base` (distinct
        units in the group), `share`. Shares add up to 1 only where each unit has one direction:
        a case that says both counts under both.

    Raises
    ------
    ValueError
        When a direction is missing or unknown, or a segment has two directions for one code.

    Examples
    --------
    >>> applied = pd.DataFrame(
    ...     {"segment_id": ["S1", "S2"], "code": ["pace", "pace"], "direction": ["helps", "mixed"]}
    ... )
    >>> directions(applied)[["direction", "n", "base", "share"]]
      direction  n  base  share
    0     helps  1     2    0.5
    1   hinders  0     2    0.0
    2     mixed  1     2    0.5
    3   neutral  0     2    0.0
    """
    by = [by] if isinstance(by, str) else list(by)
    require_columns(applications, [*by, "direction"], "applications", HINT)
    column = unit_column(unit, applications)
    _check_directions(applications)
    counts = n_distinct(applications, [*by, "direction"], column)
    base = n_distinct(applications, by, column).rename("base").reset_index()
    result = base.merge(pd.DataFrame({"direction": DIRECTIONS}), how="cross")
    result = result.merge(counts.rename("n").reset_index(), "left", [*by, "direction"])
    n = result["n"].fillna(0).astype("int64")
    result = result.assign(n=n, share=share(n, result["base"]))
    return result[[*by, "direction", "n", "base", "share"]]


def direction_balance(
    applications: pd.DataFrame, by: Sequence[str] = ("code",), unit: str = "segment"
) -> pd.DataFrame:
    """Set the directions side by side, with helps minus hinders as a share of the base.

    Parameters
    ----------
    applications, by, unit
        See `directions`.

    Returns
    -------
    pandas.DataFrame
        One row per group: `by`, `helps`, `hinders`, `mixed`, `neutral` (counts), `base`, and
        `balance` = (helps - hinders) / base, from -1 (all hinder) to 1 (all help).

    Examples
    --------
    >>> applied = pd.DataFrame(
    ...     {"segment_id": ["S1", "S2"], "code": ["pace", "pace"], "direction": ["helps", "mixed"]}
    ... )
    >>> direction_balance(applied)["balance"].tolist()
    [0.5]
    """
    long = directions(applications, by, unit)
    by = [by] if isinstance(by, str) else list(by)
    size = len(DIRECTIONS)
    counts = long["n"].to_numpy().reshape(-1, size)
    wide = long.iloc[::size][[*by]].reset_index(drop=True)
    wide[list(DIRECTIONS)] = counts
    wide["base"] = long["base"].to_numpy()[::size]
    return wide.assign(balance=share(wide["helps"] - wide["hinders"], wide["base"]))


def _check_directions(applications: pd.DataFrame) -> None:
    keys = ["segment_id", "code"]
    pairs = applications[[*keys, "direction"]].drop_duplicates()
    check_applications(pairs.drop_duplicates(keys))
    empty = pairs["direction"].isna()
    several = pairs.duplicated(keys)
    allowed = ", ".join(DIRECTIONS)
    raise_faults(
        "applications",
        [f"row {row}, column direction: empty; give one of {allowed}" for row in _rows(empty)]
        + [
            f"row {row}: segment {pairs.loc[row, 'segment_id']!r} has another direction for code "
            f"{pairs.loc[row, 'code']!r}; reconcile the coders first"
            for row in _rows(several & ~empty)
        ],
    )


def _rows(mask: pd.Series) -> np.ndarray:
    return mask.index[mask].to_numpy()
