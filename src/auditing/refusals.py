"""What a check of a claim must not be: every fault named with its file, row and way out."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pandas as pd

from compendium.text import nearest

CHECKS = "claim_checks"
FIRST_ROW = 2  # the heading of the file is its first row


def refuse_checks(
    claims: pd.DataFrame,
    checks: pd.DataFrame,
    values: Mapping[str, float],
    bases: Collection[str],
    *,
    constrained: Collection[str],
    from_rows: Collection[str],
) -> None:
    """Refuse checks that decide nothing, or more than they may.

    Parameters
    ----------
    claims, checks, values, constrained, from_rows
        As in `auditing.evidence.of_checks`.
    bases
        The words a basis may be.

    Raises
    ------
    ValueError
        With one line for every fault.

    Examples
    --------
    >>> claims = pd.DataFrame({"claim_id": ["C-1"], "lower": [1], "upper": [2], "unit": ["h"]})
    >>> checks = pd.DataFrame({"claim_id": ["C-1"], "value": ["run.name"], "basis": ["none"],
    ...     "lower": [None], "upper": [None], "unit": [None], "needs": [None]})
    >>> refuse_checks(claims, checks, {}, ["none"], constrained=[], from_rows=[])
    Traceback (most recent call last):
    ValueError: claim_checks, row 2: C-1 has basis none but the value 'run.name'; empty one of them
    """
    known = {str(claim["claim_id"]): claim for claim in claims.to_dict("records")}
    faults = [*_once(checks, known)]
    for row, check in enumerate(checks.to_dict("records"), start=FIRST_ROW):
        claim = known.get(str(check["claim_id"]))
        if claim is None:
            hint = nearest(str(check["claim_id"]), known)
            found = iter([f"no claim '{check['claim_id']}'; {hint}"])
        elif check["basis"] not in bases:
            found = iter([f"no basis '{check['basis']}'; {nearest(str(check['basis']), bases)}"])
        else:
            found = _check(claim, check, values, constrained, from_rows)
        faults += [f"{CHECKS}, row {row}: {fault}" for fault in found]
    if faults:
        raise ValueError("\n".join(faults))


def _once(checks: pd.DataFrame, known: Collection[str]) -> Iterator[str]:
    for row, name in checks.loc[checks["claim_id"].duplicated(), "claim_id"].items():
        yield f"{CHECKS}, row {int(str(row)) + FIRST_ROW}: {name} is checked twice; keep one row"
    missing = [name for name in known if name not in set(checks["claim_id"])]
    if missing:
        yield (
            f"{CHECKS}: no check for {', '.join(missing)}; every claim needs one, "
            "with basis none where nothing decides it"
        )


def _check(
    claim: Mapping[Any, Any],
    check: Mapping[Any, Any],
    values: Mapping[str, float],
    constrained: Collection[str],
    from_rows: Collection[str],
) -> Iterator[str]:
    name = check["claim_id"]
    if check["basis"] == "none":
        if not pd.isna(check["value"]):
            yield f"{name} has basis none but the value '{check['value']}'; empty one of them"
        return
    if pd.isna(check["value"]):
        yield f"{name} has basis {check['basis']} but no value, so no evidence; name the value"
    elif check["value"] not in values:
        yield f"no recorded value '{check['value']}'; {nearest(str(check['value']), values)}"
    else:
        yield from _rests_on_rows(check, constrained, from_rows)
    yield from _interval(claim, check)


def _rests_on_rows(
    check: Mapping[Any, Any], constrained: Collection[str], from_rows: Collection[str]
) -> Iterator[str]:
    name, basis, value = check["claim_id"], check["basis"], check["value"]
    reads_rows = value.split(".")[0] in from_rows
    if reads_rows and basis != "constraint":
        yield (
            f"{name} has basis {basis}, but '{value}' is of a run that reads the reconstructed "
            "rows; record a value that does not rest on them"
        )
    if basis == "constraint" and not reads_rows:
        yield f"{name} has basis constraint, but '{value}' does not rest on the reconstructed rows"
    if basis == "constraint" and name not in constrained:
        yield f"{name} has basis constraint, but it was no constraint of the reconstruction"


def _interval(claim: Mapping[Any, Any], check: Mapping[Any, Any]) -> Iterator[str]:
    own, read = _has_limits(claim), _has_limits(check)
    if not own and not read:
        yield f"{check['claim_id']} has no interval in claims; give a reading in lower or upper"
    if own and read and (pd.isna(check["unit"]) or check["unit"] == claim["unit"]):
        yield (
            f"{check['claim_id']} has its own interval in {claim['unit']}; a reading may measure "
            "something else in another unit, but not move what the words allow"
        )


def _has_limits(row: Mapping[Any, Any]) -> bool:
    return not (pd.isna(row["lower"]) and pd.isna(row["upper"]))
