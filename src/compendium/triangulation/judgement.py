"""The rule itself: from the evidence of both strands to a label.

Each strand is reduced to a state, then the first line of a fixed table that matches gives the
label. Nothing here infers meaning: which answer makes a claim is the analyst's crosswalk, and what
a speaker holds of it is the readers' stance.
"""

from dataclasses import dataclass
from typing import Literal

from compendium.triangulation.evidence import CodedEvidence, SurveyEvidence
from compendium.triangulation.rule import CodedState, Label, Relation, Rule, SurveyState

# Comparisons at a threshold must not turn on the last bit of a decimal fraction.
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Judgement:
    """What the rule says: both states, the label, its kind and the prominence gap if compared."""

    survey_state: SurveyState
    coded_state: CodedState
    label: Label
    detail: str | None = None
    prominence_gap: float | None = None


def survey_state(survey: SurveyEvidence, rule: Rule) -> SurveyState:
    """Reduce an estimate to absent, imprecise, for (+), against (-) or divided."""
    if survey.absent:
        return "absent"
    if survey.lower is None or survey.upper is None or _imprecise(survey, rule):
        return "imprecise"
    if survey.lower > rule.upper_direction + _TOLERANCE:
        return "+"
    if survey.upper < rule.lower_direction - _TOLERANCE:
        return "-"
    return "divided"


def _imprecise(survey: SurveyEvidence, rule: Rule) -> str:
    """Say why an estimate gives no direction; nothing where it gives one."""
    if survey.effective_n < rule.min_effective_n - _TOLERANCE:
        return f"effective sample size below {rule.min_effective_n:g}"
    half = survey.half_width or 0
    if half > rule.max_half_width + _TOLERANCE:
        return f"half the interval is {_points(half)}, above {_points(rule.max_half_width)}"
    return ""


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
    """Reduce cases, never segments: not asked, absent, thin, for (+), against (-) or divided.

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
    return "thin" if _thin(coded, rule) else _direction(coded.support, heard, rule)


def _thin(coded: CodedEvidence, rule: Rule) -> str:
    """Say why too few are heard for a direction; nothing where they are enough."""
    heard, eligible = len(coded.heard), len(coded.eligible)
    if heard < rule.min_cases:
        return f"fewer than {rule.min_cases}"
    needed = rule.min_case_share
    if heard < needed * eligible - _TOLERANCE:
        return f"{_percent(heard / eligible)} of {eligible} is below {_percent(needed)}"
    turned = _reversible(coded.support, heard, rule)
    return "one more or one less would turn the direction around" if turned else ""


def _prominence_gap(survey: SurveyEvidence, coded: CodedEvidence, against: bool) -> float | None:
    """Distance between the survey share and the share of eligible cases on the same side.

    Eligible, not heard: a case that was asked and said nothing is not prominent on either side.
    Where only limits of the survey share are known, the distance is the largest they allow.
    """
    known = [survey.lower, survey.upper] if survey.share is None else [survey.share]
    shares = [1 - share if against else share for share in known if share is not None]
    cases = len(coded.heard) - coded.support if against else coded.support
    return max((abs(share - cases / len(coded.eligible)) for share in shares), default=None)


_MISSING_CODED = {"not asked": "never asked", "absent": "asked and nothing said"}


def judge(
    survey: SurveyEvidence, coded: CodedEvidence, relation: Relation, rule: Rule
) -> Judgement:
    """Label one claim: the first line of the rule that matches.

    Both strands absent: not covered. One absent: silence, of a stated kind. Imprecise or thin:
    insufficient. Opposite directions: dissonance. A facet of the same thing: complementarity. Both
    divided, or the same direction at a similar prominence: convergence. Anything else:
    complementarity.

    `relation` is "same" or "facet": whether item and codes are about the same thing or sides of it.

    Examples
    --------
    >>> cases = frozenset("abcdefgh")
    >>> survey = SurveyEvidence(share=0.86, lower=0.82, upper=0.89, n=430)
    >>> coded = CodedEvidence(eligible=cases, disconfirming=cases)
    >>> judge(survey, coded, "same", Rule()).label
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


def explain(
    survey: SurveyEvidence,
    coded: CodedEvidence,
    relation: Relation,
    rule: Rule,
    judgement: Judgement,
) -> str:
    """Say in three sentences how the label came about, with every number that decided."""
    strands = _survey_words(survey, rule, judgement), _coded_words(coded, rule, judgement)
    return " ".join([*strands, _label_words(relation, rule, judgement)])


def _survey_words(survey: SurveyEvidence, rule: Rule, judgement: Judgement) -> str:
    if survey.absent:
        return f"Survey: {'no estimate' if survey.item else 'no item asks this'}."
    share = "" if survey.share is None else _percent(survey.share)
    if survey.lower is None or survey.upper is None:
        return f"Survey: {share}, interval undefined, so too imprecise to say."
    limits = f"{_percent(survey.lower)} to {_percent(survey.upper)}"
    size = f"effective sample size {survey.effective_n:.0f}"
    start = f"Survey: {share} ({limits}, {size}): " if share else f"Survey: {limits} ({size}): "
    low, high = _percent(rule.lower_direction), _percent(rule.upper_direction)
    reasons = {
        "imprecise": f"{_imprecise(survey, rule)}, so too imprecise to say",
        "+": f"lower limit above {high}, so for the claim",
        "-": f"upper limit below {low}, so against it",
        "divided": f"interval meets {low} to {high}, so divided",
    }
    return f"{start}{reasons[judgement.survey_state]}."


def _coded_words(coded: CodedEvidence, rule: Rule, judgement: Judgement) -> str:
    state, heard, eligible = judgement.coded_state, len(coded.heard), len(coded.eligible)
    if state == "not asked":
        return "People: nobody was asked."
    if state == "absent":
        return f"People: none of {eligible} takes a stance."
    both = len(coded.both)
    start = (
        f"People: {heard} of {eligible} with a stance, {len(coded.supporting) - both} for, "
        f"{len(coded.disconfirming) - both} against, {both} both"
    )
    if state == "thin":
        return f"{start}: {_thin(coded, rule)}, so too few to say."
    needed = _percent(rule.majority)
    reasons = {
        "divided": f"less than {needed} for and less than {needed} against, so divided",
        "+": f"at least {needed} for, so for the claim",
        "-": f"at least {needed} against, so against it",
    }
    support = _percent(coded.support / heard)
    return f"{start}; {support} of these for it: {reasons[state]}."


def _label_words(relation: Relation, rule: Rule, judgement: Judgement) -> str:
    label, detail = judgement.label, judgement.detail
    if detail is not None:
        absent = "Both sides say" if label == "not covered" else "One side says"
        return f"{absent} nothing: {label} ({detail})."
    if label == "insufficient":
        return f"One side is too imprecise or too few: {label}."
    return f"{_how_they_meet(relation, rule, judgement)}: {label}."


def _how_they_meet(relation: Relation, rule: Rule, judgement: Judgement) -> str:
    if judgement.label == "dissonance":
        return "Opposite directions"
    if relation == "facet":
        return "Not opposite, and a facet of the same thing"
    if judgement.survey_state == judgement.coded_state == "divided":
        return "Both divided"
    gap = judgement.prominence_gap
    if gap is None:
        return "One side has a direction, the other is divided"
    comparison = "at most" if judgement.label == "convergence" else "above"
    limit = _points(rule.max_prominence_gap)
    apart = f"survey and share of all people {_points(gap)} apart"
    return f"Same direction, {apart}, {comparison} {limit}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"
