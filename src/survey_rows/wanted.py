"""What the survey's tables want: their fields, the words that name them, and the answers allowed.

All of it comes from the contract, the instrument, its scales and the printed items; nothing about
this study is typed here.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from compendium import data
from compendium.data.contract import read_contract

ROSTER = "roster"
RESPONSES = ("responses_web", "responses_paper")
TABLES = (ROSTER, *RESPONSES)
IDENTIFIER, ORIGIN = "teacher_id", "origin"
#: What an identifier is called in exports, the likeliest first.
IDENTIFIERS = "teacher_id teacher token external_reference external_data_reference id response_id"


@dataclass(frozen=True)
class Field:
    """One field of the survey's tables, by the name of its column.

    `words` are what a file may call it, `answers` the key under which its answers are mapped (the
    scale of an item, else its name), `levels` the allowed answers in order (none of the identifier)
    and `item` whether it is a question of the instrument.
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
    roster, answers = (contract.resource(name)["schema"] for name in TABLES[:2])
    keys = {key["fields"][0]: key["reference"] for key in roster.get("foreignKeys", ())}
    found = [Field(IDENTIFIER, tuple(IDENTIFIERS.split()), IDENTIFIER)]
    for field in roster["fields"]:
        name, levels = field["name"], field["constraints"].get("enum", ())
        if name in keys:
            levels = data.load(keys[name]["resource"], root)[keys[name]["fields"][0]]
        if name not in (IDENTIFIER, ORIGIN):
            found.append(Field(name, (name, field["title"]), name, tuple(levels)))
    wordings = data.load("epic_items", root).set_index("item_id")["wording"]
    levels_of = {field["name"]: field["constraints"].get("enum", ()) for field in answers["fields"]}
    for item in data.load("instrument", root).to_dict("records"):
        wording = wordings.get(item["item_id"], item["label"])
        words = (item["column"], item["item_id"], item["label"], wording)
        levels = tuple(levels_of[item["column"]])
        found.append(Field(item["column"], words, item["scale"], levels, item=True))
    return found
