"""Sensitivity against what can be counted by hand on ten cases."""

from typing import Any

import pandas as pd
import pytest

from compendium.triangulation import DEFAULT_GRID, Rule, sensitivity, stability

CASES = pd.DataFrame(
    {
        "document": "epic",
        "case": list("abcdefghij"),
        "role": "teacher",
        "site": "Mercer",
        "asked": True,
    }
)
CROSSWALK = pd.DataFrame(
    {
        "row_id": ["X-1", "X-2"],
        "claim": "Pace",
        "item_id": ["I-1", None],
        "survey_answer": "agree",
        "eligible_document": "epic",
        "eligible_cases": "teacher",
    }
)


def said(for_: str, against: str = "") -> pd.DataFrame:
    spoken = [(case, "for") for case in for_] + [(case, "against") for case in against]
    frame = pd.DataFrame(spoken, columns=["case", "stance"])
    segments = [f"S{i}" for i in range(len(frame))]
    return frame.assign(segment_id=segments, remark=segments, row_id="X-1", document="epic")


def estimate(share: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "item_id": ["I-1"],
            "answer": ["agree"],
            "share": [share],
            "lower": [share - 0.04],
            "upper": [share + 0.04],
            "n": [430],
            "design_effect": [1.0],
        }
    )


def tried(stances: pd.DataFrame, share: float = 0.6, **changes: Any) -> pd.DataFrame:
    options: dict[str, Any] = {"thresholds": {}, "leave_one_out": False, **changes}
    return sensitivity(estimate(share), stances, CROSSWALK, Rule(), cases=CASES, **options)


def labels(table: pd.DataFrame, row_id: str = "X-1") -> dict[str, str]:
    rows = table[table["row_id"] == row_id]
    return dict(zip(rows["setting"], rows["label"], strict=True))


def test_leaving_one_case_out() -> None:
    # Four of six for: 4/6 is the majority, 3/5 is not, 4/5 is.
    result = labels(tried(said("abcd", "ef"), leave_one_out=True))
    assert {case for case, label in result.items() if label == "complementarity"} == {
        "without a",
        "without b",
        "without c",
        "without d",
    }
    assert len(result) == 10


def test_thresholds_are_tried_in_every_combination() -> None:
    grid = {"majority": (0.6, 2 / 3, 0.9), "min_cases": (3, 8)}
    result = labels(tried(said("abcd", "ef"), thresholds=grid))
    assert result == {
        "majority=0.6": "convergence",
        "majority=0.6, min_cases=8": "insufficient",
        "as given": "convergence",
        "min_cases=8": "insufficient",
        "majority=0.9": "complementarity",
        "majority=0.9, min_cases=8": "insufficient",
    }


def test_readings() -> None:
    readings = {"A": said("abcd", "ef"), "B": said("ef", "abcd")}
    assert labels(tried(said("abcd", "ef"), readings=readings)) == {
        "A": "convergence",
        "B": "dissonance",
    }


@pytest.mark.parametrize("as_mapping", [True, False])
def test_reconstructions(as_mapping: bool) -> None:
    frames = [estimate(0.6), estimate(0.5), estimate(0.3)]
    named = {f"reconstruction {i}": frame for i, frame in enumerate(frames, start=1)}
    result = labels(tried(said("abcd", "ef"), reconstructions=named if as_mapping else frames))
    assert list(result.values()) == ["convergence", "complementarity", "dissonance"]
    assert list(result) == list(named)


def test_default_grid_contains_the_defaults() -> None:
    for name, values in DEFAULT_GRID.items():
        assert getattr(Rule(), name) in values
    table = tried(said("abcd", "ef"), thresholds=DEFAULT_GRID)
    assert len(labels(table)) == 3 ** len(DEFAULT_GRID)
    assert table.loc[table["setting"] == "as given", "same"].all()


def test_stability_counts_and_names_the_least_change() -> None:
    grid = {"majority": (2 / 3, 0.9), "min_cases": (3, 8), "max_prominence_gap": (0.25, 0.0)}
    summary = stability(tried(said("abcd", "ef"), thresholds=grid)).to_dict("records")
    first, second = summary
    assert (first["settings"], first["same"], first["share_same"]) == (8, 1, 1 / 8)
    assert first["labels"] == "insufficient 4, complementarity 3, convergence 1"
    assert set(first["flipped_by"].split("; ")) == {
        "majority=0.9: complementarity",
        "min_cases=8: insufficient",
        "max_prominence_gap=0: complementarity",
    }
    # No item asks X-2: silence whatever the thresholds.
    assert second["share_same"] == 1
    assert second["flipped_by"] is None


def test_unknown_threshold_is_refused() -> None:
    with pytest.raises(ValueError, match="Rule has no 'min_case'; one of midpoint"):
        tried(said("abc"), thresholds={"min_case": (1, 2)})


def test_impossible_threshold_is_refused() -> None:
    with pytest.raises(ValueError, match="majority is"):
        tried(said("abc"), thresholds={"majority": (0.4,)})


def test_nothing_to_vary_gives_an_empty_table() -> None:
    table = tried(said("abc"))
    assert table.empty
    assert stability(table).empty
