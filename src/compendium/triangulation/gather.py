"""From the two strands' tables to the evidence behind each crosswalk row.

Eligible is a case of the row's document and role that was asked, or that spoke unasked. A case of
whom no one asked the question is not silent, so it stands in no denominator; it is reported apart.
Speakers that are not individuals (authors, groups) are not cases: they are counted beside, never
among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from compendium.triangulation.crosswalk import CrosswalkRow, Pair, parse_crosswalk
from compendium.triangulation.evidence import CodedEvidence, SurveyEvidence
from compendium.triangulation.inputs import (
    CaseKey,
    Person,
    check_applications,
    read_cases,
    read_estimates,
)

__all__ = ["Evidence", "gather_evidence"]

#: A coded segment, with document and case of who speaks in it.
Segment = tuple[str, CaseKey]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Everything on one crosswalk row.

    Parameters
    ----------
    row : CrosswalkRow
        The claim and what speaks to it.
    survey : SurveyEvidence
        The estimate, or its absence.
    coded : CodedEvidence
        Cases for and against.
    never_asked : frozenset of str
        Cases of the right document and role that were not asked and did not speak.
    otherwise : frozenset of str
        Eligible cases with the row's codes only in directions that the row does not name.
    segments_outside_cases : int
        Segments with one of the row's pairs, in the row's documents, from speakers that are not
        eligible cases (authors, groups, other roles).
    roles_heard, sites_heard : tuple of str
        Distinct roles and sites of the cases heard.
    """

    row: CrosswalkRow
    survey: SurveyEvidence
    coded: CodedEvidence
    never_asked: frozenset[str]
    otherwise: frozenset[str]
    segments_outside_cases: int
    roles_heard: tuple[str, ...]
    sites_heard: tuple[str, ...]


def gather_evidence(
    estimates: pd.DataFrame,
    applications: pd.DataFrame,
    crosswalk: pd.DataFrame,
    *,
    cases: pd.DataFrame,
    codes: Iterable[str],
) -> list[Evidence]:
    """Collect both strands' evidence for every crosswalk row, in its order.

    Parameters and errors are those of
    `compendium.triangulation.joint_display.joint_display`.

    Returns
    -------
    list of Evidence
    """
    surveys = read_estimates(estimates)
    people = read_cases(cases)
    codes = tuple(codes)
    check_applications(applications, people, codes)
    documents = [*cases["document"], *applications["document"].dropna()]
    rows = parse_crosswalk(
        crosswalk, answers=surveys, codes=codes, documents=documents, roles=cases["role"].dropna()
    )
    pairs_by_case, segments = _pairs_by_case(applications), _segments_by_pair(applications)
    return [_gather_row(row, surveys, people, pairs_by_case, segments) for row in rows]


def _gather_row(
    row: CrosswalkRow,
    surveys: dict[tuple[str, str], SurveyEvidence],
    people: dict[CaseKey, Person],
    pairs_by_case: dict[CaseKey, frozenset[Pair]],
    segments: dict[Pair, list[Segment]],
) -> Evidence:
    pool = [key for key in people if _in_pool(key, people, row)]
    named = row.supporting | row.disconfirming
    row_codes = {code for code, _ in named}
    said = {key: pairs_by_case.get(key, frozenset()) for key in pool}
    heard = {key for key in pool if said[key] & named}
    asked = {key for key in pool if people[key].asked or key in heard}
    ids = {key: _case_id(key, row) for key in pool}
    otherwise = {k for k in asked - heard if any(code in row_codes for code, _ in said[k])}
    return Evidence(
        row=row,
        survey=surveys[row.item_id, row.survey_answer]
        if row.item_id is not None and row.survey_answer is not None
        else SurveyEvidence(item=False),
        coded=CodedEvidence(
            eligible=frozenset(ids[k] for k in asked),
            supporting=frozenset(ids[k] for k in heard if said[k] & row.supporting),
            disconfirming=frozenset(ids[k] for k in heard if said[k] & row.disconfirming),
        ),
        never_asked=frozenset(ids[k] for k in pool if k not in asked),
        otherwise=frozenset(ids[k] for k in otherwise),
        segments_outside_cases=_segments_outside(row, named, heard, segments),
        roles_heard=_distinct(people[k].role for k in heard),
        sites_heard=_distinct(people[k].site for k in heard),
    )


def _in_pool(key: CaseKey, people: dict[CaseKey, Person], row: CrosswalkRow) -> bool:
    in_documents = not row.documents or key[0] in row.documents
    return in_documents and (not row.roles or people[key].role in row.roles)


def _case_id(key: CaseKey, row: CrosswalkRow) -> str:
    # The same first name may occur in two documents.
    return key[1] if len(row.documents) == 1 else f"{key[1]} ({key[0]})"


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value is not None}))


def _segments_outside(
    row: CrosswalkRow,
    named: frozenset[Pair],
    heard: set[CaseKey],
    segments: dict[Pair, list[Segment]],
) -> int:
    outside = {
        segment
        for pair in named
        for segment, speaker in segments.get(pair, ())
        if (not row.documents or speaker[0] in row.documents) and speaker not in heard
    }
    return len(outside)


def _segments_by_pair(applications: pd.DataFrame) -> dict[Pair, list[Segment]]:
    found: dict[Pair, list[Segment]] = defaultdict(list)
    names = ("code", "direction", "segment_id", "document", "case")
    columns = (applications[name] for name in names)
    for code, direction, segment, document, case in zip(*columns, strict=True):
        found[code, direction].append((segment, (document, case)))
    return found


def _pairs_by_case(applications: pd.DataFrame) -> dict[CaseKey, frozenset[Pair]]:
    individual = applications[applications["case"].notna()]
    pairs: dict[CaseKey, set[Pair]] = {}
    columns = (individual[name] for name in ("document", "case", "code", "direction"))
    for document, case, code, direction in zip(*columns, strict=True):
        pairs.setdefault((document, case), set()).add((code, direction))
    return {key: frozenset(value) for key, value in pairs.items()}
