"""Rows from counts: the roster of teachers and the answers of each respondent.

Counts say how many; who is drawn at random, every assignment with the same chance. So apart from
what the constraints force, attributes are independent of each other and of the district, and
answers are independent of each other and of the attributes, among respondents and among the
others: the assignment of greatest entropy with the given counts. Associations between two columns
therefore mean nothing and must not be analysed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from auditing.reconstruction.fields import split
from auditing.reconstruction.relaxation import Relaxation
from auditing.reconstruction.representativeness import ATTRIBUTES

Words: TypeAlias = NDArray[np.object_]
TRIES = 100


def draw_roster(
    counts: pd.DataFrame,
    relaxations: Mapping[str, Relaxation],
    constraints: pd.DataFrame,
    random: np.random.Generator,
) -> pd.DataFrame:
    """Draw the target population: who teaches where, with which attributes, and who responded.

    Parameters
    ----------
    counts
        Respondents and teachers per district.
    relaxations
        The tables of counts per characteristic.
    constraints
        For the categories that a district cannot have.
    random
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        `teacher_id`, `district`, `gender`, `department`, `race_ethnicity`, `grade_level` and
        `responded`, teachers in random order.

    Raises
    ------
    ValueError
        If a district has more teachers than there are categories left for it.
    """
    responses, teachers = counts["responses"], counts["target_population"]
    districts = counts["district"].to_numpy(object)
    respondents, others = (
        np.repeat(districts, responses),
        np.repeat(districts, teachers - responses),
    )
    excluded = _excluded(constraints)
    columns: dict[str, Words] = {"district": np.r_[respondents, others]}
    for group, relaxation in relaxations.items():
        attribute = ATTRIBUTES[group]
        drawn = relaxation.draw(random)
        barred = {d: levels.get(attribute, set()) for d, levels in excluded.items()}
        parts = [(respondents, drawn[:, 1]), (others, drawn[:, 0] - drawn[:, 1])]
        columns[attribute] = np.concatenate([
            _assign(_values(relaxation, numbers, len(places)), places, barred, random)
            for places, numbers in parts
        ])  # fmt: skip
    roster = pd.DataFrame(columns)
    roster["responded"] = roster.index < len(respondents)
    roster = roster.iloc[random.permutation(len(roster))]
    width = len(str(len(roster)))
    roster.insert(0, "teacher_id", [f"T{i:0{width}d}" for i in range(1, len(roster) + 1)])
    return roster.reset_index(drop=True)


def _excluded(constraints: pd.DataFrame) -> dict[str, dict[str, set[str]]]:
    barred: dict[str, dict[str, set[str]]] = {}
    for row in constraints[constraints["kind"] == "excluded"].to_dict("records"):
        for level in split(row["levels"]):
            attribute, _, category = level.partition("=")
            barred.setdefault(row["district"], {}).setdefault(attribute, set()).add(category)
    return barred


def _values(relaxation: Relaxation, counts: NDArray[np.int64], total: int) -> Words:
    """Write out the categories, teachers in none of them included."""
    problem = relaxation.problem
    names = [*problem.categories, problem.rest_name]
    return np.repeat(np.array(names, dtype=object), np.r_[counts, total - counts.sum()])


def _assign(
    values: Words, districts: Words, barred: Mapping[str, set[str]], random: np.random.Generator
) -> Words:
    """Shuffle values over teachers, the districts that cannot have all of them first."""
    pool = random.permutation(values)
    assigned = np.empty(len(values), dtype=object)
    open_places = np.ones(len(values), dtype=bool)
    for district, categories in barred.items():
        here = np.flatnonzero(districts == district)
        allowed = np.flatnonzero(~np.isin(pool, list(categories)))[: len(here)]
        if len(allowed) < len(here):
            raise ValueError(
                f"{district}: {len(here)} teachers, but only {len(allowed)} are left outside "
                f"{', '.join(sorted(categories))}; the district cannot exclude these"
            )
        assigned[here] = pool[allowed]
        open_places[here] = False
        pool = np.delete(pool, allowed)
    assigned[open_places] = pool
    return assigned


def draw_answered(
    respondents: pd.DataFrame,
    items: list[str],
    constraints: pd.DataFrame,
    nonresponse: float,
    random: np.random.Generator,
) -> pd.DataFrame:
    """Draw who answered which item, completely at random.

    Parameters
    ----------
    respondents
        Rows of the roster that responded.
    items
        Item ids.
    constraints
        For the districts whose answers to an item are counted in print.
    nonresponse
        Chance of leaving an item out.
    random
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        Respondents x items, true where answered.

    Raises
    ------
    ValueError
        If a district is left without an answer in 100 draws.

    Examples
    --------
    >>> respondents = pd.DataFrame({"district": ["A", "B"]})
    >>> none = pd.DataFrame(columns=["kind", "items", "district"])
    >>> draw_answered(respondents, ["I-1"], none, 0.0, np.random.default_rng(0))["I-1"].tolist()
    [True, True]
    """
    complete = constraints[constraints["kind"] == "answered"]
    for _ in range(TRIES):
        answered = pd.DataFrame(
            random.random((len(respondents), len(items))) >= nonresponse,
            index=respondents.index,
            columns=items,
        )
        for row in complete.to_dict("records"):
            answered.loc[respondents["district"] == row["district"], split(row["items"])] = True
        if answered.groupby(respondents["district"]).any().all(axis=None):
            return answered
    raise ValueError(
        f"item_nonresponse of {nonresponse} leaves a district without any answer to an item; "
        "every district counts equally, so each needs one: lower it"
    )


def answer_column(
    respondents: pd.DataFrame,
    answered: pd.Series[bool],
    table: pd.DataFrame,
    random: np.random.Generator,
    *,
    negative: int | None = None,
    answer: Collection[str] = (),
) -> pd.Series[Any]:
    """Hand out the counted answers of one item to the respondents at random.

    Parameters
    ----------
    respondents
        Rows of the roster that responded.
    answered
        Who answered the item.
    table
        Districts x levels: counts.
    random
        Source of chance.
    negative
        Position of a respondent who must not give the published answer, if any.
    answer
        The levels that count as the published answer.

    Returns
    -------
    pandas.Series
        The answers, missing where not answered.

    Examples
    --------
    >>> respondents = pd.DataFrame({"district": ["A", "A", "A"]})
    >>> table = pd.DataFrame({"no": [1], "yes": [1]}, index=["A"])
    >>> answered = pd.Series([True, False, True])
    >>> random = np.random.default_rng(0)
    >>> column = answer_column(respondents, answered, table, random, negative=2, answer=["yes"])
    >>> column.dropna().to_dict()
    {0: 'yes', 2: 'no'}
    """
    districts, given = respondents["district"].to_numpy(object), answered.to_numpy(bool)
    answers = np.full(len(respondents), None, dtype=object)
    for district, counts in zip(table.index, table.to_numpy(), strict=True):
        here = np.flatnonzero((districts == district) & given)
        drawn = random.permutation(np.repeat(np.array(table.columns, dtype=object), counts))
        if negative is not None and negative in here:
            place = int(np.flatnonzero(here == negative)[0])
            other = int(np.flatnonzero([level not in answer for level in drawn])[0])
            drawn[place], drawn[other] = drawn[other], drawn[place]
        answers[here] = drawn
    return pd.Series(answers, index=respondents.index)
