"""Known deviations of a rebuild from the record: `notebooks/deviations.yml`.

Each entry lets one difference through, and only with the very value that is written there. One that
matches nothing fails too: what has gone must not stay written down.

    - place: results/tables/epic_table2.csv
      row: Mercer
      column: rate
      value: "0.914"
      reason: another release of the solver breaks this tie the other way
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bookbuilder.engine import places
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

    def covers(self, found: Difference) -> bool:
        """Say whether a difference is this one, to the letter of its value."""
        where = (self.place, self.row, self.column) == (found.place, found.row, found.column)
        return where and self.value == found.after


@dataclass(frozen=True)
class Judged:
    """Differences sorted by what is known of them."""

    unexplained: list[Difference]
    accepted: list[tuple[Difference, Deviation]]
    unused: list[Deviation]


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
    try:
        node = places.compose(text, FILE.as_posix())
    except places.YamlError as error:
        raise DeviationError(str(error)) from None
    entries = places.Node(node, FILE.as_posix()).plain() if node else None
    entries = entries or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DeviationError(f"{FILE.as_posix()}: write a list of entries with {', '.join(KEYS)}")
    faults = [
        f"entry {number}: {fault}"
        for number, entry in enumerate(entries, start=1)
        for fault in _faults(entry)
    ]
    if faults:
        raise DeviationError(f"{FILE.as_posix()}:\n  " + "\n  ".join(faults))
    return [Deviation(**{key: str(entry[key]) for key in KEYS}) for entry in entries]


def judge(found: Sequence[Difference], known: Sequence[Deviation]) -> Judged:
    """Sort differences into explained and unexplained, and name deviations that match nothing.

    Parameters
    ----------
    found
        What differs.
    known
        What is expected to.
    """
    accepted = [(one, entry) for one in found for entry in known if entry.covers(one)]
    explained = {one for one, _ in accepted}
    used = {entry for _, entry in accepted}
    return Judged(
        unexplained=[one for one in found if one not in explained],
        accepted=accepted,
        unused=[entry for entry in known if entry not in used],
    )


def _faults(entry: dict[str, Any]) -> list[str]:
    faults = [f"no key '{key}'; {nearest(str(key), KEYS)}" for key in entry if key not in KEYS]
    faults += [f"the key '{key}' is missing" for key in KEYS if key not in entry]
    faults += [
        f"write '{key}' in quotation marks, so that it is taken to the letter"
        for key in ("row", "value")
        if key in entry and not isinstance(entry[key], str)
    ]
    if not faults and not str(entry["reason"] or "").strip():
        faults.append(f"say in 'reason' why {entry['place']} may differ")
    return faults
