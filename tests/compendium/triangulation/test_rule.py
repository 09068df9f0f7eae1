"""The rule, line by line against hand-worked cases, then its properties with planted mutants.

A property is a function of one drawn example. `holds` searches for a counterexample; each property
is also run on a deliberately broken rule, where the search must find one.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from compendium.triangulation import judgement
from compendium.triangulation.evidence import CodedEvidence, SurveyEvidence
from compendium.triangulation.judgement import Judgement, coded_state, judge, survey_state
from compendium.triangulation.rule import Relation, Rule

ABSENT = SurveyEvidence(item=False)


def survey(
    share: float, half: float = 0.04, n: int = 400, effect: float | None = 1.0
) -> SurveyEvidence:
    return SurveyEvidence(
        share=share,
        lower=max(0, share - half),
        upper=min(1, share + half),
        n=n,
        design_effect=effect,
    )


def coded(eligible: int, for_: int = 0, against: int = 0, both: int = 0) -> CodedEvidence:
    ids = [f"c{i}" for i in range(eligible)]
    return CodedEvidence(
        eligible=frozenset(ids),
        supporting=frozenset(ids[:for_] + ids[for_ + against : for_ + against + both]),
        disconfirming=frozenset(ids[for_ : for_ + against + both]),
    )


class TestStates:
    @pytest.mark.parametrize(
        ("evidence", "expected"),
        [
            (ABSENT, "absent"),
            (SurveyEvidence(share=0.9, n=400), "imprecise"),  # no interval
            (survey(0.9, n=29), "imprecise"),
            (survey(0.9, n=30), "+"),
            (survey(0.9, n=400, effect=14.0), "imprecise"),  # effective n 28.6
            (survey(0.9, n=400, effect=None), "+"),
            (survey(0.78, half=0.2), "+"),
            (survey(0.78, half=0.21), "imprecise"),
            (survey(0.60), "+"),  # lower limit 0.56
            (survey(0.59), "divided"),  # lower limit exactly 0.55
            (survey(0.40), "-"),
            (survey(0.41), "divided"),  # upper limit exactly 0.45
        ],
    )
    def test_survey(self, evidence: SurveyEvidence, expected: str) -> None:
        assert survey_state(evidence, Rule()) == expected

    @pytest.mark.parametrize(
        ("evidence", "expected"),
        [
            (coded(0), "not asked"),
            (coded(10), "absent"),
            (coded(4, for_=2), "thin"),  # fewer than three
            (coded(13, for_=3), "thin"),  # 3 of 13 is 23 %
            (coded(12, for_=3), "+"),  # 3 of 12 is 25 %
            (coded(3, for_=2, against=1), "thin"),  # one case would reverse it
            (coded(6, for_=4, against=2), "+"),  # exactly two thirds
            (coded(6, for_=2, against=4), "-"),
            (coded(6, for_=3, against=3), "divided"),
            (coded(6, for_=3, both=3), "+"),  # 4.5 of 6
            (coded(6, for_=2, against=1, both=3), "divided"),  # 3.5 of 6
        ],
    )
    def test_coded(self, evidence: CodedEvidence, expected: str) -> None:
        assert coded_state(evidence, Rule()) == expected

    def test_a_case_with_evidence_must_be_eligible(self) -> None:
        with pytest.raises(ValueError, match=r"not among the eligible: \['b'\]"):
            CodedEvidence(eligible=frozenset("a"), supporting=frozenset("b"))


class TestLines:
    """One example for each line of the rule; states are those of TestStates."""

    @pytest.mark.parametrize(
        ("survey_evidence", "coded_evidence", "relation", "label", "detail"),
        [
            (ABSENT, coded(0), "same", "not covered", "no item; never asked"),
            (
                SurveyEvidence(),
                coded(9),
                "same",
                "not covered",
                "no estimate; asked and nothing said",
            ),
            (ABSENT, coded(6, for_=6), "same", "silence", "no item"),
            (SurveyEvidence(), coded(6, for_=6), "same", "silence", "no estimate"),
            (survey(0.9), coded(0), "same", "silence", "never asked"),
            (survey(0.9), coded(9), "same", "silence", "asked and nothing said"),
            (survey(0.9, n=5), coded(9), "same", "silence", "asked and nothing said"),
            (survey(0.9, n=5), coded(6, for_=6), "same", "insufficient", None),
            (survey(0.9), coded(20, for_=4), "same", "insufficient", None),
            (survey(0.9), coded(6, against=6), "same", "dissonance", None),
            (survey(0.1), coded(6, for_=6), "same", "dissonance", None),
            (survey(0.9), coded(6, against=6), "facet", "dissonance", None),
            (survey(0.9), coded(6, for_=6), "facet", "complementarity", None),
            (survey(0.5), coded(6, for_=3, against=3), "facet", "complementarity", None),
            (survey(0.5), coded(6, for_=3, against=3), "same", "convergence", None),
            (survey(0.9), coded(6, for_=6), "same", "convergence", None),
            (survey(0.1), coded(6, against=6), "same", "convergence", None),
            (survey(0.9), coded(8, for_=5), "same", "complementarity", None),  # 90 against 62.5
            (survey(0.9), coded(6, for_=3, against=3), "same", "complementarity", None),
            (survey(0.5), coded(6, for_=6), "same", "complementarity", None),
        ],
    )
    def test_line(
        self,
        survey_evidence: SurveyEvidence,
        coded_evidence: CodedEvidence,
        relation: Relation,
        label: str,
        detail: str | None,
    ) -> None:
        result = judge(survey_evidence, coded_evidence, relation, Rule())
        assert (result.label, result.detail) == (label, detail)

    def test_gap_is_taken_over_the_eligible_not_the_heard(self) -> None:
        result = judge(survey(0.9), coded(8, for_=5), "same", Rule())
        assert result.prominence_gap == pytest.approx(0.9 - 5 / 8)

    def test_gap_mirrors_for_a_claim_both_strands_deny(self) -> None:
        result = judge(survey(0.1), coded(8, against=5), "same", Rule())
        assert result.prominence_gap == pytest.approx(0.9 - 5 / 8)


class TestThresholds:
    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"majority": 0.5}, "majority is 0.5"),
            ({"majority": 1.1}, "majority is 1.1"),
            ({"indifference": 0.5}, "leave no share"),
            ({"indifference": -0.1}, "leave no share"),
            ({"midpoint": 0.8, "indifference": 0.2}, "leave no share"),
            ({"midpoint": 0.2, "indifference": 0.2}, "leave no share"),
            ({"max_half_width": 1.01}, "lies in"),
            ({"min_case_share": 25}, "min_case_share is 25"),
            ({"max_prominence_gap": -0.1}, "max_prominence_gap is -0.1"),
            ({"max_half_width": 20}, "max_half_width is 20"),
            ({"min_cases": 0}, "min_cases is 0"),
            ({"min_effective_n": -1}, "min_effective_n -1"),
        ],
    )
    def test_refused(self, values: dict[str, Any], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            Rule(**values)

    @pytest.mark.parametrize(
        ("changed", "evidence"),
        [
            ({"indifference": 0.0}, survey(0.55)),
            ({"max_half_width": 0.03}, survey(0.7)),
            ({"min_effective_n": 500}, survey(0.7)),
            ({"midpoint": 0.7}, survey(0.7)),
        ],
    )
    def test_each_survey_threshold_matters(
        self, changed: dict[str, Any], evidence: SurveyEvidence
    ) -> None:
        assert survey_state(evidence, Rule()) != survey_state(evidence, Rule(**changed))

    @pytest.mark.parametrize(
        ("changed", "evidence"),
        [
            ({"min_cases": 5}, coded(8, for_=4)),
            ({"min_case_share": 0.6}, coded(8, for_=4)),
            ({"majority": 0.9}, coded(8, for_=6, against=2)),
        ],
    )
    def test_each_coded_threshold_matters(
        self, changed: dict[str, Any], evidence: CodedEvidence
    ) -> None:
        assert coded_state(evidence, Rule()) != coded_state(evidence, Rule(**changed))


class Example(NamedTuple):
    survey: SurveyEvidence
    coded: CodedEvidence
    relation: Relation
    rule: Rule

    @property
    def label(self) -> str:
        return judge(self.survey, self.coded, self.relation, self.rule).label


@st.composite
def surveys(draw: st.DrawFn, evidence: CodedEvidence) -> SurveyEvidence:
    """Draw hundredths, so that thresholds are hit exactly; often close to what the cases say."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from([ABSENT, SurveyEvidence()]))
    eligible = max(1, len(evidence.eligible))
    near = [len(evidence.supporting) / eligible, 1 - len(evidence.disconfirming) / eligible]
    centre = draw(st.sampled_from([*near, 0.5, None]))
    if centre is None:
        share = draw(st.integers(0, 100))
    else:
        share = min(100, max(0, round(100 * centre) + draw(st.integers(-30, 30))))
    half = draw(st.sampled_from([2, 4, 8, 25]))
    return SurveyEvidence(
        share=share / 100,
        lower=max(0, share - half) / 100,
        upper=min(100, share + half) / 100,
        n=draw(st.sampled_from([20, 60, 400])),
        design_effect=draw(st.sampled_from([None, 0.8, 2.5])),
    )


@st.composite
def examples(draw: st.DrawFn) -> Example:
    eligible = draw(st.integers(0, 9))
    for_ = draw(st.integers(0, eligible))
    against = draw(st.integers(0, eligible - for_))
    evidence = coded(eligible, for_, against, draw(st.integers(0, eligible - for_ - against)))
    rule = Rule(
        midpoint=draw(st.sampled_from([0.4, 0.5, 0.6])),
        indifference=draw(st.sampled_from([0.0, 0.05])),
        min_effective_n=30,
        max_half_width=0.2,
        min_cases=draw(st.integers(1, 4)),
        min_case_share=draw(st.sampled_from([0.0, 0.25, 0.5])),
        majority=draw(st.sampled_from([0.51, 0.6, 2 / 3, 1.0])),
        max_prominence_gap=draw(st.sampled_from([0.1, 0.25])),
    )
    relation: Relation = draw(st.sampled_from(("same", "facet")))
    return Example(draw(surveys(evidence)), evidence, relation, rule)


def mirrored(example: Example) -> Example:
    """Put the negation of the claim in its place."""
    was, rule = example.survey, example.rule
    flip = {"share": was.share, "lower": was.upper, "upper": was.lower}
    flipped = {name: None if value is None else 1 - value for name, value in flip.items()}
    survey_now = SurveyEvidence(**flipped, n=was.n, design_effect=was.design_effect, item=was.item)
    coded_now = CodedEvidence(
        eligible=example.coded.eligible,
        supporting=example.coded.disconfirming,
        disconfirming=example.coded.supporting,
    )
    settings_now = {**vars(rule), "midpoint": 1 - rule.midpoint}
    return Example(survey_now, coded_now, example.relation, Rule(**settings_now))


Property = Callable[[Example], None]


def polarity_does_not_matter(example: Example) -> None:
    assert example.label == mirrored(example).label


def moving_a_case_to_support_never_breaks_convergence(example: Example) -> None:
    example = example._replace(relation="same")
    only_against = sorted(example.coded.disconfirming - example.coded.supporting)
    assume(only_against)
    moved = only_against[0]
    coded_now = CodedEvidence(
        eligible=example.coded.eligible,
        supporting=example.coded.supporting | {moved},
        disconfirming=example.coded.disconfirming - {moved},
    )
    change = (example.label, example._replace(coded=coded_now).label)
    assert change != ("convergence", "dissonance")


def thin_evidence_never_converges(example: Example) -> None:
    evidence, rule = example.coded, example.rule
    heard = len(evidence.supporting | evidence.disconfirming)
    assume(heard < rule.min_cases or heard / max(1, len(evidence.eligible)) < rule.min_case_share)
    assert example.label not in ("convergence", "dissonance", "complementarity")


def imprecise_estimates_never_converge(example: Example) -> None:
    estimate, rule = example.survey, example.rule
    assume(estimate.share is not None)
    assert estimate.lower is not None and estimate.upper is not None
    wide = (estimate.upper - estimate.lower) / 2 > rule.max_half_width + 1e-6
    assume(wide or estimate.n / (estimate.design_effect or 1) < rule.min_effective_n)
    assert example.label not in ("convergence", "dissonance", "complementarity")


def facets_never_converge_and_may_clash(example: Example) -> None:
    same, facet = example._replace(relation="same"), example._replace(relation="facet")
    assert facet.label != "convergence"
    assert (same.label == "dissonance") == (facet.label == "dissonance")


def silence_means_exactly_one_strand_is_absent(example: Example) -> None:
    no_survey = example.survey.share is None
    no_coding = not (example.coded.supporting | example.coded.disconfirming)
    assert (example.label == "silence") == (no_survey != no_coding)
    assert (example.label == "not covered") == (no_survey and no_coding)


PROPERTIES: list[Property] = [
    polarity_does_not_matter,
    moving_a_case_to_support_never_breaks_convergence,
    thin_evidence_never_converges,
    imprecise_estimates_never_converge,
    facets_never_converge_and_may_clash,
    silence_means_exactly_one_strand_is_absent,
]


def holds(check: Property, max_examples: int) -> None:
    """Search for a counterexample; raises the AssertionError of the first one found."""
    searched = settings(
        max_examples=max_examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.filter_too_much],
    )(given(examples())(check))
    searched()


@pytest.mark.parametrize("check", PROPERTIES, ids=lambda check: check.__name__)
def test_property(check: Property) -> None:
    holds(check, max_examples=200)


def _direction_without_mirror(support: float, heard: int, rule: Rule) -> str:
    if support >= rule.majority * heard:
        return "+"
    return "-" if support < 0.5 * heard else "divided"


def _gap_without_mirror(estimate: SurveyEvidence, evidence: CodedEvidence, against: bool) -> float:
    assert estimate.share is not None
    return abs(estimate.share - evidence.support / len(evidence.eligible))


def _thin_forgotten(evidence: CodedEvidence, rule: Rule) -> str:
    if not evidence.heard:
        return "absent" if evidence.eligible else "not asked"
    return judgement._direction(evidence.support, len(evidence.heard), rule)


def _absence_by_eligible_only(evidence: CodedEvidence, rule: Rule) -> str:
    state = coded_state(evidence, rule)
    return "thin" if state == "absent" else state


MUTANTS = [
    ("_direction", _direction_without_mirror, polarity_does_not_matter),
    ("_prominence_gap", _gap_without_mirror, polarity_does_not_matter),
    (
        "_reversible",
        lambda support, heard, rule: False,
        moving_a_case_to_support_never_breaks_convergence,
    ),
    ("coded_state", _thin_forgotten, thin_evidence_never_converges),
    ("_imprecise", lambda estimate, rule: False, imprecise_estimates_never_converge),
    ("coded_state", _absence_by_eligible_only, silence_means_exactly_one_strand_is_absent),
]


@pytest.mark.parametrize(
    ("name", "mutant", "check"), MUTANTS, ids=[f"{m[0]}-{m[2].__name__}" for m in MUTANTS]
)
def test_property_catches_its_mutant(
    monkeypatch: pytest.MonkeyPatch, name: str, mutant: object, check: Property
) -> None:
    monkeypatch.setattr(judgement, name, mutant)
    with pytest.raises(AssertionError):
        holds(check, max_examples=4000)


def test_facet_property_catches_a_rule_that_lets_facets_converge(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = judgement.judge

    def mutant(
        survey: SurveyEvidence, coded: CodedEvidence, relation: Relation, rule: Rule
    ) -> Judgement:
        return real(survey, coded, "same", rule)

    monkeypatch.setitem(globals(), "judge", mutant)
    with pytest.raises(AssertionError):
        holds(facets_never_converge_and_may_clash, max_examples=4000)
