"""What every format is read into and written from: the long table and what surrounds it.

The long table has one row per code that a coder applied to a unit, and one for each case when a
unit belongs to several. A unit is a passage (or a whole source); passages with the same start and
end are one unit, whoever coded them, so that coders can be compared. Beside it stand the units
themselves (those without a code included), the codebook, the sources with their texts, and the
variables of cases and sources.

How codes and their directions are named is in `naming`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd

from compendium.coding.checks import DIRECTIONS, SHOWN_FAULTS, raise_faults, require_columns
from compendium.text import nearest
from qda_exchange.naming import split_direction
from qda_exchange.report import DROPPED, Report

UNIT_TYPES = {
    "source": "str",
    "case": "str",
    "site": "str",
    "role": "str",
    "start": "Int64",
    "end": "Int64",
    "unit": "str",
}
#: The canonical long table: columns in order, with their types.
COLUMNS = {
    **{column: UNIT_TYPES[column] for column in ("source", "case", "site", "role")},
    "coder": "str",
    "code": "str",
    **{column: UNIT_TYPES[column] for column in ("start", "end", "unit")},
    "direction": "str",
    "weight": "float64",
}
UNIT_COLUMNS = {**UNIT_TYPES, "text": "str"}
CODE_COLUMNS = {
    "code": "str",
    "parent": "str",
    "codable": "bool",
    "colour": "str",
    "description": "str",
}
SOURCE_COLUMNS = {"source": "str", "kind": "str", "text": "str"}
VARIABLE_COLUMNS = dict.fromkeys(("of", "name", "variable", "type", "value"), "str")
#: No text or recording is longer, in characters or milliseconds; whole numbers are exact so far.
FURTHEST = 10**15
#: What tells two applications apart.
KEY = ["source", "unit", "start", "end", "case", "site", "role", "coder", "code", "direction"]


def table(rows: Any, columns: dict[str, str]) -> pd.DataFrame:
    """Return a frame with exactly these columns and types, missing ones empty.

    Examples
    --------
    >>> table({"code": ["pace"], "codable": [True]}, CODE_COLUMNS).columns.tolist()
    ['code', 'parent', 'codable', 'colour', 'description']
    """
    frame = pd.DataFrame(rows)
    if not len(frame.columns):
        frame = pd.DataFrame(columns=list(columns))
    return frame.reindex(columns=list(columns)).astype(columns).reset_index(drop=True)


def finite(text: str) -> float | None:
    """Read a number; None when the text is none, or not a finite one.

    Examples
    --------
    >>> finite(" 2.5 "), finite("nan"), finite("two")
    (2.5, None, None)
    """
    try:
        value = float(text)
    except ValueError:
        return None
    # Python also reads 1_000, which no tool writes.
    return value if math.isfinite(value) and "_" not in text else None


def records(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a frame as plain values, None where one is missing.

    Examples
    --------
    >>> frame = table({"source": ["a"], "start": [3]}, UNIT_COLUMNS)
    >>> list(records(frame, ["source", "start", "end"]))
    [('a', 3, None)]
    """
    plain = [frame[name].astype("object").where(frame[name].notna(), None) for name in columns]
    return zip(*(column.tolist() for column in plain), strict=True)


@dataclass(frozen=True)
class CodedProject:
    """A coded project as frames.

    Parameters
    ----------
    applications
        The long table, columns `COLUMNS`. `start` and `end` count characters from 0, `end` not
        included; in audio and video they are milliseconds.
    units
        `source`, `case`, `site`, `role`, `start`, `end`, `unit`, `text` (the passage, where the
        source has no text); one row per unit and case.
    codes
        `code`, `parent`, `codable`, `colour`, `description`; parents before children.
    sources
        `source`, `kind` (text, transcript, pdf, picture, audio, video), `text`.
    variables
        `of` (case or source), `name`, `variable`, `type`, `value`.
    """

    applications: pd.DataFrame
    units: pd.DataFrame = field(default_factory=lambda: table([], UNIT_COLUMNS))
    codes: pd.DataFrame = field(default_factory=lambda: table([], CODE_COLUMNS))
    sources: pd.DataFrame = field(default_factory=lambda: table([], SOURCE_COLUMNS))
    variables: pd.DataFrame = field(default_factory=lambda: table([], VARIABLE_COLUMNS))


def without_repeats(applications: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Keep the first of applications that say the same, and report the others."""
    repeated = applications.duplicated(KEY)
    for row in applications[repeated].itertuples():
        report.add(
            DROPPED,
            "same coding twice: a coder applies a code to a unit once",
            f"unit {row.unit}",
            str(row.code),
        )
    return applications[~repeated].reset_index(drop=True)


def complete(project: CodedProject) -> CodedProject:
    """Fill the frames that are empty from the long table: units, codes without a tree, sources.

    Examples
    --------
    >>> applied = table({"source": ["s"], "unit": ["u"], "code": ["pace"]}, COLUMNS)
    >>> complete(CodedProject(applied)).codes["code"].tolist()
    ['pace']
    """
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
    """Raise when the frames cannot be written: all faults at once.

    Raises
    ------
    ValueError
        For a missing column; an application without unit or code, or there twice; a unit, code or
        source that its frame does not list; an unknown direction; a start without an end; an empty
        text; a weight without end; a code whose name would be read back as code and direction.

    Examples
    --------
    >>> applied = table({"source": ["s"], "unit": ["u"], "code": ["pase"]}, COLUMNS)
    >>> check_project(CodedProject(applied, codes=table({"code": ["pace"]}, CODE_COLUMNS)))
    Traceback (most recent call last):
    ...
    ValueError: applications: 1 fault
      row 0, column code: 'pase' is not in the codebook; did you mean 'pace'?
    """
    applied, units, codes = project.applications, project.units, project.codes
    require_columns(applied, COLUMNS, "applications")
    faults = [
        f"row {row}, column {column}: empty; every application needs one"
        for column in ("source", "unit", "code")
        for row in applied.index[applied[column].isna()]
    ]
    faults += [
        f"row {row}: an application that is there before; delete one"
        for row in applied.index[applied.duplicated(KEY)]
    ]
    faults += _strangers(applied, "code", codes["code"], "in the codebook")
    faults += _strangers(applied, "direction", DIRECTIONS, "a direction")
    if len(units):
        faults += _strangers(applied, "unit", units["unit"], "among the units")
    if len(project.sources):
        faults += _strangers(applied, "source", project.sources["source"], "among the sources")
    for name, frame in (("applications", applied), ("units", units)):
        faults += _wrong_spans(name, frame)
        faults += _blanks(name, frame)
    weights = applied["weight"]
    faults += [
        f"row {row}, column weight: {weights.loc[row]} is no finite number"
        for row in applied.index[np.isinf(weights)]
    ]
    faults += [
        f"codes, row {row}: {code!r} would be read back as a code and its direction; rename it"
        for row, code in codes["code"].items()
        if split_direction(code)[1]
    ]
    raise_faults("applications", faults)


def _strangers(frame: pd.DataFrame, column: str, known: Iterable[str], where: str) -> list[str]:
    known = list(known)
    wrong = frame[column][frame[column].notna() & ~frame[column].isin(known)].drop_duplicates()
    # The nearest name is dear to find among many, and only the first faults are shown.
    hints = [nearest(value, known) for value in wrong[:SHOWN_FAULTS]]
    return [
        f"row {row}, column {column}: {value!r} is not {where}; {hint}"
        for row, value, hint in zip_longest(wrong.index, wrong.tolist(), hints, fillvalue="")
    ]


def _blanks(name: str, frame: pd.DataFrame) -> list[str]:
    return [
        f"{name}, row {row}, column {column}: an empty text; where nothing is known, leave it out"
        for column in frame.columns[frame.dtypes == "str"]
        for row in frame.index[frame[column] == ""]
        if column != "text"
    ]


def _wrong_spans(name: str, frame: pd.DataFrame) -> list[str]:
    lone = frame["start"].isna() != frame["end"].isna()
    turned = (frame["start"] < 0) | (frame["end"] < frame["start"]) | (frame["end"] >= FURTHEST)
    wrong = frame[lone | turned.fillna(False)]
    spans = zip(wrong.index, records(wrong, ["start", "end"]), strict=True)
    return [
        f"{name}, row {row}: start {start} and end {end} are no span; give both, with "
        f"0 <= start <= end < {FURTHEST}, or neither"
        for row, (start, end) in spans
    ]
