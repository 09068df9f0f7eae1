"""The crosswalk: which claim a survey answer makes, and whose stance on it counts.

Everything that a label rests on is in this table, and a slip of the pen in it would pass for
silence. So every name is checked, and refused with row, column and the nearest valid name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from compendium.coding.checks import DIRECTIONS, require_columns
from compendium.text import nearest
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
