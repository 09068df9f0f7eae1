"""Evidence of each strand: what it amounts to, and what is left of it without a case."""

import pytest

from compendium.triangulation.evidence import CodedEvidence, SurveyEvidence

CODED = CodedEvidence(
    eligible=frozenset("abcd"), supporting=frozenset("ab"), disconfirming=frozenset("bc")
)


@pytest.mark.parametrize(
    ("known", "absent"),
    [
        ({}, True),
        ({"lower": 0.1}, True),
        ({"upper": 0.9}, True),
        ({"lower": 0.1, "upper": 0.9}, False),
        ({"share": 0.5}, False),
    ],
)
def test_an_estimate_is_absent_without_a_share_and_both_limits(known: dict, absent: bool) -> None:
    assert SurveyEvidence(**known).absent == absent


def test_an_estimate_has_an_effective_size_and_half_a_width() -> None:
    estimate = SurveyEvidence(share=0.5, lower=0.25, upper=0.875, n=30, design_effect=1.5)
    assert (estimate.effective_n, estimate.half_width, estimate.item) == (20, 0.3125, True)
    assert SurveyEvidence(n=30).effective_n == 30
    assert SurveyEvidence(lower=0.25).half_width is None
    assert SurveyEvidence(upper=0.25).half_width is None


def test_a_case_with_evidence_both_ways_counts_one_half() -> None:
    assert (CODED.heard, CODED.both) == (frozenset("abc"), frozenset("b"))
    assert (CODED.support, CODED.support_share) == (1.5, 0.5)
    assert CodedEvidence(eligible=frozenset("a")).support_share is None


def test_without_a_case_nothing_of_it_is_left() -> None:
    assert CODED.without("b") == CodedEvidence(
        eligible=frozenset("acd"), supporting=frozenset("a"), disconfirming=frozenset("c")
    )
    assert CODED.without("c").disconfirming == frozenset("b")
    assert CODED.without("d").eligible == frozenset("abc")


def test_who_was_not_asked_cannot_be_heard() -> None:
    with pytest.raises(ValueError, match=r"not among the eligible: \['e'\]"):
        CodedEvidence(eligible=frozenset("a"), supporting=frozenset("ae"))


def test_evidence_cannot_be_changed_in_place() -> None:
    for one in (CODED, SurveyEvidence()):
        with pytest.raises(AttributeError):
            one.item = False  # type: ignore[misc, union-attr]
