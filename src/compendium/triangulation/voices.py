"""Voices: the persons and segments behind each label, and which labels share them.

A label that rests on three remarks of two persons says less than its word. And where one person's
remark stands behind four labels, the four are one observation, not four.
"""

from collections.abc import Iterable

import pandas as pd

from compendium.triangulation.gather import Evidence


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
