"""From printed tables to rows: what chance does not touch once, then one draw per seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from auditing.reconstruction.answers import item_problem
from auditing.reconstruction.bases import choose_bases
from auditing.reconstruction.constraints import constraint_table
from auditing.reconstruction.fields import split
from auditing.reconstruction.microdata import answer_column, draw_answered, draw_roster
from auditing.reconstruction.rates import response_counts
from auditing.reconstruction.relaxation import Relaxation, smallest_relaxation
from auditing.reconstruction.report import report
from auditing.reconstruction.representativeness import margin_problems
from auditing.reconstruction.sampling import draw_table
from auditing.reconstruction.settings import Settings


@dataclass(frozen=True)
class Reconstruction:
    """One set of survey rows.

    Parameters
    ----------
    roster
        The target population: `teacher_id`, `district`, `gender`, `department`,
        `race_ethnicity`, `grade_level`.
    responses_web, responses_paper
        The respondents by mode: `teacher_id` and one column per item with the level answered,
        missing where there is no answer.
    report
        What was derived, relaxed or found contradictory, with the arithmetic.
    """

    roster: pd.DataFrame
    responses_web: pd.DataFrame
    responses_paper: pd.DataFrame
    report: pd.DataFrame

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """The three tables of rows by name, as `verify` takes them."""
        return {
            name: getattr(self, name) for name in ("roster", "responses_web", "responses_paper")
        }


@dataclass(frozen=True)
class Plan:
    """All that the printed tables decide, ready to draw from.

    Parameters
    ----------
    counts
        Respondents and teachers per district, the derived one marked.
    relaxations
        Per characteristic, the smallest relaxation and every table that attains it.
    constraints
        The table of constraints.
    report
        What was derived, relaxed or found contradictory.
    """

    counts: pd.DataFrame
    relaxations: Mapping[str, Relaxation]
    constraints: pd.DataFrame
    report: pd.DataFrame
    instrument: pd.DataFrame
    scales: pd.DataFrame
    settings: Settings

    def draw(self, seed: int) -> Reconstruction:
        """Draw one set of rows.

        Parameters
        ----------
        seed
            The same seed gives the same rows. Roster, nonresponse, mode and each item have a
            stream of chance of their own, so that adding an item leaves the others as they were.

        Returns
        -------
        Reconstruction

        Raises
        ------
        ValueError
            If the constraints on an item contradict each other; the message names them.
        """
        roster = draw_roster(
            self.counts, self.relaxations, self.constraints, _stream(seed, "roster")
        )
        respondents = roster[roster["responded"]].drop(columns="responded")
        responses = self._responses(respondents, seed)
        paper = round(self.settings.paper_share * len(responses))
        on_paper = _stream(seed, "mode").permutation(len(responses)) < paper
        return Reconstruction(
            roster.drop(columns="responded"),
            responses[~on_paper].reset_index(drop=True),
            responses[on_paper].reset_index(drop=True),
            self.report,
        )

    def _responses(self, respondents: pd.DataFrame, seed: int) -> pd.DataFrame:
        items = self.instrument["item_id"].tolist()
        answered = draw_answered(
            respondents,
            items,
            self.constraints,
            self.settings.item_nonresponse,
            _stream(seed, "nonresponse"),
        )
        negative = self._negative(respondents, _stream(seed, "negative"))
        numbers = answered.groupby(respondents["district"])[items].sum()
        numbers = numbers.loc[self.counts["district"]]
        columns: dict[str, Any] = {"teacher_id": respondents["teacher_id"]}
        for row in self.instrument.to_dict("records"):
            levels = self.scales.loc[self.scales["scale"] == row["scale"], "level"].tolist()
            random = _stream(seed, row["item_id"])
            counts = numbers[row["item_id"]]
            answer = split(row["levels"])
            about = self._about[row["item_id"]]
            problem = item_problem(row["item_id"], counts, levels, answer, about)
            drawn = draw_table(problem, random, self.settings.steps)
            table = pd.DataFrame(drawn, index=counts.index, columns=levels)
            columns[row["column"]] = answer_column(
                respondents,
                answered[row["item_id"]],
                table,
                random,
                negative=negative.get(row["item_id"]),
                answer=answer,
            )
        return pd.DataFrame(columns)

    @cached_property
    def _about(self) -> dict[str, pd.DataFrame]:
        """The constraints on each item."""
        named = self.constraints["items"].map(split)
        return {
            item: self.constraints[[item in items for items in named]]
            for item in self.instrument["item_id"]
        }

    def _negative(self, respondents: pd.DataFrame, random: np.random.Generator) -> dict[str, int]:
        """Choose the one respondent who is negative on all items that a claim ties together."""
        chosen: dict[str, int] = {}
        tied = self.constraints[self.constraints["kind"] == "negative_to_all"]
        for row in tied.to_dict("records"):
            here = np.flatnonzero(respondents["district"] == row["district"])
            chosen |= dict.fromkeys(split(row["items"]), int(random.choice(here)))
        return chosen


def prepare(tables: Mapping[str, pd.DataFrame], settings: Settings | None = None) -> Plan:
    """Solve everything that the printed tables decide.

    Parameters
    ----------
    tables
        The tables named in `auditing.reconstruction.TABLES`.
    settings
        Assumptions; the defaults when not given.

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        If a table is missing or impossible beyond relaxation; the message says where.
    """
    settings = settings or Settings()
    needed = ("claims", "epic_items", "instrument", "scales", "epic_districts")
    for name in (*needed, "epic_table2_response_rates", "epic_table3_representativeness"):
        if name not in tables:
            raise ValueError(f"tables: {name!r} is missing; a reconstruction needs it")
    counts = response_counts(tables["epic_table2_response_rates"], tables["epic_districts"])
    problems = margin_problems(
        tables["epic_table3_representativeness"],
        int(counts["target_population"].sum()),
        int(counts["responses"].sum()),
        settings.exchanged,
    )
    relaxations = {
        group: smallest_relaxation(choose_bases(problem, settings.largest_unlisted_share))
        for group, problem in problems.items()
    }
    constraints = constraint_table(tables, counts, relaxations, settings)
    return Plan(
        counts,
        relaxations,
        constraints,
        report(counts, problems, relaxations),
        tables["instrument"],
        tables["scales"],
        settings,
    )


def _stream(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, *name.encode()])
