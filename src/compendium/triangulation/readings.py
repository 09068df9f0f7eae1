"""A document's own triangulated findings held against the joint display.

A document says what its survey shows and what its cases show. Each of these statements is held
against the state that the rule gives the strand in the rows of the joint display concerned. A
strand that the rule finds too imprecise or too thin decides nothing.
"""

import pandas as pd

from compendium.coding.checks import require_columns
from compendium.triangulation.inputs import text_or_none

VERDICTS = ("stands", "stands in part", "does not stand", "too thin to say", "one strand only")
_SAYS = {"+": "for", "-": "against", "divided": "divided"}
_STRANDS = ("survey", "cases")
_STATES = {"survey": "survey_state", "cases": "coded_state"}


def check_readings(findings: pd.DataFrame, display: pd.DataFrame) -> pd.DataFrame:
    """Say for each finding what the strands say here and whether the reading stands.

    Parameters
    ----------
    findings : DataFrame
        Columns finding_id, subject_rows (of the display, joined by semicolons, empty for none),
        survey_reading and cases_reading (for, against or empty).
    display : DataFrame
        A joint display: columns row_id, survey_state, coded_state.

    Returns
    -------
    DataFrame
        The findings with survey_here and cases_here (a word for each row: for, against, divided or
        undecided), confirmed, denied and undecided (statements about a strand in a row), and
        verdict, one of `VERDICTS`. ValueError for a row that is not in the display.

    Examples
    --------
    >>> display = pd.DataFrame({"row_id": ["X-1"], "survey_state": ["+"], "coded_state": ["thin"]})
    >>> findings = pd.DataFrame({"finding_id": ["F-1"], "subject_rows": ["X-1"],
    ...                          "survey_reading": ["for"], "cases_reading": ["against"]})
    >>> check_readings(findings, display)[["survey_here", "cases_here", "verdict"]].values.tolist()
    [['for', 'undecided', 'stands in part']]
    """
    _check(findings, display)
    states = display.set_index("row_id")
    records = [_record(finding, states) for _, finding in findings.iterrows()]
    return findings.assign(**pd.DataFrame(records, index=findings.index))


def _record(finding: pd.Series, states: pd.DataFrame) -> dict[str, object]:
    rows = _listed(finding["subject_rows"])
    here = {
        strand: [_SAYS.get(str(states.loc[row, _STATES[strand]]), "undecided") for row in rows]
        for strand in _STRANDS
    }
    readings = {strand: text_or_none(finding[f"{strand}_reading"]) for strand in _STRANDS}
    pairs = [(reading, said) for s, reading in readings.items() if reading for said in here[s]]
    undecided = sum(said == "undecided" for _, said in pairs)
    confirmed = sum(said == reading for reading, said in pairs)
    denied = len(pairs) - undecided - confirmed
    return {
        **{f"{strand}_here": "; ".join(said) for strand, said in here.items()},
        "confirmed": confirmed,
        "denied": denied,
        "undecided": undecided,
        "verdict": _verdict(confirmed, denied, undecided),
    }


def _verdict(confirmed: int, denied: int, undecided: int) -> str:
    if not confirmed + denied + undecided:
        return "one strand only"
    if not confirmed + denied:
        return "too thin to say"
    if not confirmed:
        return "does not stand"
    return "stands in part" if denied or undecided else "stands"


def _listed(cell: object) -> list[str]:
    return [row.strip() for row in (text_or_none(cell) or "").split(";") if row.strip()]


def _check(findings: pd.DataFrame, display: pd.DataFrame) -> None:
    require_columns(findings, ["subject_rows", "survey_reading", "cases_reading"], "findings")
    require_columns(display, ["row_id", "survey_state", "coded_state"], "display")
    known = set(display["row_id"])
    for number, cell in findings["subject_rows"].items():
        for row in _listed(cell):
            if row not in known:
                raise ValueError(
                    f"findings, row {number}, column subject_rows: {row!r} is not in the display; "
                    f"it has {', '.join(sorted(known))}"
                )
