"""Documents that are written once and come out twice, as a page and as Markdown.

The page needs no network, has its style within, follows the reader's light or dark setting, and
lets wide tables scroll by themselves; the Markdown is for a pull request. Text may hold `code` and
**bold**; everything else is taken literally.
"""

import base64
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

#: Rows of a table that Markdown shows; a pull request is read, not searched.
MARKDOWN_ROWS = 20
CODE = re.compile(r"`([^`]+)`")
BOLD = re.compile(r"\*\*([^*]+)\*\*")
#: A place on the same page; Markdown shows its words alone.
LINK = re.compile(r"\[([^\]]+)\]\(#([\w-]+)\)")
SPECIAL = re.compile(r"([\\|<>_\[\]])")

STYLE = """
:root { color-scheme: light dark; --ink: #1f2933; --muted: #52606d; --paper: #fff;
  --line: #d9dee5; --shade: #f4f6f8; --good: #00664a; --bad: #a33a00; --accent: #0b5c94; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaef; --muted: #aab4bf; --paper: #15191e;
  --line: #3a434d; --shade: #1e242b; --good: #6fd3b2; --bad: #ffb08a; --accent: #8cc6f0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .75rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: .75rem;
  border-top: 1px solid var(--line); overflow-wrap: anywhere; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .25rem; overflow-wrap: anywhere; }
p { max-width: 44rem; margin: .5rem 0; overflow-wrap: anywhere; }
.lead { font-size: 1.1rem; border-left: .3rem solid var(--accent); padding-left: .8rem; }
.lead.good { border-color: var(--good); } .lead.bad { border-color: var(--bad); }
code { background: var(--shade); padding: .05em .3em; border-radius: .2em; font-size: .9em;
  overflow-wrap: anywhere; }
td code { white-space: nowrap; } td:has(> code:only-child) { max-width: none; }
.scroll { overflow-x: auto; margin: .75rem 0; }
.scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .35rem .9rem .35rem 0;
  border-bottom: 1px solid var(--line); max-width: 26rem; overflow-wrap: break-word; }
thead th { color: var(--muted); font-weight: 600; border-bottom: 2px solid var(--line); }
.pair { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); }
figure { margin: .75rem 0; } figcaption { color: var(--muted); font-size: .85rem; }
img { width: 100%; height: auto; background: #fff; border: 1px solid var(--line); }
a { color: var(--accent); }
summary { cursor: pointer; padding: .3rem 0; color: var(--accent); }
@media (max-width: 40rem) {
  main { padding: 1.25rem 1rem 3rem; }
  table, tbody, tr, td { display: block; }
  thead { position: absolute; clip-path: inset(50%); }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td { border: 0; padding: .1rem 0 .1rem 5rem; max-width: none; overflow-wrap: anywhere; }
  td:empty { display: none; }
  td code { white-space: normal; }
  td::before { content: attr(data-of); color: var(--muted); font-size: .8rem;
    display: inline-block; width: 5rem; margin-left: -5rem; padding-right: .4rem; }
}
@media print { .scroll { overflow: visible; } details { display: block; } }
"""


@dataclass(frozen=True)
class Grid:
    """A table: heading and rows of text; more rows than `open_rows` are folded on the page."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    label: str = "Table"
    open_rows: int = 40


@dataclass(frozen=True)
class Pictures:
    """Two states of a picture side by side, as SVG; None where there was or is none."""

    before: bytes | None
    after: bytes | None
    name: str


@dataclass
class Section:
    """A heading with what stands below it; ``level`` 2 or 3, ``anchor`` to be linked to."""

    title: str
    parts: Sequence[str | Grid | Pictures] = ()
    level: int = 2
    anchor: str = ""


@dataclass
class Document:
    """A title, a sentence that says it all, and sections; ``mood`` is good, bad or empty."""

    title: str
    lead: str
    sections: list[Section]
    mood: str = ""


def to_html(document: Document) -> str:
    """Return a document as a page that needs nothing but itself."""
    body = [f"<h1>{_inline(document.title)}</h1>"]
    body.append(f'<p class="lead {document.mood}">{_inline(document.lead)}</p>')
    for section in document.sections:
        anchor = f' id="{html.escape(section.anchor)}"' if section.anchor else ""
        body.append(f"<h{section.level}{anchor}>{_inline(section.title)}</h{section.level}>")
        body += [_part_html(part) for part in section.parts]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(document.title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        "<body>\n<main>\n" + "\n".join(body) + "\n</main>\n</body>\n</html>\n"
    )


def to_markdown(document: Document) -> str:
    """Return a document as Markdown, long tables cut with a note of how much is left out."""
    lines = [f"# {document.title}", "", document.lead, ""]
    for section in document.sections:
        lines += ["#" * section.level + f" {section.title}", ""]
        for part in section.parts:
            lines += [*_part_markdown(part), ""]
    return "\n".join(lines).rstrip() + "\n"


def _inline(text: str) -> str:
    """Return text as HTML.

    Examples
    --------
    >>> _inline("`a<b` is **new**")
    '<code>a&lt;b</code> is <strong>new</strong>'
    >>> _inline("[map](#codes-map)")
    '<a href="#codes-map">map</a>'
    """
    escaped = LINK.sub(r'<a href="#\2">\1</a>', html.escape(text, quote=False))
    return BOLD.sub(r"<strong>\1</strong>", CODE.sub(r"<code>\1</code>", escaped))


def _part_html(part: str | Grid | Pictures) -> str:
    if isinstance(part, str):
        return f"<p>{_inline(part)}</p>"
    if isinstance(part, Pictures):
        states = (("before", part.before), ("after", part.after))
        return f'<div class="pair">{"".join(_picture(part.name, *state) for state in states)}</div>'
    if len(part.rows) <= part.open_rows:
        return _table(part, part.rows)
    summary = f"<summary>All {len(part.rows):,} rows</summary>"
    whole = replace(part, label=f"{part.label}, all rows")  # a landmark's name is its own
    rest = f"<details>{summary}{_table(whole, part.rows)}</details>"
    return _table(part, part.rows[: part.open_rows]) + rest


def _table(grid: Grid, rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in grid.header if cell)
    if head:
        head = f"<thead><tr>{head}</tr></thead>"
    body = "".join(f"<tr>{_cells(grid.header, row)}</tr>\n" for row in rows)
    label = html.escape(grid.label)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table>'
        f"{head}<tbody>\n{body}</tbody></table></div>"
    )


def _cells(header: Sequence[str], row: Sequence[str]) -> str:
    """Return the cells of a row; each knows its heading, which a narrow screen shows beside it."""
    named = zip(header, row, strict=True)
    return "".join(
        f'<td data-of="{html.escape(name)}">{_inline(cell)}</td>' for name, cell in named
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


def _part_markdown(part: str | Grid | Pictures) -> list[str]:
    if isinstance(part, str):
        return [part]
    if isinstance(part, Pictures):
        return [f"The picture of `{part.name}` changed; both are on the page."]
    lines = [_row(part.header), "|" + " --- |" * len(part.header)]
    lines += [_row(row) for row in part.rows[:MARKDOWN_ROWS]]
    if len(part.rows) > MARKDOWN_ROWS:
        lines += ["", f"… and {len(part.rows) - MARKDOWN_ROWS:,} more rows; all are on the page."]
    return lines


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    flat = LINK.sub(r"\1", " ".join(text.split()))
    parts = CODE.split(flat)  # every second part stood between backticks
    return "".join(f"`{p}`" if i % 2 else SPECIAL.sub(r"\\\1", p) for i, p in enumerate(parts))
