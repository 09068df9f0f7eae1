"""Tests of shares against a population, held against R's own tests.

Expected values: tests/oracles/survey/expected.R (prop.test, binom.test, fisher.test, p.adjust).
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium.survey import TESTS, compare_shares, share_p_value

ORACLES = Path(__file__).parents[2] / "oracles" / "survey"


@pytest.fixture
def counts():
    return pd.read_csv(ORACLES / "shares.csv", index_col="level").to_dict()


@pytest.mark.parametrize("test", TESTS)
class TestAgainstR:
    @pytest.fixture
    def wanted(self, test):
        found = pd.read_csv(ORACLES / "shares_expected.csv")
        return found[found["test"] == test]

    @pytest.mark.parametrize("adjust", ["bonferroni", "holm", "fdr_bh"])
    def test_statistic_and_p_values(self, test, adjust, counts, wanted, digits):
        found = compare_shares(counts["sample"], counts["population"], test, adjust)
        assert found["level"].tolist() == wanted["level"].tolist()
        # R's fisher.test and binom.test sum probabilities whose own rounding takes a digit or two.
        assert digits(found["statistic"], wanted["statistic"]) >= 13
        assert digits(found["p_value"], wanted["p_value"]) >= 12
        column = {"fdr_bh": "bh"}.get(adjust, adjust)
        assert digits(found["p_adjusted"], wanted[column]) >= 12

    def test_each_test_has_an_answer_of_its_own(self, test, counts, wanted):
        """The twin: no other test's p values pass for this one's."""
        for other in set(TESTS) - {test}:
            found = compare_shares(counts["sample"], counts["population"], other)
            assert (
                np.abs(found["p_value"].to_numpy() / wanted["p_value"].to_numpy() - 1).max() > 1e-3
            )


class TestTable:
    def test_columns_and_shares(self, counts):
        table = compare_shares(counts["sample"], counts["population"])
        assert table.columns.tolist() == [
            "level", "sample_count", "sample_share", "population_count", "population_share",
            "difference", "test", "statistic", "p_value", "p_adjusted", "adjustment",
        ]  # fmt: skip
        assert table["sample_share"].sum() == pytest.approx(1)
        assert table["difference"].sum() == pytest.approx(0)

    def test_without_adjustment(self, counts):
        table = compare_shares(counts["sample"], counts["population"], adjust=None)
        assert table["p_adjusted"].equals(table["p_value"].rename("p_adjusted"))
        assert table["adjustment"].unique().tolist() == ["none"]

    def test_labels_serve_as_well_as_counts(self):
        people = pd.Series(list("aaabbc"))
        found = compare_shares(people[[0, 1, 3]], people)
        wanted = compare_shares({"a": 2, "b": 1}, {"a": 3, "b": 2, "c": 1})
        pd.testing.assert_frame_equal(found, wanted)
        assert found["sample_count"].tolist() == [2, 1, 0]

    @settings(max_examples=60, deadline=None)
    @given(
        held=st.integers(1, 60),
        rest=st.integers(1, 60),
        taken=st.integers(0, 60),
        other=st.integers(1, 60),
    )
    def test_a_level_and_its_complement_differ_alike(self, held, rest, taken, other):
        """With two levels, each test must say the same of both; z with opposite signs."""
        taken, other = min(taken, held), min(other, rest)
        if taken + other == held + rest:
            other -= 1
        if taken + other == 0:
            return
        for test in TESTS:
            n, size = taken + other, held + rest
            first = share_p_value(taken, n, held, size, test)
            second = share_p_value(other, n, rest, size, test)
            assert first[1] == pytest.approx(second[1], rel=1e-6, abs=1e-12)
            assert 0 <= first[1] <= 1 + 1e-12
            if test.endswith("z"):
                assert first[0] == pytest.approx(-second[0], rel=1e-9, abs=1e-9)

    def test_z_tests_take_numbers_that_are_not_whole(self):
        below, above = (share_p_value(x, 444, 450, 611, "finite_population_z")[1]
                        for x in (333.5, 334.5))  # fmt: skip
        whole = share_p_value(334, 444, 450, 611, "finite_population_z")[1]
        assert below > whole > above


class TestBadInput:
    def test_unknown_test_or_adjustment(self):
        with pytest.raises(ValueError, match="test: 't' is not one of 'one_sample_z'"):
            compare_shares({"a": 1, "b": 1}, {"a": 2, "b": 2}, "t")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="adjust: 'strict' is not one of"):
            compare_shares({"a": 1, "b": 1}, {"a": 2, "b": 2}, adjust="strict")

    @pytest.mark.parametrize(
        ("sample", "population", "message"),
        [
            ({"a": 1, "x": 1}, {"a": 2, "b": 2}, "sample: 'x' is not a level of the population"),
            ({"a": 3, "b": 1}, {"a": 2, "b": 9}, "sample: 'a' has 3 people but the population"),
            ({"a": 1}, {"a": 2}, "population: 2 of 2 people leave nothing to compare"),
            ({"a": 1}, {"a": 2, "b": 0}, "population: 2 of 2 people leave nothing to compare"),
            ({"a": 1.5}, {"a": 2, "b": 1}, r"sample: counts must be whole numbers.* {'a': 1\.5}"),
            ({"a": -1}, {"a": 2, "b": 1}, "sample: counts must be whole numbers"),
            ({"a": 0}, {"a": 2, "b": 1}, "sample: counts must be whole numbers from 0, not all 0"),
            ({"a": 2, "b": 1}, {"a": 2, "b": 1}, "sample: it is the whole population"),
        ],
    )
    def test_counts_that_do_not_fit(self, sample, population, message):
        with pytest.raises(ValueError, match=message):
            compare_shares(sample, population)

    def test_person_without_a_label(self):
        people = pd.Series(["a", "b", None], index=["T1", "T2", "T3"])
        with pytest.raises(
            ValueError, match=r"population: column None is missing in 1 rows \('T3'\)"
        ):
            compare_shares({"a": 1}, people)
        assert len(compare_shares({"a": 1}, people.fillna("not stated"))) == 3

    def test_exact_tests_need_whole_numbers(self):
        for test in ("exact_binomial", "hypergeometric"):
            with pytest.raises(ValueError, match=r"counts: 1\.5 are not whole numbers"):
                share_p_value(1.5, 3, 4, 8, test)

    def test_sample_that_no_population_holds(self):
        with pytest.raises(ValueError, match="5 of 4 people cannot come"):
            share_p_value(5, 4, 5, 9, "one_sample_z")
        with pytest.raises(ValueError, match="1 of 5 people cannot come from a population with 3"):
            share_p_value(1, 5, 3, 6, "hypergeometric")
