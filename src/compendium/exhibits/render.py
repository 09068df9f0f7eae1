"""Exhibits as a notebook shows them, and tables as HTML.

The site reads the cells back from `results/tables/*.csv`, so what a reader sees is what the record
holds. Colours and spacing are the site's style sheet's. What holds for a whole column stands once,
on the table: how it is set, and its heading, which is repeated where a phone shows rows as blocks.
The first columns, as many as tell rows apart, are headers of their row; a group is a body of its
own.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from compendium.exhibits import layout

MISSING, MINUS = "–", "−"
FORMAT = re.compile(r"^(integer|number|upto|percent|anchor|links)(?::(\d))?$")
#: Names that a cell may link to, where another table of the page has them under ``anchor``.
IDENTIFIER = re.compile(r"\b[A-Z][A-Z0-9]+-[0-9]+\b")
#: Words that are numbers, dates or times: set like numbers.
NUMBER_LIKE = re.compile(r"[0-9 -/:\\.]*")


def table_html(frame: pd.DataFrame, display: dict[str, Any]) -> str:
    """Return the HTML table element of a recorded table.

    `display` has ``labels`` (column to heading, in the order of columns), ``formats`` (column to
    ``"integer"``, ``"number:2"``, ``"upto:2"`` or ``"percent:1"``; ``"anchor"`` lets other tables
    of the page link to a cell such as EPIC-014, ``"links"`` links such names; ValueError for
    others) and ``group`` (column or None).

    Examples
    --------
    >>> html = table_html(pd.DataFrame({"rate": [0.914]}),
    ...     {"labels": {"rate": "Rate"}, "formats": {"rate": "percent:1"}, "group": None})
    >>> "91.4%" in html
    True
    """
    group = display["group"]
    columns = [column for column in display["labels"] if column != group]
    heads = [str(display["labels"][column]) for column in columns]
    forms = [display["formats"].get(column) for column in columns]
    texts = [_texts(frame[column], form) for column, form in zip(columns, forms, strict=True)]
    rows = list(zip(*texts, strict=True))
    names = None if group is None else _texts(frame[group], None)
    marks = [
        *(f"{_side(frame[column])}-{place}" for place, column in enumerate(columns, 1)),
        *(f"short-{place}" for place, short in enumerate(layout.unbroken(rows), 1) if short),
    ]
    phone = layout.phone(heads, rows)
    classes = " ".join(["cells", phone, *(mark for mark in marks if not mark.startswith("left"))])
    lines = [
        f'<table class="{classes}"{_repeated(heads) if phone == "stack" else ""}>',
        "<thead>",
        "<tr>",
        *(f'<th scope="col">{escape(head)}</th>' for head in heads),
        "</tr>",
        "</thead>",
        *_bodies(rows, forms, names),
        "</table>",
    ]
    return "\n".join(lines)


def _bodies(
    rows: list[tuple[str, ...]], forms: list[str | None], names: list[str] | None
) -> Iterator[str]:
    """Yield the lines of all rows, those of a group in a body of their own below its heading."""
    depth = _headers(rows, names)
    for name, members in _groups(len(rows), names):
        yield "<tbody>"
        if name is not None:
            span = f'colspan="{len(forms)}" scope="rowgroup"'
            yield f'<tr class="group"><th {span}>{escape(name)}</th></tr>'
        for place in members:
            cells = zip(rows[place], forms, strict=True)
            row = (_cell(escape(t), form, n < depth) for n, (t, form) in enumerate(cells))
            yield f"<tr>{''.join(row)}</tr>"
        yield "</tbody>"


def _headers(rows: list[tuple[str, ...]], names: list[str] | None) -> int:
    """Return how many of the first columns tell rows apart, within their group; three at most."""
    groups = names or [""] * len(rows)
    for depth in range(1, 1 + min(3, len(rows[0]) if rows else 0)):
        if len({(name, row[:depth]) for name, row in zip(groups, rows, strict=True)}) == len(rows):
            return depth
    return 1


def _cell(text: str, form: str | None, header: bool) -> str:
    start = "th" if header and text else "td"
    place = f' id="{text}"' if form == "anchor" else ""
    if form == "links":
        text = IDENTIFIER.sub(r'<a href="#\g<0>">\g<0></a>', text)
    scope = ' scope="row"' if start == "th" else ""
    return f"<{start}{place}{scope}>{text}</{start}>"


def _repeated(heads: list[str]) -> str:
    """Write the headings as variables of the style sheet, for what stands before each cell."""
    quoted = (head.replace("\\", r"\5c ").replace('"', r"\22 ") for head in heads)
    style = ";".join(f'--head-{place}:"{head}"' for place, head in enumerate(quoted, 1))
    return f' style="{escape(style)}"'


def _groups(number: int, names: list[str] | None) -> Iterable[tuple[str | None, Iterable[int]]]:
    """Return the name and the places of the rows of each group, in the order of their first row."""
    if names is None:
        return [(None, range(number))]
    found: dict[str | None, list[int]] = {}
    for place, name in enumerate(names):
        found.setdefault(name, []).append(place)
    return found.items()


def _side(column: pd.Series) -> str:
    """Set numbers to the right, words to the left, truth values in the middle."""
    if pd.api.types.is_bool_dtype(column):
        return "center"
    if pd.api.types.is_numeric_dtype(column):
        return "right"
    words = (one for one in column.tolist() if isinstance(one, str))
    return "right" if all(NUMBER_LIKE.fullmatch(word) for word in words) else "left"


def _texts(column: pd.Series, form: str | None) -> list[str]:
    """Return what is shown of each cell."""
    show = str if form is None else _formatter(form, str(column.name))
    missing = column.isna().tolist()
    cells = column.tolist()
    return [MISSING if gone else show(cell) for cell, gone in zip(cells, missing, strict=True)]


def _formatter(form: str, column: str) -> Callable[[float], str]:
    match = FORMAT.match(form)
    if not match:
        raise ValueError(
            f"format '{form}' of column '{column}' is not integer, number:D, upto:D, percent:D, "
            "anchor, links"
        )
    kind, digits = match[1], int(match[2] or 0)
    if kind in ("anchor", "links"):
        return str
    if kind == "percent":
        return lambda share: f"{_number(100 * share, digits)}%"
    if kind == "upto":
        return lambda number: _number(number, digits, drop_zeros=True)
    return lambda number: _number(number, digits)


def _number(value: float, decimals: int, *, drop_zeros: bool = False) -> str:
    """Write a number with commas between thousands; one that rounds to nought has no sign.

    Examples
    --------
    >>> _number(-1234.5, 2), _number(-0.001, 1), _number(2.50, 2, drop_zeros=True)
    ('−1,234.50', '0.0', '2.5')
    """
    text = f"{value:,.{decimals}f}"
    if drop_zeros and "." in text:
        text = text.rstrip("0").rstrip(".")
    if not text.strip("-0."):
        text = text.lstrip("-")
    return text.replace("-", MINUS)


@dataclass(frozen=True)
class Shown:
    """A recorded exhibit as the last value of a cell."""

    name: str
    caption: str
    frame: pd.DataFrame | None = None
    display: dict[str, Any] | None = None
    svg: str = ""
    alt: str = ""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Return the exhibit for the book (Markdown) and for JupyterLab (HTML)."""
        return {
            "text/markdown": f"```{{exhibit}} {self.name}\n```",
            "text/html": self._html(),
            "text/plain": f"{self.name}: {self.caption}",
        }

    def _html(self) -> str:
        caption = f"<figcaption>{escape(self.caption)}</figcaption>"
        if self.frame is not None and self.display is not None:
            body = table_html(self.frame, self.display)
        else:
            body = self.svg[self.svg.index("<svg") :]
            body = body.replace("<svg ", f'<svg role="img" aria-label="{escape(self.alt)}" ', 1)
        return f"<figure>{caption}{body}</figure>"


def span(
    low: pd.Series,
    high: pd.Series,
    form: str = ".0%",
    remark: pd.Series | None = None,
    share: pd.Series | None = None,
) -> pd.Series:
    """Return ranges as text, after their shares if given, with a remark where there is one.

    One number where both ends read alike, missing where an end is.

    Examples
    --------
    >>> span(pd.Series([0.25, 0.251, None]), pd.Series([0.5, 0.252, 1.0])).tolist()
    ['25% to 50%', '25%', nan]
    >>> span(pd.Series([0.25, None]), pd.Series([0.5, 1.0]), remark=pd.Series([None, "none"]))[1]
    'none'
    >>> none = pd.Series(dtype=float)
    >>> len(span(none, none, remark=none, share=none))
    0
    >>> span(pd.Series([0.25]), pd.Series([0.5]), share=pd.Series([0.4]))[0]
    '40% (25% to 50%)'
    """
    first, last = (one.map(f"{{:{form}}}".format).astype(object) for one in (low, high))
    text = (first + " to " + last).where(first != last, first)
    if share is not None:
        text = share.map(f"{{:{form}}}".format).astype(object) + " (" + text + ")"
    text = text.where(low.notna() & high.notna())
    return text if remark is None else (text + " (" + remark + ")").fillna(text).fillna(remark)
