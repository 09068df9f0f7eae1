"""Documents that are written once and come out as a page, as Markdown, or as a part of the book.

The page needs no network, has its style within (`documents.css`), follows the reader's light or
dark setting, and lets wide tables scroll by themselves; the Markdown is for a pull request. Text
may hold `code` and **bold**; everything else is taken literally.
"""

import base64
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from compendium import files

STYLE = Path(__file__).with_suffix(".css")
#: Rows of a table that Markdown shows; a pull request is read, not searched.
MARKDOWN_ROWS = 20
CODE = re.compile(r"`([^`]+)`")
BOLD = re.compile(r"\*\*([^*]+)\*\*")
#: A place on the same page; Markdown shows its words alone.
LINK = re.compile(r"\[([^\]]+)\]\(#([\w-]+)\)")
SPECIAL = re.compile(r"([\\|<>_\[\]])")


@dataclass(frozen=True)
class Grid:
    """A table: heading and rows of text; more rows than `open_rows` are folded on the page.

    ``align`` has a letter for each column of a table in the book: l or r.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    label: str = "Table"
    open_rows: int = 40
    align: str = ""


@dataclass(frozen=True)
class Pictures:
    """Two states of a picture side by side, as SVG; None where there was or is none."""

    before: bytes | None
    after: bytes | None
    name: str


#: A paragraph, a list of short lines, a table, or pictures.
Part = str | list[str] | Grid | Pictures


@dataclass
class Section:
    """A heading with what stands below it; ``level`` 2 or 3, ``anchor`` to be linked to."""

    title: str
    parts: Sequence[Part] = ()
    level: int = 2
    anchor: str = ""


@dataclass
class Document:
    """A title, a sentence that says it all, and sections; ``mood`` is good, bad or empty."""

    title: str
    lead: str
    sections: list[Section]
    mood: str = ""


def write(document: Document, page: Path, markdown: Path) -> None:
    """Write a document in both forms."""
    files.write_text(page, to_html(document))
    files.write_text(markdown, to_markdown(document))


def to_html(document: Document) -> str:
    """Return a document as a page that needs nothing but itself."""
    body = [f"<h1>{_inline(document.title)}</h1>"]
    body.append(f'<p class="lead {document.mood}">{_inline(document.lead)}</p>')
    for section in document.sections:
        anchor = f' id="{html.escape(section.anchor)}"' if section.anchor else ""
        body.append(f"<h{section.level}{anchor}>{_inline(section.title)}</h{section.level}>")
        body += [_part_html(part) for part in section.parts]
    style = STYLE.read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(document.title)}</title>\n<style>\n{style}</style>\n</head>\n"
        "<body>\n<main>\n" + "\n".join(body) + "\n</main>\n</body>\n</html>\n"
    )


def to_markdown(document: Document) -> str:
    """Return a document as Markdown, long tables cut with a note of how much is left out."""
    lines = [f"# {document.title}", "", document.lead, "", *_markdown(document.sections)]
    return "\n".join(lines).rstrip() + "\n"


def to_myst(sections: Iterable[Section]) -> str:
    """Return sections as MyST Markdown for a chapter of the book, tables whole and as written."""
    return "\n".join(_markdown(sections, for_book=True))


def _markdown(sections: Iterable[Section], *, for_book: bool = False) -> Iterator[str]:
    for section in sections:
        yield from ("#" * section.level + f" {section.title}", "")
        for part in section.parts:
            if isinstance(part, Grid):
                yield from _table_lines(part, for_book=for_book)
            elif isinstance(part, Pictures):
                yield f"The picture of `{part.name}` changed; both are on the page."
            else:
                yield from [part] if isinstance(part, str) else (f"- {line}" for line in part)
            yield ""


def _table_lines(grid: Grid, *, for_book: bool) -> Iterator[str]:
    rows = grid.rows if for_book else grid.rows[:MARKDOWN_ROWS]
    align = grid.align or "l" * len(grid.header)
    lines = [
        "| " + " | ".join(cell if for_book else _cell(cell) for cell in row) + " |"
        for row in (grid.header, *rows)
    ]
    lines.insert(1, "|" + "|".join("--:" if one == "r" else ":--" for one in align) + "|")
    yield from lines
    if len(rows) < len(grid.rows):
        yield from ("", f"… and {len(grid.rows) - len(rows):,} more rows; all are on the page.")


def _inline(text: str) -> str:
    """Return text as HTML.

    >>> _inline("`a<b` is **new**")
    '<code>a&lt;b</code> is <strong>new</strong>'
    >>> _inline("[map](#codes-map)")
    '<a href="#codes-map">map</a>'
    """
    escaped = LINK.sub(r'<a href="#\2">\1</a>', html.escape(text, quote=False))
    return BOLD.sub(r"<strong>\1</strong>", CODE.sub(r"<code>\1</code>", escaped))


def _part_html(part: Part) -> str:
    if isinstance(part, str):
        return f"<p>{_inline(part)}</p>"
    if isinstance(part, list):
        return f"<ul>{''.join(f'<li>{_inline(line)}</li>' for line in part)}</ul>"
    if isinstance(part, Pictures):
        states = (("before", part.before), ("after", part.after))
        return f'<div class="pair">{"".join(_picture(part.name, *state) for state in states)}</div>'
    if len(part.rows) <= part.open_rows:
        return _table(part)
    summary = f"<summary>All {len(part.rows):,} rows</summary>"
    whole = replace(part, label=f"{part.label}, all rows")  # a landmark's name is its own
    rest = f"<details>{summary}{_table(whole)}</details>"
    return _table(replace(part, rows=part.rows[: part.open_rows])) + rest


def _table(grid: Grid) -> str:
    """Return a table; each cell knows its heading, which a narrow screen shows beside it."""
    head = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in grid.header)
    body = ""
    for row in grid.rows:
        cells = zip(grid.header, row, strict=True)
        marked = (f'<td data-of="{html.escape(h)}">{_inline(cell)}</td>' for h, cell in cells)
        body += f"<tr>{''.join(marked)}</tr>\n"
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{html.escape(grid.label)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>"
    )


def _picture(name: str, state: str, content: bytes | None) -> str:
    if content is None:
        return f"<figure><figcaption>{state}: none</figcaption></figure>"
    data = base64.b64encode(content).decode("ascii")
    alt = html.escape(f"{name}, {state} the change")
    return (
        f'<figure><figcaption>{state}</figcaption><img alt="{alt}" '
        f'src="data:image/svg+xml;base64,{data}"></figure>'
    )


def _cell(text: str) -> str:
    flat = LINK.sub(r"\1", " ".join(text.split()))
    parts = CODE.split(flat)  # every second part stood between backticks
    return "".join(f"`{p}`" if i % 2 else SPECIAL.sub(r"\\\1", p) for i, p in enumerate(parts))
