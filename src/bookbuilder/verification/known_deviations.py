"""Known deviations of a rebuild from the record: `notebooks/deviations.yml`.

Each entry lets one difference through, and only with the very value that is written there. One that
matches nothing fails too: what has gone must not stay written down.

    - place: results/tables/epic_table2.csv
      row: Mercer
      column: rate
      value: "0.914"
      reason: another release of the solver breaks this tie the other way
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bookbuilder.plan import yaml_lines
from bookbuilder.verification.comparison import Difference
from compendium.text import nearest

FILE = Path("notebooks/deviations.yml")
KEYS = ("place", "row", "column", "value", "reason")


class DeviationError(ValueError):
    """The file of known deviations is wrong; lists every fault."""


@dataclass(frozen=True)
class Deviation:
    """A difference that is expected, and why."""

    place: str
    row: str
    column: str
    value: str
    reason: str

    def covers(self, difference: Difference) -> bool:
        """Say whether a difference is this one, to the letter of its value."""
        expected = (self.place, self.row, self.column, self.value)
        return expected == (difference.file, difference.row, difference.column, difference.after)


@dataclass(frozen=True)
class SortedDifferences:
    """Differences by what is known of them, and known deviations that match none."""

    unexplained: list[Difference] = field(default_factory=list)
    accepted: list[tuple[Difference, Deviation]] = field(default_factory=list)
    unused: list[Deviation] = field(default_factory=list)

    @property
    def none_unexpected(self) -> bool:
        """Whether every difference is explained, and every explanation used."""
        return not (self.unexplained or self.unused)


def sort_differences(
    differences: Sequence[Difference], known: Sequence[Deviation]
) -> SortedDifferences:
    """Sort differences into explained and unexplained, and name deviations that match nothing."""
    accepted = [(one, entry) for one in differences for entry in known if entry.covers(one)]
    explained, used = {one for one, _ in accepted}, {entry for _, entry in accepted}
    return SortedDifferences(
        unexplained=[one for one in differences if one not in explained],
        accepted=accepted,
        unused=[entry for entry in known if entry not in used],
    )


def parse(text: str) -> list[Deviation]:
    """Read the file of known deviations.

    Raises
    ------
    DeviationError
        When an entry lacks a reason, or has a key missing or unknown.

    Examples
    --------
    >>> parse("- {place: a.csv, row: x, column: n, value: '3', reason: ''}")
    Traceback (most recent call last):
    bookbuilder.verification.known_deviations.DeviationError: notebooks/deviations.yml:
      entry 1: say in 'reason' why a.csv may differ
    """
    file = FILE.as_posix()
    try:
        node = yaml_lines.compose(text, file)
    except yaml_lines.YamlError as error:
        raise DeviationError(str(error)) from None
    entries = (yaml_lines.Node(node, file).plain() if node else None) or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DeviationError(f"{file}: write a list of entries with {', '.join(KEYS)}")
    faults = [
        f"entry {number}: {fault}"
        for number, entry in enumerate(entries, start=1)
        for fault in _faults(entry)
    ]
    if faults:
        raise DeviationError("\n  ".join([f"{file}:", *faults]))
    return [Deviation(**{key: str(entry[key]) for key in KEYS}) for entry in entries]


def _faults(entry: dict[str, Any]) -> Iterator[str]:
    yield from (f"no key '{key}'; {nearest(str(key), KEYS)}" for key in entry if key not in KEYS)
    yield from (f"the key '{key}' is missing" for key in KEYS if key not in entry)
    for key in ("row", "value"):
        if not isinstance(entry.get(key, ""), str):
            yield f"write '{key}' in quotation marks, so that it is taken to the letter"
    if not str(entry.get("reason", "-") or "").strip():
        yield f"say in 'reason' why {entry.get('place')} may differ"
