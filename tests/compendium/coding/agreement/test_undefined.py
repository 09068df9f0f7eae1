"""Where a coefficient is undefined it is None with the reason; where input is wrong it says so."""

import numpy as np
import pandas as pd
import pytest

from compendium.coding.agreement import (
    brennan_prediger,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    negative_agreement,
    percent_agreement,
    positive_agreement,
    set_alpha,
)

BEYOND_CHANCE = [cohen_kappa, fleiss_kappa, krippendorff_alpha, gwet_ac1, brennan_prediger]


@pytest.mark.parametrize("coefficient", BEYOND_CHANCE)
@pytest.mark.parametrize("categories", [None, [0, 1]])
def test_constant_data(coefficient, categories):
    found = coefficient([[0, 0]] * 30, categories=categories)
    assert (found.value, found.lower, found.upper) == (None, None, None)
    assert found.reason == "every rating is 0: agreement beyond chance cannot be judged"
    assert found.n == 30


def test_constant_data_still_agree_in_plain_percent():
    found = percent_agreement([[0, 0]] * 30)
    assert (found.value, found.lower) == (1.0, None)


@pytest.mark.parametrize("coefficient", [*BEYOND_CHANCE, percent_agreement, positive_agreement])
@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        ([[1, None], [0, None]], "one rater only: agreement needs two"),
        ([[None, None], [None, None]], "no rater only: agreement needs two"),
        ([[1, None], [None, 0]], "no unit has two ratings"),
    ],
)
def test_nothing_to_compare(coefficient, ratings, reason):
    found = coefficient(ratings)
    assert (found.value, found.n, found.reason) == (None, 0, reason)


def test_one_column():
    assert krippendorff_alpha([[1], [2]]).reason == "one rater only: agreement needs two"
    with pytest.raises(ValueError, match="for 2 raters, these are 1"):
        cohen_kappa([[1], [2]])


def test_no_units_at_all():
    assert krippendorff_alpha(pd.DataFrame({"A": [], "B": []})).value is None


def test_a_category_that_nobody_used():
    assert "was rated 1" in positive_agreement([[0, 0], [0, 0]]).reason
    assert "was rated 0" in negative_agreement([[1, 1], [1, 1]]).reason


def test_every_kind_of_missing_is_missing():
    ratings = pd.DataFrame({"A": [1, 2, 1, None], "B": [1, 2, np.nan, 2]})
    nullable = ratings.astype("Int64")
    found = {krippendorff_alpha(r, replicates=0) for r in (ratings, nullable)}
    found.add(krippendorff_alpha([[1, 1], [2, 2], [1, None], [pd.NA, 2]], replicates=0))
    assert len(found) == 1
    assert found.pop().n == 2


def test_more_raters_than_kappa_can_take():
    with pytest.raises(ValueError, match="for 2 raters, these are 3; use fleiss_kappa"):
        cohen_kappa([[1, 1, 2]])


def test_a_rating_outside_the_categories():
    with pytest.raises(ValueError, match="unit 1, rater 'B': 'x' is not one of the categories 'a'"):
        gwet_ac1(pd.DataFrame({"A": ["a", "a"], "B": ["a", "x"]}), categories=["a", "b"])


def test_yes_and_no_must_be_0_and_1():
    found = positive_agreement([[True, True], [False, True]], replicates=0)
    assert found.value == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match="'yes' is not one of the categories 0, 1"):
        positive_agreement([["yes", "no"]])


def test_texts_have_no_order_unless_given():
    ratings = [["low", "high"], ["low", "low"], ["middle", "high"]]
    with pytest.raises(ValueError, match="texts have no order; give `categories`"):
        krippendorff_alpha(ratings, "ordinal")
    order = ["low", "middle", "high"]
    given = krippendorff_alpha(ratings, "ordinal", order, replicates=0)
    dtype = pd.CategoricalDtype(order, ordered=True)
    assert krippendorff_alpha(pd.DataFrame(ratings, dtype=dtype), "ordinal", replicates=0) == given
    assert given.value != krippendorff_alpha(ratings, "ordinal", sorted(order), replicates=0).value


def test_an_undefined_coefficient_has_no_interval_and_says_its_name():
    one = set_alpha([[frozenset("a")] * 2] * 3)
    assert (one.name, one.n_undefined) == ("Krippendorff's alpha (sets, MASI)", 0)
    assert (one.value, one.lower, one.upper) == (None, None, None)
    assert set_alpha([[frozenset("a")] * 2], "jaccard").name.endswith("(sets, Jaccard)")


def test_more_raters_than_a_key_can_hold():
    """Alike rows are told apart by one whole number where it fits, and by all columns where not."""
    random = np.random.default_rng(5)
    ratings = np.repeat(random.integers(0, 9, (6, 30)), 2, axis=0)
    wide = krippendorff_alpha(ratings, replicates=0)
    units = np.array([np.bincount(row, minlength=9) for row in ratings])
    apart, total = ((30**2 - (units**2).sum(axis=1)) / 29).sum(), units.sum(axis=0)
    expected = (360**2 - (total**2).sum()) / 359
    assert wide.value == pytest.approx(1 - apart / expected, abs=1e-12)
    assert wide.n == 12


def test_ratings_that_are_no_table():
    with pytest.raises(ValueError, match=r"1 dimension\(s\)"):
        krippendorff_alpha(np.array([1, 2, 3]))
    with pytest.raises(ValueError, match="must be hashable"):
        set_alpha(pd.DataFrame({"A": [{"x"}], "B": [{"x"}]}))
    with pytest.raises(ValueError, match="'x' is not a frozenset"):
        set_alpha(pd.DataFrame({"A": ["x"], "B": ["y"]}))


def test_unknown_level_and_distance():
    with pytest.raises(ValueError, match="'rank' is not one of nominal, ordinal, interval, ratio"):
        krippendorff_alpha([[1, 1]], "rank")
    with pytest.raises(ValueError, match="'cubic' is not one of none, linear, quadratic"):
        cohen_kappa([[1, 2]], weights="cubic")
    with pytest.raises(ValueError, match="'cubic' is not one of none, linear, quadratic"):
        gwet_ac2([[1, 2]], weights="cubic")
    with pytest.raises(ValueError, match="'dice' is not one of masi, jaccard"):
        set_alpha(pd.DataFrame({"A": [frozenset()], "B": [frozenset()]}), "dice")


def test_weights_and_numbers_need_ratings_that_have_them():
    for function in (cohen_kappa, gwet_ac2):
        with pytest.raises(ValueError, match="texts have no order"):
            function([["low", "high"]], weights="linear")
        with pytest.raises(ValueError, match="texts have no order"):
            function(pd.DataFrame({"A": ["low"], "B": ["high"]}), weights="linear")
        function([["low", "high"]], ["low", "high"], weights="linear", replicates=0)
    for level in ("interval", "ratio"):
        for wrong in ("low", np.inf):
            with pytest.raises(ValueError, match=f"{wrong!r} is not a"):
                krippendorff_alpha([[1, wrong]], level)
    with pytest.raises(ValueError, match="-1 is not a number from zero up, which level 'ratio'"):
        krippendorff_alpha([[1, -1]], "ratio")
    assert krippendorff_alpha([[1, -1], [2, 2]], "interval", replicates=0).value is not None
    two = [[0, 0], [0, 2], [2, 2]]  # as far apart as numbers can be
    by_name = krippendorff_alpha(two, replicates=0).value
    assert krippendorff_alpha(two, "ratio", replicates=0).value == by_name


def test_more_ratings_than_fit(monkeypatch):
    monkeypatch.setattr("compendium.coding.agreement.alpha.MAXIMUM_RATINGS", 2)
    sets = [frozenset("a"), frozenset("b"), frozenset("c")]
    with pytest.raises(ValueError, match="3 different ones, more than 2; take fewer units"):
        set_alpha(pd.DataFrame({"A": sets, "B": sets}))
    with pytest.raises(ValueError, match="3 different ones, more than 2"):
        krippendorff_alpha([[1, 2], [3, 3]], "interval")


def test_a_rated_set_may_be_empty():
    sets = pd.DataFrame({"A": [frozenset(), frozenset("a")], "B": [frozenset(), frozenset("a")]})
    assert set_alpha(sets, replicates=0).value == 1.0


def test_a_category_chosen_where_nobody_else_rated_says_nothing():
    lonely = positive_agreement([[1, None], [0, 0]])
    assert (lonely.value, lonely.reason) == (None, "no unit with two ratings was rated 1")
