"""Inputs that a helper once took for something else, each with its right value.

Standard errors are R's: tests/oracles/survey/expected.R, designs `small_...`.
"""

import json

import numpy as np
import pandas as pd
import pytest

from compendium.survey import (
    Scale,
    SurveyDesign,
    Weights,
    bootstrap,
    chisquare,
    compare_shares,
    equal_group_weights,
    mean,
    nonresponse_weights,
    published_shares,
    rake,
    ratio,
    read_scales,
    tabulate,
    tabulate_choices,
)

ALIKE = SurveyDesign(None)


@pytest.fixture
def lonely():
    return pd.DataFrame(
        {"q": ["yes", "no", "no", None, "yes", "yes"], "d": list("AABBBC"), "w": range(1, 7)}
    )


class TestStratumOfOne:
    @pytest.mark.parametrize(("option", "se"), [("adjust", 0.2337113), ("certainty", 0.2093926)])
    def test_standard_errors_are_those_of_r(self, lonely, option, se, expected, digits):
        design = SurveyDesign("w", "d", single_cluster=option)
        found = tabulate(lonely, "q", design).set_index("level")["se"]
        assert found["yes"] == pytest.approx(se, abs=5e-8)
        wanted = expected.query(f"design == 'small_{option}' and statistic == 'se'")
        assert digits(found, wanted.set_index("level")["value"].loc[found.index]) >= 12

    @pytest.mark.parametrize("option", ["average", "Adjust", "remove", None, True])
    def test_other_words_are_refused(self, option):
        message = f"single_cluster: {option!r} is not one of 'raise', 'certainty', 'adjust'"
        with pytest.raises(ValueError, match=message):
            SurveyDesign("w", "d", single_cluster=option)


class TestLabelsAndCounts:
    @pytest.mark.parametrize("kind", ["int64", "float64", "Int64", "category", "object"])
    def test_numbers_of_persons_are_labels(self, kind):
        sample, people = pd.Series([1, 1, 2, 2], dtype=kind), pd.Series([1, 2, 2, 2, 1], dtype=kind)
        found = compare_shares(sample, people, "one_sample_z")
        assert found["level"].tolist() == [1, 2]
        assert found["sample_share"].tolist() == [0.5, 0.5]
        assert found["population_share"].tolist() == [0.4, 0.6]

    @pytest.mark.parametrize("kind", ["bool", "boolean", "object"])
    def test_truth_values_are_labels(self, kind):
        people = pd.Series([True, True, False], index=["T1", "T2", "T3"], dtype=kind)
        found = compare_shares({True: 1, False: 1}, people, "one_sample_z")
        assert found["population_count"].tolist() == [1, 2]

    @pytest.mark.parametrize(
        "counts",
        [
            pd.Series({"a": 2, "b": 1}),
            pd.Series([1, 1, 2]).value_counts(),
            pd.Series([7, 8]).groupby(pd.Series([1, 2], name="level")).size(),
        ],
    )
    def test_a_series_that_may_hold_counts_is_refused(self, counts):
        with pytest.raises(ValueError, match="may be counts or labels; give counts as a mapping"):
            compare_shares(counts, {"a": 4, "b": 2})


class TestPublishedAnswers:
    @pytest.fixture
    def rows(self):
        return pd.DataFrame({"q": ["agree", "strongly agree", "disagree", None, "disagree"]})

    def shares(self, rows, levels, **options):
        instrument = pd.DataFrame(
            {"item_id": ["I"], "column": "q", "levels": levels, "answer": "a"}
        )
        return published_shares(rows, instrument.assign(scale="s"), ALIKE, **options)

    def test_blanks_around_a_semicolon_count_for_nothing(self, rows):
        found = self.shares(rows, "agree; strongly agree")
        assert found[["n", "n_missing", "share"]].to_numpy().tolist() == [[4, 1, 0.5]]

    @pytest.mark.parametrize(
        ("levels", "message"),
        [
            ("agre;strongly agree", "I: 'agre' is not among the answers 'agree', 'disagree'"),
            ("agree;", "I: '' is not among the answers"),
            ("agree; agree", "I: 'agree' is named more than once"),
            (None, "instrument: levels: column 'levels' is missing in 1 rows"),
        ],
    )
    def test_levels_that_are_none_are_refused(self, rows, levels, message):
        with pytest.raises(ValueError, match=message):
            self.shares(rows, levels)

    def test_an_answer_off_the_scale_is_refused(self, rows):
        scales = {"s": Scale("s", ("disagree", "agree", "strongly agree"))}
        rows.loc[4, "q"] = "agree-but-misspelt"
        with pytest.raises(ValueError, match="row 4: 'agree-but-misspelt' is not on the scale 's'"):
            self.shares(rows, "agree", scales=scales)
        with pytest.raises(ValueError, match="I: there is no scale 's' among 't'"):
            self.shares(rows, "agree", scales={"t": scales["s"]})
        assert len(self.shares(rows.drop(index=4), "agree", scales=scales)) == 1

    def test_an_item_named_twice_is_refused(self, rows):
        instrument = pd.DataFrame(
            {"item_id": ["I", "I"], "column": "q", "levels": "agree", "answer": "a"}
        )
        with pytest.raises(ValueError, match="item_id: 'I' is named more than once"):
            published_shares(rows, instrument, ALIKE)


class TestScalesFromText:
    def table(self, positions, substantive):
        level = ["none", "low", "high"]
        return pd.DataFrame(
            {"scale": "s", "position": positions, "level": level, "substantive": substantive}
        )

    @pytest.mark.parametrize("no", ["false", "False", " FALSE", False, np.False_])
    def test_text_that_says_false_is_false(self, no):
        scale = read_scales(self.table([1, 10, 2], [no, "true", True]))["s"]
        assert scale.levels == ("high", "low")
        assert scale.not_substantive == ("none",)

    @pytest.mark.parametrize("word", ["no", "", None, 0, 1.0, np.nan])
    def test_other_words_are_refused(self, word):
        with pytest.raises(ValueError, match=r"substantive: .* is neither true nor false"):
            read_scales(self.table([1, 2, 3], [word, True, True]))

    @pytest.mark.parametrize(
        ("positions", "message"),
        [
            (["1", "10", "2"], "position: column 'position' holds no finite number in 3 rows"),
            ([1, 2, None], "position: .* in 1 rows"),
            ([0, 1, 1], "scale 's': two levels have the same position"),
        ],
    )
    def test_positions_that_order_nothing_are_refused(self, positions, message):
        with pytest.raises(ValueError, match=message):
            read_scales(self.table(positions, [False, True, True]))


class TestBootstrapKnowsWhatItCannotKnow:
    def test_a_domain_of_one_cluster_has_no_standard_error(self):
        frame = pd.DataFrame(
            {"c": [1, 1, 2, 2, 3, 3], "q": list("yynnyn"), "of_one": list("aabbbb")}
        )
        found = bootstrap(frame, "q", SurveyDesign(None, clusters="c"), by="of_one", replicates=50)
        one, others = found[found["group"] == "a"], found[found["group"] == "b"]
        assert one[["se", "lower", "upper"]].isna().all(axis=None)
        assert others[["se", "lower", "upper"]].notna().all(axis=None)

    def test_an_answer_of_everyone_has_the_interval_of_tabulate(self):
        frame = pd.DataFrame({"q": ["yes"] * 10})
        found, taylor = bootstrap(frame, "q", ALIKE, replicates=50), tabulate(frame, "q", ALIKE)
        assert found.loc[0, ["lower", "upper"]].tolist() == pytest.approx([0.6915, 1], abs=1e-4)
        assert found.loc[0, "upper"] == taylor.loc[0, "upper"]


class TestWeightsOfZero:
    @pytest.fixture
    def pairs(self):
        return pd.DataFrame(
            {
                "psu": np.repeat([1, 2, 3, 4], 2),
                "w": [1] * 6 + [0] * 2,
                "q": list("xyxxyyxx"),
                "x": range(8),
            }
        )

    def test_rows_keep_their_place_in_the_design(self, pairs, expected, digits):
        found = tabulate(pairs, "q", SurveyDesign("w", clusters="psu")).set_index("level")
        assert found.loc["x", "se"] == pytest.approx(0.2721655, abs=5e-8)
        wanted = expected.query("design == 'small_zero' and statistic == 'se'")
        assert digits(found["se"], wanted["value"]) >= 12
        assert found[["n", "n_missing", "df"]].to_numpy().tolist() == [[6, 2, 2]] * 2

    def test_a_weight_of_zero_and_a_group_say_the_same(self, pairs):
        """A domain by weights is the domain by a column."""
        by_weight = SurveyDesign("w", clusters="psu")
        by_group = SurveyDesign(None, clusters="psu")
        for found, groups in (
            (tabulate(pairs, "q", by_weight), tabulate(pairs, "q", by_group, by="w")),
            (mean(pairs, "x", by_weight), mean(pairs, "x", by_group, by="w")),
            (ratio(pairs, "x", "psu", by_weight), ratio(pairs, "x", "psu", by_group, by="w")),
        ):
            other = groups[groups["group"] == 1].reset_index(drop=True)
            same = [name for name in found.columns if name not in ("group", "n_missing")]
            pd.testing.assert_frame_equal(found[same], other[same])
        boot = bootstrap(pairs, "q", by_weight, replicates=40)
        other = bootstrap(pairs, "q", by_group, by="w", replicates=40).query("group == 1")
        np.testing.assert_allclose(boot["se"], other["se"])

    def test_weights_for_one_item_leave_its_rows_out_of_the_sample(self, pairs):
        pairs["q"] = pairs["q"].where(pairs["psu"] < 4)
        weights = equal_group_weights(pairs.assign(one="all"), "one", item="q")
        found = tabulate(pairs, "q", SurveyDesign(weights, clusters="psu"))
        assert found["se"].tolist() == pytest.approx([0.2886751] * 2, abs=5e-8)

    def test_advice_names_by(self, pairs):
        cut = pairs[pairs["psu"] != 4].assign(h=[1, 1, 1, 1, 2, 2])
        with pytest.raises(ValueError, match="keep them and use by="):
            tabulate(cut, "q", SurveyDesign(None, "h", "psu"))


class TestSeveralChoices:
    @pytest.fixture
    def frame(self):
        return pd.DataFrame(
            {
                "a": ["x", "x", None, "x", None],
                "b": [None, "x", None, None, None],
                "site": list("MMMNN"),
            }
        )

    def test_share_of_respondents(self, frame):
        found = tabulate_choices(frame, ["a", "b"], ALIKE)
        assert found["share"].tolist() == pytest.approx([0.6, 0.2])
        assert found["base"].unique().tolist() == ["respondents"]
        assert found.columns[:5].tolist() == ["choice", "base", "group", "n", "n_missing"]
        assert found["n"].tolist() == [5, 5]
        assert tabulate(frame, "a", ALIKE)["share"].tolist() == [1]  # of those with a mark

    def test_share_of_those_who_answered(self, frame):
        found = tabulate_choices(frame, {"a": "Alone", "b": "Both"}, ALIKE, base="answered")
        assert found["choice"].tolist() == ["Alone", "Both"]
        assert found["share"].tolist() == pytest.approx([1, 1 / 3])
        assert found[["n", "n_missing"]].to_numpy().tolist() == [[3, 2]] * 2

    @pytest.mark.parametrize(
        ("yes", "no"), [(1, 0), (1.0, 0.0), (True, False), ("Yes", "No"), ("1", "0")]
    )
    def test_an_explicit_no_is_a_no(self, frame, yes, no):
        coded = frame.assign(
            **{name: frame[name].notna().map({True: yes, False: no}) for name in "ab"}
        )
        chosen = {"chosen": yes} if isinstance(yes, str) else {}
        found = tabulate_choices(coded, ["a", "b"], ALIKE, by="site", **chosen)
        wanted = tabulate_choices(frame, ["a", "b"], ALIKE, by="site")
        pd.testing.assert_frame_equal(found, wanted)
        if chosen:
            with pytest.raises(ValueError, match="say with chosen= which value marks a choice"):
                tabulate_choices(coded, ["a", "b"], ALIKE)

    def test_a_column_of_no_alone_is_no_mark(self):
        frame = pd.DataFrame({"a": ["No", "No"], "b": ["No", None]})
        with pytest.raises(ValueError, match="column 'a' holds 'No'; say with chosen="):
            tabulate_choices(frame, ["a", "b"], ALIKE)

    def test_a_gap_beside_a_no_is_refused(self):
        frame = pd.DataFrame({"a": [1, 0], "b": [1, None]}, index=["R1", "R2"])
        with pytest.raises(
            ValueError, match="column 'b' is empty in row 'R2', where others of the item"
        ):
            tabulate_choices(frame, ["a", "b"], ALIKE)
        whole = frame.assign(a=[1, None])
        found = tabulate_choices(whole, ["a", "b"], ALIKE, base="answered")
        assert found["n"].tolist() == [1, 1]

    def test_a_mark_that_no_cell_holds_is_refused(self, frame):
        with pytest.raises(ValueError, match="chosen: no cell holds 'y'; there are 'x'"):
            tabulate_choices(frame, ["a", "b"], ALIKE, chosen="y")


class TestExport:
    def test_weights_say_how_they_were_made(self):
        frame = pd.DataFrame({"id": ["T1", "T2", "T3"], "sex": ["f", "f", "m"]})
        first = nonresponse_weights(frame, "sex", {"f": 4, "m": 4})
        table = rake(frame, {"sex": {"f": 5, "m": 5}}, base=first).export(frame["id"])
        assert table.columns.tolist() == ["id", "weight", "method"]
        assert table["weight"].tolist() == [2.5, 2.5, 5]
        assert table["method"].unique().tolist() == ["raked"]
        record = json.loads(json.dumps(table.attrs))
        assert record["notes"]["base"]["method"] == "nonresponse"
        assert record["notes"]["standard_error"] == "R's calibrate"
        assert record["targets"] == {"sex": {"f": 5, "m": 5}}

    def test_weights_for_an_item_name_it(self):
        frame = pd.DataFrame({"id": [1, 2], "q": ["yes", None], "d": "A"})
        table = equal_group_weights(frame, "d", "q").export(frame["id"])
        assert table["item"].tolist() == ["q", "q"]

    @pytest.mark.parametrize(
        ("ids", "message"),
        [
            (pd.Series(["T1", "T1"], name="id"), "ids: 'T1' identify several rows"),
            (pd.Series(["T1", None], name="id"), "ids: column 'id' is missing in 1 rows"),
            (pd.Series(["T1"], name="id"), r"ids: the Series \(1 rows\) is not aligned"),
            (pd.Series(["T1", "T2"]), "ids: the Series is named None"),
            (pd.Series(["T1", "T2"], name="weight"), "ids: the Series is named 'weight'"),
            (["T1", "T2"], "ids: a list does not say which rows"),
        ],
    )
    def test_identifiers_that_identify_nobody(self, ids, message):
        with pytest.raises(ValueError, match=message):
            Weights(pd.Series([1.0, 2.0]), "by hand").export(ids)


class TestForgotten:
    @pytest.mark.parametrize(
        "design", [None, "weight", {"weights": "w"}, Weights(pd.Series([1.0]), "m")]
    )
    def test_a_design_is_never_supposed(self, lonely, design):
        for estimate in (tabulate, mean, bootstrap):
            with pytest.raises(ValueError, match=r"design: .*; say how the rows were drawn"):
                estimate(lonely, "w", design)
        for estimate in (ratio, chisquare):
            with pytest.raises(ValueError, match=r"design: .*; say how the rows were drawn"):
                estimate(lonely, "w", "d", design)
        with pytest.raises(ValueError, match="design: none is given"):
            tabulate(lonely, "q")

    @pytest.mark.parametrize("margins", [{}, [], ["d"], None, "d"])
    def test_margins_that_name_nothing(self, lonely, margins):
        with pytest.raises(ValueError, match="margins: name at least one column with the total"):
            rake(lonely, margins)

    @pytest.mark.parametrize("weights", [[1, 2, 3, 4, 5, 6], np.ones(6), {"a": 1}])
    def test_weights_without_row_labels(self, lonely, weights):
        with pytest.raises(ValueError, match=r"weights: a .* does not say which rows its values"):
            tabulate(lonely, "q", SurveyDesign(weights))
        with pytest.raises(ValueError, match=r"base: a .* does not say which rows its values"):
            rake(lonely, {"d": {"A": 1, "B": 1, "C": 1}}, base=weights)

    def test_items_named_twice(self, lonely):
        with pytest.raises(ValueError, match="items: 'q' is named more than once"):
            tabulate(lonely, ["q", "d", "q"], ALIKE)


class TestGroupsThatCross:
    def test_two_columns_give_their_pairs(self, lonely):
        found = tabulate(lonely.assign(e=list("xxyxyx")), "q", ALIKE, by=["d", "e"])
        assert found["group"].drop_duplicates().tolist()[:3] == [("A", "x"), ("B", "x"), ("B", "y")]

    @pytest.mark.parametrize("role", ["by", "clusters"])
    def test_a_column_named_twice_is_refused(self, lonely, role):
        with pytest.raises(ValueError, match=f"{role}: 'd' is named more than once; name each"):
            if role == "by":
                tabulate(lonely, "q", ALIKE, by=["d", "d"])
            SurveyDesign("w", clusters=["d", "d"])
