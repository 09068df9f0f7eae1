"""From the two strands' tables to the evidence behind each crosswalk row.

Eligible is a case of the row's document and role that was asked, or that spoke unasked. A case of
whom no one asked the question is not silent, so it stands in no denominator; it is reported apart.
Speakers that are not individuals (authors, groups) are counted beside the cases, never among them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from compendium.triangulation.evidence import CodedEvidence, SurveyEvidence
from compendium.triangulation.inputs import (
    CaseKey,
    CrosswalkRow,
    Person,
    check_voices,
    parse_crosswalk,
    read_cases,
    read_estimates,
)


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What one case says of a claim in one segment; pieces of one quotation share its name."""

    case: str
    segment: str
    quotation: str
    stance: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Everything on one crosswalk row.

    `remarks` has one for each eligible case and segment; `never_asked` the cases of the right
    document and role that were not asked and did not speak; `segments_outside_cases` counts
    segments with a stance, in the row's documents, of speakers that are not eligible cases;
    `roles_heard` and `sites_heard` are distinct ones of the cases heard.
    """

    row: CrosswalkRow
    survey: SurveyEvidence
    coded: CodedEvidence
    remarks: tuple[Remark, ...]
    never_asked: frozenset[str]
    segments_outside_cases: int
    roles_heard: tuple[str, ...]
    sites_heard: tuple[str, ...]


def gather_evidence(
    estimates: pd.DataFrame, stances: pd.DataFrame, crosswalk: pd.DataFrame, *, cases: pd.DataFrame
) -> list[Evidence]:
    """Collect both strands' evidence for every crosswalk row, in its order.

    Parameters and errors are those of `compendium.triangulation.joint_display.joint_display`.
    """
    surveys = read_estimates(estimates)
    people = read_cases(cases)
    documents = [*cases["document"], *stances["document"].dropna()]
    rows = parse_crosswalk(
        crosswalk, answers=surveys, documents=documents, roles=cases["role"].dropna()
    )
    check_voices(stances, people, [row.row_id for row in rows])
    said = defaultdict(list)
    columns = ("row_id", "document", "case", "segment_id", "remark", "stance")
    for row_id, document, case, *rest in stances[list(columns)].itertuples(index=False, name=None):
        said[row_id].append(((document, case), *rest))
    return [_gather_row(row, surveys, people, said[row.row_id]) for row in rows]


def _gather_row(
    row: CrosswalkRow,
    surveys: dict[tuple[str, str], SurveyEvidence],
    people: dict[CaseKey, Person],
    said: list[tuple[CaseKey, str, str, str]],
) -> Evidence:
    pool = {key: _case_id(key, row) for key in people if _in_pool(key, people, row)}
    remarks = [
        Remark(case=pool[key], segment=segment, quotation=quotation, stance=stance)
        for key, segment, quotation, stance in said
        if key in pool
    ]
    heard = {key for key, *_ in said if key in pool}
    asked = {key for key in pool if people[key].asked or key in heard}
    outside = {
        segment
        for key, segment, *_ in said
        if key not in pool and (not row.documents or key[0] in row.documents)
    }
    return Evidence(
        row=row,
        survey=surveys[row.item_id, row.survey_answer]
        if row.item_id is not None and row.survey_answer is not None
        else SurveyEvidence(item=False),
        coded=CodedEvidence(
            eligible=frozenset(pool[key] for key in asked),
            supporting=frozenset(r.case for r in remarks if r.stance != "against"),
            disconfirming=frozenset(r.case for r in remarks if r.stance != "for"),
        ),
        remarks=tuple(sorted(remarks, key=lambda r: (r.segment, r.case))),
        never_asked=frozenset(pool[key] for key in pool if key not in asked),
        segments_outside_cases=len(outside),
        roles_heard=_distinct(people[key].role for key in heard),
        sites_heard=_distinct(people[key].site for key in heard),
    )


def _in_pool(key: CaseKey, people: dict[CaseKey, Person], row: CrosswalkRow) -> bool:
    in_documents = not row.documents or key[0] in row.documents
    return in_documents and (not row.roles or people[key].role in row.roles)


def _case_id(key: CaseKey, row: CrosswalkRow) -> str:
    # The same first name may occur in two documents.
    return key[1] if len(row.documents) == 1 else f"{key[1]} ({key[0]})"


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value is not None}))


def voices(evidence: Iterable[Evidence]) -> pd.DataFrame:
    """List who stands behind each row of gathered evidence, and with which segment.

    One row per claim, case and segment: row_id, case, segment_id, remark (the quotation that the
    segment is a piece of, or itself), stance.

    Examples
    --------
    >>> voices([]).columns.tolist()
    ['row_id', 'case', 'segment_id', 'remark', 'stance']
    """
    found = [
        (each.row.row_id, one.case, one.segment, one.quotation, one.stance)
        for each in evidence
        for one in each.remarks
    ]
    return pd.DataFrame(found, columns=["row_id", "case", "segment_id", "remark", "stance"])


def shared_voices(heard: pd.DataFrame) -> pd.DataFrame:
    """Say for each claim how many of its remarks also stand behind other claims.

    `heard` is as from `voices`. One row per claim with a voice: row_id; persons, segments, remarks
    (distinct); own_remarks (behind no other claim); shared_with (the other claims, each with the
    number of remarks in common, the most first).

    Examples
    --------
    >>> heard = pd.DataFrame({"row_id": ["X-1", "X-1", "X-2"], "case": ["Ann", "Ben", "Ann"],
    ...                       "segment_id": ["S1", "S2", "S1"], "remark": ["S1", "S2", "S1"]})
    >>> shared_voices(heard)[["row_id", "own_remarks", "shared_with"]].values.tolist()
    [['X-1', 1, 'X-2 (1)'], ['X-2', 0, 'X-1 (1)']]
    """
    remarks = heard.groupby("row_id")["remark"].agg(set)
    records = []
    for row_id, group in heard.groupby("row_id"):
        here = remarks[row_id]
        common = {other: len(here & remarks[other]) for other in remarks.index if other != row_id}
        ranked = sorted((-count, other) for other, count in common.items() if count)
        elsewhere = set().union(*remarks.drop(row_id))
        records.append(
            {
                "row_id": row_id,
                "persons": group["case"].nunique(),
                "segments": group["segment_id"].nunique(),
                "remarks": len(here),
                "own_remarks": len(here - elsewhere),
                "shared_with": ", ".join(f"{other} ({-count})" for count, other in ranked),
            }
        )
    return pd.DataFrame(records)
