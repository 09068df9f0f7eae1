"""What the running text says more than once, and what the tables say about the same.

`QUANTITIES` is an analyst's reading: which claims are about one and the same quantity. The numbers
are not here: they come from the claims (the interval that the printed words allow) and from the
tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import nan
from typing import NamedTuple

import pandas as pd

from auditing.consistency.columns import need
from compendium.text import nearest

__all__ = ["QUANTITIES", "statements"]

QUANTITIES: Mapping[str, tuple[str, ...]] = {
    "pilot districts": ("EPIC-C-002", "EPIC-C-009"),
    "districts surveyed": ("EPIC-C-015",),
    "districts with a printed response rate": ("EPIC-C-018",),
    "overall response rate": ("EPIC-C-019", "EPIC-C-020"),
    "lowest response rate": ("EPIC-C-021",),
    "highest response rate": ("EPIC-C-022",),
    "respondents at Davis": ("EPIC-C-051",),
    "characteristics with a significant difference": ("EPIC-C-026",),
    "districts of the case study": ("EPIC-C-031",),
    "teachers interviewed": ("EPIC-C-032",),
    "hours of interviews": ("EPIC-C-037",),
    "biology topics": ("EPIC-C-074",),
    "interviewees": ("PADG-C-001", "PADG-C-026", "PADG-C-029", "PADG-C-048"),
    "themes": ("PADG-C-002", "PADG-C-049", "PADG-C-068"),
    "categories": ("PADG-C-039",),
    "years as an educator, fewest": (),
    "years as an educator, most": (),
    "national dropout rate": ("PADG-C-009", "PADG-C-043"),
    "dropout rate of American Indian students": ("PADG-C-011", "PADG-C-045"),
    "dropout rate of Black students": ("PADG-C-012", "PADG-C-047"),
    "dropout rate of Hispanic students": ("PADG-C-013", "PADG-C-046"),
    "dropout ratio in the problem statement": ("PADG-C-010",),
    "dropout ratio in the findings": ("PADG-C-044",),
    "longest interview": ("PADG-C-032", "PADG-C-037"),
    "interviewees naming student success": ("PADG-C-053", "PADG-C-069"),
    "interviewees holding that the goal was met": ("PADG-C-052", "PADG-C-074"),
    "interviewees holding that the goal was missed": ("PADG-C-073", "PADG-C-080"),
    "definitions of student success": ("PADG-C-054", "PADG-C-070"),
    "constructs of the mission dimension": ("PADG-C-071",),
    "definitions expected in one district": ("PADG-C-077", "PADG-C-078"),
    "questionnaire responses": ("I4TL-C-002", "I4TL-C-016"),
    "communities asked": ("I4TL-C-001", "I4TL-C-015"),
    "response rate, responses over communities": ("I4TL-C-003",),
    "response rate, entities over communities": ("I4TL-C-003",),
    "accountability measures rated great": ("I4TL-C-038", "I4TL-C-039"),
}


class _Claim(NamedTuple):
    document: str
    section: str
    published: str
    lower: float
    upper: float


class _Said(NamedTuple):
    document: str
    quantity: str
    place: str
    printed: str
    lower: float
    upper: float


def statements(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Bring together what claims and tables say about each quantity.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        As in `auditing.consistency.published.check_published`.

    Returns
    -------
    DataFrame
        Columns document, quantity, place, printed, lower, upper; ready for `check_statements`.

    Raises
    ------
    ValueError
        When a quantity names a claim that does not exist.
    """
    claims = _claims(tables["claims"])
    said = [*_from_claims(claims), *_from_epic(tables, claims), *_from_others(tables, claims)]
    order = {quantity: place for place, quantity in enumerate(QUANTITIES)}
    said.sort(key=lambda each: order.get(each.quantity, len(order)))
    return pd.DataFrame(said, columns=list(_Said._fields))


def _claims(table: pd.DataFrame) -> dict[str, _Claim]:
    need(table, "claim_id", *_Claim._fields)
    columns = (table[name].tolist() for name in _Claim._fields)
    claims = dict(zip(table["claim_id"], map(_Claim, *columns), strict=True))
    for quantity, ids in QUANTITIES.items():
        for unknown in set(ids) - set(claims):
            raise ValueError(f"{quantity}: no claim {unknown}; {nearest(unknown, claims)}")
    return claims


def _from_claims(claims: Mapping[str, _Claim]) -> Iterator[_Said]:
    for quantity, ids in QUANTITIES.items():
        for claim_id in ids:
            document, section, published, lower, upper = claims[claim_id]
            place = f"{claim_id} ({section})"
            yield _Said(document, quantity, place, f"'{published}'", lower, upper)


def _from_epic(tables: Mapping[str, pd.DataFrame], claims: Mapping[str, _Claim]) -> Iterator[_Said]:
    features = tables["epic_table1_district_characteristics"]
    rates = tables["epic_table2_response_rates"]
    stars = tables["epic_table3_representativeness"]["star"]
    teachers = tables["epic_table4_participants"]
    teachers = teachers[teachers["in_published_table"].astype(bool)]
    districts = rates[rates["district"] != "Overall"]

    def count(quantity: str, place: str, value: float) -> _Said:
        return _count("epic2021pedal", quantity, place, value)

    # One row of Table 1 is the state.
    yield count("pilot districts", "Table 1", features["district"].nunique() - 1)
    yield count("districts with a printed response rate", "Table 2", len(districts))
    left = claims["EPIC-C-009"].lower - claims["EPIC-C-016"].lower
    yield count("districts surveyed", "EPIC-C-009 less EPIC-C-016", left)
    yield from _rates(rates)
    davis = districts.loc[districts["district"] == "Davis Charter", "responses"].sum()
    yield count("respondents at Davis", "Table 2", davis)
    marked = sum(not pd.isna(star) and bool(str(star).strip()) for star in stars)
    yield count("characteristics with a significant difference", "Table 3", marked)
    yield count("districts of the case study", "Table 4", teachers["district"].nunique())
    yield count("teachers interviewed", "Table 4", len(teachers))
    topics = claims["EPIC-C-076"].lower + claims["EPIC-C-077"].lower
    yield count("biology topics", "EPIC-C-076 and EPIC-C-077", topics)
    yield _hours(claims)
    yield from _staff(features, districts)


def _rates(rates: pd.DataFrame) -> Iterator[_Said]:
    overall = rates["district"] == "Overall"
    percents = rates["response_rate_percent"]
    for quantity, rate in (
        ("overall response rate", percents[overall].max()),
        ("lowest response rate", percents[~overall].min()),
        ("highest response rate", percents[~overall].max()),
    ):
        yield _Said("epic2021pedal", quantity, "Table 2", f"{rate}", rate - 0.05, rate + 0.05)


def _hours(claims: Mapping[str, _Claim]) -> _Said:
    """Teachers times interviews times minutes, against the hours the text gives."""
    interviews = claims["EPIC-C-032"].lower * claims["EPIC-C-035"].lower
    minutes = claims["EPIC-C-036"]
    return _Said(
        "epic2021pedal",
        "hours of interviews",
        "EPIC-C-032, 035 and 036",
        f"{interviews:.0f} interviews of {minutes.lower:g} to {minutes.upper:g} minutes",
        round(interviews * minutes.lower / 60, 2),
        round(interviews * minutes.upper / 60, 2),
    )


def _staff(features: pd.DataFrame, districts: pd.DataFrame) -> Iterator[_Said]:
    """Teachers asked in the survey cannot outnumber the teachers of their district."""
    employed = features[features["measure"] == "N (teachers)"]
    known = list(zip(employed["district"], employed["value"], strict=True))
    for district, asked in zip(districts["district"], districts["target_population"], strict=True):
        for name, teachers in known:
            # Table 2 has longer names: Davis Charter is Table 1's Davis.
            if str(district).startswith(str(name)):
                quantity, all_asked = f"teachers of {name}", float(asked)
                yield _count("epic2021pedal", quantity, "Table 1", teachers)
                yield _Said("epic2021pedal", quantity, "Table 2", f"{asked} asked", all_asked, nan)


def _from_others(
    tables: Mapping[str, pd.DataFrame], claims: Mapping[str, _Claim]
) -> Iterator[_Said]:
    people = tables["padgett_table5_participants"]
    dimensions = tables["padgett_table3_dimensions"]["dimension"]

    def count(quantity: str, place: str, value: float) -> _Said:
        return _count("padgett2022perceptions", quantity, place, value)

    yield count("interviewees", "Table 5", len(people))
    transcripts = 1 + claims["PADG-C-038"].lower
    yield count("interviewees", "the first transcript and PADG-C-038", transcripts)
    yield count("themes", "list of themes", tables["padgett_themes"]["theme"].nunique())
    categories = tables["padgett_categories"]["n_categories"].sum()
    yield count("categories", "list of categories", categories)
    said, years = claims["PADG-C-028"], people["years_in_public_education"]
    yield count("years as an educator, fewest", "PADG-C-028", said.lower)
    yield count("years as an educator, fewest", "Table 5", years.min())
    yield count("years as an educator, most", "PADG-C-028", said.upper)
    yield count("years as an educator, most", "Table 5", years.max())
    mission = int((dimensions == "Define the Mission").sum())
    yield count("constructs of the mission dimension", "Table 3", mission)
    yield from _ratios(claims)


def _ratios(claims: Mapping[str, _Claim]) -> Iterator[_Said]:
    for quantity, part, whole, scale in (
        ("dropout ratio in the problem statement", "PADG-C-011", "PADG-C-009", 1),
        ("dropout ratio in the findings", "PADG-C-045", "PADG-C-043", 1),
        ("response rate, responses over communities", "I4TL-C-002", "I4TL-C-001", 100),
        ("response rate, entities over communities", "I4TL-C-004", "I4TL-C-001", 100),
    ):
        top, bottom = claims[part], claims[whole]
        yield _Said(
            top.document,
            quantity,
            f"{part} over {whole}",
            f"{top.published} over {bottom.published}",
            round(scale * top.lower / bottom.upper, 4),
            round(scale * top.upper / bottom.lower, 4),
        )


def _count(document: str, quantity: str, place: str, value: float) -> _Said:
    return _Said(document, quantity, place, f"{value:.0f}", float(value), float(value))
