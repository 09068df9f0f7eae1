"""The roster and the responses together, counted with exact fractions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from auditing.reconstruction.fields import column_of, split
from auditing.reconstruction.rates import OVERALL


class SurveyRows:
    """The roster and the responses, counted."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        needed = ("roster", "responses_web", "responses_paper")
        missing = [name for name in needed if name not in frames]
        if missing:
            raise ValueError(f"frames: {', '.join(missing)} missing; needed are {needed}")
        for name in needed:
            columns = ["teacher_id", "district"] if name == "roster" else ["teacher_id"]
            absent = [column for column in columns if column not in frames[name]]
            if absent:
                raise ValueError(f"{name}: column {absent[0]} is missing")
        self.roster = frames["roster"]
        self.ids = pd.concat([frames[n]["teacher_id"] for n in needed[1:]], ignore_index=True)
        self.responses = pd.concat([frames[n] for n in needed[1:]], ignore_index=True)
        self.in_sample = self.roster["teacher_id"].isin(self.ids)
        place = self.roster.drop_duplicates("teacher_id").set_index("teacher_id")["district"]
        self.district = self.ids.map(place)
        self.districts = list(dict.fromkeys(self.roster["district"]))
        self._answers: dict[str, pd.Series[Any]] = {}
        self._teachers: dict[str, pd.DataFrame] = {}
        self._counts: dict[str, dict[str, Counter[str]]] = {}
        self._make_up: dict[tuple[str, bool], dict[str, int]] = {}

    def answers(self, item_id: str) -> pd.Series[Any]:
        """Return the answers to an item, missing where there is none."""
        if item_id not in self._answers:
            column = column_of(item_id)
            if column not in self.responses:
                raise ValueError(f"responses: column {column} of item {item_id} is missing")
            self._answers[item_id] = self.responses[column].where(self.responses[column] != "")
        return self._answers[item_id]

    def counts(self, item_id: str, district: str) -> Mapping[str, int]:
        """Count each answer to an item in a district."""
        if item_id not in self._counts:
            counted: dict[str, Counter[str]] = defaultdict(Counter)
            answers = self.answers(item_id)
            known = answers.notna() & self.district.notna()
            places, given = self.district[known].tolist(), answers[known].tolist()
            for (place, answer), number in Counter(zip(places, given, strict=True)).items():
                counted[place][answer] = number
            self._counts[item_id] = dict(counted)
        return self._counts[item_id].get(district, {})

    def make_up(self, attribute: str, *, sample: bool) -> Mapping[str, int]:
        """Count the teachers asked, or those in the sample, by an attribute."""
        if (attribute, sample) not in self._make_up:
            if attribute not in self.roster:
                raise ValueError(f"roster: column {attribute} is missing")
            teachers = self.roster[attribute]
            counted = (teachers[self.in_sample] if sample else teachers).value_counts(dropna=False)
            self._make_up[attribute, sample] = {str(key): n for key, n in counted.items()}
        return self._make_up[attribute, sample]

    def teachers(self, district: Any) -> pd.DataFrame:
        """Return the roster rows of a district, or all."""
        if not isinstance(district, str) or district == OVERALL:
            return self.roster
        if district not in self._teachers:
            self._teachers[district] = self.roster[self.roster["district"] == district]
        return self._teachers[district]

    def share(
        self, item_id: str, levels: list[str], district: str, among: list[str] | None = None
    ) -> Fraction | None:
        """Return the share of the levels among a district's answers, in percent."""
        counts = self.counts(item_id, district)
        base = sum(n for level, n in counts.items() if among is None or level in among)
        return Fraction(100 * sum(counts.get(level, 0) for level in levels), base) if base else None

    def equal_share(
        self, item_id: str, levels: list[str], among: list[str] | None = None
    ) -> Fraction | None:
        """Return the mean of the shares of all districts that have one: each counts the same."""
        shares = [self.share(item_id, levels, d, among) for d in self.districts]
        known = [share for share in shares if share is not None]
        return sum(known, Fraction(0)) / len(known) if known else None

    def negative(self, constraint: dict[Any, Any]) -> pd.DataFrame:
        """Return, per respondent of a district and item, whether the answer is another one."""
        levels = split(constraint["levels"])
        here = self.district == constraint["district"]
        given = {i: self.answers(i)[here] for i in split(constraint["items"])}
        return pd.DataFrame({i: a.notna() & ~a.isin(levels) for i, a in given.items()})
