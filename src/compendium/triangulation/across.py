"""Across documents: what several sources say of one factor, and who was never asked.

Farmer, Robinson, Elliott and Eyles (2006, Qualitative Health Research 16(3)) compare data sets by
meaning and by prominence. Here a meaning is a direction (a factor helps or hinders), prominence the
part of a document's speakers who bring the factor up. A source that asked and heard nothing differs
from one that never asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from compendium.coding.checks import DIRECTIONS, require_columns
from compendium.text import nearest

AcrossLabel = Literal["agreement", "partial agreement", "dissonance", "silence", "not covered"]
ACROSS_LABELS: tuple[AcrossLabel, ...] = get_args(AcrossLabel)
VoiceState = Literal["+", "-", "divided", "thin", "silent", "never asked"]


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What one document says of a factor: its state, and the share of its speakers (in [0, 1])."""

    state: VoiceState
    prominence: float = 0.0


def label_across(voices: Sequence[Voice], max_prominence_gap: float = 0.25) -> AcrossLabel:
    """Label a factor by what each document says of it; the first line that matches decides.

    1. No document speaks: not covered. One speaks: silence (of the others).
    2. One says it helps, another that it hinders: dissonance.
    3. All that speak have the same direction, or are all divided, and the most and the least
       prominent are no further apart than `max_prominence_gap` (in [0, 1]): agreement.
    4. Otherwise partial agreement; also when a voice is thin, since few speakers settle nothing.

    Examples
    --------
    >>> label_across([Voice(state="-", prominence=0.3), Voice(state="-", prominence=0.4)])
    'agreement'
    >>> label_across([Voice(state="-", prominence=0.3), Voice(state="never asked")])
    'silence'
    """
    speaking = [voice for voice in voices if voice.state not in ("silent", "never asked")]
    if len(speaking) < 2:
        return "silence" if speaking else "not covered"
    states = {voice.state for voice in speaking}
    if {"+", "-"} <= states:
        return "dissonance"
    shares = [voice.prominence for voice in speaking]
    close = max(shares) - min(shares) <= max_prominence_gap
    if len(states) == 1 and "thin" not in states and close:
        return "agreement"
    return "partial agreement"


def across_documents(
    applications: pd.DataFrame,
    codes: Iterable[str],
    documents: Iterable[str],
    asked: pd.DataFrame,
    *,
    unit: str = "case",
    min_units: int = 3,
    majority: float = 2 / 3,
    max_prominence_gap: float = 0.25,
) -> pd.DataFrame:
    """Say for each factor what each document says of it, and label the comparison.

    Parameters
    ----------
    applications : DataFrame
        One coding: document, code, direction (helps, hinders, mixed, neutral) and `unit`, missing
        where nobody identifiable speaks.
    codes, documents : iterable of str
        Factors and documents to compare, in the order to show. ValueError for one that does not
        exist.
    asked : DataFrame
        Columns document, code: what each document's instrument asks about.
    unit : str
        Column to count: cases, or segments for everything the document says.
    min_units : int
        Fewest units with a direction that give the document one; below, it is thin.
    majority : float
        Share of units that makes a direction; one that says both, or is mixed, counts one half.
    max_prominence_gap : float
        As in `label_across`.

    Returns
    -------
    DataFrame
        One row per code: code; for each document ``DOCUMENT_state``, ``_helps``, ``_hinders``,
        ``_both`` (units) and ``_prominence`` (units on the code over all units); label, never_asked
        and silent (documents joined by semicolons).

    Examples
    --------
    >>> said = pd.DataFrame({"document": ["x", "x", "y"], "case": ["a", "b", "c"],
    ...                      "code": "policy", "direction": "hinders"})
    >>> asked = pd.DataFrame({"document": ["x"], "code": ["policy"]})
    >>> table = across_documents(said, ["policy"], ["x", "y", "z"], asked, min_units=1,
    ...                          max_prominence_gap=0)
    >>> table[["x_state", "z_state", "label", "never_asked"]].to_numpy().tolist()
    [['-', 'never asked', 'agreement', 'z']]
    """
    codes, documents = list(codes), list(documents)
    _check(applications, asked, codes, documents, unit)
    pairs = set(zip(asked["document"], asked["code"], strict=True))
    heard = applications.dropna(subset=[unit])
    units = heard.groupby("document")[unit].nunique()
    records = []
    for code in codes:
        record: dict[str, object] = {"code": code}
        voices = {}
        for document in documents:
            said = heard[(heard["code"] == code) & (heard["document"] == document)]
            counts = _counts(said, unit)
            state = _state(counts, min_units, majority, (document, code) in pairs)
            speakers = said[unit].nunique()
            share = speakers / int(units[document]) if speakers else 0.0
            voices[document] = Voice(state=state, prominence=share)
            found = {"state": state, **counts, "prominence": share}
            record |= {f"{document}_{name}": value for name, value in found.items()}
        record["label"] = label_across(list(voices.values()), max_prominence_gap)
        for name, state in (("never_asked", "never asked"), ("silent", "silent")):
            record[name] = "; ".join(d for d, voice in voices.items() if voice.state == state)
        records.append(record)
    return pd.DataFrame(records)


def _counts(said: pd.DataFrame, unit: str) -> dict[str, int]:
    """Count units by direction; only mixed or neutral remarks count as both, for neither side."""
    directions = said.groupby(unit)["direction"].agg(set)
    helps = sum(found - {"neutral"} == {"helps"} for found in directions)
    hinders = sum(found - {"neutral"} == {"hinders"} for found in directions)
    return {"helps": helps, "hinders": hinders, "both": len(directions) - helps - hinders}


def _state(counts: dict[str, int], min_units: int, majority: float, asked: bool) -> VoiceState:
    total = sum(counts.values())
    if not total:
        return "silent" if asked else "never asked"
    if total < min_units:
        return "thin"
    support = (counts["helps"] + counts["both"] / 2) / total
    if support >= majority:
        return "+"
    return "-" if support <= 1 - majority else "divided"


def _check(
    applications: pd.DataFrame,
    asked: pd.DataFrame,
    codes: list[str],
    documents: list[str],
    unit: str,
) -> None:
    require_columns(applications, ["document", "code", "direction", unit], "applications")
    require_columns(asked, ["document", "code"], "asked")
    known = {
        "code": set(applications["code"]) | set(codes),
        "document": set(applications["document"]) | set(documents),
    }
    for column, names in known.items():
        for row, value in asked[column].items():
            if value not in names:
                raise ValueError(
                    f"asked, row {row}, column {column}: {value!r} does not exist; "
                    f"{nearest(value, sorted(names))}"
                )
    wrong = ~applications["direction"].isin(DIRECTIONS)
    for row, value in applications.loc[wrong, "direction"].items():
        raise ValueError(
            f"applications, row {row}, column direction: {value!r} is not one of "
            + ", ".join(DIRECTIONS)
        )
