"""Estimates against R's survey package, against each other, and against bad input.

Expected values: tests/oracles/survey/expected.R.
"""

from functools import partial
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from compendium.survey import (
    SurveyDesign,
    bootstrap,
    chisquare,
    equal_group_weights,
    mean,
    nonresponse_weights,
    rake,
    ratio,
    tabulate,
)
from compendium.survey.replication import multipliers
from compendium.survey.sampling import BoundDesign
from compendium.survey.variance import total_variance

DIGITS = 12
DESIGNS = [
    "simple", "simple_fpc", "weighted", "stratified", "stratified_fpc", "clustered",
    "stratified_clustered", "stratified_clustered_fpc", "two_stage", "two_stage_fpc",
    "poststratified", "raked", "raked_unweighted", "raked_by_rake", "zero_weights",
]  # fmt: skip
EQUAL = partial(equal_group_weights, group="stratum")


def wide(expected, design, estimator):
    """R's numbers of one design, a column for each statistic."""
    rows = expected[(expected["design"] == design) & (expected["estimator"] == estimator)]
    keys = ["variable", "group", "level"]
    return rows.pivot(index=keys, columns="statistic", values="value").reset_index()


def all_shares(frame, design, items, interval="logit"):
    """Shares for everyone and by sex."""
    parts = [tabulate(frame, items, design, by=by, interval=interval) for by in (None, "sex")]
    return pd.concat(parts).rename(columns={"item": "variable"})


def assert_shares(found, wanted, digits, limits=()):
    both = found.merge(wanted, on=["variable", "group", "level"], suffixes=("", "_r"))
    assert len(both) == len(wanted)
    assert (both["n"] == both["n_r"]).all()
    assert (both["df"] == both["df_r"]).all()
    for name in ("share", "se", "design_effect"):
        kept = both[f"{name}_r"].notna()
        assert digits(both.loc[kept, name], both.loc[kept, f"{name}_r"]) >= DIGITS, name
    for name, column in limits:
        kept = both[column].notna()
        assert digits(both.loc[kept, name], both.loc[kept, column]) >= DIGITS, column


class TestAgainstR:
    @pytest.mark.parametrize(
        "name", [*DESIGNS, "raked_bounded", "zero_weights_rows", "zero_weights_raked"]
    )
    def test_shares(self, name, frames, designs, expected, digits):
        frame, wanted = frames[name.startswith("two")], wide(expected, name, "share")
        for interval in ("logit", "beta", "wilson"):
            found = all_shares(frame, designs[name], wanted["variable"].unique(), interval)
            limits = [(side, f"{interval}_{side}") for side in ("lower", "upper")]
            if interval == "beta" and name in ("zero_weights", "zero_weights_rows"):
                limits = []  # R counts rows of weight zero as answers here
            assert_shares(found, wanted, digits, limits)

    @pytest.mark.parametrize("name", DESIGNS)
    def test_means_and_ratios(self, name, frames, designs, expected, digits):
        frame = frames[name.startswith("two")]
        for by, estimator in product((None, "sex"), ("mean", "ratio")):
            if estimator == "mean":
                found = mean(frame, "courses", designs[name], by=by)
            else:
                found = ratio(frame, "years", "courses", designs[name], by=by)
            both = found.merge(wide(expected, name, estimator), on="group", suffixes=("", "_r"))
            assert len(both) == (1 if by is None else 2)
            for statistic in (estimator, "se", "lower", "upper", "n", "df"):
                assert digits(both[statistic], both[f"{statistic}_r"]) >= DIGITS, statistic
            if estimator == "mean":
                assert digits(both["design_effect"], both["design_effect_r"]) >= DIGITS

    @pytest.mark.parametrize("name", DESIGNS)
    def test_association(self, name, frames, designs, expected, digits):
        frame = frames[name.startswith("two")]
        wanted = wide(expected, name, "chisquare")
        assert len(wanted) >= (1 if name.startswith("two") else 2)
        for row in wanted.itertuples():
            found = chisquare(frame, row.variable, row.group, designs[name])
            values = [found.statistic, found.df1, found.df2, found.p_value]
            assert digits(values, [row.statistic, row.df1, row.df2, row.p_value]) >= DIGITS

    @pytest.mark.parametrize("strata", ["stratum", None])
    def test_weights_made_for_each_item(self, strata, one_stage, expected, digits):
        name = "equal_groups" if strata else "equal_groups_unstratified"
        found = all_shares(one_stage, SurveyDesign(EQUAL, strata=strata), ["q1", "q2"])
        limits = [("lower", "logit_lower"), ("upper", "logit_upper")]
        assert_shares(found, wide(expected, name, "share"), digits, limits)

    def test_a_rule_for_two_answers_weights_those_who_gave_both(self, one_stage):
        """Equal groups of those with both answers, not of those with either."""
        frame = one_stage.assign(late=one_stage["years"].gt(8).where(one_stage["courses"].notna()))
        both = frame["q2"].notna() & frame["late"].notna()
        rule, few = SurveyDesign(EQUAL, strata="stratum"), frame[both]
        found, wanted = (chisquare(each, "q2", "late", rule) for each in (frame, few))
        assert (found.n, found.n_missing) == (both.sum(), (~both).sum())
        assert [found.statistic, found.df1, found.pearson] == pytest.approx(
            [wanted.statistic, wanted.df1, wanted.pearson]
        )
        held = frame.assign(late=one_stage["years"].where(frame["q2"].notna()))
        alike = 1 / both.groupby(frame["stratum"]).transform("sum")
        sums = held.loc[both, ["late", "courses"]].mul(alike[both], axis=0).sum()
        share = ratio(held, "late", "courses", rule).loc[0, "ratio"]
        assert share == pytest.approx(sums["late"] / sums["courses"])

    def test_nonresponse_weights(self, one_stage, expected, digits):
        asked = {"north": 400, "east": 200, "south": 650, "west": 260}
        weights = nonresponse_weights(one_stage, "stratum", asked)
        design = SurveyDesign(weights, strata="stratum", population_size="teachers_in_stratum")
        found = all_shares(one_stage, design, ["q1"])
        assert_shares(found, wide(expected, "nonresponse", "share"), digits)

    @pytest.mark.parametrize("option", ["certainty", "adjust"])
    def test_single_cluster_options(self, option, one_stage, expected, digits):
        west = one_stage["stratum"] == "west"
        first = one_stage.loc[west, "cluster"].iloc[0]
        frame = one_stage[~west | (one_stage["cluster"] == first)]
        design = SurveyDesign("weight", "stratum", "cluster", single_cluster=option)
        found = tabulate(frame, "q1", design).rename(columns={"item": "variable"})
        assert_shares(found, wide(expected, f"single_{option}", "share"), digits)

    def test_crossed_groups(self, one_stage, designs, expected, digits):
        found = tabulate(one_stage, "q2", designs["stratified_clustered"], by=["sex", "age"])
        assert found["group"].nunique() == 6
        found["group"] = found["group"].str.join("/")
        limits = [(side, f"logit_{side}") for side in ("lower", "upper")]
        wanted = wide(expected, "crossed", "share")
        assert_shares(found.rename(columns={"item": "variable"}), wanted, digits, limits)

    def test_the_two_standard_errors_of_raking_differ_where_base_weights_do(
        self, designs, one_stage
    ):
        weighted, alike = (
            tabulate(one_stage, "q1", designs[name])["se"] for name in ("raked", "raked_by_rake")
        )
        assert [round(one[1], 4) for one in (weighted, alike)] == [0.0455, 0.0475]  # disagree
        margins = {"sex": {"female": 1000, "male": 510}, "kind": one_stage["kind"].value_counts()}
        margins["kind"] *= 1510 / len(one_stage)
        same = [
            tabulate(one_stage, "q1", SurveyDesign(rake(one_stage, margins, standard_error=kind)))
            for kind in ("calibrate", "rake")
        ]
        pd.testing.assert_frame_equal(*same, rtol=1e-10)

    def test_raked_weights_taken_as_fixed_give_another_standard_error(
        self, one_stage, designs, weightings, expected
    ):
        """The twin of the calibrated designs: without residuals the error is visible."""
        fixed = SurveyDesign(weightings["raked"].values, strata="stratum", clusters="cluster")
        found = tabulate(one_stage, "q1", fixed)["se"].to_numpy()
        aware = tabulate(one_stage, "q1", designs["raked"])["se"].to_numpy()
        assert np.abs(found / aware - 1).max() > 0.004


@st.composite
def surveys(draw):
    """A small survey with strata, clusters, positive weights and missing answers."""
    size = draw(st.integers(12, 40))
    column = partial(st.lists, min_size=size, max_size=size)
    frame = pd.DataFrame(
        {
            "stratum": [f"h{row % 2}" for row in range(size)],
            "cluster": [f"c{row % 6}" for row in range(size)],
            "weight": draw(column(st.floats(0.1, 50))),
            "q": draw(column(st.sampled_from(["a", "b", "c", None]))),
        }
    )
    frame.loc[:5, "q"] = ["a", "b", "c", "a", "b", "c"]
    return frame


DESIGN = SurveyDesign("weight", strata="stratum", clusters="cluster")


class TestProperties:
    @settings(max_examples=40, deadline=None)
    @given(frame=surveys(), order=st.randoms(use_true_random=False))
    def test_row_order_does_not_matter(self, frame, order):
        rows = list(range(len(frame)))
        order.shuffle(rows)
        found = tabulate(frame.iloc[rows], "q", DESIGN, by="stratum")
        pd.testing.assert_frame_equal(found, tabulate(frame, "q", DESIGN, by="stratum"), rtol=1e-9)

    @settings(max_examples=40, deadline=None)
    @given(frame=surveys(), factor=st.floats(1e-3, 1e3))
    def test_scale_of_weights_does_not_matter(self, frame, factor):
        scaled = frame.assign(weight=frame["weight"] * factor)
        found, wanted = tabulate(scaled, "q", DESIGN), tabulate(frame, "q", DESIGN)
        pd.testing.assert_frame_equal(found, wanted, rtol=1e-8, atol=1e-12)

    @settings(max_examples=40, deadline=None)
    @given(frame=surveys())
    def test_shares_sum_to_one_within_their_limits(self, frame):
        for interval in ("logit", "beta", "wilson"):
            table = tabulate(frame, "q", DESIGN, interval=interval)
            assert table["share"].sum() == pytest.approx(1)
            assert table["lower"].between(0, table["share"] + 1e-12).all()
            assert table["upper"].between(table["share"] - 1e-12, 1).all()

    @settings(max_examples=40, deadline=None)
    @given(frame=surveys())
    def test_groups_count_equally(self, frame):
        """The study's estimate is the plain mean of the groups' plain proportions."""
        design = SurveyDesign(partial(equal_group_weights, group="stratum"), strata="stratum")
        table = tabulate(frame, "q", design).set_index("level")["share"]
        by_group = pd.crosstab(frame["stratum"], frame["q"], normalize="index").mean()
        pd.testing.assert_series_equal(table, by_group, check_names=False, check_index_type=False)

    @settings(max_examples=40, deadline=None)
    @given(frame=surveys())
    def test_one_group_is_the_plain_proportion(self, frame):
        """The textbook case: p and sqrt(p (1 - p) / (n - 1))."""
        frame = frame.assign(everyone="one")
        design = SurveyDesign(partial(equal_group_weights, group="everyone"))
        table = tabulate(frame, "q", design).set_index("level")
        plain = frame["q"].value_counts(normalize=True).loc[table.index]
        n = frame["q"].notna().sum()
        np.testing.assert_allclose(table["share"], plain, rtol=1e-12)
        np.testing.assert_allclose(table["se"], np.sqrt(plain * (1 - plain) / (n - 1)), rtol=1e-12)
        np.testing.assert_allclose(table["design_effect"], 1, rtol=1e-12)

    @settings(max_examples=25, deadline=None)
    @given(frame=surveys())
    def test_a_share_is_the_mean_of_an_indicator(self, frame):
        frame = frame.assign(hit=(frame["q"] == "a").where(frame["q"].notna()).astype(float))
        share = tabulate(frame, "q", DESIGN, by="stratum").query("level == 'a'")
        other = mean(frame, "hit", DESIGN, by="stratum")
        for name in ("n", "n_missing", "se", "df"):
            np.testing.assert_allclose(share[name], other[name], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(share["share"], other["mean"], rtol=1e-12)


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "stratum": list("AAAABBBB"),
            "cluster": ["a1", "a1", "a2", "a2", "b1", "b1", "b2", "b2"],
            "size": [5] * 4 + [9] * 4,
            "weight": [1.0, 2, 1, 2, 3, 1, 2, 2],
            "q": ["yes", "no", "yes", "yes", "no", None, "no", "yes"],
            "x": [1.0, 2, 3, 4, 5, 6, 7, 8],
        },
        index=[f"R{row}" for row in range(8)],
    )


class TestTable:
    def test_columns_are_the_published_ones(self, frame):
        table = tabulate(frame, ["q"], SurveyDesign("weight"))
        assert table.columns.tolist() == [
            "item", "level", "group", "n", "n_missing", "share", "se", "lower", "upper",
            "design_effect", "df",
        ]  # fmt: skip
        assert table["group"].unique().tolist() == ["all"]
        assert (table["n"].unique(), table["n_missing"].unique()) == (7, 1)

    def test_other_estimates_say_what_they_are_of(self, frame):
        found = ratio(frame, "x", "weight", SurveyDesign(None))
        assert found.columns[:4].tolist() == ["numerator", "denominator", "group", "n"]
        assert found.loc[0, ["numerator", "denominator"]].tolist() == ["x", "weight"]
        assert mean(frame, ["x", "size"], SurveyDesign(None))["variable"].tolist() == ["x", "size"]

    def test_levels_that_nobody_chose_are_shown(self, frame):
        frame["q"] = pd.Categorical(frame["q"], ["yes", "maybe", "no"])
        table = tabulate(frame, "q", SurveyDesign("weight")).set_index("level")
        assert table.index.tolist() == ["yes", "maybe", "no"]
        assert table.loc["maybe", ["share", "se", "lower"]].to_numpy().tolist() == [0, 0, 0]
        assert table["design_effect"].isna().tolist() == [False, True, False]

    @pytest.mark.parametrize("interval", ["logit", "beta", "wilson"])
    def test_interval_of_a_unanimous_answer_is_the_exact_one(self, interval):
        """Twenty equal weights, all yes: Clopper and Pearson's limits."""
        frame = pd.DataFrame({"q": ["yes"] * 20})
        row = tabulate(frame, "q", SurveyDesign(None), interval=interval).iloc[0]
        assert row["lower"] == pytest.approx(beta.ppf(0.025, 20, 1), rel=1e-12)
        assert row["upper"] == 1

    def test_strata_of_one_mind_leave_no_variance(self):
        frame = pd.DataFrame({"h": list("AAABBB"), "q": list("yyynnn"), "w": [0.1] * 3 + [0.7] * 3})
        table = tabulate(frame, "q", SurveyDesign("w", strata="h"))
        np.testing.assert_allclose(table["se"], 0, atol=1e-15)
        np.testing.assert_allclose(table["upper"] - table["lower"], 0, atol=1e-14)

    def test_whole_population_has_no_sampling_error(self, frame):
        table = tabulate(frame, "q", SurveyDesign(None, population_size=frame["x"] * 0 + 8))
        assert table["se"].tolist() == [0, 0]
        assert table["lower"].tolist() == table["share"].tolist()

    def test_group_without_answers_is_a_row_without_an_estimate(self, frame):
        frame.loc[frame["stratum"] == "B", "q"] = None
        table = tabulate(frame, "q", SurveyDesign("weight"), by="stratum")
        silent = table[table["group"] == "B"]
        assert silent["n"].tolist() == [0, 0]
        assert silent["n_missing"].tolist() == [4, 4]
        assert silent[["share", "se", "lower", "upper"]].isna().all(axis=None)
        assert table.loc[table["group"] == "A", "share"].notna().all()

    def test_no_degrees_of_freedom_is_no_standard_error(self, frame):
        table = tabulate(frame, "q", SurveyDesign("weight", clusters="cluster"), by="cluster")
        assert table["df"].unique().tolist() == [0]
        assert table[["se", "lower", "upper", "design_effect"]].isna().all(axis=None)
        assert table["share"].notna().all()

    def test_wider_level_is_a_wider_interval(self, frame):
        narrow, broad = (tabulate(frame, "q", SurveyDesign(None), level=at) for at in (0.8, 0.99))
        assert (narrow["lower"] > broad["lower"]).all()
        assert (narrow["upper"] < broad["upper"]).all()

    def test_two_answers_of_a_simple_sample_have_no_design_effect(self):
        table = tabulate(pd.DataFrame({"q": ["yes", "no"]}), "q", SurveyDesign(None))
        assert table["design_effect"].tolist() == pytest.approx([1, 1])

    def test_a_series_serves_as_well_as_a_name(self, frame):
        by_name = SurveyDesign("weight", strata="stratum", clusters="cluster")
        by_series = SurveyDesign(frame["weight"], frame["stratum"], frame["cluster"])
        found = tabulate(frame, "q", by_series, by=frame["stratum"])
        pd.testing.assert_frame_equal(found, tabulate(frame, "q", by_name, by="stratum"))

    def test_frame_is_left_as_it_was(self, frame):
        before = frame.copy()
        chisquare(frame, "stratum", "q", SurveyDesign("weight"))
        ratio(frame, "x", "weight", SurveyDesign("weight"))
        pd.testing.assert_frame_equal(frame, before)


class TestEmptyGroup:
    """A group without an answer: the estimates agree, the design may not."""

    @pytest.fixture
    def silent(self, frame):
        third = frame.loc[frame["stratum"] == "B"].assign(stratum="C", q=None)
        return pd.concat([frame, third.set_axis(["R8", "R9", "R10", "R11"])])

    def design(self, empty, **parts):
        return SurveyDesign(partial(equal_group_weights, group="stratum", empty=empty), **parts)

    def test_refused_by_default(self, silent):
        with pytest.raises(ValueError, match=r"item 'q': no answer in stratum 'C'; choose"):
            tabulate(silent, "q", SurveyDesign(partial(equal_group_weights, group="stratum")))

    def test_dropped_or_kept_is_the_same_estimate_with_strata(self, silent, frame):
        kept = tabulate(silent, "q", self.design("keep", strata="stratum"))
        dropped = tabulate(silent, "q", self.design("drop", strata="stratum"))
        pd.testing.assert_frame_equal(kept, dropped)
        without = tabulate(frame, "q", self.design("raise", strata="stratum"))
        pd.testing.assert_frame_equal(without.drop(columns="n_missing"),
                                      kept.drop(columns="n_missing"))  # fmt: skip

    def test_kept_counts_as_a_cluster_and_dropped_does_not(self, silent):
        kept = tabulate(silent, "q", self.design("keep", clusters="stratum"))
        dropped = tabulate(silent, "q", self.design("drop", clusters="stratum"))
        assert kept["share"].tolist() == dropped["share"].tolist()
        # n / (n - 1) times the same sum of squares, with 3 clusters and with 2.
        np.testing.assert_allclose((kept["se"] / dropped["se"]) ** 2, (3 / 2) / (2 / 1))


class TestBootstrap:
    def test_all_resamples_have_the_taylor_variance(self, frame):
        """Every way to draw one cluster of two in each stratum, once: no chance left."""
        design = SurveyDesign("weight", "stratum", "cluster", "size")
        sample = BoundDesign(design, frame).sample()
        stage = sample.stages[0]
        totals = np.array([[3.0, 1.0], [1.0, 4.0], [1.0, 5.0], [9.0, 2.0]])
        draws = np.array([[*a, *b] for a, b in product([(1, 0), (0, 1)], repeat=2)])
        replicates = multipliers(stage, draws) @ totals
        np.testing.assert_allclose(replicates.mean(axis=0), totals.sum(axis=0), rtol=1e-13)
        np.testing.assert_allclose(
            replicates.var(axis=0), total_variance([stage], totals), rtol=1e-12
        )

    @pytest.mark.parametrize("name", ["stratified", "stratified_clustered_fpc"])
    def test_close_to_taylor(self, name, one_stage, designs):
        found = bootstrap(one_stage, "q2", designs[name], by="sex", replicates=4000, seed=7)
        taylor = tabulate(one_stage, "q2", designs[name], by="sex")
        np.testing.assert_allclose(found["share"], taylor["share"], rtol=1e-12)
        np.testing.assert_allclose(found["se"], taylor["se"], rtol=0.12)
        assert found[["n", "n_missing"]].equals(taylor[["n", "n_missing"]])

    def test_groups_count_equally_in_every_replicate(self, one_stage):
        """Two groups of one mind each: every replicate must say one half."""
        frame = one_stage.assign(q=np.where(one_stage["stratum"].isin(["north", "east"]), "a", "b"))
        found = bootstrap(frame, "q", SurveyDesign(EQUAL, strata="stratum"), replicates=50)
        np.testing.assert_allclose(found[["share", "lower", "upper"]], 0.5, rtol=1e-12)

    def test_a_group_that_few_replicates_hold_has_no_interval(self, frame):
        """One replicate with answers says nothing of spread; the share is still there."""
        rare = frame.assign(q=frame["q"].where(frame["cluster"] >= "b"))
        design = SurveyDesign("weight", clusters="cluster")
        tables = [bootstrap(rare, "q", design, replicates=2, seed=seed) for seed in range(40)]
        found = next(table for table in tables if table["replicates"].max() < 2)
        assert found[["se", "lower", "upper"]].isna().all(axis=None)
        assert found["share"].notna().all()

    def test_spread_over_replicates(self, frame):
        """Standard deviation with n - 1, and plain percentiles."""
        two = bootstrap(frame, "q", SurveyDesign("weight"), replicates=2, level=0.5)
        apart = (two["upper"] - two["lower"]) * 2  # between the quarters of two numbers
        np.testing.assert_allclose(two["se"], apart / np.sqrt(2))

    def test_seed_decides(self, frame):
        first, again, other = (
            bootstrap(frame, "q", SurveyDesign("weight"), replicates=30, seed=seed)
            for seed in (1, 1, 2)
        )
        pd.testing.assert_frame_equal(first, again)
        assert not first.equals(other)

    def test_blocks_do_not_change_the_result_of_a_design_without_chance(self, one_stage):
        """More replicates than fit one block (4 million over 271 rows)."""
        frame = one_stage.assign(q="yes")
        found = bootstrap(frame, "q", SurveyDesign(None), replicates=20_000)
        assert found["replicates"].tolist() == [20_000]
        assert found["share"].tolist() == [1]

    @pytest.mark.parametrize(
        ("design", "message"),
        [
            (
                SurveyDesign(None, None, ["cluster", "x"], ["size", "size"]),
                "first-stage units only",
            ),
            (SurveyDesign(None, "alone", "cluster", single_cluster="adjust"), "no 'adjust'"),
        ],
    )
    def test_what_it_cannot_resample_is_refused(self, frame, design, message):
        frame = frame.assign(alone=["A"] * 4 + ["B"] * 2 + ["C"] * 2, size=9)
        with pytest.raises(ValueError, match=message):
            bootstrap(frame, "q", design)

    def test_calibrated_weights_are_refused(self, frame):
        weights = rake(frame, {"stratum": {"A": 5, "B": 5}})
        with pytest.raises(ValueError, match="calibrated anew in each resample"):
            bootstrap(frame, "q", SurveyDesign(weights))
        assert len(bootstrap(frame, "q", SurveyDesign(weights.values), replicates=5)) == 2

    def test_one_replicate_is_refused(self, frame):
        with pytest.raises(ValueError, match="replicates: 1"):
            bootstrap(frame, "q", SurveyDesign(None), replicates=1)


class TestBadInput:
    def assert_refused(self, frame, design, message, by=None):
        with pytest.raises(ValueError, match=message):
            tabulate(frame, "q", design, by=by)

    def test_negative_weight(self, frame):
        frame.loc["R3", "weight"] = -1
        self.assert_refused(frame, SurveyDesign("weight"), "row 'R3' holds -1")
        frame.loc["R3", "weight"] = 0
        assert tabulate(frame, "q", SurveyDesign("weight"))["n"].tolist() == [6, 6]

    @pytest.mark.parametrize("weight", [np.nan, np.inf, "heavy"])
    def test_weight_no_number(self, frame, weight):
        frame["weight"] = frame["weight"].astype(object)
        frame.loc["R3", "weight"] = weight
        self.assert_refused(frame, SurveyDesign("weight"), "row 'R3' holds")

    def test_stratum_with_one_cluster(self, frame):
        frame["cluster"] = frame["cluster"].replace("b2", "b1")
        design = SurveyDesign("weight", "stratum", "cluster")
        self.assert_refused(frame, design, "strata: 'B' hold a single sampled unit")
        frame["size"] = [5] * 4 + [1] * 4
        certain = SurveyDesign("weight", "stratum", "cluster", "size")
        assert tabulate(frame, "q", certain)["df"].tolist() == [1, 1]

    def test_second_stage_with_one_unit(self, frame):
        frame = frame.assign(teacher=[1, 2, 1, 2, 1, 2, 1, 1], teachers=4)
        design = SurveyDesign(None, "stratum", ["cluster", "teacher"], ["size", "teachers"])
        self.assert_refused(frame, design, "clusters of stage 1: 'b2' hold a single")
        frame["teacher"] = [1, 2, 1, 2, 1, 2, 1, 2]
        assert tabulate(frame, "q", design)["se"].gt(0).all()

    def test_cluster_in_two_strata(self, frame):
        frame.loc["R4", "cluster"] = "a1"
        self.assert_refused(frame, SurveyDesign("weight", "stratum", "cluster"), "'a1'.*more than")

    def test_missing_labels(self, frame):
        holed = frame.assign(stratum=frame["stratum"].where(frame.index != "R2"))
        for design, by in (
            (SurveyDesign("weight", strata="stratum"), None),
            (SurveyDesign("weight", clusters="stratum"), None),
            (SurveyDesign("weight"), "stratum"),
            (SurveyDesign(partial(equal_group_weights, group="stratum")), None),
        ):
            self.assert_refused(holed, design, r"'stratum' is missing in 1 rows \('R2'\)", by)

    def test_population_smaller_than_the_sample(self, frame):
        frame["size"] = 1
        design = SurveyDesign("weight", "stratum", "cluster", "size")
        self.assert_refused(frame, design, "below the units sampled in strata 'A', 'B'")

    def test_population_that_differs_within_a_stratum(self, frame):
        frame.loc["R1", "size"] = 6
        design = SurveyDesign("weight", "stratum", "cluster", "size")
        self.assert_refused(frame, design, "differs between the rows of strata 'A'")

    def test_a_population_size_for_each_stage(self, frame):
        design = SurveyDesign("weight", "stratum", ["cluster", "x"], "size")
        self.assert_refused(frame, design, "1 columns for 2 stages")

    def test_column_that_is_not_there(self, frame):
        self.assert_refused(frame, SurveyDesign("wieght"), "no column 'wieght'; did you mean 'weig")

    def test_series_of_another_frame(self, frame):
        design = SurveyDesign(frame["weight"].iloc[::-1])
        self.assert_refused(frame, design, "not aligned with the frame")

    def test_weights_made_for_another_item(self, frame):
        frame["p"] = frame["q"]
        weights = equal_group_weights(frame, "stratum", item="p")
        self.assert_refused(frame, SurveyDesign(weights), "made for the answers to 'p', not 'q'")
        assert len(tabulate(frame, "p", SurveyDesign(weights))) == 2

    def test_answers_that_weigh_nothing(self, frame):
        def rule(frame, item):
            return equal_group_weights(frame.assign(q=frame["q"].where(frame["x"] > 1)), "stratum",
                                       item=item)  # fmt: skip

        self.assert_refused(frame, SurveyDesign(rule), r"1 rows with an answer weigh zero \('R0'\)")

    def test_item_without_any_answer(self, frame):
        frame["q"] = None
        self.assert_refused(frame, SurveyDesign(None), "item 'q': the column holds no answer")
        frame["q"] = frame["q"].astype(pd.CategoricalDtype(["no", "yes"]))
        assert tabulate(frame, "q", SurveyDesign(None))["n"].tolist() == [0, 0]

    def test_frame_without_a_row(self, frame):
        with pytest.raises(ValueError, match="weights: no row carries weight"):
            mean(frame.iloc[:0], "x", SurveyDesign("weight"))

    def test_unknown_interval_and_level(self, frame):
        with pytest.raises(ValueError, match="interval: 'wald' is not one of 'logit', 'beta', 'w"):
            tabulate(frame, "q", SurveyDesign(None), interval="wald")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="level: 95"):
            tabulate(frame, "q", SurveyDesign(None), level=95)
        with pytest.raises(ValueError, match="items: name at least one"):
            tabulate(frame, [], SurveyDesign(None))

    def test_numbers_that_are_none(self, frame):
        with pytest.raises(ValueError, match="column 'x' holds no finite number in 3 rows"):
            many = frame["x"].astype(object).mask(frame["x"] > 5, "many")
            mean(frame.assign(x=many), "x", SurveyDesign(None))

    def test_ratio_to_nothing(self, frame):
        with pytest.raises(ValueError, match="total of zero"):
            ratio(frame.assign(none=0.0), "x", "none", SurveyDesign(None))

    def test_association_with_too_many_empty_cells(self, one_stage):
        """R refuses it as computationally singular; a solution would be rounding."""
        with pytest.raises(ValueError, match="table: too many empty cells to test; merge levels"):
            chisquare(one_stage, "q2", "courses", SurveyDesign(None))
        few = one_stage.assign(courses=one_stage["courses"].clip(3, 6))
        assert chisquare(few, "q2", "courses", SurveyDesign(None)).p_value > 0

    def test_association_needs_two_answers(self, frame):
        with pytest.raises(ValueError, match="one: all answers are alike"):
            chisquare(frame.assign(one="same"), "one", "q", SurveyDesign(None))
        with pytest.raises(ValueError, match="col: 'q' is also the row"):
            chisquare(frame, "q", "q", SurveyDesign(None))
        with pytest.raises(ValueError, match="no degrees of freedom"):
            design = SurveyDesign(None, "stratum", "stratum", single_cluster="certainty")
            chisquare(frame, "stratum", "q", design)
