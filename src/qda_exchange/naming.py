r"""How codes and passages are named in the long table, and how a direction travels with a code.

A code is known by its name where the name is unique, and by its path (`Parent\Child`) where it is
not. A direction is not part of a code's identity. Formats that know no directions hold it as a
sub-code named `code:direction`: of all that tools exchange, names are the safest; this one stays
unique where a tool wants names to be unique, and reads well in a list of codes.

A passage is known by its name where that is a name of its own. Many tools name a passage by its
first words, or not at all; such a passage is known by its place (`source:start-end`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from compendium.coding.checks import DIRECTIONS
from qda_exchange.report import CHOICE, Report

PATH = "\\"
MARK = ":"
LONGEST_NAME = 255
ENOUGH = 4 * LONGEST_NAME


@dataclass(frozen=True)
class NamedCodes:
    """Codes as they are known in the long table.

    Parameters
    ----------
    kept
        Positions of the codes that are codes, not directions of one.
    names
        The name of each kept code.
    parents
        The name of each kept code's parent, None at the top.
    meant
        For every position the code's name and the direction it stands for.
    """

    kept: list[int]
    names: list[str]
    parents: list[str | None]
    meant: list[tuple[str, str | None]]


def name_codes(names: Sequence[str], parents: Sequence[int], report: Report) -> NamedCodes:
    """Name a tree of codes and part the directions from it.

    Parameters
    ----------
    names
        The codes' own names, parents before children.
    parents
        For each code the position of its parent, -1 for none.
    report
        Gets every code that its own name does not identify, and every direction.

    Returns
    -------
    NamedCodes
        A code named `code:direction` stands for a direction when it is a sub-code of that code, or
        when exactly one code has that name: tools without a hierarchy flatten it.

    Examples
    --------
    >>> name_codes(["pace", "pace:helps", "talk:helps"], [-1, 0, -1], Report()).meant
    [('pace', None), ('pace', 'helps'), ('talk:helps', None)]
    """
    places: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        places.setdefault(name, []).append(position)
    directed = [_directed(at, names, parents, places) for at in range(len(names))]
    kept = [position for position, (_, direction) in enumerate(directed) if not direction]
    for position, (_, direction) in enumerate(directed):
        if direction:
            report.add(CHOICE, "sub-code read as the direction of its code", "", names[position])
    row = {position: number for number, position in enumerate(kept)}
    above = [
        row[directed[parents[position]][0]] if parents[position] >= 0 else -1 for position in kept
    ]
    given = code_names([names[position] for position in kept], above, report)
    return NamedCodes(
        kept,
        given,
        [given[number] if number >= 0 else None for number in above],
        [(given[row[position]], direction) for position, direction in directed],
    )


def _directed(
    position: int, names: Sequence[str], parents: Sequence[int], places: dict[str, list[int]]
) -> tuple[int, str | None]:
    """Return the position of the code that a position stands for, and the direction."""
    name, direction = split_direction(names[position])
    if not direction or split_direction(name)[1]:
        return position, None
    parent = parents[position]
    if parent >= 0 and names[parent] == name:
        return parent, direction
    alike = places.get(name, [])
    return (alike[0], direction) if len(alike) == 1 else (position, None)


def code_names(names: Sequence[str], parents: Sequence[int], report: Report) -> list[str]:
    r"""Name each code so that no two codes share a name.

    Parameters
    ----------
    names
        The codes' own names, parents before children.
    parents
        For each code the position of its parent, -1 for none.
    report
        Gets a line for each code that its name alone does not identify.

    Returns
    -------
    list of str
        The name; for a name that several codes have the path from the parent; for siblings of one
        name a number behind.

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


def own_name(code: str, parent: str | None) -> str:
    r"""Return the name that a code has beside its siblings; the inverse of `code_names`.

    Examples
    --------
    >>> own_name("Pace\\slow", "Pace"), own_name("slow", "Pace")
    ('slow', 'slow')
    """
    return code.removeprefix(parent + PATH) if parent else code


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

    Parameters
    ----------
    name
        What the file calls the passage.
    text
        The text it is in, None when that is not known.
    start, end
        Where it is.

    Examples
    --------
    >>> text = "We wait for the others."
    >>> passage_name("EPIC-001", text, 0, 23), passage_name("first answer", text, 0, 23)
    ('EPIC-001', 'first answer')
    >>> passage_name("We wait for…", text, 0, 23), passage_name("others", text, 16, 22)
    (None, None)
    """
    if not name or name != name.strip() or len(name) > LONGEST_NAME:
        return None
    # A passage may be as long as its text, and a file may hold many: the beginning is enough.
    words = None if text is None else text[start : min(end, start + ENOUGH)]
    if name == words:
        return None
    if len(name.split()) == 1:
        return name
    begins = " ".join((words or "").split()).startswith(" ".join(name.rstrip("….").split()))
    return None if words is None or begins else name


def place_name(source: str, start: int, end: int) -> str:
    """Return the name of a passage that has none of its own.

    Examples
    --------
    >>> place_name("Lola.txt", 12, 40)
    'Lola.txt:12-40'
    """
    return f"{source}:{start}-{end}"
