"""Answer scales and top-box shares."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium.survey import (
    Scale,
    SurveyDesign,
    any_of,
    encode_answers,
    encode_items,
    read_scales,
    tabulate,
    top_box,
)

AGREEMENT_4 = Scale("agreement", ("strongly disagree", "disagree", "agree", "strongly agree"))
AGREEMENT_5 = Scale(
    "agreement with a middle",
    ("strongly disagree", "disagree", "neither agree nor disagree", "agree", "strongly agree"),
)
FREQUENCY = Scale(
    "frequency", ("never", "once or twice a year", "several times a year", "monthly", "weekly")
)
USEFULNESS = Scale(
    "usefulness",
    ("not at all useful", "slightly useful", "mostly useful", "very useful"),
    ("not provided",),
)


def shares(answers, scale):
    frame = pd.DataFrame({"q": encode_answers(pd.Series(answers), scale)})
    return tabulate(frame, "q", SurveyDesign(None))


class TestScales:
    def test_instrument_scales_are_read(self):
        from compendium.data import load

        found = read_scales(load("scales"))
        assert found == {scale.name: scale for scale in (AGREEMENT_4, FREQUENCY, USEFULNESS)}

    def test_not_provided_is_no_level(self):
        assert "not provided" in USEFULNESS.answers
        assert "not provided" not in USEFULNESS.levels

    @pytest.mark.parametrize("levels", [("yes", "yes"), ("yes",)])
    def test_repeated_or_single_levels(self, levels):
        with pytest.raises(ValueError, match=r"scale 'odd': .* two or more different levels"):
            Scale("odd", levels)
        assert Scale("even", ("no", "yes")).answers == ("no", "yes")

    def test_table_without_a_column(self):
        with pytest.raises(ValueError, match="scales: the frame has no column 'position'"):
            read_scales(pd.DataFrame({"scale": ["a"], "level": ["b"], "substantive": [True]}))

    def test_answer_outside_the_scale(self):
        answers = pd.Series(["agree", "agre", "maybe"], index=["T1", "T2", "T3"], name="q1")
        with pytest.raises(
            ValueError, match=r"column 'q1', row 'T2': 'agre' is not on .* did you mean 'agree'\?"
        ):
            encode_answers(answers, AGREEMENT_4)
        assert encode_answers(answers[:1], AGREEMENT_4).tolist() == ["agree"]

    def test_all_faults_at_once(self):
        frame = pd.DataFrame(
            {"q1": ["agree", "ok"], "q2": ["never", "often"], "q3": ["weekly"] * 2}
        )
        with pytest.raises(ValueError, match=r"'q1', row 1: 'ok'[\s\S]*'q2', row 1: 'often'") as e:
            encode_items(frame, {"q1": AGREEMENT_4, "q2": FREQUENCY, "q3": FREQUENCY})
        assert "'q3'" not in str(e.value)

    def test_encoding_again_changes_nothing(self):
        once = encode_items(pd.DataFrame({"q": ["never", None]}), {"q": FREQUENCY})
        pd.testing.assert_frame_equal(encode_items(once, {"q": FREQUENCY}), once)

    def test_an_answer_encoded_on_a_longer_scale_is_not_lost(self):
        middle = encode_answers(pd.Series(["neither agree nor disagree"]), AGREEMENT_5)
        with pytest.raises(ValueError, match="'neither agree nor disagree' is not on"):
            encode_answers(middle, AGREEMENT_4)


ANSWERS = ["very useful", "slightly useful", "not provided", "not provided", None, "mostly useful"]


class TestTopBox:
    def test_a_topic_not_offered_is_not_a_low_rating(self):
        """Two of three who rated found it useful, however many were not offered it."""
        frame = pd.DataFrame({"q": top_box(pd.Series(ANSWERS), USEFULNESS)})
        table = tabulate(frame, "q", SurveyDesign(None)).set_index("level")
        assert table.loc["mostly useful or very useful", "share"] == pytest.approx(2 / 3)
        assert table["n"].tolist() == [3, 3]
        assert table["n_missing"].tolist() == [3, 3]

    def test_all_answers_as_the_base_is_a_choice(self):
        found = top_box(pd.Series(ANSWERS), USEFULNESS, base="all")
        assert found.notna().sum() == 5
        assert (found == "mostly useful or very useful").sum() == 2

    @settings(max_examples=50, deadline=None)
    @given(
        answers=st.lists(st.sampled_from([*USEFULNESS.answers, None]), min_size=1),
        boxes=st.integers(1, 3),
    )
    def test_not_provided_never_moves_the_share(self, answers, boxes):
        def share(given):
            found = top_box(pd.Series(given, dtype=object), USEFULNESS, boxes).dropna()
            return (found != "any other answer").mean() if len(found) else None

        assert share(answers) == share([*answers, "not provided"])

    def test_top_two_is_the_sum_of_the_two_top_shares(self):
        answers = ["agree", "agree", "strongly agree", "disagree", "strongly disagree", None]
        table = shares(answers, AGREEMENT_4).set_index("level")["share"]
        frame = pd.DataFrame({"q": top_box(pd.Series(answers), AGREEMENT_4)})
        top = tabulate(frame, "q", SurveyDesign(None))["share"].iloc[0]
        assert top == pytest.approx(table["agree"] + table["strongly agree"])

    def test_any_of_keeps_rows_and_name(self):
        answers = pd.Series(["never", None, "weekly"], index=["T1", "T2", "T3"], name="q11")
        found = any_of(answers, FREQUENCY, ["monthly", "weekly"])
        assert found.index.equals(answers.index)
        assert found.name == "q11"
        assert found.cat.categories.tolist() == ["monthly or weekly", "any other answer"]
        assert found.cat.codes.tolist() == [1, -1, 0]

    @pytest.mark.parametrize(
        ("wanted", "base", "message"),
        [
            (["often"], "all", "wanted: 'often' is not among"),
            (["not provided"], "substantive", "with base='substantive'"),
            ([], "all", "wanted:"),
            (["very useful"], "some", "base: 'some' is not one of"),
        ],
    )
    def test_bad_choices(self, wanted, base, message):
        with pytest.raises(ValueError, match=message):
            any_of(pd.Series(ANSWERS), USEFULNESS, wanted, base)

    def test_not_provided_can_be_the_answer_of_interest(self):
        found = any_of(pd.Series(ANSWERS), USEFULNESS, ["not provided"], base="all")
        assert (found == "not provided").sum() == 2

    @pytest.mark.parametrize("boxes", [0, 4])
    def test_boxes_that_leave_nothing(self, boxes):
        with pytest.raises(ValueError, match=f"boxes: {boxes} is not a whole number from 1 to 3"):
            top_box(pd.Series(["agree"]), AGREEMENT_4, boxes)
