"""The floor under claims about groups of interviewed people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditing.headcount import balance, contrast

HERE, THERE = {"a", "b", "c", "d"}, {"p", "q", "r", "s"}


@pytest.mark.parametrize(
    ("saying", "decided"),
    [
        ({"a", "b", "c"}, True),
        ({"a", "b"}, False),  # two people
        ({"a", "b", "c", "p"}, True),  # 3 of 4 against 1 of 4; without a still 2 of 3
        ({"p", "q", "r"}, True),  # decided the other way
        (HERE | THERE, False),
        (set(), False),
    ],
)
def test_enough_voices_none_of_which_decides_alone(saying: set[str], decided: bool) -> None:
    assert contrast(saying, HERE, THERE).decided is decided


def test_leaving_one_person_out_can_undo_it() -> None:
    saying, three = {"a", "b", "p"}, THERE - {"s"}
    # 2 of 4 against 1 of 4, without a still 1 of 3 against 1 of 4.
    assert contrast(saying, HERE, THERE).decided
    # 2 of 4 against 1 of 3, without a 1 of 3 against 1 of 3.
    found = contrast(saying, HERE, three)
    assert found.difference == pytest.approx(50 - 100 / 3) and not found.decided
    assert contrast(saying, HERE - {"a"}, three).difference == 0


def test_a_group_of_two_is_too_few_however_many_speak_in_the_other() -> None:
    assert not contrast(HERE, HERE, {"p", "q"}).decided
    assert contrast(HERE, HERE, {"p", "q"}, minimum=2).decided


def test_who_is_never_heard_is_missing_not_silent() -> None:
    """Shares are of those given as heard; nobody else lowers them."""
    assert contrast({"a", "b", "c", "z"}, HERE, THERE).difference == 75
    assert contrast({"a", "b", "c", "z"}, HERE, THERE).people == 3
    assert contrast({"a"}, HERE, set()).difference is None


@pytest.mark.parametrize(
    ("one", "other", "decided"),
    [("abc", "", True), ("abcd", "p", True), ("abc", "pq", False), ("ab", "", False)],
)
def test_more_say_it_than_the_opposite(one: str, other: str, decided: bool) -> None:
    found = balance(one, other)
    assert (found.difference, found.decided) == (len(one) - len(other), decided)


@given(st.sets(st.sampled_from("abcdpqrs")))
def test_both_directions_mirror_each_other(saying: set[str]) -> None:
    ahead, behind = contrast(saying, HERE, THERE), contrast(saying, THERE, HERE)
    assert ahead.decided == behind.decided
    assert ahead.difference == -behind.difference  # type: ignore[operator]


def test_refuses_people_in_both_groups_and_no_minimum() -> None:
    with pytest.raises(ValueError, match="a: in both groups"):
        contrast({"a"}, HERE, {"a"})
    with pytest.raises(ValueError, match="minimum is 0"):
        balance({"a"}, {"b"}, minimum=0)
