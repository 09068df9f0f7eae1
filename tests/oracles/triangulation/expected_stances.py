"""Recompute by hand, from the CSV files alone, who holds what of each claim under each reading.

Standard library only, and nothing of the package: run it as
`python tests/oracles/triangulation/expected_stances.py` after a change of the stances, and read the
difference in expected_stances.csv before keeping it.
"""

import csv
from pathlib import Path

HERE = Path(__file__).parent
CODING = HERE.parents[2] / "data/raw/coding"


def table(name):
    with (CODING / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows(reading):
    """Return (segment, claim, stance) under one reading, everything counted."""
    given = {}
    for row in table("stances"):
        given.setdefault((row["segment_id"], row["row_id"]), {})[row["reader"]] = row["stance"]
    if reading == "checked":
        checks = table("stance_checks")
        return [
            (row["segment_id"], row["row_id"], row["stance"])
            for row in checks
            if row["stance"] != "none"
        ]
    kept = []
    for (segment, claim), by_reader in given.items():
        counts = [reading] if reading in ("A", "B") else ["A", "B"]
        stances = {by_reader[reader] for reader in counts if reader in by_reader}
        if not stances or (reading == "both" and len(by_reader) < 2):
            continue
        kept.append((segment, claim, stances.pop() if len(stances) == 1 else "mixed"))
    return kept


def counts():
    """Yield a row of the expected table for each reading and claim."""
    teacher = {}
    for row in table("segments"):
        if row["speaker_role"] == "teacher":
            teacher[row["segment_id"]] = row["speaker"]
    restated = {row["segment_id"] for row in table("survey_restatements")}
    quotation = {row["segment_id"]: row["quotation"] for row in table("quotation_parts")}
    claims = [row["row_id"] for row in table("crosswalk")]
    for reading in ("checked", "both", "either", "A", "B"):
        found = [row for row in rows(reading) if row[0] not in restated]
        for claim in claims:
            here = [row for row in found if row[1] == claim]
            mine = [(teacher[s], s, stance) for s, _, stance in here if s in teacher]
            sides = {}
            for who, _, stance in mine:
                sides.setdefault(who, set()).update(
                    {"for": {"+"}, "against": {"-"}, "mixed": {"+", "-"}}[stance]
                )
            segments = {s for _, s, _ in mine}
            yield [
                reading,
                claim,
                sum(side == {"+"} for side in sides.values()),
                sum(side == {"-"} for side in sides.values()),
                sum(len(side) == 2 for side in sides.values()),
                len(segments),
                len({quotation.get(s, s) for s in segments}),
                len({s for s, _, _ in here if s not in teacher}),
            ]


if __name__ == "__main__":
    header = ["reading", "row_id", "for", "against", "both", "segments", "remarks", "outside"]
    with (HERE / "expected_stances.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *counts()])
