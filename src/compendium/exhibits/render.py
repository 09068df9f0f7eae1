"""Tables as HTML, from their cells and the recorded way of showing them.

The site reads the cells back from `results/tables/*.csv`, so what a reader sees is what the record
holds. great-tables does the formatting; colours and spacing are the site's style sheet's. Each cell
names its heading, for the places where a style sheet shows rows as blocks.
"""

import re
from functools import cache
from html import escape, unescape
from typing import Any

import pandas as pd

from compendium.exhibits import layout

ROW = re.compile(r"<tr>.*?</tr>", re.S)
HEAD = re.compile(r'<th class="gt_col_heading[^>]*>(.*?)</th>', re.S)
CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.S)
OPENING = re.compile(r'<td headers="[^"]*" class="gt_row (\w+)">')
FORMAT = re.compile(r"^(integer|number|upto|percent)(?::(\d))?$")


def table_html(frame: pd.DataFrame, display: dict[str, Any]) -> str:
    """Return the HTML table element of a recorded table.

    Parameters
    ----------
    frame
        The cells.
    display
        ``labels`` (column to heading, in the order of columns), ``formats`` (column to
        ``"integer"``, ``"number:2"``, ``"upto:2"`` or ``"percent:1"``) and ``group`` (column or
        None).

    Raises
    ------
    ValueError
        When a format is not one of the four.

    Examples
    --------
    >>> html = table_html(pd.DataFrame({"rate": [0.914]}),
    ...     {"labels": {"rate": "Rate"}, "formats": {"rate": "percent:1"}, "group": None})
    >>> "91.4%" in html
    True
    """
    from great_tables import GT

    _reach_cells_directly()
    labels, group = display["labels"], display["group"]
    shown = frame[[*([group] if group and group not in labels else []), *labels]]
    made = GT(shown, groupname_col=group).cols_label(
        {column: heading for column, heading in labels.items() if column != group}
    )
    for column, word in display["formats"].items():
        made = _format(made, column, word)
    made = made.sub_missing(missing_text="–")
    html = made.as_raw_html(inline_css=False)
    return _element(html)


@cache
def _reach_cells_directly() -> None:
    """Let great-tables read and set the cells of a frame by `iat`.

    It does so one by one, by `iloc`, which takes most of the time of a table and gives the same.
    """
    from great_tables import _tbl_data

    @_tbl_data._get_cell.register(pd.DataFrame)
    def _(data: pd.DataFrame, row: int, column: str) -> Any:
        return data.iat[row, data.columns.tolist().index(column)]

    @_tbl_data._set_cell.register(pd.DataFrame)
    def _(data: pd.DataFrame, row: int, column: str, value: Any) -> None:
        data.iat[row, data.columns.tolist().index(column)] = value


def _format(made: Any, column: str, word: str) -> Any:
    match = FORMAT.match(word)
    if not match:
        raise ValueError(
            f"format '{word}' of column '{column}' is not integer, number:D, upto:D, percent:D"
        )
    kind, digits = match[1], int(match[2] or 0)
    if kind == "integer":
        return made.fmt_integer(column)
    if kind in ("number", "upto"):
        return made.fmt_number(column, decimals=digits, drop_trailing_zeros=kind == "upto")
    return made.fmt_percent(column, decimals=digits)


def _element(html: str) -> str:
    """Cut the table out of its wrapper, with classes, names and identifiers of the site's own."""
    start, end = html.index("<table"), html.rindex("</table>") + len("</table>")
    table = re.sub(r"\s+style=\"[^\"]*\"", "", html[start:end])
    heads = [unescape(text) for text in HEAD.findall(table)]
    rows = [[unescape(text) for text in CELL.findall(row)] for row in ROW.findall(table)]
    rows = [row for row in rows if row]
    short = layout.unbroken(rows)
    opening = f'<table class="gt_table {layout.phone(heads, rows)}">'
    table = re.sub(r"<table[^>]*>", opening, table, count=1)
    # great-tables names headings by their column, twice on a page with two tables.
    table = re.sub(
        r'(<th [^>]*?) (?:rowspan="1" colspan="1" )?(scope="\w+") id="[^"]*"', r"\1 \2", table
    )
    return ROW.sub(lambda row: _labelled(row[0], heads, short), table)


def _labelled(row: str, heads: list[str], short: list[bool]) -> str:
    """Give each cell of a row its heading, and whether it stays on one line."""
    columns = iter(zip(heads, short, strict=True))

    def named(cell: re.Match[str]) -> str:
        head, unbroken = next(columns)
        words = [cell[1]] if cell[1] != "gt_left" else []
        words += ["short"] if unbroken else []
        kind = f' class="{" ".join(words)}"' if words else ""
        return f'<td{kind} data-label="{escape(head)}">'

    return OPENING.sub(named, row)
