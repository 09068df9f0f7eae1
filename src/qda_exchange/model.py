"""What every format is read into and written from: the long table and what surrounds it.

The long table has one row per code that a coder applied to a unit, and one for each case when a
unit belongs to several. A unit is a passage (or a whole source); passages with the same start and
end are one unit, whoever coded them, so that coders can be compared.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from compendium.coding.checks import (
    DIRECTIONS,
    missing_values,
    raise_faults,
    require_columns,
    unknown_values,
)
from qda_exchange.report import DROPPED, Report

PEOPLE_TYPES = dict.fromkeys(("source", "case", "site", "role"), "str")
PLACE_TYPES = {"start": "Int64", "end": "Int64", "unit": "str"}
UNIT_TYPES = PEOPLE_TYPES | PLACE_TYPES
#: The canonical long table: columns in order, with their types.
COLUMNS = PEOPLE_TYPES | {"coder": "str", "code": "str"} | PLACE_TYPES
COLUMNS |= {"direction": "str", "weight": "float64"}
UNIT_COLUMNS = {**UNIT_TYPES, "text": "str"}
CODE_COLUMNS = {"code": "str", "parent": "str", "codable": "bool", "colour": "str"}
CODE_COLUMNS |= {"description": "str"}
SOURCE_COLUMNS = {"source": "str", "kind": "str", "text": "str"}
VARIABLE_COLUMNS = dict.fromkeys(("of", "name", "variable", "type", "value"), "str")
PAIR_COLUMNS = {"code": "str", "other": "str", "n_both": "Int64"}
FRAMES = {"applications": COLUMNS, "units": UNIT_COLUMNS, "codes": CODE_COLUMNS}
FRAMES |= {"sources": SOURCE_COLUMNS, "variables": VARIABLE_COLUMNS, "pairs": PAIR_COLUMNS}
#: No text or recording is longer, in characters or milliseconds; whole numbers are exact so far.
FURTHEST = 10**15
#: What tells two applications apart.
KEY = ["source", "unit", "start", "end", "case", "site", "role", "coder", "code", "direction"]


def table(rows: Any, columns: dict[str, str]) -> pd.DataFrame:
    """Return a frame with exactly these columns and types, missing ones empty."""
    frame = pd.DataFrame(rows)
    if not len(frame.columns):
        frame = pd.DataFrame(columns=list(columns))
    return frame.reindex(columns=list(columns)).astype(columns).reset_index(drop=True)


def finite(text: str) -> float | None:
    """Read a number; None when the text is none, or not a finite one."""
    try:
        value = float(text)
    except ValueError:
        return None
    # Python also reads 1_000, which no tool writes.
    return value if math.isfinite(value) and "_" not in text else None


def records(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a frame as plain values, None where one is missing."""
    plain = [frame[name].astype("object").where(frame[name].notna(), None) for name in columns]
    return zip(*(column.tolist() for column in plain), strict=True)


@dataclass(frozen=True)
class CodedProject:
    """A coded project as frames.

    Parameters
    ----------
    applications
        The long table, columns `COLUMNS`. `start` and `end` count characters of the source's text
        from 0, `end` not included; in audio and video they are milliseconds.
    units
        `source`, `case`, `site`, `role`, `start`, `end`, `unit`, `text` (the passage's words, where
        they are known); one row per unit and case. Names of units are unique within a source.
    codes
        `code`, `parent`, `codable`, `colour`, `description`; parents before children.
    sources
        `source`, `kind` (text, transcript, pdf, picture, audio, video), `text`.
    variables
        `of` (case or source), `name`, `variable`, `type`, `value`.
    pairs
        Counts of codes that come together, where a file has nothing but those: `code`, `other`,
        `n_both`.
    """

    applications: pd.DataFrame
    units: pd.DataFrame = field(default_factory=lambda: table([], UNIT_COLUMNS))
    codes: pd.DataFrame = field(default_factory=lambda: table([], CODE_COLUMNS))
    sources: pd.DataFrame = field(default_factory=lambda: table([], SOURCE_COLUMNS))
    variables: pd.DataFrame = field(default_factory=lambda: table([], VARIABLE_COLUMNS))
    pairs: pd.DataFrame = field(default_factory=lambda: table([], PAIR_COLUMNS))

    @classmethod
    def of(cls, **rows: Any) -> "CodedProject":
        """Return a project of rows by the names of their frames, each brought into its columns."""
        return cls(**{name: table(some, FRAMES[name]) for name, some in rows.items()})


def without_repeats(applications: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Keep the first of applications that say the same, and report the others."""
    repeated = applications.duplicated(KEY).to_numpy()
    for row in applications[repeated].itertuples():
        what = "same coding twice: a coder applies a code to a unit once"
        report.add(DROPPED, what, f"unit {row.unit}", str(row.code))
    return applications[~repeated].reset_index(drop=True)


def complete(project: CodedProject) -> CodedProject:
    """Fill the frames that are empty from the long table: units, codes without a tree, sources."""
    applied, filled = project.applications, {}
    if project.units.empty:
        filled["units"] = table(applied[list(UNIT_TYPES)].drop_duplicates(), UNIT_COLUMNS)
    if project.codes.empty:
        codes = {"code": applied["code"].dropna().unique(), "codable": True}
        filled["codes"] = table(codes, CODE_COLUMNS)
    if project.sources.empty:
        names = filled.get("units", project.units)["source"].dropna().unique()
        filled["sources"] = table({"source": names, "kind": "text"}, SOURCE_COLUMNS)
    return replace(project, **filled)


def check_project(project: CodedProject) -> None:
    """Raise when the frames do not fit together: all faults at once.

    ValueError is raised for a missing column; an application without source, unit or code, or there
    twice; a unit, code or source that its frame does not list; an unknown direction; a start
    without an end; an empty text; a weight without end.
    """
    applied, units = project.applications, project.units
    require_columns(applied, COLUMNS, "applications")
    needed = ("source", "unit", "code")
    faults = [fault for column in needed for fault in missing_values(applied, column)]
    twice = applied.index[applied.duplicated(KEY)]
    faults += [f"row {row}: an application that is there before; delete one" for row in twice]
    faults += unknown_values(applied, "code", list(project.codes["code"]), "in the codebook")
    faults += unknown_values(applied, "direction", list(DIRECTIONS), "a direction")
    for column, frame in (("unit", units), ("source", project.sources)):
        if len(frame):
            known = frame[column].unique().tolist()
            faults += unknown_values(applied, column, known, f"among the {column}s")
    for name, frame in (("applications", applied), ("units", units)):
        faults += _wrong_spans(name, frame)
        faults += [
            f"{name}, row {row}, column {column}: an empty text; leave it out if nothing is known"
            for column in frame.columns[frame.dtypes == "str"].drop("text", errors="ignore")
            for row in frame.index[frame[column] == ""]
        ]
    weights = applied["weight"]
    faults += [
        f"row {row}, column weight: {weights.loc[row]} is no finite number"
        for row in applied.index[np.isinf(weights)]
    ]
    raise_faults("applications", faults)


def _wrong_spans(name: str, frame: pd.DataFrame) -> list[str]:
    lone = frame["start"].isna() != frame["end"].isna()
    turned = (frame["start"] < 0) | (frame["end"] < frame["start"]) | (frame["end"] >= FURTHEST)
    wrong = frame[lone | turned.fillna(False)]
    return [
        f"{name}, row {row}: start {start} and end {end} are no span; give both, with "
        f"0 <= start <= end < {FURTHEST}, or neither"
        for row, (start, end) in zip(wrong.index, records(wrong, ["start", "end"]), strict=True)
    ]
