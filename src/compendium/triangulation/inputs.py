"""The tables of both strands, checked and brought into the form the rule needs."""

from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from compendium.coding.checks import require_columns
from compendium.text import nearest
from compendium.triangulation.crosswalk import text_or_none
from compendium.triangulation.evidence import SurveyEvidence
from compendium.triangulation.stances import STANCES

CaseKey = tuple[str, str]

# Interval formulas may miss an estimate of 0 or 1 by the last bit.
_BIT = 1e-9
_NUMBERS = ("share", "lower", "upper", "n", "design_effect")


@dataclass(frozen=True)
class Person:
    """One case: role, site, and whether it was asked."""

    role: str | None
    site: str | None
    asked: bool


def read_estimates(estimates: pd.DataFrame) -> dict[tuple[str, str], SurveyEvidence]:
    """Read survey estimates into evidence by item and answer; every value is checked."""
    require_columns(
        estimates,
        ["item_id", "answer", "share", "lower", "upper", "n", "design_effect"],
        "estimates",
    )
    surveys: dict[tuple[str, str], SurveyEvidence] = {}
    for row in estimates.to_dict("records"):
        key = (str(row["item_id"]), str(row["answer"]))
        if key in surveys:
            raise ValueError(
                f"estimates: {key[0]}, answer {key[1]!r} stands there twice; reduce the table to "
                "one row per item and answer"
            )
        values = {name: _number(row[name]) for name in _NUMBERS}
        _check_estimate(f"estimates, {key[0]}, answer {key[1]!r}", values)
        n = int(values.pop("n") or 0)
        surveys[key] = SurveyEvidence(n=n, **values)  # type: ignore[arg-type]
    return surveys


def _check_estimate(where: str, values: dict[str, float | None]) -> None:
    for name in ("share", "lower", "upper"):
        value = values[name]
        if value is not None and not 0 <= value <= 1:
            raise ValueError(
                f"{where}: {name} is {value}, not in [0, 1]; give shares, not percents"
            )
    share, lower, upper = values["share"], values["lower"], values["upper"]
    if not values["n"] and any(value is not None for value in (share, lower, upper)):
        raise ValueError(f"{where}: a share without n; say how many answers are behind it")
    known = [value for value in (lower, share, upper) if value is not None]
    if any(a > b + _BIT for a, b in pairwise(known)):
        raise ValueError(f"{where}: share {share} lies outside its interval {lower} to {upper}")
    effect = values["design_effect"]
    if effect is not None and effect <= 0:
        raise ValueError(f"{where}: design_effect is {effect}; it must be positive, or empty")


def read_cases(cases: pd.DataFrame) -> dict[CaseKey, Person]:
    """Read the cases into persons by document and name; every case stands there once."""
    require_columns(cases, ["document", "case", "role", "site", "asked"], "cases")
    people: dict[CaseKey, Person] = {}
    for number, row in enumerate(cases.to_dict("records"), start=1):
        document, case = text_or_none(row["document"]), text_or_none(row["case"])
        if document is None or case is None:
            raise ValueError(f"cases, row {number}: document or case is empty; name every case")
        if (document, case) in people:
            raise ValueError(f"cases, row {number}: {case!r} of {document} twice; list a case once")
        if row["asked"] not in (True, False):
            raise ValueError(
                f"cases, row {number}, column asked: {row['asked']!r}; say true or false"
            )
        role, site = text_or_none(row["role"]), text_or_none(row["site"])
        people[document, case] = Person(role, site, bool(row["asked"]))
    return people


def check_voices(stances: pd.DataFrame, people: dict[CaseKey, Person], rows: list[str]) -> None:
    """Refuse stances, claims and cases that nobody listed."""
    require_columns(
        stances, ["row_id", "segment_id", "remark", "stance", "document", "case"], "stances"
    )
    for column, known in (("stance", STANCES), ("row_id", tuple(rows))):
        unknown = stances.loc[~stances[column].isin(known)]
        if len(unknown):
            value, segment = unknown[column].iloc[0], unknown["segment_id"].iloc[0]
            raise ValueError(
                f"stances, segment {segment}, column {column}: {value!r} is not known; "
                f"{nearest(str(value), known)}"
            )
    spoken = stances[stances["case"].notna()]
    for document, case in dict.fromkeys(zip(spoken["document"], spoken["case"], strict=True)):
        if (document, case) not in people:
            known_cases = [key[1] for key in people if key[0] == document]
            raise ValueError(
                f"stances, column case: {case!r} of {document} is not among the cases; "
                f"{nearest(str(case), known_cases)}; list the case, or empty the cell where the "
                "speaker is not one person"
            )


def _number(value: object) -> float | None:
    text = text_or_none(value)
    return None if text is None else float(text)
