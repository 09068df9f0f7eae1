"""Putting together as frames what was gathered of a file.

Only when all texts are in is it decided what the positions mean, who belongs to a passage, and what
it is called.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from qda_exchange import naming
from qda_exchange.gathering import NONE, Code, Gathered
from qda_exchange.guard import Guard
from qda_exchange.model import COLUMNS, VARIABLE_COLUMNS, CodedProject, table, without_repeats
from qda_exchange.positions import Quoted, decide
from qda_exchange.refi.elements import identifier
from qda_exchange.report import CHOICE, DEVIATION, DROPPED

SAID = ["source_number", "start", "end", "unit", "case", "site", "role"]


class Collector(Gathered):
    """Everything of one file, to be put together in the end."""

    def project(self, origin: str = "") -> CodedProject:
        """Put everything together; `origin` is the program that wrote the file."""
        source, start, end = self._places(origin)
        units = self._units(source, start, end)
        rows, owner = self._people(source)
        units = units.iloc[rows].assign(**owner)
        codes, meant = self._code_frame()
        texts = [one.text.folded if one.text else None for one in self.sources]
        named = {"source": [one.name for one in self.sources]}
        named |= {"kind": [one.kind for one in self.sources], "text": texts}
        return CodedProject.of(
            applications=self._applications(units, rows, meant),
            units=units.drop_duplicates(SAID),
            codes=codes,
            sources=pd.DataFrame(named).dropna(subset="source"),
            variables=pd.DataFrame(self._variables, columns=list(VARIABLE_COLUMNS)),
            pairs=self.pairs,
        )

    def _places(self, origin: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return source, start and end of each passage as places in its text."""
        source, start, end = (np.array(one) for one in (self._source, self._start, self._end))
        quoted: list[Quoted] = []
        rows: list[np.ndarray] = []
        for number, document in enumerate(self.sources):
            if document.text and not document.text.plain:
                here = np.flatnonzero((source == number) & (start >= 0))
                names = [self._quoted.get(at) or self._words.get(at) for at in here.tolist()]
                spans = start[here].tolist(), end[here].tolist()
                quoted.append(Quoted(document.name or "", document.text, *spans, names))
                rows.append(here)
        if quoted:
            rule = decide(quoted, origin, self.guard)
            for one, here in zip(quoted, rows, strict=True):
                start[here] = one.text.place(start[here], rule)
                end[here] = one.text.place(end[here], rule)
        furthest = [len(x.text.folded) if x.text else np.iinfo(np.int64).max for x in self.sources]
        for at in np.flatnonzero(end > np.array(furthest)[source]) if len(source) else ():
            place = naming.place_name(self.sources[source[at]].name or "", start[at], end[at])
            self.report.add(DEVIATION, "passage beyond the end of its text", place)
        return source, start, end

    def _units(self, source: np.ndarray, start: np.ndarray, end: np.ndarray) -> pd.DataFrame:
        """Return one row per passage: source_number, source, start, end, unit, text."""
        units = pd.DataFrame({"source_number": source, "start": start, "end": end})
        units = units.astype({"start": "Int64", "end": "Int64"})
        units.loc[start == NONE, ["start", "end"]] = pd.NA
        sources = [one.name for one in self.sources]
        texts = [one.text.folded if one.text else None for one in self.sources]
        names = [
            naming.place_name(sources[at] or "", first, last)
            for at, first, last in zip(source.tolist(), start.tolist(), end.tolist(), strict=True)
        ]
        words = words_of(texts, source, start, end, self.guard)
        for at, said in self._words.items():
            kept = words[at]
            if kept is not None and kept.split() != said.split():
                what = "words that differ from those at their place in the text"
                self.report.add(DEVIATION, what, names[at], said)
            words[at] = said if kept is None else kept
        for at, name in self._own_names(texts, source, start, end):
            names[at] = name
        for at, name in self._labels.items():
            names[at] = name
        units["source"] = _take(sources, source)
        return units.assign(unit=pd.array(names, dtype="str"), text=pd.array(words, dtype="str"))

    def _own_names(self, texts: list[str | None], *spans: np.ndarray) -> Iterator[tuple[int, str]]:
        """Yield passages with a name of their own: one a place, and none twice in a source."""
        places: dict[tuple[int, str], set[tuple[int, ...]]] = defaultdict(set)
        for at, quoted in self._quoted.items():
            source, start, end = span = tuple(int(one[at]) for one in spans)
            if name := naming.passage_name(quoted, texts[source], start, end):
                places[source, name].add(span)
        names: dict[tuple[int, ...], str] = {}
        for (_, name), found in places.items():
            if len(found) == 1:
                names.setdefault(next(iter(found)), name)
        if names:
            for at, span in enumerate(zip(*(one.tolist() for one in spans), strict=True)):
                if span in names:
                    yield at, names[span]

    def _people(self, source: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
        """Return the passage of each row, one row a case; and who that is: case, site, role."""
        counts = np.ones(len(source), dtype=np.int64)
        for at, cases in self._members.items():
            counts[at] = len(cases)
        self._bound(int(counts.sum()))
        rows = np.repeat(np.arange(len(source)), counts)
        case = np.full(len(rows), NONE)
        firsts = np.cumsum(counts) - counts
        for at, cases in self._members.items():
            case[firsts[at] : firsts[at] + len(cases)] = cases
        owner = {"case": _take([one.name for one in self.cases], case)}
        for column in ("site", "role"):
            name = getattr(self.guard.options, column).lower()
            own = [one.values.get(name) for one in self.cases]
            general = [one.values.get(name) for one in self.sources]
            owner[column] = _take(own, case).fillna(_take(general, source[rows]))
            if any(own) or any(general):
                self.guard.options.used.add(column)
        return rows, {name: values.array for name, values in owner.items()}

    def _code_frame(self) -> tuple[list[dict[str, Any]], list[tuple[str, str | None]]]:
        """Return the codes without directions, and for each code its name and direction."""
        directions, names = self._directed(), [one.name for one in self.codes]
        # A direction stands for the code that it is of.
        of = [found[0] if found else at for at, found in enumerate(directions)]
        kept = [at for at, found in enumerate(directions) if not found]
        for at, found in enumerate(directions):
            if found:
                self.report.add(CHOICE, "sub-code read as the direction of its code", "", names[at])
        row = {at: number for number, at in enumerate(kept)}
        above = [row[of[one]] if (one := self.codes[at].parent) != NONE else NONE for at in kept]
        given = naming.code_names([names[at] for at in kept], above, self.report)
        for at in sorted(set(self._applied)):
            if not self.codes[at].codable:
                self.report.add(DEVIATION, "code applied that is only a folder", "", names[at])
        hidden = self.hidden - {one.parent for one in self.codes}
        rows = [
            {**vars(self.codes[at]), "code": name, "parent": None if up == NONE else given[up]}
            for at, name, up in zip(kept, given, above, strict=True)
            if at not in hidden
        ]
        meant = [
            (given[row[at]], found[1] if found else None)
            for at, found in zip(of, directions, strict=True)
        ]
        return rows, meant

    def _directed(self) -> naming.Directions:
        """Find the codes that are directions: ours by their identifier, others if asked."""
        if self.guard.options.directions:
            self._add_directed()
        names, parents = [one.name for one in self.codes], [one.parent for one in self.codes]
        found = naming.directions_by_name(names, parents)
        for at, direction in enumerate(found):
            if direction and self.guard.options.directions:
                self.guard.options.used.add("directions")
            elif direction:
                ours = identifier("direction", self.codes[direction[0]].guid, direction[1])
                found[at] = direction if self.codes[at].guid == ours else None
        return found

    def _add_directed(self) -> None:
        """Add codes of which a file has only the directions."""
        names, parents = ({getattr(x, y) for x in self.codes} for y in ("name", "parent"))
        for code in [one for at, one in enumerate(self.codes) if at not in parents]:
            name, direction = naming.split_direction(code.name)
            if direction and name not in names and not naming.split_direction(name)[1]:
                self.add_code(Code(name, code.parent))
                names.add(name)

    def _applications(
        self, units: pd.DataFrame, rows: np.ndarray, meant: list[tuple[str, str | None]]
    ) -> pd.DataFrame:
        """Return the long table: each coding with every case of its passage."""
        unit, coder, code = (np.array(x) for x in (self._unit, self._coded_by, self._applied))
        first = np.searchsorted(rows, unit)
        counts = np.searchsorted(rows, unit, side="right") - first
        total = int(counts.sum())
        self._bound(total)
        coding = np.repeat(np.arange(len(unit)), counts)
        within = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
        long = units.drop(columns="text").iloc[first[coding] + within].reset_index(drop=True)
        long["coder"] = _take(list(self._coders), coder[coding])
        long["code"] = _take([name for name, _ in meant], code[coding])
        long["direction"] = _take([direction for _, direction in meant], code[coding])
        if self._directions:
            own = pd.Series(self._directions, dtype="str").reindex(coding).reset_index(drop=True)
            long["direction"] = own.fillna(long["direction"])
        long["weight"] = pd.Series(self.weights, dtype="float64").reindex(coding).to_numpy()
        applied = table(long, COLUMNS)
        if self.joined:
            # A quotation that stands twice brings its codings twice: those are no repetitions.
            twice = applied.duplicated(list(COLUMNS)) & np.isin(unit[coding], list(self.joined))
            applied = applied[~twice.to_numpy()]
        return without_repeats(applied, self.report)


def _take(names: Sequence[str | None], positions: np.ndarray) -> pd.Series:
    """Return the names at some positions, missing at -1."""
    labels = pd.array([*names, None], dtype="str")
    return pd.Series(labels.take(np.asarray(positions, dtype="int64")), dtype="str")


def words_of(
    texts: Sequence[str | None],
    source: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
    guard: Guard,
) -> list[str | None]:
    """Return the words of passages, given by the number of their text, start and end.

    Words beyond the limits, of one passage and of all, are left out and reported: a file could ask
    for a thousand copies of a book.
    """
    words: list[str | None] = [None] * len(source)
    left, left_out = guard.limits.words, 0
    spans = zip(source.tolist(), start.tolist(), end.tolist(), strict=True)
    for number, (at, first, last) in enumerate(spans):
        text = texts[at] if at >= 0 and first >= 0 else None
        if text is None:
            continue
        if last - first <= min(guard.limits.passage, left):
            words[number] = text[first:last]
            left -= last - first
        else:
            left_out += 1
    if left_out:
        what = "words of a passage too long to be repeated: they stand in its source"
        guard.report.add(DROPPED, what, "", "", left_out)
    return words
