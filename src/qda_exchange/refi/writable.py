"""What has to hold so that a REFI-QDA file gives back what was put into it."""

from __future__ import annotations

import re

import pandas as pd

from compendium.coding.checks import raise_faults
from qda_exchange.model import CodedProject, check_project, records
from qda_exchange.naming import code_names, own_name, passage_name, place_name
from qda_exchange.refi.structure import is_kind
from qda_exchange.report import Report

#: What XML 1.0 cannot hold, however it is written.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: What UTF-8 cannot hold, or a reader would take for its mark.
UNWRITABLE = re.compile("^\ufeff|[\ud800-\udfff]")
TEXT = "text"
DEEPEST = 90
PASSAGE = ["source", "start", "end", "unit"]
PEOPLE = ["case", "site", "role"]
CODING = ["coder", "code", "direction", "weight"]


def check_writable(project: CodedProject) -> None:
    """Raise when REFI-QDA cannot hold the project: all faults at once.

    Parameters
    ----------
    project
        A complete project (see `complete`).

    Raises
    ------
    ValueError
        For everything that `check_project` looks for, and: characters XML cannot hold; a source
        that is no text; a passage without a place; a code or passage whose name will change; a code
        applied for one case of a passage and not for another.

    Examples
    --------
    >>> from qda_exchange.model import COLUMNS, complete, table
    >>> applied = table({"source": ["s"], "unit": ["u"], "code": ["pace"]}, COLUMNS)
    >>> check_writable(complete(CodedProject(applied)))
    Traceback (most recent call last):
    ...
    ValueError: project: 1 fault
      units, row 0: 'u' has no start and end; call compose(project) to give it a place
    """
    check_project(project)
    check_codes(project.codes)
    faults = _characters("applications", project.applications)
    faults += _characters("units", project.units.drop(columns="text"))
    faults += _characters("variables", project.variables)
    faults += _characters("sources", project.sources[["source"]])
    faults += _sources(project.sources)
    faults += [
        f"variables, row {row}, column type: {kind!r} is no type of the standard"
        for row, kind in project.variables["type"].items()
        if not is_kind(str(kind), "variable")
    ]
    faults += _places(project)
    faults += _people(project)
    raise_faults("project", faults)


def check_codes(codes: pd.DataFrame) -> None:
    """Raise when a codebook cannot be written.

    Raises
    ------
    ValueError
        When it is empty, a code is there twice, a parent is not there before its child, codes are
        nested too deep, or a code would be named otherwise after reading.

    Examples
    --------
    >>> from qda_exchange.model import CODE_COLUMNS, table
    >>> check_codes(table({"code": ["slow"], "parent": ["Pace"]}, CODE_COLUMNS))
    Traceback (most recent call last):
    ...
    ValueError: codes: 1 fault
      row 0, column parent: 'Pace' is not among the codes above it; list parents first
    """
    if codes.empty:
        raise ValueError("codes: none; a codebook in REFI-QDA has at least one code.")
    faults = _characters("codes", codes)
    faults += [f"row {row}: a code that is there before" for row in _repeated(codes)]
    rows: dict[str, int] = {}
    depths: list[int] = []
    parents: list[int] = []
    for position, (code, parent) in enumerate(zip(codes["code"], codes["parent"], strict=True)):
        above = -1 if pd.isna(parent) else rows.get(parent, -1)
        if above < 0 and not pd.isna(parent):
            faults.append(
                f"row {codes.index[position]}, column parent: {parent!r} is not among the codes "
                "above it; list parents first"
            )
        depths.append(depths[above] + 1 if above >= 0 else 1)
        parents.append(above)
        rows[code] = position
    if max(depths) > DEEPEST:
        faults.append(f"codes are nested {max(depths)} deep, the limit is {DEEPEST}")
    raise_faults("codes", faults)
    own = [
        own_name(code, None if pd.isna(parent) else parent)
        for code, parent in zip(codes["code"], codes["parent"], strict=True)
    ]
    read = code_names(own, parents, Report())
    raise_faults(
        "codes",
        [
            f"row {row}: {code!r} would be read back as {back!r}; use that name"
            for row, code, back in zip(codes.index, codes["code"], read, strict=True)
            if code != back
        ],
    )


def _repeated(codes: pd.DataFrame) -> list[object]:
    return list(codes.index[codes["code"].duplicated()])


def _characters(name: str, frame: pd.DataFrame) -> list[str]:
    faults = []
    for column in frame.columns[frame.dtypes == "str"]:
        values = frame[column].dropna().drop_duplicates()
        wrong = values[values.map(lambda value: bool(FORBIDDEN.search(value)))]
        faults += [
            f"{name}, row {row}, column {column}: {value!r} has a character that XML cannot hold; "
            "remove it"
            for row, value in wrong.items()
        ]
    return faults


def _sources(sources: pd.DataFrame) -> list[str]:
    faults = [
        f"sources, row {row}: {name!r} is there before"
        for row, name in sources["source"][sources["source"].duplicated()].items()
    ]
    faults += [
        f"sources, row {row}, column kind: {kind!r} cannot be written, only {TEXT!r}; leave its "
        "rows out"
        for row, kind in sources["kind"][sources["kind"] != TEXT].items()
    ]
    text = sources["text"].dropna()
    faults += [
        f"sources, row {row}, column text: has carriage returns, which count otherwise after "
        "reading; replace them and count again"
        for row in text.index[text.str.contains("\r", regex=False)]
    ]
    faults += [
        f"sources, row {row}, column text: begins with a byte order mark, or has half a character"
        for row in text.index[text.str.contains(UNWRITABLE)]
    ]
    return faults


def _places(project: CodedProject) -> list[str]:
    """List passages without a place, and those that will have another name after reading."""
    texts = dict(records(project.sources, ["source", "text"]))
    units = project.units.drop_duplicates(PASSAGE)
    places = units.duplicated(PASSAGE[:-1], keep=False)
    shared = units["unit"].duplicated(keep=False)
    faults = []
    for row, passage, alike, several in zip(
        units.index, records(units, PASSAGE), shared, places, strict=True
    ):
        source, start, end, unit = passage
        if start is None:
            if unit != source:
                faults.append(
                    f"units, row {row}: {unit!r} has no start and end; call compose(project) to "
                    "give it a place"
                )
            continue
        name = None if alike else passage_name(unit, texts.get(source), start, end)
        if several:
            faults.append(f"units, row {row}: {unit!r} is one of several units at one place")
        elif (name or place_name(source, start, end)) != unit:
            faults.append(
                f"units, row {row}: {unit!r} would be read back as "
                f"{place_name(source, start, end)!r}; use that name, or one that no other has and "
                "that is not the passage's own words"
            )
    return faults


def _people(project: CodedProject) -> list[str]:
    """List what is said of one case of a passage only; a tool applies a code to the passage."""
    applied, units = project.applications, project.units[PASSAGE + PEOPLE].drop_duplicates()
    known = applied.merge(units, on=PASSAGE + PEOPLE, how="left", indicator=True)["_merge"]
    faults = [
        f"applications, row {row}: its place, case, site and role are not those of the unit "
        f"{applied['unit'].iloc[row]!r}"
        for row in (known != "both").to_numpy().nonzero()[0]
    ]
    cases = units.groupby(PASSAGE, dropna=False).size().rename("cases")
    coded = applied.groupby(PASSAGE + CODING, dropna=False).size().rename("n").reset_index()
    coded = coded.merge(cases.reset_index(), on=PASSAGE, how="left")
    faults += [
        f"applications, unit {row.unit!r}, code {row.code!r}: applied for {row.n} of the "
        f"{row.cases:.0f} cases of the unit; a tool applies it for all"
        for row in coded[coded["n"] < coded["cases"]].itertuples()
    ]
    whole = units[units["start"].isna()].merge(units[units["start"].notna()], on="source")
    lone = whole[whole[f"{PEOPLE[0]}_x"].notna() & (whole["case_x"] != whole["case_y"])]
    faults += [
        f"units, source {name!r}: a case for the whole source would become that of its passages"
        for name in lone["source"].unique()
    ]
    return faults
