"""An impact as a document, and as a few lines for a terminal."""

import textwrap
from collections.abc import Iterator
from pathlib import Path

from bookbuilder.verification.comparison import Difference
from bookbuilder.verification.data_changes import WORDS
from bookbuilder.verification.documents import Document, Grid, Pictures, Section
from bookbuilder.verification.impact import ExhibitChange, Impact

FOLDER = Path("_build/impact")
SHOWN = 8
#: What entries of an exhibit are called.
TEXTS = {"alt": "alternative text", "label": "number"}
#: In place of a row, where a whole column or file differs.
ALL = "(all)"
INDENT = " " * 10
#: Stale runs that the page names.
NAMED = 12


def lead(found: Impact) -> str:
    """Return what changed in a sentence."""
    name = "" if found.commit.startswith(found.since) else f"`{found.since}`, "
    since = f"Since {name}`{found.commit[:10]}` of {found.committed[:10]}"
    if not (found.data or found.exhibits or found.sentences or found.flips or found.values):
        return f"{since}: nothing changed."
    rows = sum(change.changed_rows for change in found.data)
    counts = [
        _count(rows, "row of data", "rows of data"),
        _count(len(found.exhibits), "exhibit", "exhibits"),
        _count(len(found.sentences), "sentence", "sentences"),
        _count(len(found.flips), "verdict or label", "verdicts and labels"),
    ]
    return f"{since}: {', '.join(counts)} changed."


def document(found: Impact) -> Document:
    """Return an impact as a document with every cell that changed."""
    changed = Section("Exhibits", [_overview(found)])
    return Document(
        title="What the change changes",
        lead=lead(found),
        mood="bad" if found.stale else "",
        sections=[
            *_stale(found),
            Section("Data", list(_data(found))),
            Section("Verdicts and labels that flipped", [_flips(found)]),
            Section("Sentences of the book", [_sentences(found)]),
            Section("Recorded numbers", [_values(found)]),
            changed,
            *(_exhibit(one) for one in found.exhibits),
        ],
    )


def lines(found: Impact, width: int = 80) -> list[str]:
    """Return an impact as lines for a terminal.

    Parameters
    ----------
    found
        The impact.
    width
        Longest line; one that is longer goes on below, indented.
    """
    told = [lead(found).replace("`", "")]
    for change in found.data:
        told.append(f"data      {change}")
        told += _some("", [f"{_where(d)}: {_words(d)}" for d in change.differences])
    told += _some("flipped", [f"{_name(d)}: {d.before} -> {d.after}" for d in found.flips])
    for one in found.sentences[:SHOWN]:
        told += [f"sentence  {one.page}", f"     was  {one.before}", f"     now  {one.after}"]
    told += _more("sentence", len(found.sentences))
    told += _some("exhibit", [f"{one.name}: {_size(one)} ({one.run})" for one in found.exhibits])
    if found.stale:
        told.append(
            f"not rebuilt yet, so not all is shown: {', '.join(found.stale[:SHOWN])}"
            + (f" and {len(found.stale) - SHOWN} more" if len(found.stale) > SHOWN else "")
            + "; do `compendium build` first"
        )
    return [
        part
        for line in told
        for part in textwrap.wrap(
            line, width, subsequent_indent=INDENT, break_long_words=False, break_on_hyphens=False
        )
    ]


def _some(word: str, said: list[str]) -> list[str]:
    return [f"{word:<10}{one}" for one in said[:SHOWN]] + _more(word, len(said))


def _more(word: str, count: int) -> list[str]:
    return [f"{word:<10}... and {count - SHOWN} more, all on the page"] if count > SHOWN else []


def _stale(found: Impact) -> list[Section]:
    if not found.stale:
        return []
    names = ", ".join(f"`{name}`" for name in found.stale[:NAMED])
    more = f" and {len(found.stale) - NAMED} more" if len(found.stale) > NAMED else ""
    runs = _count(len(found.stale), "run is", "runs are")
    return [
        Section(
            "Not rebuilt yet",
            [
                f"{runs} stale, so not all is shown that the change will change: {names}{more}. "
                "Do `compendium build`, then `compendium impact`."
            ],
        )
    ]


def _data(found: Impact) -> Iterator[str | Grid]:
    if not found.data:
        yield "No file changed."
    for change in found.data:
        yield str(change) + "."
        rows = [[d.row or ALL, d.column, *_states(d)] for d in change.differences]
        yield Grid(["row", "column", "before", "after"], rows, f"Changes of {change.path}")


def _flips(found: Impact) -> str | Grid:
    rows = [[f"`{Path(d.place).stem}`", d.row, d.before, d.after] for d in found.flips]
    return Grid(["table", "row", "was", "is"], rows, "Flips") if rows else "None flipped."


def _sentences(found: Impact) -> str | Grid:
    rows = [[f"`{one.page}`", one.before, one.after] for one in found.sentences]
    header = ["page", "before", "after"]
    return Grid(header, rows, "Sentences") if rows else "Every number in prose reads as before."


def _values(found: Impact) -> str | Grid:
    rows = [
        [f"`{d.row}`", d.column, *_states(d)]
        for d in found.values
        if d.column in ("", "value", "unit")
    ]
    header = ["number", "of it", "before", "after"]
    return Grid(header, rows, "Numbers", open_rows=12) if rows else "None changed."


def _exhibit(one: ExhibitChange) -> Section:
    parts: list[str | Grid | Pictures] = [f"`{one.name}`, made by `{one.run}`: {_size(one)}."]
    if one.pictures:
        parts.append(Pictures(*one.pictures, name=one.name))
    if one.differences:
        rows = [[d.row or ALL, d.column, *_states(d)] for d in one.differences]
        header = ["row", "column", "before", "after"]
        parts.append(Grid(header, rows, f"Cells of {one.name}", open_rows=12))
    return Section(one.title, parts, level=3, anchor=one.name)


def _overview(found: Impact) -> str | Grid:
    rows = [
        [f"[{one.name}](#{one.name})", f"`{one.run}`", _size(one).removesuffix(" changed")]
        for one in found.exhibits
    ]
    return Grid(["exhibit", "run", "changed"], rows, "Exhibits") if rows else "None changed."


def _states(found: Difference) -> tuple[str, str]:
    if found.before or found.after:
        before, after = found.excerpt
        return before or "(empty)", after or "(empty)"
    return "", WORDS.get(found.kind, found.kind)


def _words(found: Difference) -> str:
    before, after = _states(found)
    return f"{before} -> {after}" if before else after


def _where(found: Difference) -> str:
    return ", ".join(part for part in (found.row, found.column) if part) or found.place


def _name(found: Difference) -> str:
    return f"{Path(found.place).stem} {found.row}"


def _size(one: ExhibitChange) -> str:
    whole = [d for d in one.differences if d.kind in ("missing", "extra") and not d.row]
    if whole:
        return WORDS[whole[0].kind]
    cells = [d for d in one.differences if d.place.endswith(".csv") and d.kind != "order"]
    texts = [TEXTS.get(d.column, d.column) for d in one.differences if not d.place.endswith(".csv")]
    said = [_count(len(cells), "cell", "cells")] if cells else []
    said += ["the order"] * any(d.kind == "order" for d in one.differences)
    said += [f"its {text}" for text in texts]
    return f"{', '.join(said) or 'its picture'} changed"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
