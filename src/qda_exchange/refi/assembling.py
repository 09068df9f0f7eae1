"""From the columns read to the frames of a project: names, cases, sites, roles, weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from qda_exchange.guard import Guard
from qda_exchange.model import (
    COLUMNS,
    SOURCE_COLUMNS,
    UNIT_COLUMNS,
    VARIABLE_COLUMNS,
    CodedProject,
    table,
    without_repeats,
)
from qda_exchange.refi.codebook import Codebook, duplicate
from qda_exchange.refi.passages import NONE, Passages
from qda_exchange.refi.sources import Sources
from qda_exchange.report import CHOICE, DROPPED

UNIT_KEY = ["source", "start", "end", "unit", "case", "site", "role"]


@dataclass
class Case:
    """One case as it stands in the file: its values, and what it refers to by identifier."""

    name: str | None
    values: list[tuple[str, str, str]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    selections: list[str] = field(default_factory=list)


class Assembly:
    """Everything that was read, to be put together."""

    def __init__(
        self,
        guard: Guard,
        codebook: Codebook,
        passages: Passages,
        sources: Sources,
        cases: Sequence[Case],
    ) -> None:
        self._guard, self._codebook, self._passages = guard, codebook, passages
        self._sources, self._cases = sources, cases

    def project(
        self, coders: Sequence[str], weights: dict[str, float], site: str, role: str
    ) -> CodedProject:
        """Return the frames; see `reading.read_refi`."""
        spans = self._spans()
        people = self._people(spans, self._belongs(spans), site, role)
        codes, meant = self._codebook.resolve()
        units = people.merge(spans, on="number", how="left")
        units["source"] = _take(self._sources.names, units["source_number"])
        applied = _applied(self._passages, coders, meant, weights)
        self._bound(applied["number"], people["number"])
        long = applied.merge(units, on="number", how="left")
        self._report_variables(site, role)
        names, kinds, texts = self._sources.names, self._sources.kinds, self._sources.texts
        return CodedProject(
            applications=without_repeats(table(long, COLUMNS), self._guard.report),
            units=table(units.drop_duplicates(UNIT_KEY), UNIT_COLUMNS),
            codes=codes,
            sources=table({"source": names, "kind": kinds, "text": texts}, SOURCE_COLUMNS),
            variables=self._variables(),
        )

    def _spans(self) -> pd.DataFrame:
        """Return one row per passage: number, source_number, start, end, unit."""
        source, start, end = self._passages.spans()
        spans = pd.DataFrame({"number": np.arange(len(source)), "source_number": source})
        for column, values in (("start", start), ("end", end)):
            spans[column] = pd.Series(values, dtype="Int64").mask(values == NONE)
        place = spans["start"].astype("str") + "-" + spans["end"].astype("str")
        written = _take(self._sources.names, source) + ":" + place
        named = _named(spans, self._passages.names)
        labels = pd.Series(self._passages.labels, dtype="str").reindex(spans.index)
        return spans.assign(unit=labels.fillna(named.fillna(written)).astype("str"))

    def _belongs(self, spans: pd.DataFrame) -> pd.DataFrame:
        """Return which passage belongs to which case: number, case_number."""
        of_passages: list[tuple[int, int]] = []
        of_sources: list[tuple[int, int]] = []
        for number, case in enumerate(self._cases):
            for guid in case.selections:
                if guid in self._passages.twice:
                    raise duplicate(guid, "passages", f"case {case.name!r}", self._guard)
                self._refer(of_passages, self._passages.positions, number, guid)
            for guid in case.sources:
                self._refer(of_sources, self._sources.positions, number, guid)
        columns = ["source_number", "case_number"]
        by_source = pd.DataFrame(of_sources, columns=columns, dtype="int64").drop_duplicates()
        self._bound(spans["source_number"], by_source["source_number"])
        within = spans[["number", "source_number"]].merge(by_source, on="source_number")
        direct = pd.DataFrame(of_passages, columns=["number", "case_number"], dtype="int64")
        return pd.concat([direct, within[["number", "case_number"]]]).drop_duplicates()

    def _refer(
        self, pairs: list[tuple[int, int]], positions: dict[str, int], case: int, guid: str
    ) -> None:
        if guid in positions:
            pairs.append((positions[guid], case))
        else:
            what = "case refers to a passage or source that is not there"
            self._guard.report.add(DROPPED, what, f"case {self._cases[case].name!r}", guid)

    def _people(
        self, spans: pd.DataFrame, belongs: pd.DataFrame, site: str, role: str
    ) -> pd.DataFrame:
        """Return each passage with every case it belongs to: number, case, site, role."""
        people = spans[["number", "source_number"]].merge(belongs, on="number", how="left")
        number = people["case_number"].fillna(NONE).astype("int64")
        people["case"] = _take([case.name for case in self._cases], number)
        of_cases = [_known(case.values) for case in self._cases]
        of_sources: list[dict[str, str]] = [{} for _ in self._sources.names]
        for position, value in self._sources.values:
            of_sources[position].update(_known([value]))
        for column, variable in (("site", site), ("role", role)):
            own = _take([values.get(variable) for values in of_cases], number)
            general = [values.get(variable) for values in of_sources]
            people[column] = own.fillna(_take(general, people["source_number"]))
        return people[["number", "case", "site", "role"]]

    def _variables(self) -> pd.DataFrame:
        rows = [("case", case.name, *value) for case in self._cases for value in case.values]
        names = self._sources.names
        rows += [("source", names[number], *value) for number, value in self._sources.values]
        return table(pd.DataFrame(rows, columns=list(VARIABLE_COLUMNS)), VARIABLE_COLUMNS)

    def _report_variables(self, site: str, role: str) -> None:
        names = {variable for case in self._cases for variable, _, _ in case.values}
        if names and not {name.lower() for name in names} & {site, role}:
            what = f"no variable of the cases is named {site!r} or {role!r}: both are left empty"
            self._guard.report.add(CHOICE, what, "", "there are: " + ", ".join(sorted(names)))

    def _bound(self, left: pd.Series, right: pd.Series) -> None:
        """Count the rows that a merge will have, before it has them."""
        rows = int(left.map(right.value_counts()).fillna(0).sum())
        if rows > self._guard.limits.applications:
            raise self._guard.refusal(
                "Cases",
                f"codings times the cases they belong to are {rows}, the limit is "
                f"{self._guard.limits.applications}",
                "let a case refer to passages instead of whole sources",
            )


def _named(spans: pd.DataFrame, names: dict[int, str]) -> pd.Series:
    """Return the name of each span that has one of its own, the first if it has several."""
    names_of = pd.Series(names, dtype="str").rename("name")
    place = ["source_number", "start", "end"]
    distinct = spans.loc[names_of.index, place].assign(name=names_of).drop_duplicates()
    shared = distinct["name"].duplicated(keep=False)
    first = distinct[~shared].drop_duplicates(place)
    return spans[place].merge(first, on=place, how="left")["name"]


def _known(values: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Return values by their variable in small letters, empty values left out."""
    return {variable.lower(): value for variable, _, value in values if value}


def _applied(
    passages: Passages,
    coders: Sequence[str],
    meant: Sequence[tuple[str, str | None]],
    weights: dict[str, float],
) -> pd.DataFrame:
    """Return one row per coding: number (of the passage), coder, code, direction, weight."""
    number, coder, code = passages.codings()
    applied = pd.DataFrame({"number": number})
    applied["coder"] = _take(coders, coder)
    applied["code"] = _take([name for name, _ in meant], code)
    applied["direction"] = _take([direction for _, direction in meant], code)
    weight = np.full(len(applied), np.nan)
    for position, note in passages.notes:
        if note in weights:
            weight[position] = weights[note]
    return applied.assign(weight=weight)


def _take(names: Sequence[str | None], positions: ArrayLike) -> pd.Series:
    """Return the names at some positions, missing at -1."""
    labels = pd.array([*names, None], dtype="str")
    return pd.Series(labels.take(np.asarray(positions, dtype="int64")), dtype="str")
