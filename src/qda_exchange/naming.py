r"""How codes and passages are named in the long table, and how a direction travels with a code.

A code is known by its name where the name is unique, and by its path (`Parent\\Child`) where it is
not. A direction is not part of a code's identity. Formats that know no directions hold it as a
sub-code named `code:direction`. Such a name alone means nothing, since people name codes so
themselves (`Attitude:mixed`): it is read as a direction where this program wrote it, which the
sub-code's identifier shows, or where someone asks for it.

A passage is known by its name where that is a name of its own. Many tools name a passage by its
first words, or not at all; such a passage is known by its place (`source:start-end`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from compendium.coding.checks import DIRECTIONS
from qda_exchange.report import CHOICE, Report

PATH, MARK = "\\", ":"
LONGEST_NAME = 255
#: How many characters of a passage more than its name has are compared with that.
MORE = 64
#: For each code the position of the code whose direction it is, and that direction.
Directions = list[tuple[int, str] | None]


class NamedCodes(NamedTuple):
    """Codes as they are known in the long table.

    `kept` are the positions of the codes that are codes, not directions of one; `names` and
    `parents` (None at the top) are theirs. `meant` has for every position the code's name and the
    direction it stands for.
    """

    kept: list[int]
    names: list[str]
    parents: list[str | None]
    meant: list[tuple[str, str | None]]


def name_codes(
    names: Sequence[str],
    parents: Sequence[int],
    report: Report,
    directions: Directions | None = None,
) -> NamedCodes:
    """Name a tree of codes (own names, positions of parents or -1) and part the directions from it.

    Examples
    --------
    >>> name_codes(["pace", "pace:helps"], [-1, 0], Report(), [None, (0, "helps")]).meant
    [('pace', None), ('pace', 'helps')]
    """
    directions = directions or [None] * len(names)
    kept = [position for position, direction in enumerate(directions) if not direction]
    for position, direction in enumerate(directions):
        if direction:
            report.add(CHOICE, "sub-code read as the direction of its code", "", names[position])
    row = {position: number for number, position in enumerate(kept)}
    of = [direction[0] if direction else at for at, direction in enumerate(directions)]
    above = [row[of[parents[at]]] if parents[at] >= 0 else -1 for at in kept]
    given = code_names([names[position] for position in kept], above, report)
    meant = [
        (given[row[of[at]]], direction[1] if direction else None)
        for at, direction in enumerate(directions)
    ]
    return NamedCodes(kept, given, [given[at] if at >= 0 else None for at in above], meant)


def directions_by_name(names: Sequence[str], parents: Sequence[int]) -> Directions:
    """Find the codes whose names say that they are a direction of another code.

    A code named `code:direction` may be one when it is a sub-code of that code, or when exactly one
    code has that name: tools without a hierarchy flatten it.

    Examples
    --------
    >>> directions_by_name(["pace", "pace:helps", "talk:helps"], [-1, 0, -1])
    [None, (0, 'helps'), None]
    """
    places: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        places.setdefault(name, []).append(position)
    found: Directions = []
    for position, whole in enumerate(names):
        name, direction = split_direction(whole)
        parent, alike = parents[position], places.get(name, [])
        if not direction or split_direction(name)[1]:
            found.append(None)
        elif parent >= 0 and names[parent] == name:
            found.append((parent, direction))
        else:
            found.append((alike[0], direction) if len(alike) == 1 else None)
    return found


def code_names(names: Sequence[str], parents: Sequence[int], report: Report) -> list[str]:
    r"""Name each code so that no two codes share a name; arguments as in `name_codes`.

    A name that several codes have becomes the path from the parent; siblings of one name get a
    number behind.

    Examples
    --------
    >>> code_names(["Pace", "slow", "Talk", "slow"], [-1, 0, -1, 2], Report())
    ['Pace', 'Pace\\slow', 'Talk', 'Talk\\slow']
    """
    own = _apart(names, parents)
    counts = Counter(own)
    given: list[str] = []
    taken: set[str] = set()
    numbers: Counter[str] = Counter()
    for old, name, parent in zip(names, own, parents, strict=True):
        whole = name if counts[name] == 1 or parent < 0 else given[parent] + PATH + name
        unique = _free(whole, taken, numbers)
        if unique != old:
            report.add(CHOICE, "code named by more than its name, which others share", "", unique)
        taken.add(unique)
        given.append(unique)
    return given


def _apart(names: Sequence[str], parents: Sequence[int]) -> list[str]:
    """Return own names in which siblings differ, by a number where they must."""
    known: dict[int, set[str]] = {}
    for name, parent in zip(names, parents, strict=True):
        known.setdefault(parent, set()).add(name)
    met: set[tuple[int, str]] = set()
    numbers: dict[int, Counter[str]] = {parent: Counter() for parent in known}
    apart = []
    for name, parent in zip(names, parents, strict=True):
        again = (parent, name) in met
        unique = _free(name, known[parent], numbers[parent]) if again else name
        met.add((parent, unique))
        known[parent].add(unique)
        apart.append(unique)
    return apart


def _free(name: str, taken: set[str], numbers: Counter[str]) -> str:
    """Return the name, with a number behind it that makes it one of a kind.

    `numbers` remembers the last number of each name, so that a name that comes thousands of times
    is not tried from the start each time.
    """
    unique = name
    while unique in taken:
        numbers[name] += 1
        unique = f"{name} ({numbers[name] + 1})"
    return unique


def written_names(codes: pd.DataFrame) -> list[str]:
    r"""Return the names that codes are written by, in a form that no tool finds twice.

    A code keeps its own name below its parent unless another has it too: some tools refuse the
    second code of a name, wherever it stands. Folders (not codable) are named apart from codes.

    Examples
    --------
    >>> frame = {"code": ["A", "A\\x", "B", "B\\x", "y"], "parent": [None, "A", None, "B", None]}
    >>> written_names(pd.DataFrame(frame).assign(codable=True))
    ['A', 'A\\x', 'B', 'B\\x', 'y']
    """
    pairs = list(zip(codes["code"], codes["parent"], strict=True))
    own = [c if pd.isna(parent) else c.removeprefix(parent + PATH) for c, parent in pairs]
    counts = Counter(zip(map(str.casefold, own), codes["codable"], strict=True))
    return [
        name if counts[name.casefold(), codable] == 1 else code
        for name, code, codable in zip(own, codes["code"], codes["codable"], strict=True)
    ]


def split_direction(code: str) -> tuple[str, str | None]:
    """Part a code's name from the direction that it may carry.

    Examples
    --------
    >>> split_direction("pace:helps"), split_direction("pace: what helps")
    (('pace', 'helps'), ('pace: what helps', None))
    """
    name, mark, direction = code.rpartition(MARK)
    return (name, direction) if mark and name and direction in DIRECTIONS else (code, None)


def passage_name(name: str, text: str | None, start: int, end: int) -> str | None:
    """Return a passage's name if it is one, None if it only repeats the passage's words.

    Examples
    --------
    >>> text = "We wait for the others."
    >>> passage_name("EPIC-001", text, 0, 23), passage_name("We wait for…", text, 0, 23)
    ('EPIC-001', None)
    """
    if not name or name != name.strip() or len(name) > LONGEST_NAME:
        return None
    # A passage may be as long as its text, and a file may hold many: the beginning is enough.
    words = None if text is None else text[start : min(end, start + 2 * len(name) + MORE)]
    if name == words:
        return None
    if len(name.split()) == 1:
        return name
    begins = " ".join((words or "").split()).startswith(" ".join(name.rstrip("….").split()))
    return None if words is None or begins else name


def place_name(source: str, start: int, end: int) -> str:
    """Return the name of a passage that has none of its own: `Lola.txt:12-40`."""
    return f"{source}:{start}-{end}"
