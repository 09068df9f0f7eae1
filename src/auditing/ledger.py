"""The ledger: a verdict for every claim, and the evidence for it.

A check says which recomputed value decides a claim and on what that value rests (its basis). The
verdict follows from the basis and from the interval that the claim's words allow; nobody types it.

What was a constraint of the reconstructed rows proves nothing when it is met by those rows. So a
value from a run that reads them can only have the basis ``constraint``, which leads to *by
construction*, and only a claim that was a constraint may have that basis. The same claim may still
be *reproduced* by a value that never touched the rows, such as two printed counts divided. A number
that the document merely prints again is not recomputed and decides nothing, unless the two differ.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from auditing.refusals import refuse_checks

__all__ = ["BASES", "VERDICTS", "decide"]

#: The six words, in the order they are shown.
VERDICTS = [
    "reproduced",
    "by construction",
    "derived",
    "contradicted",
    "internally impossible",
    "not checkable",
]


class Basis(NamedTuple):
    """The verdict when the value lies within the interval, and when it does not."""

    within: str
    outside: str


#: What a recomputed value may rest on: other printed numbers, data that were not fitted to the
#: claim, rows that were, or what any data of the stated size must satisfy. None: nothing decides.
BASES = {
    "printed": Basis("reproduced", "contradicted"),
    "data": Basis("reproduced", "contradicted"),
    "constraint": Basis("by construction", "contradicted"),
    "internal": Basis("reproduced", "internally impossible"),
    "none": Basis("not checkable", "not checkable"),
}


def decide(
    claims: pd.DataFrame,
    checks: pd.DataFrame,
    values: Mapping[str, float],
    *,
    constrained: Collection[str] = (),
    from_rows: Collection[str] = (),
    tolerance: float = 1e-8,
) -> pd.DataFrame:
    """Give every claim its verdict.

    Parameters
    ----------
    claims
        One row per claim: claim_id, document, section, subject, published, lower, upper, unit.
        Empty limits: the words give no number on that side.
    checks
        One row per claim: claim_id, value (key ``run.name``), basis (a key of `BASES`), lower,
        upper, unit (a reading: the interval to hold the value against when the claim's words give
        none, or when something else than the claim's own number is measured; empty unit: that of
        the claim), why, needs (for the basis ``none``: which data would decide).
    values
        Recomputed numbers by key.
    constrained
        Claims that were constraints of the reconstructed rows.
    from_rows
        Runs that read the reconstructed rows.
    tolerance
        How far outside its interval a number may lie and still count as within: the noise of
        decimal fractions, not a judgement.

    Returns
    -------
    pandas.DataFrame
        One row per claim in their order: claim_id, document, section, subject, published, lower,
        upper, unit, value_key, recomputed, basis, verdict, why, needs.

    Raises
    ------
    ValueError
        When a claim has no check or two, a check names an unknown claim, value or basis, has no
        evidence or an interval that does not belong to it, or when reconstructed rows would
        decide more than *by construction*. All faults at once.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["C-1"], "document": ["d"], "section": ["s"],
    ...     "subject": ["rate"], "published": ["73%"], "lower": [72.5], "upper": [73.5],
    ...     "unit": ["percent"]})
    >>> checks = pd.DataFrame({"claim_id": ["C-1"], "value": ["rates.overall"],
    ...     "basis": ["printed"], "lower": [None], "upper": [None], "unit": [None],
    ...     "why": ["444 of 611"], "needs": [None]})
    >>> decide(claims, checks, {"rates.overall": 72.67})["verdict"].tolist()
    ['reproduced']
    >>> decide(claims, checks, {"rates.overall": 71.0})["verdict"].tolist()
    ['contradicted']
    """
    refuse_checks(claims, checks, values, BASES, constrained=constrained, from_rows=from_rows)
    check_of = {str(check["claim_id"]): check for check in _records(checks)}
    rows = [
        _row(claim, check_of[str(claim["claim_id"])], values, tolerance)
        for claim in _records(claims)
    ]
    return pd.DataFrame(rows)


def _records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield rows with None for every missing cell."""
    for row in frame.to_dict("records"):
        yield {str(key): None if pd.isna(cell) else cell for key, cell in row.items()}


def _row(
    claim: Mapping[str, Any],
    check: Mapping[str, Any],
    values: Mapping[str, float],
    tolerance: float,
) -> dict[str, Any]:
    source = claim if check["lower"] is None and check["upper"] is None else check
    lower, upper = source["lower"], source["upper"]
    recomputed = None if check["basis"] == "none" else float(values[check["value"]])
    basis = BASES[check["basis"]]
    fits = recomputed is None or _within(recomputed, lower, upper, tolerance)
    told = ("claim_id", "document", "section", "subject", "published")
    return {
        **{column: claim[column] for column in told},
        "lower": lower,
        "upper": upper,
        "unit": check["unit"] or claim["unit"],
        "value_key": check["value"],
        "recomputed": recomputed,
        "basis": check["basis"],
        "verdict": basis.within if fits else basis.outside,
        "why": check["why"],
        "needs": check["needs"],
    }


def _within(value: float, lower: float | None, upper: float | None, tolerance: float) -> bool:
    below = lower is not None and value < lower - tolerance
    above = upper is not None and value > upper + tolerance
    return not (below or above)
