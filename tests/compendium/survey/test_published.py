"""Shares of published answers: those of a tabulation, also where nobody gave the answer."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from compendium import data
from compendium.survey import (
    Scale,
    SurveyDesign,
    any_of,
    encode_answers,
    equal_group_weights,
    published_shares,
    read_scales,
    tabulate,
)

DESIGN = SurveyDesign(partial(equal_group_weights, group="district"), strata="district")


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    answers = pd.concat([data.load("responses_web"), data.load("responses_paper")])
    return data.load("roster").merge(answers, on="teacher_id", validate="one_to_one")


@pytest.mark.parametrize("by", [None, "district"])
def test_they_are_those_of_the_levels_on_their_scales(rows: pd.DataFrame, by: str | None) -> None:
    instrument, scales = data.load("instrument"), read_scales(data.load("scales"))
    shares = published_shares(rows, instrument, DESIGN, by)
    by_item = shares.set_index("item_id")
    for item in instrument.to_dict("records"):
        scale = scales[item["scale"]]
        answers = encode_answers(rows[item["column"]], scale)
        marked = any_of(answers, scale, item["levels"].split(";"), "all")
        found = tabulate(rows.assign(x=marked), "x", DESIGN, by=by)
        found = found[found["level"] != "any other answer"]
        own = by_item.loc[[item["item_id"]]]
        assert own["answer"].unique().tolist() == [item["answer"]]
        for column in ("share", "se", "lower", "upper", "n", "n_missing", "design_effect"):
            wanted = found[column].to_numpy(float)
            np.testing.assert_allclose(own[column].to_numpy(float), wanted, rtol=1e-12)


def test_an_answer_that_nobody_or_everybody_gave_has_a_share() -> None:
    rows = pd.DataFrame({"q1": ["yes", "yes"], "q2": ["no", "no"]})
    instrument = pd.DataFrame(
        {"item_id": ["I-1", "I-2"], "column": ["q1", "q2"], "levels": "yes", "answer": "agree"}
    )
    with pytest.raises(ValueError, match="I-2: 'yes' is not among the answers 'no' of column"):
        published_shares(rows, instrument, SurveyDesign(None))
    scales = {"any": Scale("any", ("no", "yes"))}
    shares = published_shares(
        rows, instrument.assign(scale="any"), SurveyDesign(None), scales=scales
    )
    assert shares[["item_id", "share"]].values.tolist() == [["I-1", 1.0], ["I-2", 0.0]]


def test_a_column_that_is_not_there_is_named() -> None:
    instrument = pd.DataFrame(
        {"item_id": ["I-1"], "column": ["q2"], "levels": "yes", "answer": "agree"}
    )
    with pytest.raises(ValueError, match="I-1: the frame has no column 'q2'; there are 'q1'"):
        published_shares(pd.DataFrame({"q1": ["yes"]}), instrument, SurveyDesign(None))
