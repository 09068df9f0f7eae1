"""Which words a position means: programs count characters in four ways.

The standard counts code points of the file. Programs in C# or JavaScript count UTF-16 units, in
which an emoji is two; and a line end of two characters (CR LF) counts as one or as two. A file does
not say how it counts, so each way is held against it: the words that a passage repeats as its name,
and whether passages begin and end between words. Where that ties, the program that wrote the file
decides; where that is unknown, nothing is guessed. Texts are kept with line ends of one character,
and places in them are code points, so that `text[start:end]` gives the words.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from qda_exchange.guard import Guard
from qda_exchange.report import CHOICE, DEVIATION

#: Name of each rule: whether characters beyond 16 bits, and line ends of two, count two.
RULES = {
    "characters": (False, True),
    "utf16": (True, True),
    "characters-lf": (False, False),
    "utf16-lf": (True, False),
}
#: How a program counts, by how its name begins; used only where the file itself leaves it open.
#: Of our own files we know it.
OURS = "compendium"
CUSTOMS = {"nvivo": "utf16", OURS: "characters"}
CUSTOMS |= dict.fromkeys(("atlas", "maxqda", "qualcoder"), "characters-lf")
LINE_END = re.compile(r"\r\n?")
WIDE = re.compile("[\U00010000-\U0010ffff]")
#: Shorter names may be labels; of longer ones only so much is compared with the words.
SHORTEST_QUOTATION, COMPARED = 8, 40


class Text:
    """A text, and how places in it follow from positions in a file."""

    __slots__ = ("_pairs", "_wide", "_wide_folded", "folded", "plain")

    def __init__(self, text: str) -> None:
        self.folded = LINE_END.sub("\n", text) if "\r" in text else text
        self._pairs = _found(re.compile("\r\n"), text if "\r" in text else "")
        self._wide = _found(WIDE, "" if text.isascii() else text)
        self._wide_folded = self._wide - np.searchsorted(self._pairs, self._wide)
        #: Whether all rules give the same places.
        self.plain = not len(self._pairs) and not len(self._wide)

    def place(self, positions: np.ndarray, rule: str) -> np.ndarray:
        """Return the places in the folded text that positions mean."""
        wide, pairs = RULES[rule]
        places = np.asarray(positions, dtype=np.int64)
        if wide:
            doubled = self._wide if pairs else self._wide_folded
            places = places - np.searchsorted(
                doubled + 2 + np.arange(len(doubled)), places, "right"
            )
        if pairs:
            places = places - np.searchsorted(self._pairs + 2, places, "right")
        return places


def _found(pattern: re.Pattern[str], text: str) -> np.ndarray:
    return np.fromiter((one.start() for one in pattern.finditer(text)), dtype=np.int64)


class Quoted(NamedTuple):
    """The passages of one text: positions as the file has them, and what it calls each."""

    source: str
    text: Text
    starts: Sequence[int]
    ends: Sequence[int]
    names: Sequence[str | None]


class _Fit:
    """How the passages of all texts fit one rule: places, and how many fit by name and by ends."""

    def __init__(self, passages: Sequence[Quoted], rule: str) -> None:
        spans = [np.array([one.starts, one.ends], dtype=np.int64) for one in passages]
        self.places = [
            one.text.place(span, rule) for one, span in zip(passages, spans, strict=True)
        ]
        #: Passages that fit their names, end between words, and have no blank at the end.
        self.support = (0, 0, 0)
        self.of_source = [0] * len(passages)

    def same(self, other: "_Fit") -> bool:
        return all(map(np.array_equal, self.places, other.places))

    def weigh(self, passages: Sequence[Quoted], disputed: list[np.ndarray]) -> None:
        """Count the disputed passages whose name, or whose ends, fit."""
        totals = np.zeros(3, dtype=int)
        for at, one in enumerate(passages):
            text = one.text.folded
            for row in np.flatnonzero(disputed[at]):
                start, end = self.places[at][:, row].tolist()
                bounded = start < end <= len(text) and _is_bounded(text, start, end)
                words = text[start : min(end, start + 4 * COMPARED)]
                quoted = _is_quoted(one.names[int(row)] or "", words)
                totals += quoted, bounded, bounded and not text[end - 1].isspace()
                self.of_source[at] += bounded + quoted
        self.support = tuple(totals.tolist())


def decide(passages: Sequence[Quoted], origin: str, guard: Guard) -> str:
    """Return the rule by which a file counts positions, and report why.

    `passages` are those of every text in which the rules differ, `origin` is the program that wrote
    the file. When two rules fit equally well, give different words, and the program is not known,
    the file is refused.
    """
    fits = {rule: _Fit(passages, rule) for rule in RULES}
    kinds: list[str] = []
    for rule, fit in fits.items():
        if not any(fit.same(fits[kind]) for kind in kinds):
            kinds.append(rule)
    if len(kinds) == 1:
        return kinds[0]
    disputed = [
        np.any([(fits[kind].places[at] != first).any(axis=0) for kind in kinds[1:]], axis=0)
        for at, first in enumerate(fits[kinds[0]].places)
    ]
    for kind in kinds:
        fits[kind].weigh(passages, disputed)
    chosen, why = _choose(fits, kinds, origin, passages, guard)
    fit = next(fits[kind] for kind in kinds if fits[kind].same(fits[chosen]))
    total = sum(int(one.sum()) for one in disputed)
    quoted, bounded, _ = fit.support
    support = f"{bounded} of the {total} passages that depend on it begin and end between words"
    support += f", {quoted} fit their names" if quoted else ""
    guard.report.add(CHOICE, f"positions counted as {chosen}: {why}", "", support)
    for at, one in enumerate(passages):
        found, best = max((fits[kind].of_source[at], kind) for kind in kinds)
        if found >= 2 + 2 * fit.of_source[at]:
            what = f"source whose passages fit the rule {best} better: check its words"
            guard.report.add(DEVIATION, what, one.source)
    return chosen


def _choose(
    fits: dict[str, _Fit], kinds: list[str], origin: str, passages: Sequence[Quoted], guard: Guard
) -> tuple[str, str]:
    """Return a rule and why: as asked, or as fits best, or as the program is known to count."""
    if guard.options.positions:
        guard.options.used.add("positions")
        return guard.options.positions, "as asked"
    best = max(fits[kind].support for kind in kinds)
    tied = [kind for kind in kinds if fits[kind].support == best]
    for name, rule in CUSTOMS.items():
        meant = next(kind for kind in kinds if fits[kind].same(fits[rule]))
        if origin.lower().startswith(name) and tied != [meant] and (meant in tied or name == OURS):
            return meant, f"{name} counts so"
    if len(tied) == 1:
        return tied[0], "this fits the file best"
    one, other = _example(passages, fits[tied[0]], fits[tied[1]])
    problem = (
        f"can be counted as {' or as '.join(tied)}, and nothing in the file decides: a passage "
    )
    problem += f"is {one!r} or {other!r}"
    remedy = f"say which with --positions, such as --positions {tied[0]}"
    raise guard.refusal("positions", problem, remedy)


def _is_bounded(text: str, start: int, end: int) -> bool:
    """Say whether a passage begins and ends between words."""
    inside = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    cut = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return not inside and not cut and not text[start].isspace()


def _is_quoted(name: str, words: str) -> bool:
    """Say whether a name repeats the beginning of some words."""
    name, words = (" ".join(one.rstrip("….").split()) for one in (name, words))
    if len(name) < SHORTEST_QUOTATION:
        return bool(name) and name == words
    return words.startswith(name[:COMPARED])


def _example(passages: Sequence[Quoted], one: _Fit, other: _Fit) -> tuple[str, str]:
    """Return the words of a passage under two rules."""
    for quoted, here, there in zip(passages, one.places, other.places, strict=True):
        for row in np.flatnonzero((here != there).any(axis=0)):
            ends = (spans[:, row].tolist() for spans in (here, there))
            first, second = (quoted.text.folded[start:end][:COMPARED] for start, end in ends)
            return first, second
    return "", ""
