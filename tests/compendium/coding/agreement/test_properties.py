"""What must hold for any ratings."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium.coding.agreement import (
    brennan_prediger,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
    positive_agreement,
    set_alpha,
)
from compendium.coding.agreement.alpha import set_distances

MANY = [percent_agreement, fleiss_kappa, gwet_ac1, brennan_prediger, krippendorff_alpha]


def tables(raters, rating):
    row = st.tuples(*[rating] * raters)
    return st.lists(row, min_size=1, max_size=12).map(lambda rows: [list(row) for row in rows])


NAMES = st.sampled_from(["a", "b", "c"])
GAPPY = st.none() | NAMES
SETS = st.frozensets(st.sampled_from("abcd"), max_size=3)


def frame(rows):
    """A frame whose cells are frozensets, which pandas would unpack from a list of lists."""
    columns = range(len(rows[0]))
    return pd.DataFrame({i: pd.Series([row[i] for row in rows], dtype=object) for i in columns})


def value(coefficient, ratings, **options):
    return coefficient(ratings, replicates=0, **options).value


def same(one, other):
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, abs_tol=1e-9)


@pytest.mark.parametrize("coefficient", MANY)
@given(ratings=tables(3, GAPPY), data=st.data())
@settings(max_examples=25, deadline=None)
def test_raters_and_units_have_no_order(coefficient, ratings, data):
    units = data.draw(st.permutations(ratings))
    columns = data.draw(st.permutations(range(3)))
    swapped = [[row[i] for i in columns] for row in units]
    assert same(value(coefficient, ratings), value(coefficient, swapped))


@given(ratings=tables(2, GAPPY))
@settings(max_examples=25, deadline=None)
def test_kappa_does_not_care_who_is_first(ratings):
    swapped = [row[::-1] for row in ratings]
    assert same(value(cohen_kappa, ratings), value(cohen_kappa, swapped))


@pytest.mark.parametrize("coefficient", [*MANY, cohen_kappa])
@given(ratings=tables(2, GAPPY), names=st.permutations(["a", "b", "c"]))
@settings(max_examples=25, deadline=None)
def test_names_are_only_names(coefficient, ratings, names):
    other = dict(zip("abc", names, strict=True)) | {None: None}
    renamed = [[other[rating] for rating in row] for row in ratings]
    assert same(value(coefficient, ratings), value(coefficient, renamed))


@pytest.mark.parametrize("coefficient", [*MANY, cohen_kappa])
@given(truth=st.lists(NAMES, min_size=2, max_size=10))
@settings(max_examples=25, deadline=None)
def test_perfect_agreement_is_one_and_constant_ratings_say_nothing(coefficient, truth):
    found = value(coefficient, [[name, name] for name in truth])
    if len(set(truth)) > 1 or coefficient is percent_agreement:
        assert found == pytest.approx(1)
    else:
        assert found is None


@pytest.mark.parametrize("coefficient", [*MANY, cohen_kappa])
@given(ratings=tables(2, GAPPY))
@settings(max_examples=25, deadline=None)
def test_values_stay_below_one_and_never_are_nan(coefficient, ratings):
    found = coefficient(ratings, replicates=20)
    for number in (found.value, found.lower, found.upper):
        assert number is None or number <= 1 + 1e-12
    assert (found.value is not None) or found.reason
    assert (found.lower is None) == (found.upper is None)
    if found.lower is not None:
        assert found.lower <= found.upper


@pytest.mark.parametrize("coefficient", [percent_agreement, krippendorff_alpha])
@given(ratings=tables(3, GAPPY), lonely=st.lists(NAMES, max_size=4))
@settings(max_examples=25, deadline=None)
def test_units_with_one_rating_say_nothing(coefficient, ratings, lonely):
    more = ratings + [[name, None, None] for name in lonely]
    assert same(value(coefficient, ratings), value(coefficient, more))


@pytest.mark.parametrize("coefficient", [*MANY, cohen_kappa])
@given(ratings=tables(2, NAMES), times=st.integers(2, 4))
@settings(max_examples=25, deadline=None)
def test_only_alpha_notices_how_many_units_there_are(coefficient, ratings, times):
    one, repeated = value(coefficient, ratings), value(coefficient, ratings * times)
    if coefficient is krippendorff_alpha and one is not None and one < 1:
        assert repeated < one
    else:
        assert same(one, repeated)


@given(ratings=tables(3, st.none() | st.integers(1, 4)), shift=st.integers(-3, 3))
@settings(max_examples=25, deadline=None)
def test_ordinal_alpha_sees_the_order_only(ratings, shift):
    stretched = [[r if r is None else 3.5 * r**3 + shift for r in row] for row in ratings]
    backwards = [[r if r is None else -r for r in row] for row in ratings]
    expected = value(krippendorff_alpha, ratings, level="ordinal")
    assert same(expected, value(krippendorff_alpha, stretched, level="ordinal"))
    assert same(expected, value(krippendorff_alpha, backwards, level="ordinal"))


@given(ratings=tables(2, st.none() | st.integers(0, 1)))
@settings(max_examples=25, deadline=None)
def test_two_ordered_values_are_as_two_names(ratings):
    ordinal = value(krippendorff_alpha, ratings, level="ordinal")
    assert same(value(krippendorff_alpha, ratings), ordinal)


@given(ratings=tables(3, st.none() | SETS))
@settings(max_examples=25, deadline=None)
def test_sets_of_one_code_are_as_names(ratings):
    def first(one):
        return None if one is None else frozenset(sorted(one)[:1]) or frozenset("z")

    single = [[first(one) for one in row] for row in ratings]
    names = [[one and min(one) for one in row] for row in single]
    table, expected = frame(single), value(krippendorff_alpha, names)
    assert same(value(set_alpha, table), expected)
    assert same(value(set_alpha, table, distance="jaccard"), expected)


@given(sets=st.lists(SETS, min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_masi_is_a_distance(sets):
    masi, jaccard = set_distances(sets), set_distances(sets, "jaccard")
    for i, one in enumerate(sets):
        for j, other in enumerate(sets):
            assert 0 <= masi[i, j] <= 1
            assert masi[i, j] == masi[j, i]
            assert masi[i, j] >= jaccard[i, j] - 1e-12
            assert (masi[i, j] == 0) == (one == other)
            if not one & other and one != other:
                assert masi[i, j] == 1


@given(ratings=tables(2, st.integers(0, 1)))
@settings(max_examples=25, deadline=None)
def test_positive_agreement_of_two_raters_by_its_formula(ratings):
    a = sum(row == [1, 1] for row in ratings)
    one = sum(row in ([0, 1], [1, 0]) for row in ratings)
    expected = 2 * a / (2 * a + one) if a + one else None
    assert same(value(positive_agreement, ratings), expected)
