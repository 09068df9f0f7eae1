"""Shares from counts are the shares from rows, and what cannot be counted is looked at by rows."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from compendium.survey import (
    SurveyDesign,
    equal_group_weights,
    rake,
)
from compendium.survey.counting import counted_shares
from compendium.survey.domains import Grouping, answers_of, sample_of
from compendium.survey.sampling import BoundDesign
from compendium.survey.shares import estimate_shares

ITEMS = [f"q{number}" for number in range(7)]  # several batches of joint tables
STUDY = partial(equal_group_weights, group="district")


@pytest.fixture(scope="module")
def frame():
    random = np.random.default_rng(7)
    rows = 600
    columns = {
        "district": random.choice(list("ABCDE"), rows),
        "stratum": random.choice(list("xyz"), rows),
        "sex": random.choice(["f", "m"], rows),
        "weight": random.uniform(0.5, 2, rows),
        "cluster": np.arange(rows) // 6,
    }
    for item in ITEMS:
        answers = random.integers(-1, 6, rows)
        columns[item] = pd.Categorical.from_codes(answers, list("abcdef"))
    return pd.DataFrame(columns)


def by_rows(bound, groups, item):
    answers, levels = answers_of(bound.frame, item)
    sample, size = sample_of(bound, item), len(groups.labels)
    cells = groups.codes * len(levels) + answers
    cells[answers < 0] = size * len(levels)
    return estimate_shares(sample, cells[sample.rows], size, len(levels))


COUNTABLE = {
    "unweighted": SurveyDesign(None),
    "stratified": SurveyDesign(None, strata="stratum"),
    "weighted": SurveyDesign("weight"),
    "weighted and stratified": SurveyDesign("weight", strata="stratum"),
    "equal groups": SurveyDesign(STUDY),
    "equal groups as strata": SurveyDesign(STUDY, strata="district"),
    "equal groups across strata": SurveyDesign(STUDY, strata="stratum"),
}


@pytest.mark.parametrize("by", [None, "sex"])
@pytest.mark.parametrize("name", COUNTABLE)
def test_counts_give_what_rows_give(frame, name, by):
    bound, groups = BoundDesign(COUNTABLE[name], frame), Grouping(frame, by)
    for item, found in zip(ITEMS, counted_shares(bound, groups, ITEMS), strict=True):
        levels, counted = found
        expected = by_rows(bound, groups, item)
        assert levels == list("abcdef")
        np.testing.assert_array_equal(counted.n, expected.n)
        np.testing.assert_array_equal(counted.df, expected.df)
        np.testing.assert_allclose(counted.share, expected.share, rtol=1e-13)
        np.testing.assert_allclose(counted.variance, expected.variance, rtol=1e-12)


def test_a_changed_answer_changes_the_counts(frame):
    other = frame.assign(
        q3=frame["q3"].where(frame.index != 5, "f" if frame["q3"][5] != "f" else "a")
    )
    first, second = (
        list(counted_shares(BoundDesign(SurveyDesign(None), one), Grouping(one, None), ITEMS))
        for one in (frame, other)
    )
    differs = [
        not np.array_equal(a[1].share, b[1].share) for a, b in zip(first, second, strict=True)
    ]
    assert differs == [item == "q3" for item in ITEMS]


def test_scales_of_many_levels_are_counted_too(frame):
    wide = frame.assign(long=np.arange(len(frame)) % 300, short=frame["q0"])
    bound, groups = BoundDesign(SurveyDesign(None), wide), Grouping(wide, "district")
    (levels, found), (_, short) = counted_shares(bound, groups, ["long", "short"])
    assert len(levels) == 300
    np.testing.assert_allclose(found.share, by_rows(bound, groups, "long").share, rtol=1e-13)
    np.testing.assert_allclose(short.share, by_rows(bound, groups, "short").share, rtol=1e-13)


def test_many_strata_and_groups_are_counted_too(frame):
    """40,000 pairs of a stratum and a group: more than two bytes can number."""
    rows = np.arange(40_000)
    wide = pd.DataFrame({"stratum": rows // 200, "group": rows % 200, "q": rows % 7 % 3})
    bound, groups = BoundDesign(SurveyDesign(None, "stratum"), wide), Grouping(wide, "group")
    ((levels, found),) = counted_shares(bound, groups, ["q"])
    shares = wide.groupby("group")["q"].value_counts(normalize=True).unstack(fill_value=0)
    assert levels == [0, 1, 2]
    np.testing.assert_allclose(found.share, shares.to_numpy(), rtol=1e-12)


NOT_COUNTABLE = {
    "clusters": lambda frame: SurveyDesign("weight", clusters="cluster"),
    "population size": lambda frame: SurveyDesign(
        None, population_size=pd.Series(5000.0, index=frame.index)
    ),
    "calibrated": lambda frame: SurveyDesign(rake(frame, {"sex": {"f": 320, "m": 280}})),
    "another rule": lambda frame: SurveyDesign(
        lambda frame, item: equal_group_weights(frame, "district", item)
    ),
    "a rule with a choice": lambda frame: SurveyDesign(partial(STUDY, empty="drop")),
    "weights for one item": lambda frame: SurveyDesign(
        equal_group_weights(frame, "district", "q0")
    ),
}


@pytest.mark.parametrize("name", NOT_COUNTABLE)
def test_what_counts_do_not_know_is_left_to_the_rows(frame, name):
    bound = BoundDesign(NOT_COUNTABLE[name](frame), frame)
    assert list(counted_shares(bound, Grouping(frame, None), ["q0"])) == [None]


@pytest.mark.parametrize(
    "design", [SurveyDesign(STUDY, strata="district"), SurveyDesign(None, strata="district")]
)
def test_a_stratum_of_one_is_left_to_the_rows(frame, design):
    few = frame[
        (frame["district"] != "E") | (frame.index == frame.index[frame["district"] == "E"][0])
    ]
    assert list(counted_shares(BoundDesign(design, few), Grouping(few, None), ["q0"])) == [None]


def test_a_group_without_answers_is_left_to_the_rows(frame):
    silent = frame.assign(q0=frame["q0"].where(frame["district"] != "E"))
    bound = BoundDesign(SurveyDesign(STUDY), silent)
    found = list(counted_shares(bound, Grouping(silent, None), ["q0", "q1"]))
    assert found[0] is None
    assert found[1] is not None
