"""The joint display: one row per claim, both strands side by side, with a label and its reasons.

After Fetters, Curry and Creswell (2013) and Guetterman, Fetters and Creswell (2015). Beside the
label stand the trace of the rule, the cases that speak for and against with their segments, and how
many cases, remarks, roles and sites are behind it.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pandas as pd

from compendium.triangulation.gather import Evidence, gather_evidence
from compendium.triangulation.judgement import explain, judge
from compendium.triangulation.rule import Rule

# Nullable types throughout: undefined is null, never not-a-number.
_TYPES = {
    **dict.fromkeys(("row_id", "claim", "item_id", "survey_answer"), "string"),
    **dict.fromkeys(("share", "lower", "upper"), "Float64"),
    "n": "Int64",
    "effective_n": "Float64",
    "survey_state": "string",
    **dict.fromkeys(("cases_eligible", "cases_heard", "cases_for", "cases_against"), "Int64"),
    "cases_both": "Int64",
    "support_share": "Float64",
    **dict.fromkeys(("segments", "remarks", "roles", "sites"), "Int64"),
    **dict.fromkeys(("supporting_cases", "disconfirming_cases"), "string"),
    **dict.fromkeys(("cases_never_asked", "segments_outside_cases"), "Int64"),
    "coded_state": "string",
    "prominence_gap": "Float64",
    **dict.fromkeys(("label", "detail", "override", "label_reason", "trace"), "string"),
}


def joint_display(
    estimates: pd.DataFrame,
    stances: pd.DataFrame,
    crosswalk: pd.DataFrame,
    rule: Rule | None = None,
    *,
    cases: pd.DataFrame,
) -> pd.DataFrame:
    """Hold survey estimates beside the stances of cases and label every crosswalk row.

    Parameters
    ----------
    estimates : DataFrame
        One row per item and answer: item_id, answer, share, lower, upper (shares in [0, 1]), n,
        design_effect. A null share with limits says that no more than these is known, without
        limits that the item could not be estimated; null limits or design effect that they are
        undefined.
    stances : DataFrame
        As `with_voices` gives them: row_id, segment_id, remark, stance (for, against, mixed),
        document, case (null where the speaker is not one person).
    crosswalk : DataFrame
        As in `compendium.triangulation.inputs.parse_crosswalk`.
    rule : Rule, optional
        Thresholds; the defaults when omitted.
    cases : DataFrame
        Every case that could have been heard: document, case, role, site, asked (true or false). A
        case not asked counts only where it spoke.

    Returns
    -------
    DataFrame
        One row per crosswalk row: row_id, claim; the survey side item_id, survey_answer, share,
        lower, upper, n, effective_n, survey_state; the side of the cases cases_eligible,
        cases_heard, cases_for, cases_against, cases_both, support_share, segments, remarks (pieces
        of one quotation are one), roles, sites (numbers of distinct ones heard), supporting_cases,
        disconfirming_cases (with their segments, a case both ways in both), cases_never_asked,
        segments_outside_cases, coded_state; then prominence_gap, label, detail, override,
        label_reason, trace. Undefined numbers are None. ValueError, with place, value and the
        nearest valid name, for missing columns, values out of range, and names that are not known.

    Examples
    --------
    >>> estimates = pd.DataFrame({
    ...     "item_id": ["I-1"], "answer": ["frequent"], "share": [0.7], "lower": [0.65],
    ...     "upper": [0.75], "n": [430], "design_effect": [1.2]})
    >>> cases = pd.DataFrame({
    ...     "document": "epic", "case": list("abcd"), "role": "teacher", "site": "Mercer",
    ...     "asked": True})
    >>> stances = pd.DataFrame({
    ...     "row_id": "X-1", "segment_id": ["S1", "S2", "S3"], "remark": ["S1", "S2", "S3"],
    ...     "stance": "for", "document": "epic", "case": list("abc")})
    >>> crosswalk = pd.DataFrame({
    ...     "row_id": ["X-1"], "claim": ["PLCs meet often"], "item_id": ["I-1"],
    ...     "survey_answer": ["frequent"], "eligible_document": ["epic"],
    ...     "eligible_cases": ["teacher"]})
    >>> display = joint_display(estimates, stances, crosswalk, Rule(), cases=cases)
    >>> display.loc[0, ["survey_state", "coded_state", "label"]].tolist()
    ['+', '+', 'convergence']
    """
    return label_evidence(gather_evidence(estimates, stances, crosswalk, cases=cases), rule)


def label_evidence(evidence: Iterable[Evidence], rule: Rule | None = None) -> pd.DataFrame:
    """Label evidence that has been gathered, as `joint_display` gives it.

    Examples
    --------
    >>> label_evidence([]).columns[:3].tolist()
    ['row_id', 'claim', 'item_id']
    """
    rule = rule or Rule()
    records = [_record(each, rule) for each in evidence]
    return pd.DataFrame(
        {name: pd.Series([r[name] for r in records], dtype=kind) for name, kind in _TYPES.items()}
    )


def _record(evidence: Evidence, rule: Rule) -> dict[str, Any]:
    row, survey, coded = evidence.row, evidence.survey, evidence.coded
    judgement = judge(survey, coded, row.relation, rule)
    return {
        **{
            name: getattr(part, name)
            for part in (row, survey, judgement)
            for name in _TYPES
            if hasattr(part, name)
        },
        "effective_n": None if survey.absent else survey.effective_n,
        "cases_eligible": len(coded.eligible),
        "cases_heard": len(coded.heard),
        "cases_for": len(coded.supporting - coded.both),
        "cases_against": len(coded.disconfirming - coded.both),
        "cases_both": len(coded.both),
        "support_share": coded.support_share,
        "segments": len({remark.segment for remark in evidence.remarks}),
        "remarks": len({remark.quotation for remark in evidence.remarks}),
        "roles": len(evidence.roles_heard),
        "sites": len(evidence.sites_heard),
        "supporting_cases": _with_segments(evidence, "for"),
        "disconfirming_cases": _with_segments(evidence, "against"),
        "cases_never_asked": len(evidence.never_asked),
        "segments_outside_cases": evidence.segments_outside_cases,
        "trace": explain(survey, coded, row.relation, rule, judgement),
    }


def _with_segments(evidence: Evidence, side: str) -> str:
    """List the cases of a side, each with the segments in which it takes it."""
    found = defaultdict(list)
    for remark in evidence.remarks:
        if remark.stance in (side, "mixed"):
            found[remark.case].append(remark.segment)
    return "; ".join(f"{case} ({', '.join(found[case])})" for case in sorted(found))
