"""Code saturation: the printed example, and every order of a small study counted one by one."""

from itertools import permutations
from math import comb
from typing import Any

import numpy as np
import pandas as pd
import pytest

from compendium.coding.cases import with_cases
from compendium.coding.reconciliation import reconcile
from compendium.coding.saturation import saturation

# Guest, Namey & Chen (2020) print, for a base of four interviews with 37 themes, runs of two with
# 7, 4 and 1 new themes (19 %, 11 %, 3 %), saturation at 6+2 for runs of two and at 7+3 for runs of
# three, both at the 5 % threshold. These leave one way only in which interviews 5 to 10 can have
# brought new themes: 4, 3, 1, 0, 1, 0. How the 37 spread over the first four does not matter.
GUEST = [20, 10, 5, 2, 4, 3, 1, 0, 1, 0]


def study(new_codes):
    """A study in which case i brings so many codes that none before it had."""
    rows = [
        (f"S{case}", f"c{case:02d}", f"code-{case}-{number}")
        for case, count in enumerate(new_codes, start=1)
        for number in range(count)
    ]
    cases = [f"c{case:02d}" for case in range(1, len(new_codes) + 1)]
    return pd.DataFrame(rows, columns=["segment_id", "case", "code"]), cases


def test_the_printed_example_with_runs_of_two():
    found = saturation(*study(GUEST), n_orders=0)
    assert found.base_codes == 37
    runs = [found.curve["new_codes"][n : n + 2].sum() / found.base_codes for n in (4, 5, 6)]
    assert [round(share, 2) for share in runs] == [0.19, 0.11, 0.03]
    assert (found.reached_at, found.label, found.reason) == (6, "6+2", "")
    assert found.codes_after == 1


def test_the_printed_example_with_runs_of_three():
    found = saturation(*study(GUEST), run_length=3, n_orders=0)
    assert (found.reached_at, found.label) == (7, "7+3")


def test_the_printed_example_at_threshold_zero():
    found = saturation(*study(GUEST), threshold=0, n_orders=0)
    assert found.reached_at is None
    assert "more new codes than the threshold allows" in found.reason


def test_the_threshold_itself_is_enough():
    choice: dict[str, Any] = {"base_size": 1, "run_length": 2, "threshold": 0.29, "n_orders": 0}
    assert saturation(*study([100, 29, 0]), **choice).label == "1+2"
    assert saturation(*study([100, 30, 0]), **choice).label == ""


def reached(order, codes_of, base_size, run_length, threshold):
    """The rule read aloud: one order, sets of codes."""
    seen: set = set()
    new = []
    for case in order:
        new.append(len(codes_of[case] - seen))
        seen |= codes_of[case]
    base = sum(new[:base_size])
    for n in range(base_size, len(order) - run_length + 1):
        if base and sum(new[n : n + run_length]) <= threshold * base:
            return n
    return 0


def test_random_orders_agree_with_all_orders():
    codes_of = {"a": {1, 2}, "b": {2, 3}, "c": {1}, "d": {4, 5}, "e": set(), "f": {1, 2, 3}}
    rows = [(f"S{c}{k}", c, str(k)) for c, codes in codes_of.items() for k in codes]
    frame = pd.DataFrame(rows, columns=["segment_id", "case", "code"])
    choice: dict[str, Any] = {"base_size": 2, "run_length": 2, "threshold": 0.2}
    every = [reached(order, codes_of, **choice) for order in permutations(codes_of)]
    found = saturation(frame, list(codes_of), n_orders=20_000, **choice)
    for point in set(every) | set(found.orders):
        expected = every.count(point) / len(every)
        assert (found.orders == point).mean() == pytest.approx(expected, abs=0.015)
    first = reached(tuple(codes_of), codes_of, **choice)
    assert (found.reached_at or 0) == first
    assert found.share_of_orders == pytest.approx(1 - every.count(0) / len(every), abs=0.015)


def test_the_mean_curve_is_the_expected_number_of_codes():
    # A code of k among n cases is unseen after m random cases with chance C(n-k, m) / C(n, m).
    frame, cases = study([3, 0, 2, 1])
    extra = pd.DataFrame({"segment_id": ["T"], "case": [cases[3]], "code": ["code-1-0"]})
    found = saturation(pd.concat([frame, extra]), cases, base_size=1, n_orders=40_000)
    carriers = [2, 1, 1, 1, 1, 1]
    for m, mean in enumerate(found.curve["mean"], start=1):
        expected = sum(1 - comb(4 - k, m) / comb(4, m) for k in carriers)
        assert mean == pytest.approx(expected, abs=0.02)


def test_the_curve_ends_with_all_codes_in_every_order(evidence):
    coded = with_cases(reconcile(evidence["applications"]), evidence["segments"])
    found = saturation(coded)
    last = found.curve.iloc[-1]
    total = coded.dropna(subset=["case"])["code"].nunique()
    assert last["codes"] == last["mean"] == last["lower"] == last["upper"] == total
    assert (found.curve["lower"] <= found.curve["mean"]).all()
    assert (found.curve["mean"] <= found.curve["upper"]).all()
    assert found.curve["codes"].is_monotonic_increasing


def test_the_seed_decides_and_chunks_do_not(monkeypatch):
    frame, cases = study(GUEST)
    first = saturation(frame, cases, seed=3)
    assert np.array_equal(first.orders, saturation(frame, cases, seed=3).orders)
    assert not np.array_equal(first.orders, saturation(frame, cases, seed=4).orders)
    monkeypatch.setattr("compendium.coding.saturation.CHUNK", 500)
    assert np.array_equal(first.orders, saturation(frame, cases, seed=3).orders)


def test_a_case_without_codes_is_read_all_the_same():
    frame, cases = study([2, 0, 0, 0])
    assert saturation(frame, cases, base_size=1, run_length=2, n_orders=0).label == "1+2"
    assert saturation(frame, base_size=1, run_length=2, n_orders=0).reached_at is None


@pytest.mark.parametrize(
    ("new", "reason"),
    [([3, 2, 1], "3 cases; a base of 4 and a run of 2 need more"), ([0] * 6 + [1], "have no code")],
)
def test_undefined_with_the_reason(new, reason):
    found = saturation(*study(new), n_orders=10)
    assert found.reached_at is None
    assert found.codes_after is None
    assert reason in found.reason
    assert found.share_of_orders == (found.orders > 0).mean()


def test_bad_input():
    frame, cases = study(GUEST)
    with pytest.raises(ValueError, match="case 'c01' is there twice"):
        saturation(frame, [*cases, "c01"])
    with pytest.raises(ValueError, match="'c01' has codes but is not in the order"):
        saturation(frame, cases[1:])
    with pytest.raises(ValueError, match="base_size 0"):
        saturation(frame, base_size=0)
    with pytest.raises(ValueError, match="no column case"):
        saturation(frame.drop(columns="case"))


@pytest.mark.parametrize(
    "choice",
    [
        {"base_size": 0},
        {"run_length": 0},
        {"threshold": -0.1},
        {"threshold": 1},
        {"confidence": 0},
        {"confidence": -0.5},
        {"confidence": 1},
    ],
)
def test_choices_out_of_range(choice):
    with pytest.raises(ValueError, match="must be at least 1"):
        saturation(*study(GUEST), **choice)


def test_base_and_run_must_fit():
    found = saturation(*study([3, 2, 1, 1, 1]), base_size=3, run_length=3, n_orders=0)
    assert found.reason == "5 cases; a base of 3 and a run of 3 need more"
