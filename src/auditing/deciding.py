"""Which of several constraints on the survey rows decides a claim."""

import pandas as pd


def deciding_rows(
    constraints: pd.DataFrame, claims: pd.DataFrame, checks: pd.DataFrame
) -> pd.DataFrame:
    """Pick the constraint that decides each claim that rows were constrained to.

    Parameters
    ----------
    constraints
        Constraints with what the rows have: claim_id, unit, lower, upper, achieved.
    claims, checks
        As in `auditing.evidence.of_checks`; the column decides of the checks says which of several
        it is: the largest, the smallest, the widest (farthest from zero) or the tightest (nearest
        to a limit).

    Returns
    -------
    pandas.DataFrame
        One row of `constraints` for each check with basis constraint, in their order.

    Raises
    ------
    ValueError
        When a claim has no such constraint in its unit, or several and no word which decides.

    Examples
    --------
    >>> constraints = pd.DataFrame({"claim_id": "C-1", "unit": "percent", "lower": 0.0,
    ...     "upper": 50.0, "achieved": [3.5, 40.1]})
    >>> claims = pd.DataFrame({"claim_id": ["C-1"], "unit": ["percent"]})
    >>> checks = pd.DataFrame({"claim_id": ["C-1"], "basis": ["constraint"], "unit": [None],
    ...     "decides": ["largest"]})
    >>> deciding_rows(constraints, claims, checks)["achieved"].tolist()
    [40.1]
    """
    units = claims.set_index("claim_id")["unit"]
    rows = []
    for check in checks[checks["basis"] == "constraint"].to_dict("records"):
        name, rule = check["claim_id"], check["decides"]
        unit = units[name] if pd.isna(check["unit"]) else check["unit"]
        own = constraints[(constraints["claim_id"] == name) & (constraints["unit"] == unit)]
        if len(own) == 0 or (len(own) > 1 and pd.isna(rule)):
            raise ValueError(
                f"claim_checks, {name}: {len(own)} constraints in {unit}; "
                + (
                    "say under decides which of them"
                    if len(own)
                    else "give the unit that they have"
                )
            )
        number = own["achieved"]
        room = pd.concat([number - own["lower"], own["upper"] - number], axis=1).min(axis=1)
        by_rule = {
            "smallest": number,
            "largest": -number,
            "widest": -number.abs(),
            "tightest": room,
        }
        rows.append(own.loc[by_rule.get(rule, number).idxmin()])
    return pd.DataFrame(rows)
