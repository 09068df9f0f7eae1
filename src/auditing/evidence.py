"""What bears on each claim and cell, brought into one table before anything is decided.

Evidence comes from four sides: comparisons between what is printed, recorded values that a check
names, survey rows that were constrained to a number, and cells that follow though they are not
printed. Each piece says which verdict it would give on its own; `ledger` weighs them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from auditing.consistency.rounding import Interval, exact, interval
from auditing.refusals import refuse_checks

#: One row of evidence: what it is about, what it would say alone, and the numbers behind it.
COLUMNS = (
    *("key", "verdict", "why", "evidence", "value_key", "recomputed"),
    *("lower", "upper", "lower_open", "upper_open", "unit"),
)
#: It bears on the number but says neither that it holds nor that it does not.
UNDECIDED = "undecided"
#: How far a recomputed number may lie outside its limits: the noise of decimal fractions.
NOISE = 1e-8
LIMITS = ("lower", "upper", "lower_open", "upper_open")
#: Claims and cells, which have a verdict.
NUMBER = re.compile(r"\[.+\]$|[A-Z0-9]+-C-[0-9]+$|C-[0-9]+$")


class Basis(NamedTuple):
    """The verdict when the value lies within the interval, and when it does not."""

    within: str
    outside: str


#: What a recorded value may rest on. A list or a test that is compared recomputes nothing; rows
#: that were constrained to a number prove nothing by meeting it.
BASES = {
    "printed": Basis("reproduced", "contradicted"),
    "compared": Basis("consistent", "contradicted"),
    "voices": Basis("reproduced", "contradicted"),
    "constraint": Basis("by construction", "contradicted"),
    "internal": Basis("consistent", "internally impossible"),
    "none": Basis(UNDECIDED, UNDECIDED),
}


def of_comparisons(comparisons: pd.DataFrame) -> pd.DataFrame:
    """Read evidence from comparisons between printed numbers, lists and statements.

    A comparison that holds makes its members consistent, and reproduced those that the others
    recompute. One that fails speaks against all members, unless it can be told which is off.

    Parameters
    ----------
    comparisons
        From `auditing.consistency.check_published`.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`, one row per comparison and member.

    Examples
    --------
    >>> comparisons = pd.DataFrame([{"check": "bound", "subject": "R-001", "implied": "Half.",
    ...     "consistent": False, "arithmetic": "1 is not 2", "bears_on": "C-1;C-2",
    ...     "recomputes": "", "at_fault": "C-2", "impossible": False}])
    >>> of_comparisons(comparisons)[["key", "verdict"]].to_numpy().tolist()
    [['C-1', 'undecided'], ['C-2', 'contradicted']]
    """
    rows = []
    empty = dict.fromkeys(["bears_on", "recomputes", "at_fault"], "")
    for row in comparisons.fillna(empty).to_dict("records"):
        blamed, recomputed = row["at_fault"].split(";"), row["recomputes"].split(";")
        failing = "internally impossible" if row["impossible"] is True else "contradicted"
        declared = row["subject"].startswith("R-")
        fits = f"; possible: {row['implied']}" if row["consistent"] is False else ""
        words = f"{row['check'].capitalize()}: {row['arithmetic']}{fits}."
        counted = "Counted in the text: " if row["check"] == "list" else ""
        piece = {"why": counted + row["implied"] if declared else words}
        piece["evidence"] = row["subject"] if declared else f"{row['check']}, {row['subject']}"
        # A segment can be named in a row, but has no verdict.
        for member in filter(NUMBER.match, row["bears_on"].split(";")):
            if pd.isna(row["consistent"]):
                verdict = UNDECIDED
            elif row["consistent"]:
                verdict = "reproduced" if member in recomputed else "consistent"
            else:
                verdict = failing if blamed == [""] or member in blamed else UNDECIDED
            number = _number(row["implied"]) if verdict == "reproduced" else None
            rows.append({"key": member, "verdict": verdict, "recomputed": number} | piece)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def of_checks(
    claims: pd.DataFrame,
    checks: pd.DataFrame,
    values: Mapping[str, float],
    *,
    constrained: Collection[str] = (),
    from_rows: Collection[str] = (),
    voices: pd.DataFrame | None = None,
    reconstructed: bool = True,
) -> pd.DataFrame:
    """Read evidence from the recorded value that is named for a claim.

    Parameters
    ----------
    claims
        Claims of the ledger: claim_id, lower, upper, lower_open, upper_open, unit.
    checks
        One row per claim: claim_id, value (key ``run.name``), basis (a key of `BASES`), a reading
        in lower, upper, lower_open, upper_open and unit where the claim's words give no number or
        something else is measured, why, needs.
    values
        Recorded numbers by key.
    constrained
        Claims that were constraints of the reconstructed rows.
    from_rows
        Runs that read the survey rows.
    voices
        For values on what interviewed people say: value, decided (whether enough voices stand
        behind it, each of which could be left out), counts (in words).
    reconstructed
        Whether the survey rows are reconstructed. Rows that were collected recompute a claim.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`, one row per claim.

    Raises
    ------
    ValueError
        When a check names what does not exist or decides more than it may, all faults at once, or
        when reconstructed rows miss a claim that they were constrained to.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["C-1"], "lower": [20.0], "upper": [None],
    ...     "lower_open": [True], "upper_open": [False], "unit": ["years"]})
    >>> checks = pd.DataFrame({"claim_id": ["C-1"], "value": ["ages.all"], "basis": ["printed"],
    ...     "why": ["Counted."], "needs": [None]} | dict.fromkeys(
    ...     ["lower", "upper", "lower_open", "upper_open", "unit"]))
    >>> of_checks(claims, checks, {"ages.all": 20.0})["verdict"].tolist()
    ['contradicted']
    """
    refuse_checks(claims, checks, values, BASES, constrained=constrained, from_rows=from_rows)
    known = claims.set_index("claim_id").to_dict("index")
    spoken = {} if voices is None else voices.set_index("value").to_dict("index")
    rows = []
    for check in checks.to_dict("records"):
        claim = known[check["claim_id"]]
        own = pd.isna(check["lower"]) and pd.isna(check["upper"])
        basis, row = check["basis"], dict.fromkeys(COLUMNS)
        row |= {"key": check["claim_id"], "why": check["why"], "verdict": UNDECIDED}
        if basis != "none":
            limits = interval(claim if own else check)
            number = float(values[check["value"]])
            inside = _within(number, limits)
            if basis == "constraint" and not reconstructed:
                basis = "printed"
                outside = max(float(limits.lower) - number, number - float(limits.upper))
                row["why"] = f"Counted from the survey rows{_beyond(outside)}."
            elif basis == "constraint" and not inside:
                raise ValueError(
                    f"{check['claim_id']}: the rows have {number:g} where {limits} was a "
                    "constraint; they are broken and contradict nothing"
                )
            row["verdict"] = BASES[basis].within if inside else BASES[basis].outside
            row |= {"evidence": check["value"], "value_key": check["value"], "recomputed": number}
            row |= {side: (claim if own else check)[side] for side in LIMITS}
            row["unit"] = claim["unit"] if pd.isna(check["unit"]) else check["unit"]
        if basis == "voices":
            row |= _heard(spoken.get(str(check["value"]).split(".")[-1]), check)
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def of_cells(
    cells: pd.DataFrame, constraints: pd.DataFrame, *, reconstructed: bool = True
) -> pd.DataFrame:
    """Read evidence on cells: what survey rows give, and what follows without a print.

    Parameters
    ----------
    cells
        From `auditing.cells.printed_cells`.
    constraints
        Constraints on cells: table, row, column, lower, upper, allowed_lower, allowed_upper,
        achieved. Where the print had to be widened, meeting it means nothing.
    reconstructed
        Whether the survey rows were constrained to the cells. Rows that were collected reproduce a
        cell or contradict it.
    """
    of_rows = constraints[constraints["table"].notna()]
    if not reconstructed:
        said = pd.DataFrame(_bound(cells, pd.Series(dtype=float)), columns=list(COLUMNS))
        return pd.concat([said, pd.DataFrame(_counted(cells, of_rows), columns=list(COLUMNS))])
    narrow = (of_rows["allowed_lower"] >= of_rows["lower"] - NOISE) & (
        of_rows["allowed_upper"] <= of_rows["upper"] + NOISE
    )
    met = of_rows[narrow].set_index(["table", "row", "column"])["achieved"]
    return pd.DataFrame(_bound(cells, met), columns=list(COLUMNS))


def _bound(cells: pd.DataFrame, met: pd.Series) -> Iterator[dict[str, Any]]:
    for cell in cells.to_dict("records"):
        key = {"key": f"[{cell['cell_id']}]"}
        where = cell["table"], cell["row"], cell["column"]
        if not pd.isna(cell["derived"]):
            more = {"verdict": "derived", "why": cell["derived"], "recomputed": cell["recomputed"]}
            yield key | more
        elif where in met.index and cell["column"] != "response_rate_percent":
            yield key | {
                "verdict": "by construction",
                "why": "The survey rows were made to give this number.",
                "recomputed": met[where],
            }


def _counted(cells: pd.DataFrame, of_rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    keys = {(c["table"], c["row"], c["column"]): c["cell_id"] for c in cells.to_dict("records")}
    for row in of_rows.to_dict("records"):
        cell = keys.get((row["table"], row["row"], row["column"]))
        if cell and row["column"] != "response_rate_percent":
            beyond = max(row["lower"] - row["achieved"], row["achieved"] - row["upper"], 0)
            verdict = "contradicted" if beyond > NOISE else "reproduced"
            why = f"Counted from the survey rows{_beyond(beyond)}."
            key = {"key": f"[{cell}]", "recomputed": row["achieved"]}
            yield key | {"verdict": verdict, "why": why}


def _beyond(distance: float) -> str:
    """Say how far a number lies outside of what is printed; nothing where it does not."""
    return f", {distance:.3g} outside what is printed" if distance > NOISE else ""


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _within(number: float, limits: Interval) -> bool:
    value = exact(number)
    point = Interval(value, value)
    near = limits.lower - NOISE <= value <= limits.upper + NOISE
    on_open_end = (limits.open_lower and value == limits.lower) or (
        limits.open_upper and value == limits.upper
    )
    return limits.contains(point) or (near and not on_open_end)


def _heard(said: Mapping[Any, Any] | None, check: Mapping[Any, Any]) -> dict[str, Any]:
    if said is None:
        raise ValueError(f"{check['claim_id']}: no voices are counted for '{check['value']}'")
    words = f"{check['why']} {said['counts']}"
    if said["decided"]:
        return {"why": words}
    return {"verdict": UNDECIDED, "why": f"{words} Too few voices."}
