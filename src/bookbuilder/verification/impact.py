"""What a data fix changed: data, exhibits, sentences, verdicts.

Two states of the project are compared, a revision of git and the tree as it stands. Nothing is
executed: whatever has not been rebuilt since is named, so that nobody takes a part for the whole.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bookbuilder.engine import claims, collect, engine
from bookbuilder.verification import prose_changes, revisions, why
from bookbuilder.verification.comparison import JUDGEMENTS, Difference, compare_records
from bookbuilder.verification.data_changes import DataChange, data_change, rows_of

#: Fields of an exhibit's entry that a reader sees.
SEEN = ("caption", "note", "alt", "n", "label")
LEDGER = "results/tables/ledger_"


@dataclass(frozen=True)
class ExhibitChange:
    """One table or figure that came out otherwise.

    Attributes
    ----------
    name, title
        Its name, and its number with its caption.
    run
        The run that makes it.
    differences
        Of its cells, or of the data it draws; and of caption, note and alternative text.
    pictures
        A figure's SVG before and after, where they differ.
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
    stale: list[str]


def impact(root: Path, since: str = "HEAD") -> Impact:
    """Compare the project with a revision of git.

    Parameters
    ----------
    root
        The project's folder.
    since
        Whatever git understands.

    Raises
    ------
    RevisionError
        When there is no repository or no such revision.
    """
    commit, committed = revisions.describe(root, since)
    former = revisions.read_revision(root, commit, ["data", "results"])
    before, after = (
        revisions.only_record(former),
        revisions.only_record(revisions.read_folder(root)),
    )
    values = [_json(record, collect.VALUES) for record in (before, after)]
    found = compare_records(before, after)
    runs = engine.load_plan(root)
    return Impact(
        since=since,
        commit=commit,
        committed=committed,
        data=_data(root, former),
        exhibits=_exhibits(found, before, after),
        values=[one for one in found if one.place == collect.VALUES.as_posix()],
        sentences=prose_changes.changed_sentences(root, runs.values(), values[0], values[1]),
        flips=_flips(found),
        stale=[one.name for one in why.states(root) if one.state == "stale"],
    )


def _data(root: Path, former: dict[str, bytes]) -> list[DataChange]:
    present = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted((root / "data").rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    before = {path: content for path, content in former.items() if path.startswith("data/")}
    found = []
    for path in dict.fromkeys([*before, *present]):
        old, new = before.get(path), present.get(path)
        if old == new:
            continue
        if old is not None and new is not None and path.endswith(".csv"):
            found.append(data_change(path, old, new, root))
        else:
            kind = "extra" if old is None else "missing" if new is None else "text"
            found.append(
                DataChange(path, rows_of(path, old or new or b""), [Difference(kind, path)])
            )
    return found


def _exhibits(
    found: Iterable[Difference], before: dict[str, bytes], after: dict[str, bytes]
) -> list[ExhibitChange]:
    grouped: dict[str, list[Difference]] = {}
    for one in found:
        if one.place.startswith((revisions.TABLES, revisions.FIGURES)):
            grouped.setdefault(Path(one.place).stem, []).append(one)
        elif one.place == collect.EXHIBITS.as_posix() and one.column in SEEN:
            grouped.setdefault(one.row, []).append(one)
    entries = _json(before, collect.EXHIBITS) | _json(after, collect.EXHIBITS)
    order = {name: number for number, name in enumerate(entries)}
    return [
        _exhibit(name, entries.get(name, {}), grouped[name], before, after)
        for name in sorted(grouped, key=lambda name: order.get(name, len(order)))
        if any(one.column != "label" for one in grouped[name])  # only counted anew: no change
    ]


def _exhibit(
    name: str,
    entry: dict[str, Any],
    differences: list[Difference],
    before: dict[str, bytes],
    after: dict[str, bytes],
) -> ExhibitChange:
    title = f"{entry.get('label', name)}: {entry.get('caption', 'no longer made')}"
    svg = f"{revisions.FIGURES}/{name}.svg"
    pictures = before.get(svg), after.get(svg)
    return ExhibitChange(
        name=name,
        title=title,
        run=entry.get("run", ""),
        differences=[one for one in differences if one.kind != "picture"],
        pictures=pictures if pictures[0] != pictures[1] else None,
    )


def _flips(found: list[Difference]) -> list[Difference]:
    """Return verdicts and labels that changed; each once, where it stands first."""
    flips = [one for one in found if one.kind in JUDGEMENTS]
    if any(one.place.startswith(LEDGER) for one in flips):
        flips = [one for one in flips if one.place != claims.CLAIMS.as_posix()]
    flips.sort(key=lambda one: one.place.startswith(revisions.FIGURES))
    first: dict[tuple[str, str, str], Difference] = {}
    for one in flips:  # a figure draws, and further tables trace, what one table says
        first.setdefault((one.row.split(" / ")[0], one.before, one.after), one)
    return list(first.values())


def _json(record: dict[str, bytes], path: Path) -> dict[str, Any]:
    content = record.get(path.as_posix())
    try:
        found: dict[str, Any] = json.loads(content) if content else {}
    except ValueError as error:
        raise ValueError(
            f"{path.as_posix()} is no whole JSON file ({error}); `compendium build` makes it again"
        ) from None
    return found
