"""A joint display worked by hand: eight teachers, three sites, every kind of label."""

from random import Random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium.triangulation import Rule, joint_display

CASES = pd.DataFrame(
    {
        "document": ["epic"] * 8 + ["padgett"],
        "case": ["Ann", "Ben", "Cat", "Dan", "Eve", "Fay", "Gus", "Hal", "Ann"],
        "role": ["teacher"] * 7 + ["leader", "teacher"],
        "site": ["Mercer", "Mercer", "Mercer", "Lehigh", "Lehigh", "Davis", "Davis", "Davis", "X"],
        "asked": [True] * 6 + [False, True, True],
    }
)
ESTIMATES = pd.DataFrame(
    {
        "item_id": ["I-1", "I-2", "I-3"],
        "answer": ["agree", "never", "agree"],
        "share": [0.90, 0.62, None],
        "lower": [0.86, 0.57, None],
        "upper": [0.93, 0.67, None],
        "n": [430, 420, 0],
        "design_effect": [1.5, None, None],
    }
)


def stance(
    segment: str,
    case: str | None,
    stance: str,
    *,
    row: str = "X-1",
    document: str = "epic",
    remark: str | None = None,
) -> dict[str, str | None]:
    return {
        "row_id": row,
        "segment_id": segment,
        "remark": remark or segment,
        "stance": stance,
        "document": document,
        "case": case,
    }


STANCES = pd.DataFrame(
    [
        stance("S1", "Ann", "against"),
        stance("S2", "Ben", "against", remark="Q1"),
        stance("S3", "Ben", "for", remark="Q1"),  # the same quotation, in two pieces
        stance("S4", "Cat", "against"),
        stance("S5", "Dan", "against"),
        stance("S7", None, "against"),  # the authors
        stance("S8", "Hal", "for"),  # not a teacher
        stance("S9", "Ann", "for", document="padgett"),  # another Ann
        stance("S10", "Gus", "against", row="X-2"),  # spoke although never asked
        stance("S11", "Ann", "against", row="X-2"),
        stance("S12", "Dan", "against", row="X-2"),
        stance("S13", "Eve", "against", row="X-2"),
        stance("S14", "Eve", "against", row="X-2"),  # says it twice
    ]
)
FIRST = STANCES[STANCES["row_id"] == "X-1"]
SWAPPED = FIRST.assign(stance=FIRST["stance"].replace({"for": "against", "against": "for"}))
NOBODY = STANCES.iloc[:0]
FOUR = ("Ann", "Ben", "Cat", "Dan")


def crosswalk(**changes: Any) -> pd.DataFrame:
    row = {
        "row_id": "X-1",
        "claim": "Pace is individual",
        "item_id": "I-1",
        "survey_answer": "agree",
        "eligible_document": "epic",
        "eligible_cases": "teacher",
    }
    return pd.DataFrame([{**row, **changes}])


def display(table: pd.DataFrame, **inputs: Any) -> pd.Series:
    stances = STANCES[STANCES["row_id"].isin(table["row_id"])]
    given = {"estimates": ESTIMATES, "stances": stances, "rule": Rule(), "cases": CASES, **inputs}
    return joint_display(crosswalk=table, **given).iloc[0]


class TestCounts:
    def test_both_strands_of_one_row(self) -> None:
        row = display(crosswalk())
        assert (row["survey_state"], row["coded_state"], row["label"]) == ("+", "-", "dissonance")
        assert row["effective_n"] == pytest.approx(430 / 1.5)
        assert row[
            ["cases_eligible", "cases_heard", "cases_for", "cases_against", "cases_both"]
        ].tolist() == [6, 4, 0, 3, 1]
        assert row["support_share"] == pytest.approx(0.5 / 4)
        assert row["disconfirming_cases"] == "Ann (S1); Ben (S2); Cat (S4); Dan (S5)"
        assert row["supporting_cases"] == "Ben (S3)"
        assert (row["segments"], row["remarks"]) == (5, 4)
        assert (row["roles"], row["sites"]) == (1, 2)

    def test_what_does_not_count_is_reported_beside(self) -> None:
        row = display(crosswalk())
        assert row["cases_never_asked"] == 1  # Gus
        assert row["segments_outside_cases"] == 2  # the authors and Hal; the other Ann is elsewhere

    def test_a_case_never_asked_counts_where_it_spoke(self) -> None:
        row = display(crosswalk(row_id="X-2"))
        assert (row["cases_eligible"], row["cases_against"], row["cases_never_asked"]) == (7, 4, 0)
        assert row["sites"] == 3

    def test_the_same_name_in_two_documents_is_two_cases(self) -> None:
        row = display(crosswalk(eligible_document="epic; padgett"))
        assert row["cases_eligible"] == 7
        assert row["supporting_cases"] == "Ann (padgett) (S9); Ben (epic) (S3)"

    def test_empty_document_and_role_mean_any(self) -> None:
        row = display(crosswalk(eligible_document=None, eligible_cases=""))
        assert row["cases_eligible"] == 8
        assert row["roles"] == 2

    def test_repeating_oneself_changes_no_count(self) -> None:
        again = pd.concat([FIRST, FIRST.assign(segment_id="again")])
        before, after = display(crosswalk()), display(crosswalk(), stances=again)
        assert after["segments"] == before["segments"] + 1
        told = ["segments", "segments_outside_cases", "supporting_cases", "disconfirming_cases"]
        assert before.drop(told).equals(after.drop(told))

    def test_a_mixed_stance_is_one_case_on_both_sides(self) -> None:
        mixed = pd.DataFrame([stance("S1", case, "mixed") for case in ("Ann", "Cat", "Dan")])
        row = display(crosswalk(), stances=mixed)
        assert row[["cases_for", "cases_against", "cases_both"]].tolist() == [0, 0, 3]
        assert row["support_share"] == 0.5

    @settings(max_examples=20, deadline=None)
    @given(st.randoms())
    def test_order_of_rows_does_not_matter(self, random: Random) -> None:
        order, people = list(range(len(FIRST))), list(range(len(CASES)))
        random.shuffle(order)
        random.shuffle(people)
        shuffled = display(crosswalk(), stances=FIRST.iloc[order], cases=CASES.iloc[people])
        assert shuffled.equals(display(crosswalk()))


class TestLabels:
    @pytest.mark.parametrize(
        ("changes", "stances", "label", "detail"),
        [
            ({"relation": "facet"}, FIRST, "dissonance", None),
            ({}, SWAPPED, "complementarity", None),
            ({"item_id": "I-2", "survey_answer": "never"}, SWAPPED, "convergence", None),
            ({}, NOBODY, "silence", "asked and nothing said"),
            ({"item_id": None}, FIRST, "silence", "no item"),
            ({"item_id": "I-3"}, FIRST, "silence", "no estimate"),
            ({"item_id": "I-3"}, NOBODY, "not covered", "no estimate; asked and nothing said"),
            ({"eligible_document": "padgett"}, FIRST, "insufficient", None),
        ],
    )
    def test_label(
        self, changes: dict[str, Any], stances: pd.DataFrame, label: str, detail: str | None
    ) -> None:
        row = display(crosswalk(**changes), stances=stances)
        assert row["label"] == label
        assert row["detail"] == detail if detail else pd.isna(row["detail"])

    def test_limits_without_a_share_give_a_direction(self) -> None:
        bounded = ESTIMATES.assign(share=None)
        row = display(crosswalk(), estimates=bounded)
        assert (row["survey_state"], row["label"]) == ("+", "dissonance")
        assert row["share"] is pd.NA
        assert "Survey: 86.0% to 93.0% (effective sample size 287)" in row["trace"]

    @pytest.mark.parametrize(("upper", "label"), [(0.9, "convergence"), (0.95, "complementarity")])
    def test_limits_converge_only_where_every_share_within_would(
        self, upper: float, label: str
    ) -> None:
        """Four of six cases are for; 0.90 is within 0.25 of that, 0.95 is not."""
        agreeing = pd.DataFrame([stance(f"S{i}", name, "for") for i, name in enumerate(FOUR)])
        bounded = ESTIMATES.iloc[:1].assign(share=None, lower=0.86, upper=upper)
        assert display(crosswalk(), estimates=bounded, stances=agreeing)["label"] == label

    def test_nobody_asked(self) -> None:
        cases = CASES.assign(asked=False)
        row = display(crosswalk(), cases=cases, stances=NOBODY)
        assert (row["label"], row["detail"]) == ("silence", "never asked")
        assert row["cases_never_asked"] == 7
        assert row["support_share"] is pd.NA

    def test_an_override_stands_beside_the_label(self) -> None:
        row = display(crosswalk(override="complementarity", label_reason="other time frame"))
        assert (row["label"], row["override"], row["label_reason"]) == (
            "dissonance",
            "complementarity",
            "other time frame",
        )

    def test_rule_is_a_parameter(self) -> None:
        assert display(crosswalk(), rule=Rule(min_cases=5))["label"] == "insufficient"

    def test_order_and_types(self) -> None:
        table = pd.concat([crosswalk(row_id="X-2"), crosswalk(row_id="X-1", item_id=None)])
        result = joint_display(ESTIMATES, STANCES, table, cases=CASES)
        assert result["row_id"].tolist() == ["X-2", "X-1"]
        assert result.loc[1, "share"] is pd.NA
        assert set(map(str, result.dtypes)) == {"string", "Float64", "Int64"}

    def test_empty_crosswalk_gives_an_empty_display(self) -> None:
        result = joint_display(ESTIMATES, NOBODY, crosswalk().iloc[:0], cases=CASES)
        assert result.empty and "trace" in result.columns

    def test_without_any_stance_the_cases_are_silent(self) -> None:
        row = display(crosswalk(), stances=NOBODY)
        assert (row["cases_heard"], row["segments"], row["segments_outside_cases"]) == (0, 0, 0)


class TestTrace:
    @pytest.mark.parametrize(
        ("changes", "stances", "words"),
        [
            (
                {},
                FIRST,
                [
                    "Survey: 90.0% (86.0% to 93.0%, effective sample size 287): lower limit above",
                    "4 of 6 with a stance, 0 for, 3 against, 1 both",
                    "12.5% of these for it: at least 66.7% against, so against it",
                    "Opposite directions: dissonance.",
                ],
            ),
            (
                {"item_id": None},
                FIRST,
                ["no item asks this", "One side says nothing: silence (no item)."],
            ),
            ({}, NOBODY, ["none of 6 takes a stance"]),
            (
                {"eligible_document": "padgett"},
                FIRST,
                ["1 of 1 with a stance", "fewer than 3"],
            ),
            (
                {},
                SWAPPED,
                ["share of all people 31.7 points apart, above 25.0 points: comp"],
            ),
        ],
    )
    def test_says_what_decided(
        self, changes: dict[str, Any], stances: pd.DataFrame, words: list[str]
    ) -> None:
        trace = display(crosswalk(**changes), stances=stances)["trace"]
        for part in words:
            assert part in trace

    @pytest.mark.parametrize(
        ("rule", "words"),
        [
            (Rule(min_effective_n=300), "effective sample size below 300, so too imprecise to say"),
            (
                Rule(max_half_width=0.01),
                "half the interval is 3.5 points, above 1.0 points, so too",
            ),
            (Rule(midpoint=0.9), "interval meets 85.0% to 95.0%, so divided"),
            (Rule(min_case_share=0.7), "66.7% of 6 is below 70.0%, so too few to say"),
            (Rule(majority=0.9), "less than 90.0% for and less than 90.0% against"),
            (Rule(majority=0.9), "One side has a direction, the other is divided"),
        ],
    )
    def test_names_the_threshold(self, rule: Rule, words: str) -> None:
        assert words in display(crosswalk(), rule=rule)["trace"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"item_id": "I-11"}, r"row X-1, column item_id: 'I-11' .*did you mean 'I-1'"),
            ({"survey_answer": "agreed"}, r"survey_answer: 'agreed' .*did you mean 'agree'"),
            ({"survey_answer": None}, r"survey_answer: None .*known: agree"),
            ({"relation": "sames"}, r"relation: 'sames' .*did you mean 'same'"),
            ({"eligible_document": "epik"}, r"eligible_document: 'epik' .*'epic'"),
            ({"eligible_cases": "teachers"}, r"eligible_cases: 'teachers' .*'teacher'"),
            ({"override": "convergent", "label_reason": "x"}, r"override: .*'convergence'"),
            ({"override": "silence"}, r"an override and its reason go together"),
            ({"label_reason": "because"}, r"an override and its reason go together"),
            ({"row_id": None}, r"column row_id: empty"),
        ],
    )
    def test_crosswalk(self, changes: dict[str, Any], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            display(crosswalk(**changes))

    def test_repeated_row(self) -> None:
        with pytest.raises(ValueError, match="'X-1' twice"):
            display(pd.concat([crosswalk(), crosswalk()]))

    @pytest.mark.parametrize(
        ("name", "table", "message"),
        [
            ("estimates", ESTIMATES.drop(columns="n"), "estimates: no column n"),
            ("estimates", ESTIMATES.assign(share=90.0), "give shares, not percents"),
            ("estimates", ESTIMATES.assign(share=0.99), "outside its interval"),
            ("estimates", ESTIMATES.assign(design_effect=0.0), "must be positive"),
            ("estimates", ESTIMATES.assign(n=None), "a share without n"),
            ("estimates", pd.concat([ESTIMATES, ESTIMATES]), "stands there twice"),
            ("estimates", ESTIMATES.assign(share=None, n=None), "a share without n"),
            ("stances", FIRST.drop(columns="case"), "stances: no column case"),
            ("stances", FIRST.replace("Cat", "Kat"), "'Kat' of epic .*'Cat'"),
            ("stances", FIRST.replace("X-1", "X-11"), "segment S1, column row_id: 'X-11'"),
            ("stances", FIRST.replace("against", "anti"), "segment S1, column stance: 'anti'"),
            ("cases", CASES.drop(columns="asked"), "cases: no column asked"),
            ("cases", CASES.assign(asked="yes"), "row 1, column asked: 'yes'"),
            ("cases", pd.concat([CASES, CASES]), "row 10: 'Ann' of epic twice"),
            ("cases", CASES.assign(case=None), "row 1: document or case is empty"),
        ],
    )
    def test_other_tables(self, name: str, table: pd.DataFrame, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            display(crosswalk(), **{name: table})

    def test_missing_column(self) -> None:
        with pytest.raises(ValueError, match="crosswalk: no column claim"):
            display(crosswalk().drop(columns="claim"))
