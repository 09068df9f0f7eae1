"""What is wrong with a data file, in words that lead to the cell.

A fault names the file, the row as a spreadsheet numbers it (the header is row 1), the field and the
value. The phrases that several checks share are here, so that the same mistake reads the same.
"""

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from compendium.text import ALIKE

#: Up to this many allowed values are listed; of more, only the nearest is named.
LISTED = 15
#: Up to this many faults of a file are listed one by one, and few where there are very many in all.
LISTED_FAULTS, VERY_MANY, LISTED_OF_MANY = 20, 100, 3


@dataclass(frozen=True)
class Fault:
    """One departure of a file from its contract.

    `row` is None for the file as a whole; `field` may be several columns, separated by commas, or
    None for a whole row or file; `value` is the cell as written, where there is one.

    Examples
    --------
    >>> print(Fault("data/a.csv", 17, "direction", "helpz", "'helpz' is not one of helps, hinders"))
    data/a.csv, row 17, field direction: 'helpz' is not one of helps, hinders
    """

    file: str
    row: int | None
    field: str | None
    value: str | None
    message: str

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.field is not None:
            place.append(f"field {self.field}")
        return f"{', '.join(place)}: {self.message}"


class ContractError(ValueError):
    """Data files do not meet their contract; `faults` lists all, by file and row."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self.faults = list(faults)

    def __str__(self) -> str:
        many = f"{len(self.faults)} faults" if len(self.faults) != 1 else "1 fault"
        by_file: dict[str, list[Fault]] = {}
        for fault in self.faults:
            by_file.setdefault(fault.file, []).append(fault)
        listed = LISTED_FAULTS if len(self.faults) <= VERY_MANY else LISTED_OF_MANY
        lines = [f"  {line}" for found in by_file.values() for line in _lines(found, listed)]
        lines.append(
            "Correct the file; or data/datapackage.json, if it is the contract that is wrong."
        )
        if len(self.faults) > VERY_MANY:
            lines.append(
                "Tables of another study need their own descriptions there; take out of it, and of "
                "notebooks/runs.yml, what that study does not have."
            )
        return "\n".join([f"{many} in the data:", *lines])


def _lines(faults: list[Fault], listed: int) -> list[str]:
    """Return a line per fault of a file, or one sentence on all its columns where they are many."""
    if len(faults) <= listed:
        return list(map(str, faults))
    of_header: dict[str, list[str]] = {}
    of_cells: dict[str | None, list[Fault]] = {}
    for fault in faults:
        if fault.row == 1 and fault.field:
            of_header.setdefault(fault.message, []).append(fault.field)
        else:
            of_cells.setdefault(fault.field, []).append(fault)
    parts = [f"{', '.join(fields)}: {message}" for message, fields in of_header.items()]
    for field, found in of_cells.items():
        many = f"{len(found)} rows, such as " if len(found) > 1 else ""
        parts.append(f"{field or 'row'} in {many}row {found[0].row}: {found[0].message}")
    return [f"{faults[0].file}, {len(faults)} faults: {'; '.join(parts)}"]


def not_one_of(value: str, allowed: Collection[str]) -> str:
    """Say that a value is not among the allowed ones.

    Examples
    --------
    >>> not_one_of("helpz", ["helps", "hinders", "mixed", "neutral"])
    "'helpz' is not one of helps, hinders, mixed, neutral"
    """
    if len(allowed) <= LISTED:
        return f"'{value}' is not one of {', '.join(allowed)}"
    return f"'{value}' is not one of the {len(allowed)} allowed values{near(value, allowed)}"


def not_found(value: str, field: str, file: str, known: Collection[str]) -> str:
    """Say that a value does not occur in a field of another table."""
    article = "an" if field[0] in "aeiou" else "a"
    return f"'{value}' is not {article} {field} in {file}{near(value, known)}"


def near(value: str, known: Collection[str]) -> str:
    """Return a hint that names the nearest known value; empty when none is near."""
    match = difflib.get_close_matches(value, list(known), n=1, cutoff=ALIKE)
    return f"; did you mean '{match[0]}'?" if match else ""
