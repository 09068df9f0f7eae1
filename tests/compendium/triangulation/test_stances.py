"""Stances: by hand on five pairs, on the project's own against a recomputation from the files."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from compendium import data
from compendium.coding.agreement import cohen_kappa
from compendium.coding.cases import segment_cases
from compendium.coding.reconciliation import reconcile
from compendium.triangulation import (
    choose_stances,
    joint_display,
    stances_by_codes,
    with_voices,
)

ORACLE = Path(__file__).parents[2] / "oracles/triangulation/expected_stances.csv"

#: Reader, segment, stance, directness, about; one claim.
READ = [
    ("A", "S1", "for", "direct", "own"),
    ("B", "S1", "for", "direct", "own"),
    ("A", "S2", "for", "direct", "own"),  # readers differ on the stance
    ("B", "S2", "mixed", "direct", "own"),
    ("A", "S3", "against", "direct", "own"),  # and on how direct it is
    ("B", "S3", "against", "inferred", "own"),
    ("A", "S4", "against", "direct", "other"),  # A alone
    ("B", "S5", "for", "inferred", "own"),  # B alone
]
STANCES = pd.DataFrame(READ, columns=["reader", "segment_id", "stance", "directness", "about"])
STANCES["row_id"] = "X-1"
CHECKS = pd.DataFrame(
    {
        "segment_id": ["S1", "S2", "S3", "S4", "S5"],
        "row_id": "X-1",
        "stance": ["for", "mixed", "none", "against", "mixed"],
    }
)
SEGMENTS = pd.DataFrame(
    {
        "segment_id": ["S1", "S2", "S3", "S4", "S5"],
        "document": "epic",
        "speaker": ["Ann", "Ben", "Ann and Ben", "authors", "Ann"],
    }
)
SPEAKERS = pd.DataFrame(
    {
        "document": "epic",
        "speaker": ["Ann", "Ben", "Ann and Ben", "authors"],
        "participants": ["Ann", "Ben", "Ann;Ben", None],
    }
)


def chosen(**options: Any) -> dict[str, str]:
    found = choose_stances(STANCES, CHECKS, **options)
    return dict(zip(found["segment_id"], found["stance"], strict=True))


class TestReadings:
    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            ({}, {"S1": "for", "S2": "mixed", "S4": "against", "S5": "mixed"}),
            ({"readers": "both"}, {"S1": "for", "S2": "mixed", "S3": "against"}),
            (
                {"readers": "either"},
                {"S1": "for", "S2": "mixed", "S3": "against", "S4": "against", "S5": "for"},
            ),
            ({"readers": "A"}, {"S1": "for", "S2": "for", "S3": "against", "S4": "against"}),
            ({"readers": "B"}, {"S1": "for", "S2": "mixed", "S3": "against", "S5": "for"}),
            # A reader's own inference is left out before the rule looks.
            ({"readers": "both", "directness": "direct"}, {"S1": "for", "S2": "mixed"}),
            (
                {"readers": "either", "directness": "direct"},
                {"S1": "for", "S2": "mixed", "S3": "against", "S4": "against"},
            ),
            ({"directness": "direct"}, {"S1": "for", "S2": "mixed", "S4": "against"}),
            ({"about": "own"}, {"S1": "for", "S2": "mixed", "S5": "mixed"}),
        ],
    )
    def test_by_hand(self, options: dict[str, str], expected: dict[str, str]) -> None:
        assert chosen(**options) == expected

    def test_a_third_reader_makes_a_majority(self) -> None:
        person = STANCES.iloc[[0, 2, 7]].assign(reader="C", stance=["for", "for", "mixed"])
        three = pd.concat([STANCES, person], ignore_index=True)
        most = choose_stances(three, readers="majority").set_index("segment_id")
        assert most["stance"].to_dict() == {
            "S1": "for",
            "S2": "for",  # two of three
            "S3": "against",
            "S5": "mixed",  # one for, one both ways
        }
        assert most["readers"].to_dict() == {"S1": 3, "S2": 3, "S3": 2, "S5": 2}
        assert choose_stances(three, readers="C")["segment_id"].tolist() == ["S1", "S2", "S5"]

    def test_what_was_not_checked_does_not_count_as_checked(self) -> None:
        found = choose_stances(STANCES, CHECKS.iloc[:4])
        assert found["segment_id"].tolist() == ["S1", "S2", "S4"]

    def test_order_of_rows_does_not_matter(self) -> None:
        assert choose_stances(STANCES.iloc[::-1], readers="either").equals(
            choose_stances(STANCES, readers="either")
        )

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"readers": "chekced"}, "readers: 'chekced' .*'checked'"),
            ({"readers": "C"}, "readers: 'C' is not an option"),
            ({"directness": "inferred"}, "directness: 'inferred' .*'with inferred'"),
            ({"about": "other"}, "about: 'other' is not an option"),
        ],
    )
    def test_unknown_options_are_refused(self, options: dict[str, str], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            chosen(**options)

    @pytest.mark.parametrize(
        ("stances", "checks", "message"),
        [
            (STANCES.replace("mixed", "both"), CHECKS, "row 3, column stance: 'both' is not one"),
            (STANCES.replace("own", "self"), CHECKS, "column about: 'self'"),
            (pd.concat([STANCES, STANCES.iloc[:1]]), CHECKS, "gave this pair before"),
            (STANCES.drop(columns="about"), CHECKS, "stances: no column about"),
            (STANCES, None, "needs the table of checks"),
            (STANCES.iloc[:7], CHECKS, "pair S5 X-1 is no reader's"),
            (STANCES, pd.concat([CHECKS, CHECKS.iloc[:1]]), "pair S1 X-1 is there twice"),
        ],
    )
    def test_faults_are_refused(
        self, stances: pd.DataFrame, checks: pd.DataFrame, message: str
    ) -> None:
        with pytest.raises(ValueError, match=message):
            choose_stances(stances, checks)


class TestVoices:
    def said(self, **options: Any) -> pd.DataFrame:
        either = choose_stances(STANCES, readers="either")
        return with_voices(either, SEGMENTS, SPEAKERS, **options)

    def test_what_a_group_says_is_no_persons_unless_asked_for(self) -> None:
        apart, members = self.said(), self.said(group_members=True)
        assert apart.loc[apart["segment_id"] == "S3", "case"].isna().tolist() == [True]
        told = members.loc[members["segment_id"] == "S3", "case"].tolist()
        assert told == ["epic/Ann", "epic/Ben"]

    def test_restated_survey_results_are_left_out(self) -> None:
        assert "S4" in set(self.said()["segment_id"])
        assert "S4" not in set(self.said(restated=["S4"])["segment_id"])

    def test_pieces_of_a_quotation_are_one_remark(self) -> None:
        pieces = pd.DataFrame({"quotation": "Q1", "segment_id": ["S1", "S5"]})
        told = self.said(quotations=pieces).set_index("segment_id")["remark"]
        assert told[["S1", "S2", "S5"]].tolist() == ["Q1", "S2", "Q1"]

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"restated": ["S9"]}, "restated: segment 'S9' is not known"),
            (
                {"quotations": pd.DataFrame({"quotation": ["Q1"], "segment_id": ["S9"]})},
                "cut: segment 'S9' is not known",
            ),
        ],
    )
    def test_unknown_segments_are_refused(self, options: dict[str, Any], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            self.said(**options)


class TestByCodes:
    PROXIES = pd.DataFrame(
        {
            "row_id": ["X-1"],
            "supporting": ["pace:helps; plan:helps"],
            "disconfirming": ["pace:hinders"],
        }
    )
    APPLICATIONS = pd.DataFrame(
        {
            "segment_id": ["S1", "S1", "S2", "S3", "S3"],
            "code": ["pace", "plan", "pace", "plan", "pace"],
            "direction": ["helps", "neutral", "hinders", "helps", "hinders"],
        }
    )

    def test_by_hand(self) -> None:
        found = stances_by_codes(self.APPLICATIONS, self.PROXIES, ["pace", "plan"])
        assert dict(zip(found["segment_id"], found["stance"], strict=True)) == {
            "S1": "for",
            "S2": "against",
            "S3": "mixed",
        }

    @pytest.mark.parametrize(
        ("cell", "message"),
        [
            ("pase:helps", "row X-1, column disconfirming: 'pase' .*did you mean 'pace'"),
            ("pace:hinder", "disconfirming: 'hinder' .*'hinders'"),
            ("pace", "disconfirming: '' is not known; known: helps"),
            ("pace:helps", "pace:helps also stands under supporting"),
        ],
    )
    def test_faults_are_refused(self, cell: str, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            stances_by_codes(
                self.APPLICATIONS, self.PROXIES.assign(disconfirming=cell), ["pace", "plan"]
            )


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    names = (
        "stances stance_checks segments speakers crosswalk survey_restatements quotation_parts "
        "applications claim_proxies codebook participants"
    )
    return {name: data.load(name) for name in names.split()}


def estimates(crosswalk: pd.DataFrame) -> pd.DataFrame:
    table = crosswalk.rename(columns={"survey_answer": "answer"})[["item_id", "answer"]]
    return table.assign(share=0.7, lower=0.65, upper=0.75, n=400, design_effect=1.0)


def people(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    found = tables["participants"].rename(columns={"district": "site"})
    found = found[found["document"] == "epic2021pedal"]
    found["case"] = found["document"] + "/" + found["participant"]
    heard = segment_cases(tables["segments"], tables["speakers"])["case"]
    return found.assign(asked=found["case"].isin(heard))


@pytest.mark.parametrize("reading", ["checked", "both", "either", "A", "B"])
def test_the_projects_own_stances_as_recomputed_from_the_files(
    tables: dict[str, pd.DataFrame], reading: str
) -> None:
    said = with_voices(
        choose_stances(tables["stances"], tables["stance_checks"], readers=reading),
        tables["segments"],
        tables["speakers"],
        restated=tables["survey_restatements"]["segment_id"],
        quotations=tables["quotation_parts"],
    )
    crosswalk = tables["crosswalk"]
    found = joint_display(estimates(crosswalk), said, crosswalk, cases=people(tables))
    expected = pd.read_csv(ORACLE).query("reading == @reading")
    names = {
        "cases_for": "for",
        "cases_against": "against",
        "cases_both": "both",
        "segments": "segments",
        "remarks": "remarks",
        "segments_outside_cases": "outside",
    }
    assert found[["row_id", *names]].astype(str).to_numpy().tolist() == (
        expected[["row_id", *names.values()]].astype(str).to_numpy().tolist()
    )


def test_agreement_on_stances_by_the_formula(tables: dict[str, pd.DataFrame]) -> None:
    """Cohen's kappa over 15 claims and 125 segments, from the four marginal counts by hand."""
    stance = tables["stances"].pivot(
        index=["segment_id", "row_id"], columns="reader", values="stance"
    )
    units = 15 * 125
    names = ("for", "against", "mixed")
    counts = {reader: [stance[reader].eq(name).sum() for name in names] for reader in "AB"}
    same = (stance["A"] == stance["B"]).sum() + units - len(stance)
    expected = sum(a * b for a, b in zip(counts["A"], counts["B"], strict=True))
    expected += (units - sum(counts["A"])) * (units - sum(counts["B"]))
    observed, chance = same / units, expected / units**2
    padding = pd.DataFrame("none", index=range(units - len(stance)), columns=["A", "B"])
    rated = pd.concat([stance.fillna("none"), padding], ignore_index=True)
    kappa = cohen_kappa(rated, replicates=0)
    assert kappa.value == pytest.approx((observed - chance) / (1 - chance))
    assert (round(observed, 3), round(kappa.value, 3)) == (0.991, 0.916)


def test_nobody_stands_on_a_side_without_a_stance_that_says_so(
    tables: dict[str, pd.DataFrame],
) -> None:
    """Every name in the display leads to a row of the check, with that speaker and that side."""
    said = with_voices(
        choose_stances(tables["stances"], tables["stance_checks"]),
        tables["segments"],
        tables["speakers"],
    )
    crosswalk = tables["crosswalk"]
    found = joint_display(estimates(crosswalk), said, crosswalk, cases=people(tables))
    speaker = tables["segments"].set_index("segment_id")["speaker"]
    checks = tables["stance_checks"].set_index(["segment_id", "row_id"])["stance"]
    named = 0
    for column, sides in (
        ("supporting_cases", {"for", "mixed"}),
        ("disconfirming_cases", {"against", "mixed"}),
    ):
        for row_id, cell in zip(found["row_id"], found[column], strict=True):
            for part in filter(None, cell.split("; ")):
                name, _, segments = part.removesuffix(")").partition(" (")
                for segment in segments.split(", "):
                    named += 1
                    assert f"epic2021pedal/{speaker[segment]}" == name
                    assert checks[segment, row_id] in sides
    assert named > 30


def test_the_reading_by_codes_says_what_it_said(tables: dict[str, pd.DataFrame]) -> None:
    """The counts that were published while codes stood in for stances; both ways in the third.

    The teachers behind EPIC-049 were not named then.
    """
    by_codes = stances_by_codes(
        reconcile(tables["applications"], "both"),
        tables["claim_proxies"],
        tables["codebook"]["code"],
    )
    said = with_voices(by_codes, tables["segments"], tables["speakers"], group_members=True)
    crosswalk = tables["crosswalk"].merge(tables["claim_proxies"][["row_id", "relation"]])
    said = said[said["document"].eq("epic2021pedal") & said["segment_id"].ne("EPIC-049")]
    found = joint_display(estimates(crosswalk), said, crosswalk, cases=people(tables))
    counts = found.set_index("row_id")[["cases_for", "cases_against", "cases_both"]]
    published = {
        "X-01": [0, 5, 0],
        "X-04": [1, 10, 0],
        "X-06": [2, 5, 1],
        "X-07": [7, 2, 1],
        "X-08": [2, 6, 1],
        "X-09": [0, 6, 0],
        "X-10": [8, 0, 0],
    }
    assert {row: counts.loc[row].tolist() for row in published} == published
