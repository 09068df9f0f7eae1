"""Voices behind labels, counted by hand."""

import pandas as pd

from compendium.triangulation import gather_evidence, shared_voices, voices

CASES = pd.DataFrame(
    {
        "document": "epic",
        "case": ["Ann", "Ben", "Cat"],
        "role": "teacher",
        "site": "Mercer",
        "asked": True,
    }
)
CROSSWALK = pd.DataFrame(
    {
        "row_id": ["X-1", "X-2", "X-3", "X-4"],
        "claim": "Pace",
        "item_id": None,
        "survey_answer": None,
        "eligible_document": "epic",
        "eligible_cases": "teacher",
    }
)
ESTIMATES = pd.DataFrame(columns=["item_id", "answer", "share", "lower", "upper", "n"]).assign(
    design_effect=None
)
SAID = [
    ("X-1", "S1", "Q1", "for", "Ann"),
    ("X-1", "S2", "Q1", "mixed", "Ann"),  # two pieces of one quotation
    ("X-1", "S3", "S3", "against", "Ben"),
    ("X-2", "S2", "Q1", "for", "Ann"),  # the quotation speaks to two more claims
    ("X-2", "S4", "S4", "for", "Cat"),
    ("X-3", "S2", "Q1", "for", "Ann"),
    ("X-3", "S3", "S3", "against", "Ben"),
    ("X-3", "S9", "S9", "against", None),  # the authors are no voice
]
STANCES = pd.DataFrame(SAID, columns=["row_id", "segment_id", "remark", "stance", "case"]).assign(
    document="epic"
)


def test_voices_are_persons_with_their_segments() -> None:
    evidence = gather_evidence(ESTIMATES, STANCES, CROSSWALK, cases=CASES)
    found = voices(evidence)
    assert len(found) == 7
    assert found["case"].notna().all()
    assert found.query("row_id == 'X-1' and segment_id == 'S2'")[
        ["case", "remark", "stance"]
    ].values.tolist() == [["Ann", "Q1", "mixed"]]


def test_shared_voices_by_hand() -> None:
    evidence = gather_evidence(ESTIMATES, STANCES, CROSSWALK, cases=CASES)
    found = shared_voices(voices(evidence)).set_index("row_id")
    assert found.loc["X-1"].tolist() == [2, 3, 2, 0, "X-3 (2), X-2 (1)"]
    assert found.loc["X-2"].tolist() == [2, 2, 2, 1, "X-1 (1), X-3 (1)"]
    assert found.loc["X-3"].tolist() == [2, 2, 2, 0, "X-1 (2), X-2 (1)"]
    assert "X-4" not in found.index  # nobody


def test_what_one_claim_alone_has_is_shared_with_none() -> None:
    evidence = gather_evidence(ESTIMATES, STANCES.iloc[:3], CROSSWALK, cases=CASES)
    found = shared_voices(voices(evidence)).iloc[0]
    assert (found["own_remarks"], found["shared_with"]) == (2, "")
