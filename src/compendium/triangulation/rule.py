"""The rule that puts a label on a survey estimate held beside coded cases.

There is no accepted index of convergence between strands, so this is no score: it is a short
sequence of comparisons that a reader can follow with a pencil, every threshold of which is a field
of `Rule`. Each strand is first reduced to a state, then the first line of a fixed table that
matches gives the label. The words of the labels come from Farmer et al. (2006) and O'Cathain et al.
(2010). The module never infers meaning: which answer and which codes speak to a claim is the
analyst's crosswalk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from compendium.triangulation.evidence import CodedEvidence, SurveyEvidence

__all__ = [
    "LABELS",
    "CodedState",
    "Judgement",
    "Label",
    "Relation",
    "Rule",
    "SurveyState",
    "coded_state",
    "judge",
    "survey_state",
]

Relation = Literal["same", "facet"]
SurveyState = Literal["absent", "imprecise", "+", "-", "divided"]
CodedState = Literal["not asked", "absent", "thin", "+", "-", "divided"]
Label = Literal[
    "not covered", "silence", "insufficient", "dissonance", "complementarity", "convergence"
]
LABELS: tuple[Label, ...] = (
    "convergence",
    "complementarity",
    "dissonance",
    "silence",
    "insufficient",
    "not covered",
)

# Comparisons at a threshold must not turn on the last bit of a decimal fraction.
_TOLERANCE = 1e-9


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Thresholds of the rule; the defaults are the ones the book reports.

    Only `min_effective_n` is taken from a published standard. The others are conventions chosen
    before any label was computed; `sensitivity` shows what depends on them.

    Parameters
    ----------
    midpoint : float
        Share at which a survey answer is neither the rule nor the exception. Default 0.5, a
        majority. Mirrored polarity means ``1 - midpoint``.
    indifference : float
        Half-width of the zone around the midpoint within which an estimate has no direction.
        Default 0.05, so that five points either side of one half count as divided.
    min_effective_n : float
        Smallest effective sample size (n over design effect) that gives a direction. Default 30,
        the limit below which the US National Center for Health Statistics suppresses a proportion
        (Parker et al. 2017).
    max_half_width : float
        Largest half-width of the interval that gives a direction. Default 0.20, an interval of 40
        points; Parker et al. (2017) already suppress at 30, so this is lenient and only catches
        estimates that say next to nothing.
    min_cases : int
        Fewest cases heard that give a direction. Default 3. Whatever the number, a split that one
        case changing sides would turn into its opposite (two against one at the default majority)
        counts as thin: otherwise one reading of one interview could turn convergence into
        dissonance.
    min_case_share : float
        Smallest part of the eligible cases that must be heard. Default 0.25 (adequacy of data in
        GRADE-CERQual, Lewin et al. 2018, without a number; the number is a convention).
    majority : float
        Share of the cases heard that makes a direction, for as well as against; a case with
        evidence both ways counts one half. Default 2/3, the usual qualified majority.
    max_prominence_gap : float
        Largest difference between the survey share and the share of eligible cases on the same
        side that still counts as agreement in size. Default 0.25.

    Raises
    ------
    ValueError
        When a threshold lies outside the range in which the rule has a meaning.

    References
    ----------
    Farmer T., Robinson K., Elliott S. J., Eyles J. (2006). Developing and implementing a
    triangulation protocol for qualitative health research. Qualitative Health Research 16(3).
    O'Cathain A., Murphy E., Nicholl J. (2010). Three techniques for integrating data in mixed
    methods studies. BMJ 341, c4587.
    Parker J. D. et al. (2017). National Center for Health Statistics data presentation standards
    for proportions. Vital and Health Statistics 2(175).
    Lewin S. et al. (2018). Applying GRADE-CERQual to qualitative evidence synthesis findings.
    Implementation Science 13 (Suppl 1), 2.

    Examples
    --------
    >>> Rule().majority > 0.5
    True
    >>> Rule(majority=0.4)
    Traceback (most recent call last):
        ...
    ValueError: Rule: majority is 0.4; it must lie above 0.5 and at most 1, ...
    """

    midpoint: float = 0.5
    indifference: float = 0.05
    min_effective_n: float = 30
    max_half_width: float = 0.20
    min_cases: int = 3
    min_case_share: float = 0.25
    majority: float = 2 / 3
    max_prominence_gap: float = 0.25

    def __post_init__(self) -> None:
        if not 0.5 < self.majority <= 1:
            raise ValueError(
                f"Rule: majority is {self.majority}; it must lie above 0.5 and at most 1, or the "
                "cases could speak for and against at once"
            )
        if not 0 <= self.indifference < min(self.midpoint, 1 - self.midpoint):
            raise ValueError(
                f"Rule: midpoint {self.midpoint} and indifference {self.indifference} leave no "
                "share that counts for or against; give a midpoint between 0 and 1 and a smaller "
                "indifference"
            )
        for name in ("min_case_share", "max_prominence_gap", "max_half_width"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ValueError(f"Rule: {name} is {value}; it is a share and lies in [0, 1]")
        if self.min_cases < 1 or self.min_effective_n < 0:
            raise ValueError(
                f"Rule: min_cases is {self.min_cases} and min_effective_n {self.min_effective_n}; "
                "at least one case and no negative sample size"
            )

    @property
    def upper_direction(self) -> float:
        """Share that a lower limit must exceed for a direction for the claim."""
        return self.midpoint + self.indifference

    @property
    def lower_direction(self) -> float:
        """Share that an upper limit must stay below for a direction against the claim."""
        return self.midpoint - self.indifference


@dataclass(frozen=True)
class Judgement:
    """What the rule says: both states, the label, its kind and the prominence gap if compared."""

    survey_state: SurveyState
    coded_state: CodedState
    label: Label
    detail: str | None = None
    prominence_gap: float | None = None


def survey_state(survey: SurveyEvidence, rule: Rule) -> SurveyState:
    """Reduce an estimate to absent, imprecise, for (+), against (-) or divided.

    Examples
    --------
    >>> survey_state(SurveyEvidence(share=0.86, lower=0.82, upper=0.89, n=430), Rule())
    '+'
    """
    if survey.share is None:
        return "absent"
    if survey.lower is None or survey.upper is None or _imprecise(survey, rule):
        return "imprecise"
    if survey.lower > rule.upper_direction + _TOLERANCE:
        return "+"
    if survey.upper < rule.lower_direction - _TOLERANCE:
        return "-"
    return "divided"


def _imprecise(survey: SurveyEvidence, rule: Rule) -> bool:
    few = survey.effective_n < rule.min_effective_n - _TOLERANCE
    return few or (survey.half_width or 0) > rule.max_half_width + _TOLERANCE


def _direction(support: float, heard: int, rule: Rule) -> Literal["+", "-", "divided"]:
    """Direction of `heard` cases of which `support` speak for the claim."""
    needed = rule.majority * heard - _TOLERANCE
    if support >= needed:
        return "+"
    return "-" if heard - support >= needed else "divided"


def _reversible(support: float, heard: int, rule: Rule) -> bool:
    """Whether one case changing sides would turn the direction into its opposite."""
    now = _direction(support, heard, rule)
    if now == "divided":
        return False
    moved = support - 1 if now == "+" else support + 1
    return _direction(moved, heard, rule) not in (now, "divided")


def coded_state(coded: CodedEvidence, rule: Rule) -> CodedState:
    """Reduce coded cases to not asked, absent, thin, for (+), against (-) or divided.

    Counts cases, never segments: one talkative teacher is one case.

    Examples
    --------
    >>> five = frozenset("abcde")
    >>> coded_state(CodedEvidence(eligible=five, supporting=five), Rule())
    '+'
    >>> coded_state(CodedEvidence(eligible=five, supporting=frozenset("ab")), Rule())
    'thin'
    """
    if not coded.eligible:
        return "not asked"
    heard = len(coded.heard)
    if not heard:
        return "absent"
    if heard < rule.min_cases or heard < rule.min_case_share * len(coded.eligible) - _TOLERANCE:
        return "thin"
    if _reversible(coded.support, heard, rule):
        return "thin"
    return _direction(coded.support, heard, rule)


def _prominence_gap(survey: SurveyEvidence, coded: CodedEvidence, against: bool) -> float | None:
    """Distance between the survey share and the share of eligible cases on the same side.

    Eligible, not heard: a case that was asked and said nothing is not prominent on either side.
    """
    if survey.share is None:
        return None
    if against:
        return abs((1 - survey.share) - (len(coded.heard) - coded.support) / len(coded.eligible))
    return abs(survey.share - coded.support / len(coded.eligible))


_MISSING_CODED = {"not asked": "never asked", "absent": "asked and nothing said"}


def judge(
    survey: SurveyEvidence, coded: CodedEvidence, relation: Relation, rule: Rule
) -> Judgement:
    """Label one claim: the first line of the rule that matches.

    Both strands absent: not covered. One absent: silence, of a stated kind. Imprecise or thin:
    insufficient. Opposite directions: dissonance. A facet of the same thing: complementarity.
    Both divided, or the same direction at a similar prominence: convergence. Anything else:
    complementarity.

    Parameters
    ----------
    survey : SurveyEvidence
        The estimate for the answer that speaks for the claim.
    coded : CodedEvidence
        The cases, by id.
    relation : {"same", "facet"}
        Whether item and codes are about the same thing or about sides of it.
    rule : Rule
        The thresholds.

    Returns
    -------
    Judgement

    Examples
    --------
    >>> cases = frozenset("abcdefgh")
    >>> judge(
    ...     SurveyEvidence(share=0.86, lower=0.82, upper=0.89, n=430),
    ...     CodedEvidence(eligible=cases, disconfirming=cases),
    ...     "same",
    ...     Rule(),
    ... ).label
    'dissonance'
    """
    in_survey, in_coding = survey_state(survey, rule), coded_state(coded, rule)
    no_survey, no_coding = in_survey == "absent", in_coding in _MISSING_CODED
    label: Label
    detail: str | None = None
    gap: float | None = None
    if no_survey or no_coding:
        label = "not covered" if no_survey and no_coding else "silence"
        survey_part = ("no estimate" if survey.item else "no item") if no_survey else None
        detail = "; ".join(part for part in (survey_part, _MISSING_CODED.get(in_coding)) if part)
    elif in_survey == "imprecise" or in_coding == "thin":
        label = "insufficient"
    elif {in_survey, in_coding} == {"+", "-"}:
        label = "dissonance"
    else:
        if in_survey == in_coding != "divided":
            gap = _prominence_gap(survey, coded, against=in_survey == "-")
        agree = in_survey == in_coding == "divided" or (
            gap is not None and gap <= rule.max_prominence_gap + _TOLERANCE
        )
        label = "convergence" if agree and relation == "same" else "complementarity"
    return Judgement(in_survey, in_coding, label, detail, gap)
