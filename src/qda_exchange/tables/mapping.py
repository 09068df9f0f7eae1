"""A table of any other tool, by a CSV file that says what its columns mean (`column`, `means`).

A long table has a row for each coding; a wide one a column for each code, in which a mark or a
number says that it was applied. The program proposes a mapping, and a person mends it.
"""

import re
from collections.abc import Sequence

from compendium.text import nearest
from qda_exchange.tables.layouts import BLANKS, MARKS, Layout

#: What a column may mean; and the headings by which it is proposed.
MEANINGS = {
    "source": r"source|document|file|interview|transcript|title|dokument|fichier",
    "case": r"case|speaker|participant|respondent|person|informant|fall",
    "site": r"site|school|district|location|ort|schule",
    "role": r"role|position|rolle",
    "coder": r"coder|rater|coded by|annotator|author|user|kodierer",
    "codes": r"codes|themes|tags|labels",
    "code": r"code|theme|tag|label|category|kode|thema",
    "text": r"text|quote|quotation|excerpt|segment|content|passage|words|zitat",
    "start": r"start|begin|from|anfang",
    "end": r"end|to|stop|ende",
    "unit": r"unit|id|number|nr|segment id",
    "direction": r"direction|valence|polarity",
    "weight": r"weight|score|rating|gewicht",
    "memo": r"memo|comment|remark|kommentar",
    "applied": "",
    "ignore": "",
}


def mapped(meanings: dict[str, str]) -> Layout:
    """Return the layout of a table by its mapping; refuse one that cannot be meant."""
    for column, meaning in meanings.items():
        if meaning not in MEANINGS:
            hint = nearest(meaning, list(MEANINGS))
            raise ValueError(f"mapping, column {column!r}: {meaning!r} is no meaning; {hint}")
    used = set(meanings.values())
    if not {"code", "codes", "applied"} & used:
        raise ValueError("mapping: no column is 'code', 'codes' or 'applied'; say which holds them")
    by_heading = {name.lower(): what for name, what in meanings.items()}
    needed = tuple(sorted(used - {"ignore"}))
    return Layout("mapped table", by_heading, needed, path=lambda code: code.split("\\"))


def propose(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Propose what the columns of a table mean, by headings and by the first rows."""
    proposed: dict[str, str] = {}
    blank = []
    for at, name in enumerate(header):
        cells = {row[at].strip().lower() for row in rows if at < len(row)}
        patterns = [
            (what, f"({names})s?( (name|title|no|id))?") for what, names in MEANINGS.items()
        ]
        guesses = [what for what, one in patterns if re.fullmatch(one, name.strip().lower())]
        guess = next((what for what in guesses if what not in proposed.values()), "ignore")
        others = cells - MARKS - BLANKS
        if guess == "ignore" and not others and cells & MARKS:
            guess = "applied"
        elif guess == "ignore" and cells & BLANKS and all(map(str.isdecimal, others)):
            blank.append(name)
        proposed[name] = guess
    # A code that was applied nowhere in the sample, or counted, is like its neighbours.
    if "applied" in proposed.values():
        proposed |= dict.fromkeys(blank, "applied")
    return proposed
