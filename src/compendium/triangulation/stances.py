"""Stances: whether the speaker of a segment says that a claim holds, and whose reading counts.

Readers say, for each claim and segment, whether the speaker holds the claim to be true (`for`),
untrue (`against`) or both (`mixed`); no row means that the segment does not bear on the claim.
Readers differ, so whose reading counts is a parameter. A stance is about persons only where one
identifiable person speaks: what a named group is reported to have said together is one remark, of
which no member is the author.
"""

from collections.abc import Iterable
from functools import partial

import pandas as pd

from compendium.coding.cases import segment_cases
from compendium.coding.checks import raise_faults, require_columns
from compendium.text import nearest
from compendium.triangulation.inputs import STANCES, parse_pairs

PAIR = ["segment_id", "row_id"]
_RULES = ("checked", "both", "majority", "either")
_ALLOWED = {"stance": STANCES, "directness": ("direct", "inferred"), "about": ("own", "other")}


def choose_stances(
    stances: pd.DataFrame,
    checks: pd.DataFrame | None = None,
    *,
    readers: str = "checked",
    directness: str = "with inferred",
    about: str = "any",
) -> pd.DataFrame:
    """Make one reading out of several readers' stances.

    Directness and subject are filtered first, in each reader's own rows; then the rule decides.
    Where the readers that count differ, the stance is `mixed`; for a majority, the one that a
    majority gives.

    Parameters
    ----------
    stances : DataFrame
        One row per reader, claim and segment: segment_id, row_id, reader, stance (for, against,
        mixed), directness (direct, inferred), about (own class or self, other).
    checks : DataFrame, optional
        One row per pair that was checked against the document: segment_id, row_id, stance (as
        above, or none). Needed for `checked`.
    readers : str
        `checked` takes the pairs that the check lets stand, with its stance, where every reader who
        gave the pair passes the filters; `both` takes those of every reader, `majority` those of
        more than half of them, `either` those of any; the name of a reader that reader's own.
    directness : {"with inferred", "direct"}
        Whether stances that need one step of inference count.
    about : {"any", "own"}
        Whether what a speaker says of others counts.

    Returns
    -------
    DataFrame
        One row per pair: segment_id, row_id, stance, readers (how many gave it), direct and own
        (true where all of these said so); sorted by claim and segment. ValueError for an unknown
        option or value, a pair that one reader gave twice, or a check of one that no reader gave.

    Examples
    --------
    >>> stances = pd.DataFrame({
    ...     "segment_id": ["S1", "S1", "S2"], "row_id": "X-1", "reader": ["A", "B", "A"],
    ...     "stance": ["for", "mixed", "against"], "directness": "direct", "about": "own"})
    >>> choose_stances(stances, readers="both")[["segment_id", "stance"]].values.tolist()
    [['S1', 'mixed']]
    """
    _check_stances(stances)
    _option("directness", directness, ("with inferred", "direct"))
    _option("about", about, ("any", "own"))
    everyone = sorted(stances["reader"].unique())
    _option("readers", readers, (*_RULES, *everyone))
    passes = pd.Series(True, index=stances.index)
    if directness == "direct":
        passes &= stances["directness"] == "direct"
    if about == "own":
        passes &= stances["about"] == "own"
    if readers in everyone:
        passes &= stances["reader"] == readers
    rows = stances[passes].assign(
        direct=stances["directness"] == "direct", own=stances["about"] == "own"
    )
    least = {"both": len(everyone), "majority": len(everyone) // 2 + 1}.get(readers, 1)
    alike = least if readers == "majority" else len(everyone)
    found = rows.groupby(PAIR).agg(
        stance=("stance", partial(_one_stance, alike=alike)),
        readers=("reader", "size"),
        direct=("direct", "all"),
        own=("own", "all"),
    )
    if readers == "checked":
        checked = _checked(stances, checks)
        found = found[found["readers"] == stances.groupby(PAIR).size().reindex(found.index)]
        found["stance"] = checked.reindex(found.index)
        found = found[found["stance"].notna() & found["stance"].ne("none")]
    return found[found["readers"] >= least].reset_index().sort_values(PAIR[::-1], ignore_index=True)


def with_voices(
    stances: pd.DataFrame,
    segments: pd.DataFrame,
    speakers: pd.DataFrame | None = None,
    *,
    restated: Iterable[str] = (),
    quotations: pd.DataFrame | None = None,
    group_members: bool = False,
) -> pd.DataFrame:
    """Add to each stance who says it, and leave out what only restates the survey.

    Parameters
    ----------
    stances : DataFrame
        One row per pair: segment_id, row_id, stance. ValueError for a segment that is not known.
    segments, speakers : DataFrame
        As for `compendium.coding.cases.segment_cases`.
    restated : iterable of str
        Segments in which survey results are told again: no evidence beside the survey.
    quotations : DataFrame, optional
        Pieces of one quotation, which count as one remark: columns quotation, segment_id.
    group_members : bool
        Whether what a named group says counts for each member, instead of for no person.

    Returns
    -------
    DataFrame
        row_id, segment_id, remark (the quotation, or the segment itself), stance, document, case
        (missing where no one person speaks).

    Examples
    --------
    >>> stances = pd.DataFrame({"segment_id": ["S1", "S2"], "row_id": "X-1", "stance": "for"})
    >>> segments = pd.DataFrame({
    ...     "segment_id": ["S1", "S2"], "document": "epic", "speaker": ["Ann", "authors"],
    ...     "speaker_role": ["teacher", "authors"]})
    >>> with_voices(stances, segments, restated=["S2"])[["segment_id", "case"]].values.tolist()
    [['S1', 'epic/Ann']]
    """
    require_columns(stances, [*PAIR, "stance"], "stances")
    restated = list(restated)
    cut = {} if quotations is None else dict(quotations[["segment_id", "quotation"]].to_numpy())
    known = set(segments["segment_id"])
    for name, used in (("stances", stances["segment_id"]), ("restated", restated), ("cut", cut)):
        lost = sorted(set(used) - known)
        if lost:
            raise ValueError(f"{name}: segment {lost[0]!r} is not known; {nearest(lost[0], known)}")
    said = segment_cases(segments, speakers)[["segment_id", "document", "case"]]
    if not group_members:
        shared = said["segment_id"].duplicated(keep=False)
        said = said.assign(case=said["case"].mask(shared)).drop_duplicates()
    kept = stances.loc[~stances["segment_id"].isin(restated), ["row_id", "segment_id", "stance"]]
    kept.insert(2, "remark", [cut.get(segment, segment) for segment in kept["segment_id"]])
    return kept.merge(said, on="segment_id", how="left")


def stances_by_codes(
    applications: pd.DataFrame, proxies: pd.DataFrame, codes: Iterable[str]
) -> pd.DataFrame:
    """Read stances off codes, as if what hinders a thing denied that it is done.

    A proxy, kept to show how much it makes: that the curriculum hinders is no denial that
    competencies exist. `applications` are one coding (segment_id, code, direction), `proxies` have
    row_id, supporting and disconfirming (lists ``code:direction``, joined by semicolons), `codes`
    are those of the codebook, so that a misspelt one is not taken for silence. Returned are
    segment_id, row_id and stance, `mixed` where a segment has codes of both kinds.

    Examples
    --------
    >>> applications = pd.DataFrame({"segment_id": ["S1"], "code": "pace", "direction": "hinders"})
    >>> proxies = pd.DataFrame({"row_id": ["X-1"], "supporting": "pace:helps",
    ...                         "disconfirming": "pace:hinders"})
    >>> stances_by_codes(applications, proxies, ["pace"]).values.tolist()
    [['S1', 'X-1', 'against']]
    """
    pairs = parse_pairs(proxies, tuple(codes))
    found = applications[["segment_id", "code", "direction"]].merge(pairs, on=["code", "direction"])
    stance = found.groupby(PAIR)["stance"].agg(_one_stance)
    return stance.reset_index().sort_values(PAIR[::-1], ignore_index=True)


def _one_stance(stances: pd.Series, alike: int = 0) -> str:
    """Several stances on one pair: the one that all give, or at least `alike`; or else mixed."""
    counts = stances.value_counts()
    enough = counts.iloc[0] >= min(alike or len(stances), len(stances))
    return str(counts.index[0]) if enough else "mixed"


def _checked(stances: pd.DataFrame, checks: pd.DataFrame | None) -> pd.Series:
    if checks is None:
        raise ValueError("readers 'checked' needs the table of checks; give it, or other readers")
    require_columns(checks, [*PAIR, "stance"], "checks")
    stance = checks.set_index(PAIR)["stance"]
    pairs = stances[PAIR].drop_duplicates().set_index(PAIR).index
    where = "pair {} {} is {}; check once what a reader gave"
    faults = [where.format(*pair, "no reader's") for pair in stance.index.difference(pairs)]
    faults += [
        where.format(*pair, "there twice") for pair in stance.index[stance.index.duplicated()]
    ]
    raise_faults("checks", faults)
    return stance


def _option(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name}: {value!r} is not an option; {nearest(value, allowed)}")


def _check_stances(stances: pd.DataFrame) -> None:
    require_columns(stances, [*PAIR, "reader", *_ALLOWED], "stances")
    faults = [
        f"row {row}, column {column}: {value!r} is not one of {', '.join(allowed)}"
        for column, allowed in _ALLOWED.items()
        for row, value in stances.loc[~stances[column].isin(allowed), column].items()
    ]
    twice = stances.index[stances.duplicated([*PAIR, "reader"])]
    faults += [f"row {row}: the reader gave this pair before; keep one" for row in twice]
    raise_faults("stances", faults)
