"""The tables of both strands and the crosswalk between them, checked for what the rule needs.

The crosswalk says which claim a survey answer makes, and whose stance on it counts. Everything that
a label rests on is in these tables, and a slip of the pen would pass for silence: so every name is
checked, and refused with row, column and the nearest valid name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

import pandas as pd

from compendium.coding.checks import DIRECTIONS, require_columns
from compendium.text import nearest
from compendium.triangulation.evidence import SurveyEvidence
from compendium.triangulation.rule import LABELS, Label, Relation

_SIDES = ("supporting", "disconfirming")
_COLUMNS = ["row_id", "claim", "item_id", "survey_answer", "eligible_document", "eligible_cases"]


@dataclass(frozen=True, kw_only=True)
class CrosswalkRow:
    """One row of the crosswalk, checked; empty tuples mean any."""

    row_id: str
    claim: str
    item_id: str | None
    survey_answer: str | None
    relation: Relation
    documents: tuple[str, ...]
    roles: tuple[str, ...]
    override: Label | None = None
    label_reason: str | None = None


def parse_crosswalk(
    crosswalk: pd.DataFrame,
    *,
    answers: Iterable[tuple[str, str]],
    documents: Iterable[str],
    roles: Iterable[str],
) -> list[CrosswalkRow]:
    """Read the crosswalk and check every name in it.

    Parameters
    ----------
    crosswalk : DataFrame
        Columns row_id, claim, item_id (empty where no item asks this), survey_answer,
        eligible_document and eligible_cases (a role), both lists joined by semicolons, empty for
        any; optionally relation (same or facet; else same), override (a label) and label_reason.
    answers : iterable of (item_id, answer)
        Survey results that exist.
    documents, roles : iterable of str
        Names that exist. ValueError for others, a repeated row_id, or an override without reason.
    """
    require_columns(crosswalk, _COLUMNS, "crosswalk")
    repeated = crosswalk.loc[crosswalk["row_id"].duplicated(), "row_id"].tolist()
    if repeated:
        raise ValueError(f"crosswalk, column row_id: {repeated[0]!r} twice; number each row once")
    known = [tuple(dict.fromkeys(names)) for names in (documents, roles)]
    return [_parse_row(dict(row), [*answers], *known) for row in crosswalk.to_dict("records")]


def _parse_row(
    row: dict[Any, Any],
    answers: list[tuple[str, str]],
    documents: tuple[str, ...],
    roles: tuple[str, ...],
) -> CrosswalkRow:
    row_id = text_or_none(row["row_id"])
    if row_id is None:
        raise ValueError("crosswalk, column row_id: empty; give every row its number")
    item, answer = text_or_none(row["item_id"]), text_or_none(row["survey_answer"])
    if item is None:
        answer = None
    else:
        _member(row_id, "item_id", item, tuple(dict.fromkeys(name for name, _ in answers)))
        _member(row_id, "survey_answer", answer, tuple(a for name, a in answers if name == item))
    relation = text_or_none(row.get("relation", "same"))
    _member(row_id, "relation", relation, ("same", "facet"))
    override, reason = text_or_none(row.get("override")), text_or_none(row.get("label_reason"))
    if override is not None:
        _member(row_id, "override", override, LABELS)
    if (override is None) != (reason is None):
        raise _fault(row_id, "label_reason", "an override and its reason go together")
    return CrosswalkRow(
        row_id=row_id,
        claim=text_or_none(row["claim"]) or "",
        item_id=item,
        survey_answer=answer,
        relation=cast(Relation, relation),
        documents=_members(row_id, "eligible_document", row["eligible_document"], documents),
        roles=_members(row_id, "eligible_cases", row["eligible_cases"], roles),
        override=cast("Label | None", override),
        label_reason=reason,
    )


def parse_pairs(proxies: pd.DataFrame, codes: tuple[str, ...]) -> pd.DataFrame:
    """Read which codes, in which direction, stand for and against a claim; see `stances_by_codes`.

    One row per pair: row_id, code, direction, stance (for, against). ValueError for an unknown code
    or direction, or a pair on both sides.
    """
    found = []
    for row_id, *sides in proxies[["row_id", "supporting", "disconfirming"]].to_numpy():
        for column, stance, value in zip(_SIDES, ("for", "against"), sides, strict=True):
            for part in _split(value):
                code, _, direction = part.partition(":")
                _member(row_id, column, code, codes)
                _member(row_id, column, direction, DIRECTIONS)
                if (row_id, code, direction, "for") in found:
                    raise _fault(row_id, column, f"{part} also stands under supporting")
                found.append((row_id, code, direction, stance))
    return pd.DataFrame(found, columns=["row_id", "code", "direction", "stance"])


def _members(row_id: str, column: str, value: object, known: tuple[str, ...]) -> tuple[str, ...]:
    parts = tuple(_split(value))
    for part in parts:
        _member(row_id, column, part, known)
    return parts


def _member(row_id: str, column: str, value: str | None, known: tuple[str, ...]) -> None:
    if value not in known:
        raise _fault(row_id, column, f"{value!r} is not known; {nearest(value or '', known)}")


def _fault(row_id: str, column: str, what: str) -> ValueError:
    return ValueError(f"crosswalk, row {row_id}, column {column}: {what}; correct the crosswalk")


def _split(value: object) -> list[str]:
    return [part.strip() for part in (text_or_none(value) or "").split(";") if part.strip()]


def text_or_none(value: object) -> str | None:
    """Return a cell as stripped text, None where it is empty however the reader marks that."""
    return None if pd.isna(cast(Any, value)) else str(value).strip() or None


STANCES = ("for", "against", "mixed")
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
