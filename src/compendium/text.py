"""Words for messages, which every part of the project may use."""

import difflib
from collections.abc import Iterable, Sequence

#: How alike a name has to be to be proposed; at 0.6 *start* would resemble *district*.
ALIKE = 0.65
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun as a sentence has them: words below ten, digits from there.

    Examples
    --------
    >>> [counted(n, "passage") for n in (0, 1, 1200)]
    ['no passage', 'one passage', '1,200 passages']
    """
    word = SMALL[number] if 0 <= number < len(SMALL) else f"{number:,}"
    return f"{word} {noun if number in (0, 1) else plural or noun + 's'}"


def some_of(number: int, total: int, noun: str) -> str:
    """Return how many of a whole, as a sentence begins with it.

    Examples
    --------
    >>> [some_of(n, 15, "label") for n in (0, 1, 15)]
    ['None of the 15 labels', 'One of the 15 labels', 'All 15 labels']
    """
    part = counted(number, "of the", "of the").capitalize() if number else "None of the"
    return f"{'All' if number == total > 0 else part} {counted(total, noun)}"


def listed(words: Sequence[str], limit: int = 3, separator: str = ", ") -> str:
    """Return words as a list, cut short after `limit`.

    Examples
    --------
    >>> listed(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    rest = len(words) - limit
    return separator.join(words[:limit]) + (f" and {rest} more" if rest > 0 else "")


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
