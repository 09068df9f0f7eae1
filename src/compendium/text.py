"""Words for messages, which every part of the project may use."""

import difflib
from collections.abc import Iterable

#: How alike a name has to be to be proposed; at 0.6 *start* would resemble *district*.
ALIKE = 0.65


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest valid name, or all of them when none is near.

    Examples
    --------
    >>> nearest("rostr", ["roster", "segments"])
    "did you mean 'roster'?"
    >>> nearest("start", ["district", "gender"])
    'known: district, gender'
    """
    names = sorted(known)
    match = difflib.get_close_matches(word, names, n=1, cutoff=ALIKE)
    if match:
        return f"did you mean '{match[0]}'?"
    return "known: " + (", ".join(names) or "none")
