"""How each claim about the survey is read as a constraint on its rows.

A claim with a printed interval binds as it stands. A claim in words ("higher", "rarely") binds in
the weakest numeric sense that every reader would grant; that sense is then our reading and is
marked so.

Kinds of constraint (the evaluators are in `verification`, the linear rows in `answers`):

- `share`: district-equal share of an answer, in percent.
- `lead`: smallest gap between a district's share and any other district's, in points.
- `deviation`: a district's share less the district-equal share, in points.
- `share_of_offered`, `share_of_offered_by_district`: share among those who were offered a
  training; every district counts the same by all its answers, or by its answers from those.
- `share_gap`: district-equal share on a first item less that on a second, in points.
- `negative_to_any`, `negative_to_all`: respondents of a district who answer otherwise.
- `answered`: respondents of a district who answered an item.
- `excluded`: teachers of a district in categories that it cannot have.
"""

from __future__ import annotations

from dataclasses import dataclass

DAVIS = "Davis Charter"
INSTRUCTION = tuple(f"EPIC-I-{k:03d}" for k in range(1, 9))
USEFUL = ("mostly useful", "very useful")


@dataclass(frozen=True)
class Reading:
    """One claim as a constraint.

    Parameters
    ----------
    claim_id
        The claim that is read.
    kind
        What is bounded; see the module's list.
    items
        One constraint per item, except for kinds that compare items, which take all of them.
    levels
        Levels that count; empty for those that count as the published answer of the item.
    district
        The district concerned, where there is one.
    bounds
        Closed interval in the unit of the kind, or None for the interval of the claim.
    open_lower, open_upper
        Whether an end of `bounds` is itself excluded.
    why
        What the words are taken to mean, where they are not simply a printed interval.
    """

    claim_id: str
    kind: str
    items: tuple[str, ...]
    levels: tuple[str, ...] = ()
    district: str | None = None
    bounds: tuple[float, float] | None = None
    open_lower: bool = False
    open_upper: bool = False
    why: str = ""


def _shares() -> tuple[Reading, ...]:
    claims = {
        "EPIC-C-043": "EPIC-I-001",
        "EPIC-C-044": "EPIC-I-002",
        "EPIC-C-045": "EPIC-I-003",
        "EPIC-C-046": "EPIC-I-004",
        "EPIC-C-047": "EPIC-I-005",
        "EPIC-C-052": "EPIC-I-006",
        "EPIC-C-057": "EPIC-I-007",
        "EPIC-C-058": "EPIC-I-008",
        "EPIC-C-078": "EPIC-I-009",
        "EPIC-C-079": "EPIC-I-010",
        "EPIC-C-090": "EPIC-I-012",
        "EPIC-C-091": "EPIC-I-013",
        "EPIC-C-095": "EPIC-I-014",
    }
    return tuple(Reading(claim, "share", (item,)) for claim, item in claims.items())


READINGS: tuple[Reading, ...] = (
    *_shares(),
    Reading("EPIC-C-094", "share", ("EPIC-I-014", "EPIC-I-015"), ("not provided",)),
    Reading(
        "EPIC-C-049",
        "lead",
        INSTRUCTION,
        district=DAVIS,
        bounds=(0, 100),
        open_lower=True,
        why="Higher is read as higher than in each of the other districts, on every item of the "
        "construct, since the remark is made of all of them.",
    ),
    Reading(
        "EPIC-C-048",
        "deviation",
        INSTRUCTION[:5],
        district="Mercer",
        why="In line is read as within a set number of percentage points of the average, for the "
        "items of which the document says it; Davis is the exception it names.",
    ),
    Reading(
        "EPIC-C-048",
        "deviation",
        INSTRUCTION[:5],
        district="Lehigh",
        why="In line is read as within a set number of percentage points of the average, for the "
        "items of which the document says it; Davis is the exception it names.",
    ),
    Reading(
        "EPIC-C-050",
        "negative_to_all",
        ("EPIC-I-004", "EPIC-I-005"),
        district=DAVIS,
        why="One and the same respondent is negative on both prompts: then there is one negative "
        "answer per prompt and one negative respondent, whichever was meant.",
    ),
    Reading(
        "EPIC-C-050",
        "negative_to_any",
        ("EPIC-I-004", "EPIC-I-005"),
        district=DAVIS,
        why="No other respondent of the district is negative on either prompt.",
    ),
    Reading(
        "EPIC-C-051",
        "answered",
        ("EPIC-I-004", "EPIC-I-005"),
        district=DAVIS,
        why="The claim counts its one negative respondent among all of the district, so all of "
        "them answered.",
    ),
    Reading(
        "EPIC-C-056",
        "share_gap",
        ("EPIC-I-007", "EPIC-I-008"),
        bounds=(0, 100),
        open_lower=True,
        why="Follows from the two printed percentages.",
    ),
    Reading(
        "EPIC-C-089",
        "share",
        ("EPIC-I-011",),
        ("monthly", "weekly"),
        bounds=(50, 100),
        open_lower=True,
        why="Frequently is read as at least monthly for more than half of the teachers.",
    ),
    *(
        Reading(
            "EPIC-C-089",
            "share_gap",
            ("EPIC-I-011", other),
            ("monthly", "weekly"),
            bounds=(0, 100),
            open_lower=True,
            why="More often than other training; follows from the bounds of the two items.",
        )
        for other in ("EPIC-I-012", "EPIC-I-013")
    ),
    Reading(
        "EPIC-C-092",
        "share",
        ("EPIC-I-014", "EPIC-I-015"),
        USEFUL,
        bounds=(0, 50),
        open_upper=True,
        why="Rarely is read as by fewer than half of the teachers, those not offered included.",
    ),
    Reading("EPIC-C-096", "share_of_offered", ("EPIC-I-014",), USEFUL),
    Reading(
        "EPIC-C-096",
        "share_of_offered_by_district",
        ("EPIC-I-014",),
        USEFUL,
        why="The same claim with weights that count only the answers of those offered it.",
    ),
    Reading(
        "EPIC-C-051",
        "excluded",
        (),
        (
            "grade_level=K-2",
            "grade_level=K-5",
            "grade_level=3-5",
            "grade_level=6-8",
            "department=Elementary Subjects",
        ),
        district=DAVIS,
        bounds=(0, 0),
        why="The district is one charter high school, so none of its teachers has an elementary "
        "or middle grade or teaches elementary subjects.",
    ),
)
"""Every claim about the survey's rows, in the sense in which it binds them."""
