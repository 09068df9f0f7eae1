"""What the running text claims of the survey, as rows of the table of constraints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from auditing.reconstruction.fields import constraint_row
from auditing.reconstruction.rates import OVERALL
from auditing.reconstruction.readings import DAVIS, READINGS, Reading
from auditing.reconstruction.settings import Settings

ITEMS = "epic_items"


def claim_constraints(
    tables: Mapping[str, pd.DataFrame], settings: Settings
) -> list[dict[str, Any]]:
    """Read every claim that binds the survey rows.

    Parameters
    ----------
    tables
        `claims`, `epic_items` and `instrument`.
    settings
        Assumptions.

    Returns
    -------
    list of dict
        Rows of the table of constraints.

    Raises
    ------
    ValueError
        If a claim or item is missing, a claim has no interval where one is needed, or claim and
        item give different intervals.
    """
    claims = tables["claims"]
    return [*_rate_claims(claims), *_margin_claims(claims), *_readings(tables, settings)]


def _rate_claims(claims: pd.DataFrame) -> Iterable[dict[str, Any]]:
    for claim_id, kind, district in (
        ("EPIC-C-015", "district_count", None),
        ("EPIC-C-018", "district_count", None),
        ("EPIC-C-019", "response_rate", OVERALL),
        ("EPIC-C-020", "response_rate", OVERALL),
        ("EPIC-C-021", "lowest_response_rate", None),
        ("EPIC-C-022", "highest_response_rate", None),
        ("EPIC-C-051", "response_count", DAVIS),
    ):
        claim = _claim(claims, claim_id)
        yield constraint_row(
            claim_id, kind, claim["published"], _interval(claim), claim_id=claim_id,
            district=district,
        )  # fmt: skip


def _margin_claims(claims: pd.DataFrame) -> Iterable[dict[str, Any]]:
    for claim_id, category, bounds, ends in (
        ("EPIC-C-024", "Elementary Subjects", (0, 100), {"open_lower": True}),
        ("EPIC-C-025", "Special Education", (-100, 0), {"open_upper": True}),
        ("EPIC-C-025", "Physical Education", (-100, 0), {"open_upper": True}),
    ):
        published = _claim(claims, claim_id)["published"]
        note = "Follows from the printed percentages."
        yield constraint_row(
            f"{claim_id}/{category}", "difference", published, bounds, claim_id=claim_id,
            levels=f"department={category}", basis="reading", note=note, **ends,
        )  # fmt: skip


def _readings(tables: Mapping[str, pd.DataFrame], settings: Settings) -> Iterable[dict[str, Any]]:
    answers = tables["instrument"].set_index("item_id")["levels"]
    for reading in READINGS:
        together = reading.kind in ("share_gap", "negative_to_any", "negative_to_all")
        groups = [reading.items] if together or not reading.items else [(i,) for i in reading.items]
        for items in groups:
            if any(item not in answers.index for item in items):
                continue  # a question that these rows were not asked: see `claims_not_asked`
            levels = ";".join(reading.levels) or answers[items[0]]
            yield _read(reading, items, levels, tables, settings)


def claims_not_asked(instrument: pd.DataFrame) -> set[str]:
    """Return the claims about questions that an instrument lacks, whole or in part."""
    asked = set(instrument["item_id"])
    return {reading.claim_id for reading in READINGS if not set(reading.items) <= asked}


def _read(
    reading: Reading,
    items: tuple[str, ...],
    levels: str,
    tables: Mapping[str, pd.DataFrame],
    settings: Settings,
) -> dict[str, Any]:
    claim = _claim(tables["claims"], reading.claim_id)
    bounds, ends = reading.bounds, (reading.open_lower, reading.open_upper)
    if reading.kind == "deviation":
        bounds = (-settings.in_line_points, settings.in_line_points)
    if bounds is None:
        bounds, ends = _interval(claim), (bool(claim["lower_open"]), bool(claim["upper_open"]))
        if reading.kind == "share" and not reading.levels:
            _agrees(tables[ITEMS], items[0], reading.claim_id, bounds)
    place = ("/" + ";".join(items) if items else "") + (
        f"/{reading.district}" if reading.district else ""
    )
    return constraint_row(
        f"{reading.claim_id}/{reading.kind}{place}", reading.kind, claim["published"], bounds,
        claim_id=reading.claim_id, items=";".join(items) or None, levels=levels,
        district=reading.district, open_lower=ends[0], open_upper=ends[1],
        basis="reading" if reading.why else "printed", note=reading.why,
    )  # fmt: skip


def _claim(claims: pd.DataFrame, claim_id: str) -> pd.Series[Any]:
    found = claims[claims["claim_id"] == claim_id]
    if len(found) != 1:
        raise ValueError(
            f"claims: {claim_id} has {len(found)} rows, but it is read as a constraint of the "
            "survey; it needs exactly one"
        )
    return found.iloc[0]


def _interval(claim: pd.Series[Any]) -> tuple[float, float]:
    lower, upper = claim["lower"], claim["upper"]
    if pd.isna(lower) or pd.isna(upper) or lower > upper:
        raise ValueError(
            f"claims: {claim['claim_id']} has the interval [{lower}, {upper}]; as a constraint it "
            "needs both ends, the lower not above the upper"
        )
    return float(lower), float(upper)


def _agrees(items: pd.DataFrame, item_id: str, claim_id: str, bounds: tuple[float, float]) -> None:
    row = items[items["item_id"] == item_id]
    given = tuple(row[["lower", "upper"]].astype(float).iloc[0]) if len(row) else None
    if given != bounds:
        raise ValueError(
            f"epic_items: {item_id} has the interval {given}, but {claim_id} has {bounds}; "
            "both stand for one printed number and must be equal"
        )
