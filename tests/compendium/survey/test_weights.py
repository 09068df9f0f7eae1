"""Weights against R, against their own targets, and against bad input.

Expected values: tests/oracles/survey/expected.R. Bounded raking is also held against what defines
it, so that it does not rest on R alone.
"""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from compendium.survey import (
    SurveyDesign,
    Weights,
    design_effect,
    effective_sample_size,
    equal_group_weights,
    nonresponse_weights,
    poststratify,
    rake,
    tabulate,
    trim,
)
from compendium.survey.bounded import clipped_factor
from compendium.survey.calibration import Calibration
from compendium.survey.raking import cross

ASKED = {"north": 400, "east": 200, "south": 650, "west": 260}


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "sex": list("ffmmfm"),
            "age": ["old", "new", "old", "new", "old", "old"],
            "base": [1.0, 2, 1, 2, 1, 2],
            "q": ["yes", None, "no", "no", "yes", "no"],
        },
        index=[f"R{row}" for row in range(6)],
    )


class TestAgainstR:
    @pytest.mark.parametrize(
        ("name", "least"),
        [("poststratified", 13), ("raked", 12), ("raked_unweighted", 12), ("raked_bounded", 12)],
    )
    def test_calibrated_weights(self, name, least, weightings, expected, digits):
        wanted = expected[(expected["design"] == name) & (expected["estimator"] == "weight")]
        assert digits(weightings[name].values, wanted["value"]) >= least

    def test_raked_weights_are_those_of_rake_itself(self, weightings, expected, digits):
        wanted = expected.query("design == 'raked_by_rake' and estimator == 'weight'")["value"]
        assert digits(weightings["raked"].values, wanted) >= 10

    def test_the_standard_error_that_goes_with_raked_weights_is_named(self, weightings):
        kinds = ("raked", "raked_by_rake")
        named = {kind: weightings[kind].record()["notes"]["standard_error"] for kind in kinds}
        assert named == {"raked": "R's calibrate", "raked_by_rake": "R's rake"}

    def test_nonresponse_weights(self, one_stage, expected, digits):
        found = nonresponse_weights(one_stage, "stratum", ASKED)
        wanted = expected.query("design == 'nonresponse' and estimator == 'weight'")["value"]
        assert digits(found.values, wanted) >= 15

    def test_kish(self, one_stage, expected, digits):
        wanted = expected.query("estimator == 'kish' and design == 'weighted'")
        wanted = wanted.set_index("statistic")["value"]
        weight = one_stage["weight"]
        found = [effective_sample_size(weight), design_effect(weight)]
        assert digits(found, wanted[["effective_sample_size", "design_effect"]]) >= 14


@st.composite
def tables(draw):
    """A frame in which every combination of three factors occurs, and margins that rows meet."""
    levels = [["a", "b"], ["x", "y", "z"], ["p", "q"]]
    grid = pd.MultiIndex.from_product(levels, names=["one", "two", "three"]).to_frame(index=False)
    extra = draw(st.lists(st.integers(0, len(grid) - 1), max_size=30))
    frame = pd.concat([grid, grid.iloc[extra]], ignore_index=True)
    positive = st.floats(0.2, 5)
    size = len(frame)
    frame["base"] = draw(st.lists(positive, min_size=size, max_size=size))
    frame["truth"] = draw(st.lists(positive, min_size=size, max_size=size))
    margins = {name: frame.groupby(name)["truth"].sum() for name in grid.columns}
    return frame, margins


class TestRaking:
    @settings(max_examples=40, deadline=None)
    @given(table=tables())
    def test_margins_are_met_by_factors_of_the_levels(self, table):
        """The two properties that define raking: margins, and log factors that add up."""
        frame, margins = table
        weights = rake(frame, margins, base="base")
        for name, totals in margins.items():
            achieved = weights.values.groupby(frame[name]).sum()
            np.testing.assert_allclose(achieved, totals, rtol=1e-10)
        factors = np.log(weights.values / frame["base"])
        indicators = pd.get_dummies(frame[list(margins)], dtype=float).to_numpy()
        fitted = indicators @ np.linalg.lstsq(indicators, factors, rcond=None)[0]
        np.testing.assert_allclose(factors, fitted, atol=1e-8)

    @settings(max_examples=40, deadline=None)
    @given(table=tables(), order=st.randoms(use_true_random=False))
    def test_order_and_scale_do_not_matter(self, table, order):
        frame, margins = table
        rows = list(frame.index)
        order.shuffle(rows)
        shuffled = frame.loc[rows].assign(base=frame["base"].loc[rows] * 7)
        other_way = dict(reversed(margins.items()))
        found = rake(shuffled, other_way, base="base").values.sort_index()
        pd.testing.assert_series_equal(found, rake(frame, margins, base="base").values, rtol=1e-8)

    @settings(max_examples=30, deadline=None)
    @given(
        table=tables(),
        effects=st.lists(st.floats(-1, 1), min_size=7, max_size=7),
        ends=st.tuples(st.floats(0.05, 0.4), st.floats(0.6, 0.95)),
        floor=st.booleans(),
    )
    def test_bounded_factors_are_the_clipped_exponentials(self, table, effects, ends, floor):
        """Margins made with factors of the defining form have no other solution."""
        frame, margins = table
        indicators = pd.get_dummies(frame[list(margins)], dtype=float).to_numpy()
        free = np.exp(indicators @ np.array(effects))
        low, high = (float(np.quantile(free, end)) for end in ends)
        assume(low < high)
        low *= floor  # without a floor, factors near 0 are factors like any other
        wanted = np.clip(free, low, high)
        weight = frame["base"] * wanted
        margins = {name: weight.groupby(frame[name]).sum() for name in margins}
        found = rake(frame, margins, base="base", bounds=(low, high))
        np.testing.assert_allclose(found.values / frame["base"], wanted, rtol=1e-6)
        assert found.record()["iterations"] < 100  # and does not climb on where rounding rules

    def test_record_says_what_was_done(self, frame):
        margins = {"sex": {"f": 60, "m": 40}, "age": {"old": 50, "new": 50}}
        record = rake(frame, margins, base="base", bounds=(0, 100)).record()
        assert json.loads(json.dumps(record)) == record
        assert record["targets"] == margins
        assert record["iterations"] > 1
        assert record["largest_gap"] <= 1e-10
        assert record["notes"] == {
            "base": "base",
            "bounds": [0, 100],
            "standard_error": "R's calibrate",
        }
        assert (record["n"], record["trimmed"], round(record["sum"], 8)) == (6, 0, 100)

    def test_record_counts_weights_at_a_bound_and_passes(self, frame, weightings, one_stage):
        ratios = weightings["raked_bounded"].values / one_stage["weight"]
        at_bound = np.isclose(ratios, 0.82) | np.isclose(ratios, 1.5)
        assert weightings["raked_bounded"].record()["trimmed"] == at_bound.sum() > 0
        free = rake(frame, {"sex": {"f": 60, "m": 40}, "age": {"old": 70, "new": 30}})
        assert free.trimmed == 0
        assert free.iterations < 60  # and no further than rounding allows

    def test_only_rows_that_carry_weight_are_counted(self):
        record = Weights(pd.Series([0.25, 0.5, 0]), "by hand").record()
        assert (record["n"], record["sum"]) == (2, 0.75)

    def test_base_weights_count(self, frame):
        margins = {"sex": {"f": 60, "m": 40}}
        weighted = rake(frame, margins, base="base").values
        assert weighted.tolist() == [15, 30, 8, 16, 15, 16]
        assert rake(frame, margins).values.tolist() == [20, 20, 40 / 3, 40 / 3, 20, 40 / 3]

    def test_rows_outside_the_base_stay_outside(self, frame):
        base = equal_group_weights(frame, "sex", item="q")
        weights = rake(frame, {"sex": {"f": 60, "m": 40}}, base=base)
        assert weights.item == "q"
        assert weights.values["R1"] == 0
        found = tabulate(frame, "q", SurveyDesign(weights)).set_index("level")
        assert found.loc["yes", "share"] == pytest.approx(0.6)
        assert found["n"].tolist() == [5, 5]

    def test_many_cells_and_few_cells_are_coded_alike(self):
        """Sparse codes are sorted, dense ones tabulated: the same cells either way."""
        codes = [np.array([0, 999, 0, 5]), np.array([7, 3, 7, 3])]
        dense = cross(codes, [1000, 2_000_000])
        small = cross([np.array([0, 2, 0, 1]), np.array([1, 0, 1, 0])], [3, 2])
        assert dense[0].tolist() == small[0].tolist() == [0, 2, 0, 1]
        assert [level.tolist() for level in dense[1]] == [[0, 5, 999], [7, 3, 3]]


class TestPoststratification:
    @settings(max_examples=40, deadline=None)
    @given(table=tables())
    def test_cells_are_met_and_ratios_within_kept(self, table):
        frame, _ = table
        totals = frame.groupby(["one", "two"])["truth"].sum()
        weights = poststratify(frame, ["one", "two"], totals, base="base")
        cell = [frame["one"], frame["two"]]
        np.testing.assert_allclose(weights.values.groupby(cell).sum(), totals, rtol=1e-12)
        factor = (weights.values / frame["base"]).groupby(cell)
        np.testing.assert_allclose(factor.max(), factor.min(), rtol=1e-12)

    def test_record_names_the_base(self, frame):
        totals = {"f": 60, "m": 40}
        assert poststratify(frame, "sex", totals, base="base").record()["notes"] == {"base": "base"}
        assert poststratify(frame, "sex", totals).record()["notes"] == {"base": None}

    @pytest.mark.parametrize("make", [poststratify, lambda f, c, t, b: rake(f, {c: t}, b)])
    def test_scale_of_base_and_totals_does_not_matter(self, frame, make):
        """Also where they are far below 1: the regression on the margins has no unit."""
        large, small = (
            make(frame, "sex", {"f": 60 * unit, "m": 40 * unit}, frame["base"] * unit)
            for unit in (1, 1e-4)
        )
        found, wanted = (tabulate(frame, "q", SurveyDesign(each)) for each in (small, large))
        pd.testing.assert_frame_equal(found, wanted, rtol=1e-10)

    def test_one_margin_is_a_post_stratification(self, frame):
        totals = {"f": 60, "m": 40}
        raked, post = rake(frame, {"sex": totals}), poststratify(frame, "sex", totals)
        pd.testing.assert_series_equal(raked.values, post.values)
        first, second = (tabulate(frame, "q", SurveyDesign(each)) for each in (raked, post))
        pd.testing.assert_frame_equal(first, second)

    def test_margins_that_say_the_same_twice(self, frame):
        """Collinear margins have no unique regression, yet one answer: that of the margin."""
        twin = frame.assign(again=frame["sex"].str.upper())
        both = rake(twin, {"sex": {"f": 60, "m": 40}, "again": {"F": 60, "M": 40}})
        single = rake(twin, {"sex": {"f": 60, "m": 40}})
        found, wanted = (tabulate(twin, "q", SurveyDesign(each)) for each in (both, single))
        pd.testing.assert_frame_equal(found, wanted, rtol=1e-12)

    def test_residuals_of_scores_that_the_margins_explain_are_nothing(self):
        cells, levels = cross([np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])], [2, 2])
        calibration = Calibration(cells, tuple(levels), np.array([1.0, 2, 3, 4]))
        explained = np.array([[1.0], [3], [5], [7]])
        np.testing.assert_allclose(calibration.residuals(explained), 0, atol=1e-13)
        assert np.abs(calibration.residuals(explained**2)).max() > 1


class TestEqualGroups:
    @settings(max_examples=40, deadline=None)
    @given(
        rows=st.lists(
            st.tuples(st.sampled_from("ABC"), st.sampled_from(["yes", "no", None])), min_size=1
        )
    )
    def test_each_group_with_answers_sums_to_one(self, rows):
        frame = pd.DataFrame(rows, columns=["group", "q"])
        assume(frame["q"].notna().any())
        weights = equal_group_weights(frame, "group", item="q", empty="drop")
        sums = weights.values.groupby(frame["group"]).sum()
        answered = frame.groupby("group")["q"].count() > 0
        np.testing.assert_allclose(sums, answered.astype(float), rtol=1e-12)
        assert (weights.values[frame["q"].isna()] == 0).all()

    def test_without_item_every_row_counts(self, frame):
        assert equal_group_weights(frame, "sex").values.tolist() == [1 / 3] * 6

    def test_group_without_an_answer(self, frame):
        frame.loc[frame["sex"] == "m", "q"] = None
        with pytest.raises(ValueError, match="item 'q': no answer in sex 'm'"):
            equal_group_weights(frame, "sex", item="q")
        dropped = equal_group_weights(frame, "sex", item="q", empty="drop")
        assert dropped.values.tolist() == [0.5, 0, 0, 0, 0.5, 0]
        kept = equal_group_weights(frame, "sex", item="q", empty="keep")
        assert kept.values.tolist() == [0.5, 0, 1 / 3, 1 / 3, 0.5, 1 / 3]
        assert kept.notes == {"empty_groups": ["m"], "empty": "keep"}
        assert kept.targets == {"sex": {"f": 1.0}}

    def test_unknown_choice(self, frame):
        with pytest.raises(ValueError, match="empty: 'ignore' is not one of"):
            equal_group_weights(frame, "sex", empty="ignore")  # type: ignore[arg-type]


class TestNonresponse:
    def test_a_roster_serves_as_well_as_counts(self, frame):
        roster = pd.DataFrame({"sex": list("ffffffmmm")})
        weights = nonresponse_weights(frame, "sex", roster)
        assert weights.values.tolist() == [2, 2, 1, 1, 2, 1]
        assert weights.notes["response_rates"] == {"f": 0.5, "m": 1.0}

    def test_weights_have_the_index_of_the_frame(self, frame):
        for weights in (
            nonresponse_weights(frame, "sex", {"f": 5, "m": 3}),
            equal_group_weights(frame, "sex"),
            rake(frame, MARGINS),
            poststratify(frame, "sex", MARGINS["sex"]),
            trim(frame["base"], 0, 10),
        ):
            assert weights.values.index.equals(frame.index)

    def test_more_respondents_than_people(self, frame):
        with pytest.raises(ValueError, match="sex 'm': 3 respondents among 2 people"):
            nonresponse_weights(frame, "sex", {"f": 5, "m": 2})
        assert nonresponse_weights(frame, "sex", {"f": 5, "m": 3}).values.iloc[2] == 1

    def test_group_that_nobody_answered_for(self, frame):
        with pytest.raises(ValueError, match=r"'x' \(4\) but the frame has no row there"):
            nonresponse_weights(frame, "sex", {"f": 5, "m": 3, "x": 4})


class TestTrim:
    @settings(max_examples=60, deadline=None)
    @given(
        start=st.lists(st.floats(0.01, 100), min_size=2, max_size=30),
        lower=st.floats(0, 0.9),
        upper=st.floats(1.1, 5),
    )
    def test_sum_limits_and_ratios_are_kept(self, start, lower, upper):
        series = pd.Series(start)
        lower, upper = lower * series.mean(), upper * series.mean()
        trimmed = trim(series, lower, upper)
        assert trimmed.values.sum() == pytest.approx(series.sum(), rel=1e-9)
        assert trimmed.values.between(lower, upper).all()
        factor = trimmed.values / series
        free = (trimmed.values > lower) & (trimmed.values < upper)
        assert free.sum() == len(series) - trimmed.trimmed or trimmed.trimmed == 0
        if free.any():
            np.testing.assert_allclose(factor[free], factor[free].iloc[0], rtol=1e-9)

    def test_weights_within_the_limits_stay_exactly(self):
        series = pd.Series([0.1, 0.2, 0.3])
        trimmed = trim(series, 0, math.inf)
        assert (trimmed.values.tolist(), trimmed.trimmed) == (series.tolist(), 0)

    def test_known_margins_are_given_up_and_it_says_so(self, frame):
        raked = rake(frame, {"sex": {"f": 60, "m": 40}}, base="base")
        trimmed = trim(raked, 10, 25)
        assert trimmed.calibration is None
        assert trimmed.method == "raked, trimmed"
        assert trimmed.record()["notes"]["trim"]["upper"] == 25
        assert trimmed.values.groupby(frame["sex"]).sum()["f"] != pytest.approx(60)

    def test_rows_outside_the_sample_stay_outside(self, frame):
        trimmed = trim(equal_group_weights(frame, "sex", item="q"), 0.35, 0.45)
        assert trimmed.values["R1"] == 0
        assert trimmed.values.sum() == pytest.approx(2)

    @pytest.mark.parametrize(("lower", "upper"), [(3, 9), (0, 1.5), (2, 1), (2, 2)])
    def test_limits_that_no_weights_can_meet(self, lower, upper):
        with pytest.raises(ValueError, match=r"trim: no 2 weights between .* sum to 4"):
            trim(pd.Series([1.0, 3.0]), lower, upper)
        assert trim(pd.Series([1.0, 3.0]), 1.5, 9).values.tolist() == [1.5, 2.5]

    @settings(max_examples=60, deadline=None)
    @given(
        numbers=st.lists(
            st.tuples(st.floats(0.1, 10), st.floats(0.1, 10)), min_size=1, max_size=12
        ),
        bounds=st.tuples(st.sampled_from([0.0, 0.3, 0.9]), st.sampled_from([1.2, 4.0, math.inf])),
        at=st.floats(0, 1),
    )
    def test_the_factor_solves_its_equation(self, numbers, bounds, at):
        mass, start = np.array(numbers).T
        low, high = bounds
        ceiling = high if math.isfinite(high) else 50.0
        target = mass.sum() * (low + at * (ceiling - low))
        factor = clipped_factor(mass, start, bounds, target)
        assert mass @ np.clip(factor * start, low, high) == pytest.approx(target, rel=1e-10)


class TestKish:
    @settings(max_examples=40, deadline=None)
    @given(start=st.lists(st.floats(0.01, 100), min_size=1), factor=st.floats(1e-6, 1e6))
    def test_bounds_and_scale(self, start, factor):
        weights = pd.Series(start)
        size = effective_sample_size(weights)
        assert 1 - 1e-12 <= size <= len(start) * (1 + 1e-12)
        assert effective_sample_size(weights * factor) == pytest.approx(size)
        assert design_effect(weights) * size == pytest.approx(len(start))

    def test_rows_outside_the_sample_do_not_count(self):
        assert design_effect(Weights(pd.Series([2.0, 2, 0]), "some")) == 1


MARGINS = {"sex": {"f": 60, "m": 40}, "age": {"old": 50, "new": 50}}


def changed(**levels):
    return {**MARGINS, **levels}


class TestBadInput:
    def test_margins_that_can_be_met(self, frame):
        """The twin of the refusals below."""
        assert rake(frame, MARGINS).values.sum() == pytest.approx(100)

    @pytest.mark.parametrize(
        ("margins", "message"),
        [
            (changed(sex={"f": 100}), r"sex: rows with 'm' have no population total"),
            (changed(sex={"f": 60, "m": 30, "x": 10}), r"sex: the population has 'x' \(10\) but"),
            (changed(sex={"f": 60, "m": 50}), r"totals differ \(sex 110, age 100\)"),
            (changed(sex={"f": 100, "m": 0}), r"sex: totals must be positive numbers, not {'m': 0"),
            (changed(sex={"f": 100, "m": "some"}), "sex: totals must be positive numbers"),
            (changed(sex=pd.Series([1, 2, 97], list("ffm"))), "name 'f' more than once"),
            (changed(gender={"f": 60, "m": 40}), "no column 'gender'"),
        ],
    )
    def test_margins_that_do_not_fit(self, frame, margins, message):
        with pytest.raises(ValueError, match=message):
            rake(frame, margins)

    def test_margins_that_contradict_the_cells(self, frame):
        """Only women are new, and half the population is new, but men are 60 %."""
        frame["age"] = ["old", "new", "old", "old", "old", "old"]
        margins = {"sex": {"f": 40, "m": 60}, "age": {"old": 50, "new": 50}}
        with pytest.raises(
            ValueError, match=r"not met after 200 passes; sex 'f': 50 .* \(gap"
        ) as error:
            rake(frame, margins, max_iterations=200)
        assert "instead of 40" in str(error.value)

    def test_too_few_passes(self, frame):
        frame["base"] = [1.0, 20, 3, 1, 7, 2]
        with pytest.raises(ValueError, match="not met after 1 passes"):
            rake(frame, MARGINS, base="base", max_iterations=1)
        assert rake(frame, MARGINS, base="base").iterations > 1

    @pytest.mark.parametrize(
        ("bounds", "message"),
        [
            ((0.9, 1.1), r"sex 'f' needs 20 times its base weight, outside 0\.9 to 1\.1"),
            ((5, 2), "not 0 <= smallest < largest"),
            ((12.4, 25.1), "not met after"),
        ],
    )
    def test_bounds_too_tight(self, frame, bounds, message):
        with pytest.raises(ValueError, match=message):
            rake(frame, MARGINS, bounds=bounds)

    def test_label_missing_in_a_row(self, frame):
        frame.loc["R2", "sex"] = None
        for make in (
            lambda: rake(frame, MARGINS),
            lambda: poststratify(frame, "sex", MARGINS["sex"]),
            lambda: nonresponse_weights(frame, "sex", MARGINS["sex"]),
            lambda: equal_group_weights(frame, "sex"),
        ):
            with pytest.raises(ValueError, match=r"'sex' is missing in 1 rows \('R2'\)"):
                make()

    @pytest.mark.parametrize("weight", [-2.0, np.nan, np.inf])
    def test_base_weight_not_positive(self, frame, weight):
        frame.loc["R4", "base"] = weight
        for make in (
            lambda: rake(frame, MARGINS, base="base"),
            lambda: poststratify(frame, "sex", MARGINS["sex"], base="base"),
            lambda: trim(frame["base"], 0, 10),
            lambda: design_effect(frame["base"]),
            lambda: effective_sample_size(frame["base"]),
        ):
            with pytest.raises(ValueError, match="row 'R4' holds"):
                make()

    def test_cell_without_rows_or_total(self, frame):
        totals = {("f", "old"): 30, ("f", "new"): 20, ("m", "old"): 25, ("m", "new"): 25}
        assert poststratify(frame, ["sex", "age"], totals).values.sum() == pytest.approx(100)
        with pytest.raises(ValueError, match=r"sex x age: the population has \('x', 'old'\) \(5\)"):
            poststratify(frame, ["sex", "age"], {**totals, ("x", "old"): 5})
        del totals["m", "new"]
        with pytest.raises(ValueError, match=r"rows with \('m', 'new'\) have no population total"):
            poststratify(frame, ["sex", "age"], totals)

    @pytest.mark.parametrize("totals", [["f", "m"], 100, None, pd.DataFrame({"f": [1], "m": [2]})])
    def test_totals_that_are_no_mapping(self, frame, totals):
        for make in (
            lambda: poststratify(frame, "sex", totals),
            lambda: rake(frame, {"sex": totals}),
            lambda: nonresponse_weights(frame, "sex", totals),
        ):
            with pytest.raises(ValueError, match=r"totals are a|no column 'sex'"):
                make()

    @pytest.mark.parametrize("total", [0, -1, np.inf, np.nan, "40", None, True])
    def test_totals_that_are_no_positive_numbers(self, frame, total):
        with pytest.raises(ValueError, match=r"sex: totals must be positive numbers, not {'m': "):
            poststratify(frame, "sex", {"f": 60, "m": total})
