"""Taguette's export of highlights: a row per highlight and tag.

The columns are `id`, `document`, `tag`, `content`, as CSV or Excel. Taguette says neither where a
highlight stands in its document nor who made it, so two coders need two files, each read with the
coder's name.
"""

from __future__ import annotations

from collections.abc import Sequence

from qda_exchange.model import CodedProject
from qda_exchange.report import CHOICE, DROPPED
from qda_exchange.tables.building import Table, Unit, cell
from qda_exchange.tables.sheets import Sheet

COLUMNS = ("id", "document", "tag", "content")


def is_taguette(header: Sequence[str]) -> bool:
    """Say whether a header is that of Taguette's highlights.

    Examples
    --------
    >>> is_taguette(["id", "document", "tag", "content"])
    True
    """
    return {name.lower() for name in header} >= set(COLUMNS)


def read_taguette(sheet: Sheet, into: Table) -> CodedProject:
    """Read highlights.

    Parameters
    ----------
    sheet
        The export.
    into
        Collects the rows.

    Returns
    -------
    CodedProject
        A highlight is a unit with its text; one without a tag is a unit that nobody coded.

    Examples
    --------
    >>> from qda_exchange.guard import Guard
    >>> rows = iter([(2, ["7", "Lola", "pace", "We wait."])])
    >>> read = read_taguette(Sheet("", list(COLUMNS), rows), Table(Guard("x"), coder="A"))
    >>> read.applications[["source", "coder", "code", "unit"]].values.tolist()
    [['Lola', 'A', 'pace', '7']]
    """
    lower = [name.lower() for name in sheet.header]
    at = {name: lower.index(name) for name in COLUMNS}
    into.drop_columns(sheet.header, set(at.values()))
    into.guard.report.add(CHOICE, "the format has no places in the text: start and end are empty")
    if not into.coder:
        into.guard.report.add(CHOICE, "the format does not say who coded, and no coder was given")
    for number, row in sheet.rows:
        name, document, tag, content = (cell(row, at, column) for column in COLUMNS)
        if name is None:
            into.guard.report.add(DROPPED, "row without an id", f"row {number}", content or "")
            continue
        unit = into.add_unit(Unit(document, None, None, None, None, None, name), content)
        if tag:
            into.apply(unit, [tag])
    return into.project()
