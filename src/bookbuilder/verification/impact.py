"""What a data fix changed: data, exhibits, sentences, verdicts.

Two states of the project are compared, a revision of git and the tree as it stands. Nothing is
executed: whatever has not been rebuilt since is named, so that nobody takes a part for the whole.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bookbuilder.engine import collect, engine
from bookbuilder.verification import prose_changes, revisions, why
from bookbuilder.verification.comparison import VERDICT_COLUMNS, Difference, compare_records
from bookbuilder.verification.data_changes import DataChange, count_rows, data_change

#: Fields of an exhibit's entry that a reader sees.
VISIBLE_FIELDS = ("caption", "note", "alt", "n", "label")
LEDGER_TABLES = "results/tables/ledger_"


@dataclass(frozen=True)
class ExhibitChange:
    """One table or figure that came out otherwise; its title is number and caption.

    Differences are of its cells, or of the data it draws, and of caption, note and alternative
    text; pictures are a figure's SVG before and after, where they differ.
    """

    name: str
    title: str
    run: str
    differences: list[Difference]
    pictures: tuple[bytes | None, bytes | None] | None = None


@dataclass(frozen=True)
class Impact:
    """Everything that changed since a revision."""

    since: str
    commit: str
    committed: str
    data: list[DataChange]
    exhibits: list[ExhibitChange]
    values: list[Difference]
    sentences: list[prose_changes.Sentence]
    flips: list[Difference]
    stale: list[why.RunState]


def impact(root: Path, since: str = "HEAD") -> Impact:
    """Compare the project with a revision of git.

    Raises RevisionError when there is no repository or no such revision, ValueError when either
    state of the record is no JSON, as where a merge left its marks.
    """
    commit, committed = revisions.describe(root, since)
    old_files = revisions.read_revision(root, commit, ["data", "results"])
    before, after = revisions.only_record(old_files), revisions.read_folder(root)
    was = _Record(before, f" in {since}", "compare with another revision (`--since`)")
    now = _Record(after, "", "`compendium build` writes it anew")
    found = compare_records(before, after)
    runs = engine.load_plan(root).values()
    return Impact(
        since=since,
        commit=commit,
        committed=committed,
        data=list(_data_changes(root, old_files)),
        exhibits=list(_exhibit_changes(found, was, now)),
        values=[one for one in found if one.file == collect.VALUES.as_posix()],
        sentences=prose_changes.changed_sentences(root, runs, was.values, now.values),
        flips=_flips(found),
        stale=[one for one in why.states(root) if one.state == "stale"],
    )


class _Record:
    """A state of the record: its files, and the entries of exhibits and values."""

    def __init__(self, contents: dict[str, bytes], where: str, remedy: str) -> None:
        self.contents = contents
        self.exhibits = self._entries(collect.EXHIBITS.as_posix(), where, remedy)
        self.values = self._entries(collect.VALUES.as_posix(), where, remedy)

    def _entries(self, path: str, where: str, remedy: str) -> dict[str, Any]:
        try:
            entries: dict[str, Any] = json.loads(self.contents.get(path, b"{}"))
        except ValueError as error:  # as where a merge left its marks
            raise ValueError(f"{path}{where} is broken JSON ({error}); {remedy}") from None
        return entries


def _data_changes(root: Path, old_files: dict[str, bytes]) -> Iterator[DataChange]:
    after = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted((root / "data").rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    before = {path: content for path, content in old_files.items() if path.startswith("data/")}
    for path in dict.fromkeys([*before, *after]):
        old, new = before.get(path), after.get(path)
        if old is not None and new is not None and path.endswith(".csv"):
            if old != new:
                yield data_change(path, old, new, root)
        elif old != new:
            kind = "extra" if old is None else "missing" if new is None else "text"
            yield DataChange(path, count_rows(path, old or new or b""), [Difference(kind, path)])


def _exhibit_changes(
    found: Iterable[Difference], was: _Record, now: _Record
) -> Iterator[ExhibitChange]:
    grouped: dict[str, list[Difference]] = {}
    for one in found:
        if one.file.startswith((revisions.TABLES, revisions.FIGURES)):
            grouped.setdefault(Path(one.file).stem, []).append(one)
        elif one.file == collect.EXHIBITS.as_posix() and one.column in VISIBLE_FIELDS:
            grouped.setdefault(one.row, []).append(one)
    entries = was.exhibits | now.exhibits
    order = {name: number for number, name in enumerate(entries)}
    for name in sorted(grouped, key=lambda name: order.get(name, len(order))):
        differences = grouped[name]
        if all(one.column == "label" for one in differences):
            continue  # only numbered anew
        entry = entries.get(name, {})
        svg = f"{revisions.FIGURES}/{name}.svg"
        pictures = was.contents.get(svg), now.contents.get(svg)
        yield ExhibitChange(
            name=name,
            title=f"{entry.get('label', name)}: {entry.get('caption', 'no longer made')}",
            run=entry.get("run", ""),
            differences=[one for one in differences if one.kind != "picture"],
            pictures=pictures if pictures[0] != pictures[1] else None,
        )


def _flips(found: list[Difference]) -> list[Difference]:
    """Return verdicts and labels that changed; each once, where it stands first."""
    flips = [one for one in found if one.kind in VERDICT_COLUMNS]
    if any(one.file.startswith(LEDGER_TABLES) for one in flips):
        flips = [one for one in flips if one.file != collect.CLAIMS.as_posix()]
    flips.sort(key=lambda one: one.file.startswith(revisions.FIGURES))
    first: dict[tuple[str, str, str], Difference] = {}
    for one in flips:  # a figure draws, and further tables trace, what one table says
        first.setdefault((one.row.split(" / ")[0], one.before, one.after), one)
    return list(first.values())
