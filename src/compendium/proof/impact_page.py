"""An impact as a document, and as a few lines for a terminal."""

from collections.abc import Iterator
from pathlib import Path

from compendium.proof.compare import Difference
from compendium.proof.impact import ExhibitChange, Impact
from compendium.proof.page import Document, Grid, Pictures, Section

FOLDER = Path("_build/impact")
SHOWN = 8
WORDS = {
    "row missing": "row taken out",
    "row extra": "row added",
    "column missing": "column taken out",
    "column extra": "column added",
    "order": "in another order",
    "missing": "taken out",
    "extra": "added",
    "text": "changed",
}


def lead(found: Impact) -> str:
    """Return what changed in a sentence."""
    rows = sum(change.changed_rows for change in found.data)
    counts = [
        _count(rows, "row of data", "rows of data"),
        _count(len(found.exhibits), "exhibit", "exhibits"),
        _count(len(found.sentences), "sentence", "sentences"),
        _count(len(found.flips), "verdict or label", "verdicts and labels"),
    ]
    return f"Since `{found.commit[:10]}`: {', '.join(counts)} changed."


def document(found: Impact) -> Document:
    """Return an impact as a document with every cell that changed."""
    changed = Section("Exhibits", [] if found.exhibits else ["None changed."])
    return Document(
        title="What the change changes",
        lead=lead(found),
        mood="bad" if found.stale else "",
        sections=[
            *_stale(found),
            Section("Data", list(_data(found))),
            Section("Verdicts and labels that flipped", [_flips(found)]),
            Section("Sentences of the book", [_sentences(found)]),
            changed,
            *(_exhibit(one) for one in found.exhibits),
        ],
    )


def lines(found: Impact) -> list[str]:
    """Return an impact as lines for a terminal."""
    told = [lead(found).replace("`", "")]
    for change in found.data:
        told.append(f"data      {change}")
        told += [f"          {_where(d)}: {_words(d)}" for d in change.differences[:SHOWN]]
    told += _some("flipped  ", [f"{_name(d)}: {d.before} -> {d.after}" for d in found.flips])
    told += _some("sentence ", [f"{s.page}: {s.after}" for s in found.sentences])
    told += _some("exhibit  ", [f"{one.name}: {_size(one)} ({one.run})" for one in found.exhibits])
    if found.stale:
        told.append(
            f"not rebuilt yet, so not all is shown: {', '.join(found.stale[:SHOWN])}"
            + (f" and {len(found.stale) - SHOWN} more" if len(found.stale) > SHOWN else "")
            + "; do `compendium build` first"
        )
    return told


def _some(word: str, said: list[str]) -> list[str]:
    told = [f"{word} {one}" for one in said[:SHOWN]]
    return told + ([f"{word} ... and {len(said) - SHOWN} more"] if len(said) > SHOWN else [])


def _stale(found: Impact) -> list[Section]:
    if not found.stale:
        return []
    names = ", ".join(f"`{name}`" for name in found.stale)
    return [
        Section(
            "Not rebuilt yet",
            [f"These runs are stale, so what they will change is not shown: {names}."],
        )
    ]


def _data(found: Impact) -> Iterator[str | Grid]:
    if not found.data:
        yield "No file changed."
    for change in found.data:
        yield str(change) + "."
        rows = [[d.row, d.column, *_states(d)] for d in change.differences]
        yield Grid(["row", "column", "before", "after"], rows, f"Changes of {change.path}")


def _flips(found: Impact) -> str | Grid:
    rows = [[f"`{Path(d.place).stem}`", d.row, d.before, d.after] for d in found.flips]
    return Grid(["table", "row", "was", "is"], rows, "Flips") if rows else "None flipped."


def _sentences(found: Impact) -> str | Grid:
    rows = [[f"`{one.page}`", one.before, one.after] for one in found.sentences]
    header = ["page", "before", "after"]
    return Grid(header, rows, "Sentences") if rows else "Every number in prose reads as before."


def _exhibit(one: ExhibitChange) -> Section:
    parts: list[str | Grid | Pictures] = [f"`{one.name}`, made by `{one.run}`: {_size(one)}."]
    if one.pictures:
        parts.append(Pictures(*one.pictures, name=one.name))
    if one.differences:
        rows = [[d.row, d.column, *_states(d)] for d in one.differences]
        header = ["row", "column", "before", "after"]
        parts.append(Grid(header, rows, f"Cells of {one.name}", open_rows=12))
    return Section(one.title, parts, level=3)


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
    cells = [d for d in one.differences if d.place.endswith(".csv") and d.kind != "order"]
    texts = [d.column for d in one.differences if not d.place.endswith(".csv")]
    said = [_count(len(cells), "cell", "cells")] if cells else []
    said += ["the order"] * any(d.kind == "order" for d in one.differences)
    said += [f"its {text}" for text in texts]
    return f"{', '.join(said) or 'its picture'} changed"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
