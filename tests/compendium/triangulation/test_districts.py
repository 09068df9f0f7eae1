"""One district: its names, its limits, its teachers."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from compendium.triangulation import bounded_estimates, gather_district, label_evidence

LIMITS = pd.DataFrame(
    {
        "item_id": ["I-1", "I-2", "I-3"],
        "answer": "agree",
        "limit_lower": [0.62, 0.5, 0.0],
        "limit_upper": [0.66, 1.0, 1.0],
        "n": [400, 400, 13],
        "design_effect": [2.0, None, None],
    }
)


class TestBounded:
    def test_ends_are_wilsons_of_the_limits(self) -> None:
        found = bounded_estimates(LIMITS)
        for row, low, high, size in ((0, 0.62, 0.66, 200), (1, 0.5, None, 400)):
            expected = proportion_confint(low * size, size, method="wilson")[0]
            assert found.loc[row, "lower"] == pytest.approx(expected)
            if high:
                expected = proportion_confint(high * size, size, method="wilson")[1]
                assert found.loc[row, "upper"] == pytest.approx(expected)

    def test_nothing_printed_leaves_everything_open(self) -> None:
        assert bounded_estimates(LIMITS).loc[2, ["lower", "upper"]].tolist() == [0, 1]

    def test_only_narrow_limits_fix_a_share(self) -> None:
        assert bounded_estimates(LIMITS)["share"].tolist() == [
            pytest.approx(0.64),
            pytest.approx(np.nan, nan_ok=True),
            pytest.approx(np.nan, nan_ok=True),
        ]
        assert bounded_estimates(LIMITS, fixed=0.5)["share"].notna().tolist() == [True, True, False]

    @pytest.mark.parametrize("upper", [0.61, None])
    def test_limits_the_wrong_way_round_are_refused(self, upper: float | None) -> None:
        with pytest.raises(ValueError, match="I-1: limit_lower is not at most limit_upper"):
            bounded_estimates(LIMITS.assign(limit_upper=[upper, 1.0, 1.0]))


ESTIMATES = pd.DataFrame(
    {
        "item_id": "I-1",
        "answer": "agree",
        "group": ["Davis Charter", "Lehigh", "Battier"],
        "share": [0.9, 0.3, 0.5],
        "lower": [0.86, 0.26, 0.45],
        "upper": [0.94, 0.34, 0.55],
        "n": 200,
        "design_effect": 1.0,
    }
)
DISTRICTS = pd.DataFrame(
    {
        "district": ["Davis Charter", "Lehigh", "Battier"],
        "text_name": ["Davis", "Lehigh", "Battier"],
        "case_study": [True, True, False],
    }
)
CASES = pd.DataFrame(
    {
        "document": "epic",
        "case": list("abcdef"),
        "role": "teacher",
        "site": ["Davis"] * 3 + ["Lehigh"] * 3,
        "asked": True,
    }
)
STANCES = pd.DataFrame(
    {
        "row_id": "X-1",
        "segment_id": [f"S{i}" for i in range(7)],
        "remark": [f"S{i}" for i in range(7)],
        "stance": ["for"] * 6 + ["against"],
        "document": "epic",
        "case": [*"abcdef", None],
    }
)
CROSSWALK = pd.DataFrame(
    {
        "row_id": ["X-1"],
        "claim": "Pace",
        "item_id": "I-1",
        "survey_answer": "agree",
        "eligible_document": "epic",
        "eligible_cases": "teacher",
    }
)


def district(name: str, **changes: Any) -> pd.Series:
    inputs = {"cases": CASES, "districts": DISTRICTS, **changes}
    return label_evidence(gather_district(ESTIMATES, STANCES, CROSSWALK, name, **inputs)).iloc[0]


class TestDistrict:
    def test_names_are_translated(self) -> None:
        """Davis was taken for silent when one page looked for it under its name in the survey."""
        row = district("Davis Charter")
        assert (row["cases_eligible"], row["cases_for"], row["label"]) == (3, 3, "convergence")

    def test_each_district_has_its_own_answers_and_teachers(self) -> None:
        row = district("Lehigh")
        assert (row["share"], row["label"]) == (0.3, "dissonance")
        assert row["supporting_cases"] == "d (S3); e (S4); f (S5)"

    def test_where_no_case_was_studied_nobody_was_asked(self) -> None:
        row = district("Battier")
        assert (row["label"], row["detail"]) == ("silence", "never asked")

    @pytest.mark.parametrize(
        ("name", "changes", "message"),
        [
            ("Davis", {}, "districts: 'Davis' is not there; known: Battier, Davis Charter, Lehigh"),
            (
                "Lehigh",
                {"districts": DISTRICTS.replace({"text_name": {"Davis": "Davis Charter"}})},
                "'Davis' has cases, but is no district of the case study",
            ),
            ("Lehigh", {"cases": CASES.iloc[3:]}, "'Davis' has no case"),
        ],
    )
    def test_names_that_do_not_fit_are_refused(
        self, name: str, changes: dict[str, pd.DataFrame], message: str
    ) -> None:
        with pytest.raises(ValueError, match=message):
            district(name, **changes)
