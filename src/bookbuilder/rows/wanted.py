"""What the survey's tables want: their fields, the words that name them, and the answers allowed.

All of it comes from the contract, the instrument, its scales and the printed items; nothing about
this study is typed here.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compendium import data
from compendium.data.contract import Contract, read_contract

ROSTER = "roster"
RESPONSES = ("responses_web", "responses_paper")
TABLES = (ROSTER, *RESPONSES)
IDENTIFIER, ORIGIN = "teacher_id", "origin"
#: What an identifier is called in exports, the likeliest first.
IDENTIFIERS = "teacher_id teacher token external_reference external_data_reference id response_id"


@dataclass(frozen=True)
class Field:
    """One field of the survey's tables.

    Parameters
    ----------
    name
        Its column.
    words
        What a file may call it: its name, its item, its wording, its label.
    answers
        Key under which its answers are mapped: the scale of an item, otherwise its name.
    levels
        Allowed answers in their order; none for the identifier.
    item
        Whether it is an item of the instrument.
    """

    name: str
    words: tuple[str, ...]
    answers: str
    levels: tuple[str, ...] = ()
    item: bool = False


def plain(text: str) -> str:
    """Return the letters and digits of a text in small letters, to compare it by.

    Examples
    --------
    >>> plain("EPIC-I-001") == plain("epic_i_001")
    True
    """
    return re.sub(r"[\W_]+", "", text.casefold())


def fields(root: Path) -> list[Field]:
    """Return the fields that the rows of a project have, identifier first, then roster, items."""
    contract = read_contract(root)
    wordings = dict(_pairs(root, "epic_items", "item_id", "wording"))
    items = data.load("instrument", root).to_dict("records")
    by_column = {item["column"]: item for item in items}
    found = [Field(IDENTIFIER, tuple(IDENTIFIERS.split()), IDENTIFIER)]
    for described in contract.resource(ROSTER)["schema"]["fields"]:
        name = described["name"]
        if name not in (IDENTIFIER, ORIGIN):
            levels = _allowed(contract, described, root)
            found.append(Field(name, (name, described["title"]), name, levels))
    for described in contract.resource(RESPONSES[0])["schema"]["fields"]:
        if described["name"] in by_column:
            item = by_column[described["name"]]
            wording = wordings.get(item["item_id"], item["label"])
            words = (item["column"], item["item_id"], item["label"], wording)
            levels = tuple(described["constraints"]["enum"])
            found.append(Field(item["column"], words, item["scale"], levels, item=True))
    return found


def _allowed(contract: Contract, described: dict[str, Any], root: Path) -> tuple[str, ...]:
    """Return the values of a roster field: those listed, or those of the table it refers to."""
    if "enum" in described["constraints"]:
        return tuple(described["constraints"]["enum"])
    for key in contract.resource(ROSTER)["schema"].get("foreignKeys", []):
        if key["fields"] == [described["name"]]:
            other, (field,) = key["reference"]["resource"], key["reference"]["fields"]
            return tuple(data.load(other, root)[field])
    return ()


def _pairs(root: Path, table: str, key: str, value: str) -> Any:
    frame = data.load(table, root)
    return zip(frame[key], frame[value], strict=True)
