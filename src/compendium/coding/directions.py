"""Does it help or hinder: the directions in which codes were applied."""

from collections.abc import Sequence

import pandas as pd

from compendium.coding.checks import (
    DIRECTIONS,
    HINT,
    check_applications,
    n_distinct,
    raise_faults,
    require_columns,
    share,
    unit_column,
)


def direction_balance(
    applications: pd.DataFrame, by: Sequence[str] = ("code",), unit: str = "segment"
) -> pd.DataFrame:
    """Count distinct segments or cases per direction in each group, and helps minus hinders.

    Parameters
    ----------
    applications
        One coding (see `reconcile`): `segment_id`, `code`, `direction`, `by`; for cases also
        `case`.
    by, unit
        The columns that make the groups; `segment` or `case`.

    Returns
    -------
    pandas.DataFrame
        One row per group: `by`, `helps`, `hinders`, `mixed`, `neutral` (a case that says both
        counts under both), `base` (units of the group) and `balance` = (helps - hinders) / base, in
        [-1, 1]. ValueError when a direction is missing or unknown, or a segment has two for one
        code.

    Examples
    --------
    >>> applied = pd.DataFrame(
    ...     {"segment_id": ["S1", "S2"], "code": ["pace", "pace"], "direction": ["helps", "mixed"]}
    ... )
    >>> direction_balance(applied)[["helps", "mixed", "base", "balance"]]
       helps  mixed  base  balance
    0      1      1     2      0.5
    """
    by = [by] if isinstance(by, str) else list(by)
    require_columns(applications, [*by, "direction"], "applications", HINT)
    column = unit_column(unit, applications)
    _check_directions(applications)
    base = n_distinct(applications, by, column).rename("base").reset_index()
    counts = {
        name: n_distinct(
            applications.assign(counted=applications[column].where(stated)), by, "counted"
        ).to_numpy()
        for name in DIRECTIONS
        for stated in [applications["direction"] == name]
    }
    table = base.assign(**counts)[[*by, *DIRECTIONS, "base"]]
    return table.assign(balance=share(table["helps"] - table["hinders"], table["base"]))


def cautious_direction(applications: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Return for each row the direction of its group; where the rows differ, the cautious reading.

    That is `neutral` when a row of the group has no direction or is neutral, otherwise `mixed`.
    """
    stated = applications["direction"]
    by = [applications[key] for key in keys]
    groups = stated.groupby(by, sort=False, observed=True)
    neutral = (stated.isna() | (stated == "neutral")).groupby(by, sort=False, observed=True)
    cautious = neutral.transform("any").map({True: "neutral", False: "mixed"})
    return stated.where(groups.transform("nunique", dropna=False) == 1, cautious)


def _check_directions(applications: pd.DataFrame) -> None:
    keys = ["segment_id", "code"]
    pairs = applications[[*keys, "direction"]].drop_duplicates()
    check_applications(pairs.drop_duplicates(keys))
    empty, allowed = pairs["direction"].isna(), ", ".join(DIRECTIONS)
    faults = [
        f"row {row}, column direction: empty; give one of {allowed}" for row in pairs.index[empty]
    ]
    faults += [
        f"row {row.Index}: segment {row.segment_id!r} has another direction for code {row.code!r}; "
        "reconcile the coders first"
        for row in pairs[pairs.duplicated(keys) & ~empty].itertuples()
    ]
    raise_faults("applications", faults)
