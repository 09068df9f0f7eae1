"""The ledger: a verdict for each claim, and the evidence for it.

A check says which recomputed value decides a claim and on what that value rests. The verdict
follows from the two and from the interval that the claim's words allow; nobody types it. What was
a constraint of the reconstructed rows is never counted as reproduced.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from compendium.context import nearest

__all__ = ["BASES", "VERDICTS", "decide"]

#: The six words a claim may get, in the order they are shown.
VERDICTS = [
    "reproduced",
    "by construction",
    "derived",
    "contradicted",
    "internally impossible",
    "not checkable",
]

#: What a recomputed value may rest on, and the verdict when it lies within the claim's interval.
BASES = {"printed": "reproduced", "data": "reproduced", "constraint": "by construction"}


def decide(
    claims: pd.DataFrame,
    checks: pd.DataFrame,
    values: Mapping[str, float],
    *,
    tolerance: float = 1e-8,
) -> pd.DataFrame:
    """Give each checked claim its verdict.

    Parameters
    ----------
    claims
        One row per claim: claim_id, document, subject, published, lower, upper, unit. Empty
        limits: the words give no number on that side.
    checks
        One row per decided claim: claim_id, value (key ``run.name``), basis (``printed``,
        ``data`` or ``constraint``), lower, upper (the reading of a comparison, for a claim whose
        words give no interval), why.
    values
        Recomputed numbers by key, in the unit of the claim.
    tolerance
        How far outside its interval a number may lie and still count as within: the noise of
        decimal fractions, not a judgement.

    Returns
    -------
    pandas.DataFrame
        One row per check in the order of the claims: claim_id, document, subject, published,
        lower, upper, unit, value_key, recomputed, basis, verdict, why.

    Raises
    ------
    ValueError
        When a check names an unknown claim, value or basis, a claim is checked twice, a claim
        without an interval gets none from its check, or a lower limit exceeds the upper.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["C-1"], "document": ["d"], "subject": ["rate"],
    ...     "published": ["73%"], "lower": [72.5], "upper": [73.5], "unit": ["percent"]})
    >>> checks = pd.DataFrame({"claim_id": ["C-1"], "value": ["rates.overall"],
    ...     "basis": ["printed"], "lower": [None], "upper": [None], "why": ["444 of 611"]})
    >>> decide(claims, checks, {"rates.overall": 72.67})["verdict"].tolist()
    ['reproduced']
    >>> decide(claims, checks, {"rates.overall": 71.0})["verdict"].tolist()
    ['contradicted']
    """
    known = _by_claim(claims)
    _refuse(checks, known, values)
    check_of = _by_claim(checks)
    rows = [
        _row(claim_id, claim, check_of[claim_id], values, tolerance)
        for claim_id, claim in known.items()
        if claim_id in check_of
    ]
    return pd.DataFrame(rows)


def _by_claim(frame: pd.DataFrame) -> dict[str, Any]:
    return {str(row["claim_id"]): row for row in frame.to_dict("records")}


def _row(
    claim_id: str,
    claim: Mapping[str, Any],
    check: Mapping[str, Any],
    values: Mapping[str, float],
    tolerance: float,
) -> dict[str, Any]:
    lower, upper = _interval(claim_id, claim, check)
    recomputed = float(values[check["value"]])
    below = lower is not None and recomputed < lower - tolerance
    above = upper is not None and recomputed > upper + tolerance
    return {
        "claim_id": claim_id,
        "document": claim["document"],
        "subject": claim["subject"],
        "published": claim["published"],
        "lower": lower,
        "upper": upper,
        "unit": claim["unit"],
        "value_key": check["value"],
        "recomputed": recomputed,
        "basis": check["basis"],
        "verdict": "contradicted" if below or above else BASES[check["basis"]],
        "why": check["why"],
    }


def _interval(
    claim_id: str, claim: Mapping[str, Any], check: Mapping[str, Any]
) -> tuple[float | None, float | None]:
    """Return the claim's own interval, or the reading its check gives when it has none."""
    own, read = (
        [None if pd.isna(row[side]) else float(row[side]) for side in ("lower", "upper")]
        for row in (claim, check)
    )
    lower, upper = own if own != [None, None] else read
    if lower is None and upper is None:
        raise ValueError(
            f"claim_checks: {claim_id} has no interval in claims, so its check must read one: "
            "fill lower or upper"
        )
    if lower is not None and upper is not None and lower > upper:
        raise ValueError(f"claim_checks: {claim_id} has lower {lower} above upper {upper}")
    return lower, upper


def _refuse(checks: pd.DataFrame, claims: Mapping[str, Any], values: Mapping[str, float]) -> None:
    faults = [
        f"claim_checks: no {role} '{word}'; {nearest(word, known)}"
        for column, role, known in (
            ("claim_id", "claim", list(claims)),
            ("value", "recorded value", list(values)),
            ("basis", "basis", list(BASES)),
        )
        for word in checks[column]
        if word not in known
    ]
    twice = checks.loc[checks["claim_id"].duplicated(), "claim_id"]
    faults += [f"claim_checks: {claim} is checked twice; keep one row" for claim in twice]
    if faults:
        raise ValueError("\n".join(faults))
