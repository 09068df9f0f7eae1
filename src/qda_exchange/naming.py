r"""How codes and passages are named in the long table, and how a direction travels with a code.

A code is known by its name where the name is unique, and by its path (`Parent\\Child`) where it is
not. Formats that know no directions hold one as a sub-code named `code:direction`. People name
codes so themselves (`Attitude:mixed`), so such a code is a direction only where this program wrote
it, which its identifier shows, or where someone asks for it.

A passage is known by its name where that is a name of its own. Many tools name a passage by its
first words, or not at all; such a passage is known by its place (`source:start-end`).
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

import pandas as pd

from compendium.coding.checks import DIRECTIONS
from qda_exchange.report import CHOICE, Report

PATH, MARK = "\\", ":"
LONGEST_NAME = 255
#: How many characters of a passage more than its name has are compared with that.
MORE = 64
#: For each code the position of the code whose direction it is, and that direction.
Directions = list[tuple[int, str] | None]


class Names:
    """Names that are taken; one that comes again gets a number behind."""

    def __init__(self, taken: Iterable[tuple[Hashable, str]] = ()) -> None:
        self._taken = set(taken)
        self._numbers: Counter[tuple[Hashable, str]] = Counter()

    def free(self, name: str, among: Hashable = None, cut: int | None = None) -> str:
        """Take a name that no other of its kind has, cut before the number where it must be."""
        unique = name
        while (among, unique) in self._taken:
            # The number goes on where it stopped: a name may come thousands of times.
            self._numbers[among, name] += 1
            unique = f"{name[:cut]} ({self._numbers[among, name] + 1})"
        self._taken.add((among, unique))
        return unique


def directions_by_name(names: Sequence[str], parents: Sequence[int]) -> Directions:
    """Find the codes whose names say that they are a direction of another code.

    A code named `code:direction` may be one when it is a sub-code of that code, or when exactly one
    code has that name: tools without a hierarchy flatten it.
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
    r"""Name the codes of a tree (own names, positions of parents or -1) so that none share a name.

    A name that several codes have becomes the path from the parent; siblings of one name get a
    number behind.
    """
    places = list(zip(parents, names, strict=True))
    siblings, met, own = Names(places), set(), []
    for parent, name in places:
        own.append(siblings.free(name, parent) if (parent, name) in met else name)
        met.add((parent, name))
    counts, taken, given = Counter(own), Names(), list[str]()
    for (parent, old), name in zip(places, own, strict=True):
        whole = name if counts[name] == 1 or parent < 0 else given[parent] + PATH + name
        given.append(taken.free(whole))
        if given[-1] != old:
            what = "code named by more than its name, which others share"
            report.add(CHOICE, what, "", given[-1])
    return given


def written_names(codes: pd.DataFrame) -> list[str]:
    """Return the names that codes are written by, in a form that no tool finds twice.

    A code keeps its own name below its parent unless another has it too: some tools refuse the
    second code of a name, wherever it stands. Folders (not codable) are named apart from codes.
    """
    pairs = list(zip(codes["code"], codes["parent"], strict=True))
    own = [c if pd.isna(parent) else c.removeprefix(parent + PATH) for c, parent in pairs]
    counts = Counter(zip(map(str.casefold, own), codes["codable"], strict=True))
    return [
        name if counts[name.casefold(), codable] == 1 else code
        for name, code, codable in zip(own, codes["code"], codes["codable"], strict=True)
    ]


def split_direction(code: str) -> tuple[str, str | None]:
    """Part a code's name from the direction that it may carry."""
    name, mark, direction = code.rpartition(MARK)
    return (name, direction) if mark and name and direction in DIRECTIONS else (code, None)


def passage_name(name: str, text: str | None, start: int, end: int) -> str | None:
    """Return a passage's name if it is one, None if it only repeats the passage's words."""
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
