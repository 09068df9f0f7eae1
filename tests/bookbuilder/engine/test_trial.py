"""A trial: kept apart, said to be one, and never at work beside a build."""

from pathlib import Path

import pytest

from bookbuilder.engine import lock, trial
from bookbuilder.engine.engine import load_plan

KNOWN = {"marks.top": {"value": 5}, "marks.low": {"value": 3}}


def test_its_page_says_what_was_set_and_what_it_changes() -> None:
    said = trial._notice("marks", {"factor": 2}, {"top": {"value": 10}, "low": {"value": 3}}, KNOWN)
    assert "**A trial of `marks`: `factor` is `2`.** The record is untouched" in said
    assert said.endswith("| --- | --- | --- |\n| `top` | 5 | 10 |\n")
    same = trial._notice("marks", {"factor": 1}, {"top": {"value": 5}}, KNOWN)
    assert same.endswith("Every number that the record has comes out the same.\n")
    assert "the same" not in trial._notice("marks", {"factor": 1}, {"top": {"value": 5}}, {})


def test_names_that_a_folder_cannot_hold_stay_apart() -> None:
    assert trial.folder_name({"title": "a b"}) != trial.folder_name({"title": "a_b"})
    assert len(trial.folder_name({"title": "a" * 300})) < 120
    assert "/" not in trial.folder_name({"title": "../x"})


def test_while_a_build_is_at_work_no_trial_begins(project: Path) -> None:
    changed = load_plan(project)["marks"].with_parameters({"factor": 2})
    with lock.held(project), pytest.raises(lock.BusyError, match="another build is at work"):
        trial.run(changed, {"factor": 2}, project)
    assert not (project / trial.TRIALS).exists()
