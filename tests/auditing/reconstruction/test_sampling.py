import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest

from auditing.reconstruction.answers import item_problem
from auditing.reconstruction.fields import FIELDS, constraint_row
from auditing.reconstruction.sampling import draw_table, extreme_shares

LEVELS = ["never", "sometimes", "often"]


def constraint(kind, bounds, district=None, levels="often", **more):
    name = f"{kind} {bounds}"
    return constraint_row(
        name, kind, "", bounds, items="I-1", levels=levels, district=district, **more
    )


def problem(rows, answered=(40, 25, 10), levels=LEVELS):
    counts = pd.Series(answered, index=["A", "B", "C"][: len(answered)])
    frame = pd.DataFrame(rows, columns=list(FIELDS))
    return item_problem("I-1", counts, levels, ["often"], frame)


def draws(p, number, seed=0, steps=60):
    random = np.random.default_rng(seed)
    return np.array([draw_table(p, random, steps) for _ in range(number)])


def often(p, tables):
    return tables[:, :, -1] / p.answered


def test_answers_add_up_and_are_not_negative():
    p = problem([constraint("share", (30, 80))])
    tables = draws(p, 20)
    assert (tables >= 0).all()
    assert (tables.sum(axis=2) == p.answered).all()


def test_the_published_share_is_uniform_within_its_interval():
    p = problem([constraint("share", (30, 80))], answered=(4000, 2500, 1000))
    shares = often(p, draws(p, 80)).mean(axis=1)
    assert kstest(shares, "uniform", args=(0.3, 0.5)).pvalue > 0.01


def test_shares_of_districts_are_uniform_given_their_mean():
    # Two districts with mean 1/2: the first share is uniform on [0, 1].
    rows = [constraint("share", (49.99, 50.01))]
    p = problem(rows, answered=(10000, 10000), levels=["never", "often"])
    assert kstest(often(p, draws(p, 80))[:, 0], "uniform").pvalue > 0.01


def test_the_split_over_the_other_levels_is_uniform():
    p = problem([constraint("share", (50, 50.01))], answered=(10000, 10000))
    never = draws(p, 80)[:, :, 0].sum(axis=1) / 10000
    assert kstest(never, "uniform").pvalue > 0.01


def test_a_lead_holds_in_every_draw():
    p = problem([constraint("share", (50, 90)), constraint("lead", (0, 100), "C", open_lower=True)])
    shares = often(p, draws(p, 20))
    assert (shares[:, 2] > shares[:, :2].max(axis=1)).all()


def test_a_deviation_holds_in_every_draw():
    p = problem([constraint("share", (50, 90)), constraint("deviation", (-10, 10), "A")])
    shares = often(p, draws(p, 20))
    assert (np.abs(shares[:, 0] - shares.mean(axis=1)) < 0.1).all()


def test_a_count_of_other_answers_holds_in_every_draw():
    p = problem([constraint("negative_to_all", (1, 1), "C")])
    tables = draws(p, 20)
    assert (tables[:, 2, -1] == 9).all()


def test_shares_of_those_offered_hold_in_every_draw():
    levels = ["not provided", "no use", "useful"]
    kinds = ("share_of_offered", "share_of_offered_by_district")
    p = problem(
        [constraint(kind, (0, 50), levels="useful", open_upper=True) for kind in kinds],
        levels=levels,
    )
    p = item_problem(
        "I-1",
        pd.Series([40, 25, 10], index=["A", "B", "C"]),
        levels,
        ["not provided"],
        pd.DataFrame(
            [constraint(kind, (0, 50), levels="useful", open_upper=True) for kind in kinds]
        ),
    )
    for table in draws(p, 20):
        shares = (table / p.answered[:, None]).mean(axis=0)
        assert shares[2] < 0.5 * (1 - shares[0])
        offered = table[table[:, 1:].sum(axis=1) > 0]
        assert (offered[:, 2] / offered[:, 1:].sum(axis=1)).mean() < 0.5


def test_narrow_bounds_are_met_by_whole_numbers():
    # Few counts of 7, 8 and 9 have a mean share within these bounds; rounding alone misses them.
    p = problem([constraint("share", (61.2, 61.4))], answered=(7, 8, 9))
    shares = often(p, draws(p, 10)).mean(axis=1)
    assert ((shares > 0.612) & (shares < 0.614)).all()


def test_extremes_are_those_of_the_interval():
    low, high = extreme_shares(problem([constraint("share", (30, 80))]))
    assert (low, high) == pytest.approx((0.3, 0.8), abs=1e-4)


def test_a_contradiction_names_its_constraints_and_no_other():
    rows = [
        constraint("share", (90, 95)),
        constraint("deviation", (-60, 60), "A"),
        constraint("share", (10, 20)),
        constraint("lead", (0, 100), "C", open_lower=True),
    ]
    with pytest.raises(ValueError, match=r"I-1.*share \(90, 95\), share \(10, 20\); one"):
        draw_table(problem(rows), np.random.default_rng(0), 10)


def test_bounds_that_no_whole_numbers_meet_are_refused():
    with pytest.raises(ValueError, match=r"\[2, 3\] respondents.*share \(51, 52\)"):
        draw_table(
            problem([constraint("share", (51, 52))], answered=(2, 3)),
            np.random.default_rng(0),
            10,
        )


def test_a_district_without_an_answer_is_refused():
    with pytest.raises(ValueError, match="no answer in B"):
        problem([], answered=(4, 0))
