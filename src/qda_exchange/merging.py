"""Putting the files of several coders, or of several parts of a study, into one project.

Documents and passages of a team are the same, but hardly an identifier is. So documents are matched
by name, by their text, and by the name without its ending; passages by their place in a text that
is the same, else by their words (counted where they stand several times), else by name. What is
merely alike stays apart, and the report says how often.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from pathlib import PurePath
from typing import Any

import pandas as pd

from qda_exchange.model import (
    CODE_COLUMNS,
    COLUMNS,
    SOURCE_COLUMNS,
    UNIT_COLUMNS,
    CodedProject,
    complete,
    records,
    table,
    without_repeats,
)
from qda_exchange.naming import Names
from qda_exchange.overlaps import merge_overlapping
from qda_exchange.reading import ImportedProject
from qda_exchange.report import CHOICE, DEVIATION, Report

UNIT = ["source", "start", "end", "unit", "text"]
PEOPLE = ["case", "site", "role"]
Passage = tuple[Any, ...]


def merge(files: Sequence[ImportedProject], names: Sequence[str] = ()) -> ImportedProject:
    r"""Merge projects, matching documents and passages by name, place and words.

    `names` says what to call each file in the report, which tells how passages were matched, and
    where documents, codes or coders of the files do not fit together. A passage that one file does
    not have is one that its coder left alone. Raises ValueError for fewer than two files.

    Examples
    --------
    >>> from qda_exchange.reading import read
    >>> head = b"id,document,tag,content\n"
    >>> ada = read(head + b"1,Lola,pace,We wait.\n", "ada.csv", coder="Ada")
    >>> ben = read(head + b"7,Lola,pace,We wait.\n", "ben.csv", coder="Ben")
    >>> merge([ada, ben]).project.applications[["unit", "coder"]].values.tolist()
    [['1', 'Ada'], ['1', 'Ben']]
    """
    if len(files) < 2:
        raise ValueError("merge: give at least two files; one alone is imported.")
    merging = _Merging(Report())
    projects = [complete(file.project) for file in files]
    # Files with texts come first: passages known by their words alone find their places in them.
    for at in sorted(range(len(files)), key=lambda at: projects[at].sources["text"].isna().all()):
        name = names[at] if at < len(names) else f"file {at + 1}"
        merging.add(projects[at], name)
    project = merge_overlapping(merging.project(), merging.report)
    return ImportedProject(project, "merged", merging.report)


class _Merging:
    """The documents, passages and codes met so far, and by what they are known."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._sources: dict[str, tuple[str, str | None]] = {}
        self._units: dict[Hashable, Passage] = {}
        self._names = Names()
        self._codes: dict[str, tuple[Any, ...]] = {}
        self._coders: dict[str, str] = {}
        names = ("applications", "units", "variables", "pairs")
        self._frames: dict[str, list[pd.DataFrame]] = {name: [] for name in names}

    def add(self, project: CodedProject, file: str) -> None:
        """Take in one project."""
        sources = self._match_sources(project, file)
        units = self._match_units(project, sources, file)
        self._add_codes(project, file)
        for coder in project.applications["coder"].dropna().unique():
            if self._coders.setdefault(coder, file) != file:
                what = "coder of one name in two files: taken as the same person"
                self.report.add(CHOICE, what, file, coder)
        for name in ("applications", "units"):
            rows = getattr(project, name)
            found = [units[key] for key in records(rows, UNIT[:-1])]
            frame = pd.DataFrame(found, columns=UNIT, index=rows.index)
            self._frames[name].append(rows.assign(**{x: frame[x] for x in UNIT if x in rows}))
        variables = project.variables
        renamed = variables["name"].map(sources).where(variables["of"] == "source")
        renamed = renamed.fillna(variables["name"])
        self._frames["variables"].append(variables.assign(name=renamed))
        self._frames["pairs"].append(project.pairs)

    def project(self) -> CodedProject:
        """Put the frames together."""
        frames = {name: pd.concat(one, ignore_index=True) for name, one in self._frames.items()}
        units = table(frames["units"], UNIT_COLUMNS)
        # Where only one of the files knows who speaks, that is who speaks.
        known = units.groupby(UNIT[:-1], dropna=False)[PEOPLE].transform("count").sum(axis=1) > 0
        units = units[~known | units[PEOPLE].notna().any(axis=1)]
        units = units.drop_duplicates([*UNIT[:-1], *PEOPLE])
        applied = table(frames["applications"], COLUMNS).drop(columns=PEOPLE).drop_duplicates()
        applied = applied.merge(units.drop(columns="text"), on=UNIT[:-1], how="left")
        sources = [(name, *values) for name, values in self._sources.items()]
        codes = [(name, *values) for name, values in self._codes.items()]
        return CodedProject.of(
            applications=without_repeats(table(applied, COLUMNS), self.report),
            units=units,
            codes=pd.DataFrame(codes, columns=list(CODE_COLUMNS)),
            sources=pd.DataFrame(sources, columns=list(SOURCE_COLUMNS)),
            variables=frames["variables"].drop_duplicates(),
            pairs=frames["pairs"],
        )

    def _match_sources(self, project: CodedProject, file: str) -> dict[str, str]:
        """Return for each source the name that it has in the merged project."""
        matched: dict[str, str] = {}
        before, own = set(self._sources), set(project.sources["source"])
        for name, kind, text in records(project.sources, ["source", "kind", "text"]):
            target = name if name in before else self._same_source(name, text, before - own)
            if target != name:
                what = "document known by another name in another file"
                self.report.add(CHOICE, what, file, f"{name}, there {target}")
            known = self._sources.get(target, (kind, None))[1]
            if known is not None and text is not None and known != text:
                what = "document whose text differs between files: passages matched by words"
                self.report.add(DEVIATION, what, file, name)
            self._sources[target] = kind, text if known is None else known
            matched[name] = target
        if before and not before & set(matched.values()):
            self.report.add(DEVIATION, "file without a document in common with those before", file)
        return matched

    def _same_source(self, name: str, text: str | None, others: set[str]) -> str:
        """Find a document of another name: by its text, or by its name without the ending."""
        by_text = [one for one in others if text and self._sources[one][1] == text]
        stem = PurePath(name).stem.casefold()
        by_stem = [one for one in others if PurePath(one).stem.casefold() == stem]
        return next((found[0] for found in (by_text, by_stem) if len(found) == 1), name)

    def _match_units(
        self, project: CodedProject, sources: dict[str, str], file: str
    ) -> dict[Passage, Passage]:
        """Return for each passage what it is in the merged project."""
        texts = dict(records(project.sources, ["source", "text"]))
        matched: dict[Passage, Passage] = {}
        often: Counter[Hashable] = Counter()
        how: Counter[str] = Counter()
        for row in records(project.units.drop_duplicates(UNIT[:-1]), UNIT):
            source, start, end, unit, words = row
            target = sources.get(source, source)
            said = " ".join((words or "").split())
            often[target, said] += 1
            same_text = self._sources.get(target, ("", None))[1] in (None, texts.get(source))
            own, more = self._keys(row, target, often[target, said], same_text=same_text)
            known = next((self._units[key] for key in own if key in self._units), None)
            how["passages matched" if known else "passages only in this file"] += 1
            known = known or (target, start, end, self._names.free(unit, target), words)
            for key in own + more:
                self._units.setdefault(key, known)
            matched[row[:-1]] = known
        for what, count in how.items() if self._frames["units"] else ():
            self.report.add(CHOICE, what, file, str(count), count)
        return matched

    def _keys(
        self, row: Passage, target: str, often: int, *, same_text: bool
    ) -> tuple[list[Hashable], list[Hashable]]:
        """Return by what a passage is looked for, and by what else files without places find it."""
        _, start, end, unit, words = row
        words, text = (words or "").strip(), self._sources.get(target, ("", None))[1] or ""
        said = [(target, "words", " ".join(words.split()), often)] if words else []
        if start is not None and same_text:
            if words and text:
                said = [(*said[0][:3], text.count(words, 0, start) + 1)]
            return [(target, "place", start, end)], list(said)
        at = -1
        for _ in range(often if words and words in text else 0):
            at = text.find(words, at + 1)
        found = [(target, "place", at, at + len(words))] if at >= 0 else []
        return [*found, *said] or [(target, "name", unit)], []

    def _add_codes(self, project: CodedProject, file: str) -> None:
        alike = {name.casefold(): name for name in self._codes}
        for code, parent, codable, *about in records(project.codes, list(CODE_COLUMNS)):
            if alike.get(code.casefold(), code) != code:
                what = "codes that differ only in large and small letters: kept apart"
                self.report.add(CHOICE, what, file, f"{code}, {alike[code.casefold()]}")
            before = self._codes.setdefault(code, (parent, codable, *about))
            if before[0] != parent:
                what = "code below another code in another file: the first taken"
                self.report.add(CHOICE, what, file, f"{code}: {parent}, {before[0]}")
            filled = [
                new if old is None else old for old, new in zip(before[2:], about, strict=True)
            ]
            self._codes[code] = before[0], before[1] or codable, *filled
