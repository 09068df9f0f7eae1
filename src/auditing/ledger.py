"""The ledger: one verdict for every claim and every printed cell, and the evidence for it.

The evidence (`evidence`) says what each comparison, recorded value or constraint would give alone.
The strongest piece decides, in the order of `RANK`: a number that something contradicts is
contradicted, whatever else agrees with it; a number that is recomputed is reproduced; a number that
the survey rows were constrained to holds by construction, and what merely agrees beside it cannot
make it more; what a printed list, number or statement bears out is consistent. A number that is
printed at several places has one verdict at all of them. That nothing else bears on a number is
said only where no comparison of any page names it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pandas as pd

from auditing.evidence import COLUMNS, UNDECIDED

#: The seven words, in the order they are shown.
VERDICTS = [
    "reproduced",
    "consistent",
    "by construction",
    "derived",
    "contradicted",
    "internally impossible",
    "not checkable",
]
#: The order in which evidence decides.
RANK = [
    "internally impossible",
    "contradicted",
    "reproduced",
    "derived",
    "by construction",
    "consistent",
    UNDECIDED,
]
MOST_REASONS, MOST_LISTED = 3, 10
ALONE = "Nothing else in the documents bears on it."


def decide(
    numbers: pd.DataFrame, evidence: pd.DataFrame, ties: Iterable[Collection[str]] = ()
) -> pd.DataFrame:
    """Give every number its verdict.

    Parameters
    ----------
    numbers
        One row per claim or cell: key, needs (which data would decide it); other columns are kept.
    evidence
        Columns `auditing.evidence.COLUMNS`, from the functions there.
    ties
        Groups of keys that print one and the same number.

    Returns
    -------
    pandas.DataFrame
        The rows of `numbers` in their order with verdict, why, evidence (what decided), value_key,
        recomputed, the limits and unit
        that it was held against, and needs where the verdict is *not checkable*.

    Raises
    ------
    ValueError
        When evidence is about a number that does not exist, or one that nothing decides does not
        say what would.

    Examples
    --------
    >>> numbers = pd.DataFrame({"key": ["C-1", "C-2", "C-3"], "needs": [None, None, "the rows"]})
    >>> said = [("C-1", "consistent"), ("C-1", "reproduced"), ("C-3", "undecided")]
    >>> evidence = pd.DataFrame(
    ...     [{"key": key, "verdict": verdict, "why": "Counted."} for key, verdict in said],
    ...     columns=list(COLUMNS))
    >>> decide(numbers, evidence, ties=[{"C-1", "C-2"}])["verdict"].tolist()
    ['reproduced', 'reproduced', 'not checkable']
    """
    _refuse(numbers, evidence)
    place = {verdict: rank for rank, verdict in enumerate(RANK)}
    ranked = evidence.assign(rank=evidence["verdict"].map(place)).sort_values("rank", kind="stable")
    pieces = {str(key): group for key, group in ranked.groupby("key", sort=False)}
    none = ranked.iloc[:0]
    with_it = {key: sorted(group) for group in ties for key in group}  # sets have no order
    rows = []
    for number in numbers.to_dict("records"):
        own = pieces.get(number["key"], none)
        tied = [pieces[key] for key in with_it.get(number["key"], ()) if key in pieces]
        pool = pd.concat([own, *tied]).sort_values("rank", kind="stable") if tied else own
        rows.append(number | _verdict(own, pool))
    kept = [*numbers.columns, *(c for c in _ADDED if c not in numbers.columns)]
    decided = pd.DataFrame(rows, columns=kept)
    open_ = decided["verdict"].eq("not checkable") & decided["needs"].isna()
    if open_.any():
        listed = ", ".join(decided.loc[open_, "key"].head(MOST_LISTED))
        raise ValueError(f"needs: nothing decides {listed}; say which data would")
    return decided


_ADDED = ("verdict", *COLUMNS[2:], "needs")


def _verdict(own: pd.DataFrame, pool: pd.DataFrame) -> dict[str, Any]:
    best = pool["verdict"].iloc[0] if len(pool) else UNDECIDED
    same = pool[pool["verdict"] == best]
    reasons = [*dict.fromkeys(same["why"].dropna())][:MOST_REASONS]
    named = [*dict.fromkeys(same["evidence"].dropna())]
    decided: dict[str, Any] = {"verdict": best, "evidence": "; ".join(named) or None, "needs": None}
    if best == UNDECIDED:
        decided = {"verdict": "not checkable", "evidence": decided["evidence"]}
        reasons += [] if named else [ALONE]
    decided["why"] = " ".join(reasons)
    mine = own[(own["verdict"] == best) & own["recomputed"].notna()]
    for piece in mine.head(1).to_dict("records"):
        decided |= {"value_key": piece["value_key"], "recomputed": piece["recomputed"]}
        if not pd.isna(piece["unit"]):  # a value was held against limits of its own
            decided |= {column: piece[column] for column in COLUMNS[6:]}
    return decided


def _refuse(numbers: pd.DataFrame, evidence: pd.DataFrame) -> None:
    strange = sorted(set(evidence["key"]) - set(numbers["key"]))
    if strange:
        raise ValueError(f"evidence is about {', '.join(strange)}, which is no claim or cell")
