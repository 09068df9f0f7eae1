"""The long table itself as CSV: what the compendium writes, and reads back."""

from __future__ import annotations

import csv
import io

from compendium.coding.checks import DIRECTIONS
from qda_exchange.model import (
    COLUMNS,
    FURTHEST,
    CodedProject,
    check_project,
    complete,
    records,
)
from qda_exchange.report import CHOICE, DEVIATION, DROPPED
from qda_exchange.tables.building import Table, Unit, cell
from qda_exchange.tables.sheets import Sheet

NEEDED = {"source", "unit", "code"}


def is_canonical(header: list[str]) -> bool:
    """Say whether a header is that of a long table.

    Examples
    --------
    >>> is_canonical(["source", "unit", "coder", "code"]), is_canonical(["id", "tag"])
    (True, False)
    """
    return {name.lower() for name in header} >= NEEDED


def read_canonical(sheet: Sheet, into: Table) -> CodedProject:
    """Read a long table; columns may be in any order, and some may be missing.

    Parameters
    ----------
    sheet
        Columns as in `model.COLUMNS`.
    into
        Collects the rows.

    Returns
    -------
    CodedProject
        A row without a code is a unit that nobody coded.

    Examples
    --------
    >>> from qda_exchange.guard import Guard
    >>> rows = iter([(2, ["a", "1", "pace"])])
    >>> read = read_canonical(Sheet("", ["source", "unit", "code"], rows), Table(Guard("x")))
    >>> read.applications[["unit", "code"]].values.tolist()
    [['1', 'pace']]
    """
    lower = [name.lower() for name in sheet.header]
    at = {name: lower.index(name) for name in COLUMNS if name in lower}
    at |= into.people(sheet.header)
    into.drop_columns(sheet.header, set(at.values()))
    for name in COLUMNS:
        if name not in at:
            into.guard.report.add(CHOICE, "column missing: left empty", sheet.place, name)
    for number, row in sheet.rows:
        cells = {name: cell(row, at, name) for name in at}
        _read_row(cells, f"row {number}", into)
    return into.project()


def write_csv(project: CodedProject) -> bytes:
    """Write the long table as CSV: UTF-8, one header row, empty where nothing is known.

    Parameters
    ----------
    project
        Only its applications and its units without any are written.

    Returns
    -------
    bytes
        The columns of `model.COLUMNS`. A unit without a code is a row without one.

    Raises
    ------
    ValueError
        When the frames do not fit together; see `check_project`.

    Examples
    --------
    >>> from qda_exchange.model import table
    >>> applied = table({"source": ["a"], "unit": ["1"], "code": ["pace"]}, COLUMNS)
    >>> write_csv(CodedProject(applied)).decode().splitlines()[1]
    'a,,,,,pace,,,1,,'
    """
    project = complete(project)
    check_project(project)
    applied, key = project.applications, ["source", "start", "end", "unit"]
    coded = project.units[key].merge(applied[key].drop_duplicates(), how="left", indicator=True)
    bare = project.units[(coded["_merge"] == "left_only").to_numpy()]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(records(applied, list(COLUMNS)))
    writer.writerows(records(bare.reindex(columns=list(COLUMNS)), list(COLUMNS)))
    return written.getvalue().encode()


def _read_row(cells: dict[str, str | None], place: str, into: Table) -> None:
    unit = cells.get("unit")
    if unit is None:
        into.guard.report.add(DROPPED, "row without a unit", place, cells.get("code") or "")
        return
    start, end = _span(cells, place, into)
    number = into.add_unit(
        Unit(
            cells.get("source"),
            cells.get("case"),
            cells.get("site"),
            cells.get("role"),
            start,
            end,
            unit,
        )
    )
    code, direction = cells.get("code"), cells.get("direction")
    if direction and direction not in DIRECTIONS:
        into.guard.report.add(DEVIATION, "unknown direction, left empty", place, direction)
        direction = None
    if code:
        weight = into.number(cells.get("weight") or "", place, "weight")
        into.apply(number, [code], cells.get("coder"), direction, weight)


def _span(cells: dict[str, str | None], place: str, into: Table) -> tuple[int | None, int | None]:
    read = [into.number(cells.get(name) or "", place, name) for name in ("start", "end")]
    whole = [
        int(value) for value in read if value is not None and 0 <= value == int(value) < FURTHEST
    ]
    if len(whole) < 2 or whole[0] > whole[1]:
        if any(cells.get(name) for name in ("start", "end")):
            into.guard.report.add(DEVIATION, "start and end that are no span, left empty", place)
        return None, None
    return whole[0], whole[1]
