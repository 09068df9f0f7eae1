"""The comparison of documents: Farmer's four outcomes, worked by hand, and its properties."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compendium.triangulation.across import ACROSS_LABELS, Voice, across_documents, label_across

ASKED = pd.DataFrame({"document": ["x", "y"], "code": ["policy", "policy"]})
SPEAKING = ["+", "-", "divided", "thin"]
voices = st.builds(
    Voice,
    state=st.sampled_from([*SPEAKING, "silent", "never asked"]),
    prominence=st.floats(0, 1),
)


def said(*rows: tuple[str, str | None, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["document", "case", "direction"])
    return frame.assign(code="policy")


def compare(applications: pd.DataFrame, **settings: object) -> dict[str, object]:
    table = across_documents(applications, ["policy"], ["x", "y"], ASKED, **settings)
    return table.iloc[0].to_dict()


@pytest.mark.parametrize(
    ("states", "label"),
    [
        (["silent", "never asked"], "not covered"),
        (["+", "never asked"], "silence"),
        (["thin", "silent"], "silence"),
        (["+", "-"], "dissonance"),
        (["+", "-", "+"], "dissonance"),
        (["+", "+", "silent"], "agreement"),
        (["divided", "divided"], "agreement"),
        (["+", "divided"], "partial agreement"),
        (["+", "thin"], "partial agreement"),
        (["thin", "thin"], "partial agreement"),
    ],
)
def test_each_outcome(states, label):
    assert label_across([Voice(state=state, prominence=0.3) for state in states]) == label


def test_the_same_direction_at_another_prominence_is_partial():
    far = [Voice(state="+", prominence=0.1), Voice(state="+", prominence=0.4)]
    assert label_across(far) == "partial agreement"
    assert label_across(far, max_prominence_gap=0.31) == "agreement"


@given(st.lists(voices, min_size=1, max_size=4), st.randoms())
def test_order_and_polarity_do_not_matter(drawn, shuffle):
    flip = {"+": "-", "-": "+"}
    mirrored = [Voice(state=flip.get(v.state, v.state), prominence=v.prominence) for v in drawn]
    label = label_across(drawn)
    shuffle.shuffle(mirrored)
    assert label in ACROSS_LABELS
    assert label_across(mirrored) == label


@given(st.lists(voices, min_size=2, max_size=4))
def test_a_document_that_was_never_asked_changes_nothing(drawn):
    assert label_across([*drawn, Voice(state="never asked")]) == label_across(drawn)


def test_persons_are_counted_not_remarks():
    found = compare(
        said(*[("x", "ann", "helps")] * 5, ("x", "bob", "hinders"), ("x", None, "helps"))
    )
    assert (found["x_helps"], found["x_hinders"], found["x_state"]) == (1, 1, "thin")


def test_one_who_says_both_counts_half_for_each():
    rows = [("x", "a", "helps"), ("x", "a", "hinders"), ("x", "b", "helps"), ("x", "c", "neutral")]
    found = compare(said(*rows))
    assert (found["x_helps"], found["x_hinders"], found["x_both"]) == (1, 0, 2)
    assert found["x_state"] == "+"  # (1 + 2/2) of 3, the majority exactly
    assert compare(said(*rows), majority=0.7)["x_state"] == "divided"


def test_silence_after_a_question_is_told_from_silence_without_one():
    found = across_documents(
        said(("x", "a", "helps")), ["policy"], ["x", "y", "z"], ASKED, min_units=1
    ).iloc[0]
    assert (found["label"], found["silent"], found["never_asked"]) == ("silence", "y", "z")


def test_prominence_is_a_share_of_the_speakers_of_the_document():
    rows = pd.concat([said(("x", "a", "helps")), said(("x", "b", "helps")).assign(code="other")])
    assert compare(rows)["x_prominence"] == 0.5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"direction": "helpz"}, "row 0, column direction: 'helpz' is not one of"),
        ({"code": None}, "no column code"),
    ],
)
def test_bad_applications_are_refused(change, message):
    frame = said(("x", "a", "helps"))
    frame = frame.drop(columns="code") if change == {"code": None} else frame.assign(**change)
    with pytest.raises(ValueError, match=message):
        across_documents(frame, ["policy"], ["x"], ASKED.head(1))


def test_an_unknown_name_in_asked_is_refused():
    with pytest.raises(ValueError, match="asked, row 0, column code: 'polcy' does not exist"):
        across_documents(
            said(("x", "a", "helps")), ["policy"], ["x"], ASKED.head(1).assign(code="polcy")
        )
