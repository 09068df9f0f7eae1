"""The rule's reasoning on one row, in words a reader can check with a pencil."""

from compendium.triangulation.evidence import CodedEvidence, SurveyEvidence
from compendium.triangulation.judgement import Judgement
from compendium.triangulation.rule import Relation, Rule


def explain(
    survey: SurveyEvidence,
    coded: CodedEvidence,
    relation: Relation,
    rule: Rule,
    judgement: Judgement,
) -> str:
    """Say in three sentences how the label came about, with every number that decided."""
    return " ".join(
        (
            _survey_words(survey, rule, judgement),
            _coded_words(coded, rule, judgement),
            _label_words(relation, rule, judgement),
        )
    )


def _survey_words(survey: SurveyEvidence, rule: Rule, judgement: Judgement) -> str:
    if survey.absent:
        return f"Survey: {'no estimate' if survey.item else 'no item asks this'}, so absent."
    share = "" if survey.share is None else _percent(survey.share)
    if survey.lower is None or survey.upper is None:
        return f"Survey: {share}, interval undefined, so imprecise."
    limits = f"{_percent(survey.lower)} to {_percent(survey.upper)}"
    start = (
        f"Survey: {share or 'between limits'} ({limits}, effective n {survey.effective_n:.0f}): "
    )
    low, high = _percent(rule.lower_direction), _percent(rule.upper_direction)
    reasons = {
        "imprecise": f"{_why_imprecise(survey, rule)}, so imprecise",
        "+": f"lower limit above {high}, so +",
        "-": f"upper limit below {low}, so −",
        "divided": f"interval not wholly outside {low} to {high}, so divided",
    }
    return f"{start}{reasons[judgement.survey_state]}."


def _why_imprecise(survey: SurveyEvidence, rule: Rule) -> str:
    if survey.effective_n < rule.min_effective_n:
        return f"effective n below {rule.min_effective_n:g}"
    return f"half-width {_points(survey.half_width or 0)} above {_points(rule.max_half_width)}"


def _coded_words(coded: CodedEvidence, rule: Rule, judgement: Judgement) -> str:
    state, heard, eligible = judgement.coded_state, len(coded.heard), len(coded.eligible)
    if state == "not asked":
        return "Cases: no eligible case was asked."
    if state == "absent":
        return f"Cases: none of {eligible} eligible cases said anything, so absent."
    both = len(coded.both)
    start = (
        f"Cases: {heard} of {eligible} eligible cases heard, {len(coded.supporting) - both} for, "
        f"{len(coded.disconfirming) - both} against, {both} both ways"
    )
    if state == "thin":
        return f"{start}: {_why_thin(heard, eligible, rule)}, so thin."
    needed = _percent(rule.majority)
    reasons = {
        "divided": f"less than {needed} for and less than {needed} against, so divided",
        "+": f"at least {needed} for, so +",
        "-": f"at least {needed} against, so −",
    }
    support = _percent(coded.support / heard)
    return f"{start}; support {support} of those heard: {reasons[state]}."


def _why_thin(heard: int, eligible: int, rule: Rule) -> str:
    if heard < rule.min_cases:
        return f"fewer than {rule.min_cases} cases"
    if heard < rule.min_case_share * eligible:
        return f"{_percent(heard / eligible)} is below {_percent(rule.min_case_share)} of eligible"
    return "one case changing sides would reverse the direction"


_FIXED = {
    "insufficient": "Imprecise or thin evidence",
    "dissonance": "Opposite directions",
}


def _label_words(relation: Relation, rule: Rule, judgement: Judgement) -> str:
    label, detail = judgement.label, judgement.detail
    if detail is not None:
        absent = "Both strands are" if label == "not covered" else "One strand is"
        return f"{absent} absent: {label} ({detail})."
    if label in _FIXED:
        return f"{_FIXED[label]}: {label}."
    return f"{_why_not_opposite(relation, rule, judgement)}: {label}."


def _why_not_opposite(relation: Relation, rule: Rule, judgement: Judgement) -> str:
    if relation == "facet":
        return "Not opposite, and a facet of the same thing"
    if judgement.survey_state == judgement.coded_state == "divided":
        return "Both divided"
    gap = judgement.prominence_gap
    if gap is None:
        return "One strand has a direction, the other is divided"
    comparison = "at most" if judgement.label == "convergence" else "above"
    limit = _points(rule.max_prominence_gap)
    return f"Same direction, prominence {_points(gap)} apart, {comparison} {limit}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"
