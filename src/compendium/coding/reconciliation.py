"""One coding out of several: the rule, and the recorded decisions that overrule it.

Readers never agree on everything, and a result can depend on whose coding is counted, so the rule
is a parameter. Where a third person has settled a dispute, the decision comes from a frame (a file
under version control), never from an edit of the coders' own rows.

Where coders agree on a code but not on its direction, the row takes one that counts neither for nor
against: `neutral` when a coder saw no direction at all, `mixed` when each saw one.
"""

import pandas as pd

from compendium.coding.checks import (
    DIRECTIONS,
    check_applications,
    coverage,
    raise_faults,
    require_columns,
)
from compendium.text import nearest

KEYS = ["segment_id", "code"]
DECISIONS = ("apply", "drop")
NO_DIRECTION = "(none)"


def reconcile(
    applications: pd.DataFrame,
    rule: str = "both",
    adjudication: pd.DataFrame | None = None,
    segments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Make one coding from several coders' applications.

    Parameters
    ----------
    applications
        Columns `segment_id`, `coder`, `code`, and `direction` where there is one.
    rule
        `both` keeps a code that every coder applied to the segment, `majority` one that more than
        half did (with `segments`: of those who coded anything in its document), with the direction
        that as many gave it; `either` one that any did, the name of a coder (`A`) that coder's own.
    adjudication
        Decisions that overrule the rule: `segment_id`, `code`, `decision` (`apply` or `drop`) and
        `direction` (needed with `apply`, if codes have directions). One on what is not in dispute
        is refused.
    segments
        When given (`segment_id`, `document`), every coder must have coded something in every
        document, unless a majority decides: `both` would otherwise throw away what only one has
        read.

    Returns
    -------
    pandas.DataFrame
        One row per segment and code, in order of first appearance: `segment_id`, `coder` (the
        rule), `code`, `direction`, `n_coders` (who applied it), `direction_agreed`, `decided_by`
        (`rule` or `adjudication`). ValueError when the frames do not fit together, the rule is
        unknown, or there is one coder only for more than that coder's own.

    Examples
    --------
    >>> applications = pd.DataFrame(
    ...     {"segment_id": "S1", "coder": ["A", "B", "B"], "code": ["pace", "pace", "policy"]}
    ... ).assign(direction=["helps", "hinders", "hinders"])
    >>> reconcile(applications, "both")[["code", "direction", "direction_agreed"]]
       code direction  direction_agreed
    0  pace     mixed             False
    """
    applications = _with_direction(applications)
    check_applications(applications, segments=segments, ranks=False)
    coders = sorted(applications["coder"].unique())
    if rule in coders:
        if adjudication is not None:
            raise ValueError(f"adjudication settles disputes; the rule {rule!r} is one coder's.")
        return _combine(applications[applications["coder"] == rule], rule)
    _check_rule(rule, coders)
    combined = _combine(applications, rule)
    if rule == "majority":
        combined, keep = _majority(combined, applications, coders, segments)
    else:
        if segments is not None:
            _check_coverage(applications, segments, coders)
        keep = combined["n_coders"] >= (len(coders) if rule == "both" else 1)
    if adjudication is None:
        return combined[keep].reset_index(drop=True)
    return _adjudicate(combined.assign(keep=keep), adjudication, len(coders))


def who_gave(rule: str) -> str:
    """Return in words whose codes a rule counts.

    Examples
    --------
    >>> who_gave("majority"), who_gave("A")
    ('most readers', 'reader A')
    """
    words = {"both": "every reader", "majority": "most readers", "either": "at least one reader"}
    return words.get(rule, f"reader {rule}")


def disputes(applications: pd.DataFrame) -> pd.DataFrame:
    """List what the coders do not agree on, ready to be settled in an adjudication file.

    One row per disputed segment and code: `segment_id`, `code`, one column per coder with the
    direction that coder gave, or `(none)` (missing: code not applied), and `dispute` (`code`,
    `direction`).

    Examples
    --------
    >>> applications = pd.DataFrame(
    ...     {"segment_id": ["S1", "S2"], "coder": ["A", "B"], "code": ["pace", "pace"]}
    ... )
    >>> disputes(applications)["dispute"].tolist()
    ['code', 'code']
    """
    applications = _with_direction(applications)
    check_applications(applications, ranks=False)
    applications = applications.assign(direction=applications["direction"].fillna(NO_DIRECTION))
    table = applications.pivot(index=KEYS, columns="coder", values="direction")
    by_code = table.isna().any(axis=1)
    disputed = table.assign(dispute=by_code.map({True: "code", False: "direction"}))
    disputed = disputed[by_code | (table.nunique(axis=1) > 1)].reset_index()
    disputed.columns.name = None
    return disputed


def cautious_direction(applications: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Return for each row the direction of its group; where the rows differ, the cautious reading.

    That is `neutral` when a row of the group has no direction or is neutral, otherwise `mixed`.
    """
    stated = applications["direction"]
    by = [applications[key] for key in keys]
    groups = stated.groupby(by, sort=False, observed=True)
    neutral = (stated.isna() | (stated == "neutral")).groupby(by, sort=False, observed=True)
    cautious = neutral.transform("any").map({True: "neutral", False: "mixed"})
    return stated.where(groups.transform("nunique", dropna=False) == 1, cautious)


def _with_direction(applications: pd.DataFrame) -> pd.DataFrame:
    """Return the applications with a column `direction`, empty where the coding has none."""
    require_columns(applications, [*KEYS, "coder"], "applications")
    if "direction" in applications.columns:
        return applications
    return applications.assign(direction=pd.Series(pd.NA, applications.index, dtype="str"))


def _check_rule(rule: str, coders: list[str]) -> None:
    if rule not in ("both", "majority", "either"):
        hint = nearest(rule, ["both", "majority", "either", *coders])
        raise ValueError(
            f"rule: {rule!r} is not both, majority, either or a coder with applications; {hint}"
        )
    if len(coders) < 2:
        raise ValueError(
            f"rule {rule!r} needs two coders, but only {', '.join(coders) or 'nobody'} has coded "
            "anything; give the coder's name as the rule."
        )


def _check_coverage(applications: pd.DataFrame, segments: pd.DataFrame, coders: list[str]) -> None:
    done = coverage(applications, segments, coders)
    faults = [
        f"coder {coder!r} has coded nothing in document {name!r}; reconcile documents that every "
        "coder has read apart from the others"
        for name, row in done[done.any(axis=1)].iterrows()
        for coder in row.index[~row]
    ]
    raise_faults("applications", faults)


def _combine(applications: pd.DataFrame, rule: str) -> pd.DataFrame:
    by_pair = applications.groupby(KEYS, sort=False, observed=True)["direction"]
    combined = pd.DataFrame(
        {
            "segment_id": applications["segment_id"],
            "coder": rule,
            "code": applications["code"],
            "direction": cautious_direction(applications, KEYS),
            "n_coders": by_pair.transform("size"),
            "direction_agreed": by_pair.transform("nunique", dropna=False) == 1,
            "decided_by": "rule",
        }
    )
    return combined.drop_duplicates(KEYS).reset_index(drop=True)


def _majority(
    combined: pd.DataFrame,
    applications: pd.DataFrame,
    coders: list[str],
    segments: pd.DataFrame | None,
) -> tuple[pd.DataFrame, pd.Series]:
    """Give codes the direction of most who read the segment, and tell which codes most gave."""
    read = pd.Series(len(coders), index=combined.index)
    if segments is not None:
        by_document = coverage(applications, segments, coders).sum(axis=1)
        document = segments.set_index("segment_id")["document"]
        read = combined["segment_id"].map(document).map(by_document)
    least = read // 2 + 1
    given = applications.groupby([*KEYS, "direction"], observed=True).size().rename("given")
    most = given.reset_index().sort_values("given").drop_duplicates(KEYS, keep="last")
    majority = combined[KEYS].merge(most, how="left", on=KEYS)
    directed = combined["direction"].mask(majority["given"] >= least, majority["direction"])
    return combined.assign(direction=directed), combined["n_coders"] >= least


def _adjudicate(combined: pd.DataFrame, adjudication: pd.DataFrame, n_coders: int) -> pd.DataFrame:
    directed = bool(combined["direction"].notna().any())
    needed = [*KEYS, "decision", *["direction"] * directed]
    require_columns(adjudication, needed, "adjudication")
    adjudication = adjudication.reindex(columns=[*KEYS, "decision", "direction"])
    decided = combined[KEYS].merge(adjudication, "left", KEYS)
    settled = (combined["n_coders"] == n_coders) & combined["direction_agreed"]
    raise_faults("adjudication", _adjudication_faults(combined[~settled], adjudication, directed))
    applied, dropped = decided["decision"] == "apply", decided["decision"] == "drop"
    result = combined.assign(
        direction=decided["direction"].where(applied, combined["direction"]),
        decided_by=combined["decided_by"].mask(applied | dropped, "adjudication"),
    )
    kept = (combined["keep"] | applied) & ~dropped
    return result[kept].drop(columns="keep").reset_index(drop=True)


def _adjudication_faults(
    disputed: pd.DataFrame, adjudication: pd.DataFrame, directed: bool
) -> list[str]:
    open_pairs = set(zip(disputed["segment_id"], disputed["code"], strict=True))
    faults = [
        f"row {row}: decided twice" for row in adjudication.index[adjudication.duplicated(KEYS)]
    ]
    for row, segment, code, decision, direction in adjudication.itertuples(name=None):
        where = f"row {row}, segment {segment!r}, code {code!r}:"
        if (segment, code) not in open_pairs:
            faults.append(f"{where} not in dispute between the coders; take the row out")
        if decision not in DECISIONS:
            faults.append(f"{where} decision {decision!r} is not one of {', '.join(DECISIONS)}")
        if directed and decision == "apply" and direction not in DIRECTIONS:
            faults.append(f"{where} direction {direction!r} is not one of {', '.join(DIRECTIONS)}")
    return faults
