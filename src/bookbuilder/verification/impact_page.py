"""An impact as a document, and as a few lines for a terminal."""

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from bookbuilder.documents import Document, Grid, Part, Pictures, Section
from bookbuilder.verification.comparison import Difference
from bookbuilder.verification.data_changes import KIND_WORDS
from bookbuilder.verification.impact import ExhibitChange, Impact

FOLDER = Path("_build/impact")
MAX_LINES = 8  # of one kind in a terminal
#: What fields of an exhibit's entry are called.
FIELD_WORDS = {"alt": "alternative text", "label": "number"}
#: In place of a row, where a whole column or file differs.
ALL_ROWS = "(all)"
INDENT = " " * 10


def lead(found: Impact) -> str:
    """Return what changed in a sentence."""
    name = "" if found.commit.startswith(found.since) else f"`{found.since}`, "
    since = f"Since {name}`{found.commit[:10]}` of {found.committed[:10]}"
    if not (found.data or found.exhibits or found.sentences or found.flips or found.values):
        return f"{since}: nothing changed."
    counts = [
        _count(sum(change.changed_rows for change in found.data), "row of data", "rows of data"),
        _count(len(found.exhibits), "exhibit", "exhibits"),
        _count(len(found.sentences), "sentence", "sentences"),
        _count(len(found.flips), "verdict or label", "verdicts and labels"),
    ]
    return f"{since}: {', '.join(counts)} changed."


def document(found: Impact) -> Document:
    """Return an impact as a document with every cell that changed."""
    flips = [[f"`{Path(d.file).stem}`", d.row, d.before, d.after] for d in found.flips]
    sentences = [[f"`{one.page}`", one.before, one.after] for one in found.sentences]
    shown = [d for d in found.values if d.column in ("", "value", "unit")]
    values = [[f"`{d.row}`", d.column, *_states(d)] for d in shown]
    exhibits = [
        [f"[{one.name}](#{one.name})", f"`{one.run}`", _extent(one).removesuffix(" changed")]
        for one in found.exhibits
    ]
    states = ["before", "after"]
    flipped = Grid(["table", "row", "was", "is"], flips, "Flips")
    numbers = Grid(["number", "of it", *states], values, "Numbers", open_rows=12)
    changed = Grid(["exhibit", "run", "changed"], exhibits, "Exhibits")
    reading = Grid(["page", *states], sentences, "Sentences")
    return Document(
        title="What the change changes",
        lead=lead(found),
        mood="bad" if found.stale else "",
        sections=[
            *_stale(found),
            Section("Data", list(_data(found))),
            Section("Verdicts and labels that flipped", [flipped if flips else "None flipped."]),
            Section(
                "Sentences of the book",
                [reading if sentences else "Every number in prose reads as before."],
            ),
            Section("Recorded numbers", [numbers if values else "None changed."]),
            Section("Exhibits", [changed if exhibits else "None changed."]),
            *(_exhibit(one) for one in found.exhibits),
        ],
    )


def lines(found: Impact, width: int = 80) -> list[str]:
    """Return an impact as lines for a terminal, longer ones going on below, indented."""
    entries = [lead(found).replace("`", "")]
    for change in found.data:
        entries.append(f"data      {change}")
        entries += _listed("", [f"{_where(d)}: {_words(d)}" for d in change.differences])
    entries += _listed(
        "flipped", [f"{Path(d.file).stem} {d.row}: {d.before} -> {d.after}" for d in found.flips]
    )
    for one in found.sentences[:MAX_LINES]:
        entries += [f"sentence  {one.page}", f"     was  {one.before}", f"     now  {one.after}"]
    entries += _rest("sentence", len(found.sentences))
    entries += _listed(
        "exhibit", [f"{one.name}: {_extent(one)} ({one.run})" for one in found.exhibits]
    )
    if found.stale:
        names = ", ".join(one.name for one in found.stale[:MAX_LINES])
        more = f" and {len(found.stale) - MAX_LINES} more" * (len(found.stale) > MAX_LINES)
        entries.append(
            f"not rebuilt yet, so not all is shown: {names}{more}; do `compendium build` first"
        )
    wrap = textwrap.TextWrapper(
        width, subsequent_indent=INDENT, break_long_words=False, break_on_hyphens=False
    )
    return [part for line in entries for part in wrap.wrap(line)]


def _listed(word: str, entries: list[str]) -> list[str]:
    return [f"{word:<10}{one}" for one in entries[:MAX_LINES]] + _rest(word, len(entries))


def _rest(word: str, count: int) -> list[str]:
    more = f"{word:<10}... and {count - MAX_LINES} more, all on the page"
    return [more] if count > MAX_LINES else []


def _stale(found: Impact) -> Iterator[Section]:
    if found.stale:
        sentence = (
            f"{_count(len(found.stale), 'run is', 'runs are')} stale, so not all is shown that the "
            "change will change. Do `compendium build`, then `compendium impact`."
        )
        rows = [[f"`{one.name}`", one.reason] for one in found.stale]
        table = Grid(["run", "why it is stale"], rows, "Stale runs", open_rows=12)
        yield Section("Not rebuilt yet", [sentence, table])


def _data(found: Impact) -> Iterator[str | Grid]:
    if not found.data:
        yield "No file changed."
    for change in found.data:
        yield f"{change}."
        yield _cells(change.differences, f"Changes of {change.path}")


def _exhibit(one: ExhibitChange) -> Section:
    parts: list[Part] = [f"`{one.name}`, made by `{one.run}`: {_extent(one)}."]
    if one.pictures:
        parts.append(Pictures(*one.pictures, name=one.name))
    if one.differences:
        parts.append(_cells(one.differences, f"Cells of {one.name}", open_rows=12))
    return Section(one.title, parts, level=3, anchor=one.name)


def _cells(differences: Iterable[Difference], label: str, open_rows: int = 40) -> Grid:
    rows = [[d.row or ALL_ROWS, d.column, *_states(d)] for d in differences]
    return Grid(["row", "column", "before", "after"], rows, label, open_rows)


def _states(one: Difference) -> tuple[str, str]:
    if one.before or one.after:
        before, after = one.excerpts
        return before or "(empty)", after or "(empty)"
    return "", KIND_WORDS.get(one.kind, one.kind)


def _words(one: Difference) -> str:
    before, after = _states(one)
    return f"{before} -> {after}" if before else after


def _where(one: Difference) -> str:
    return ", ".join(part for part in (one.row, one.column) if part) or one.file


def _extent(one: ExhibitChange) -> str:
    """Say how much of an exhibit changed."""
    whole = [d for d in one.differences if d.kind in ("missing", "extra") and not d.row]
    if whole:
        return KIND_WORDS[whole[0].kind]
    cells = [d for d in one.differences if d.file.endswith(".csv") and d.kind != "order"]
    parts = [_count(len(cells), "cell", "cells")] if cells else []
    parts += ["the order"] * any(d.kind == "order" for d in one.differences)
    texts = [d.column for d in one.differences if not d.file.endswith(".csv")]
    parts += [f"its {FIELD_WORDS.get(text, text)}" for text in texts]
    return f"{', '.join(parts) or 'its picture'} changed"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
