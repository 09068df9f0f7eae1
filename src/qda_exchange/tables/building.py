"""Collecting the rows of any table into a project.

Each format's module says what a row means; here rows become units, applications and codes, with
the same rules for all: a passage named twice is one unit, a code is known by its name or path, the
same coding twice counts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from qda_exchange.guard import Guard
from qda_exchange.model import (
    CODE_COLUMNS,
    COLUMNS,
    SOURCE_COLUMNS,
    UNIT_COLUMNS,
    UNIT_TYPES,
    CodedProject,
    finite,
    table,
    without_repeats,
)
from qda_exchange.naming import name_codes
from qda_exchange.report import DEVIATION, DROPPED


class Unit(NamedTuple):
    """A unit as a row gives it; the fields of the long table that are the unit's."""

    source: str | None
    case: str | None
    site: str | None
    role: str | None
    start: int | None
    end: int | None
    unit: str


def cell(row: Sequence[str], at: dict[str, int], column: str) -> str | None:
    """Return a cell without blanks around it; None when it is empty or the column is not there.

    Examples
    --------
    >>> cell([" Mercer "], {"site": 0}, "site"), cell([""], {"site": 0}, "site")
    ('Mercer', None)
    """
    return row[at[column]].strip() or None if column in at else None


@dataclass
class Table:
    """What every reader of tables is given, and what it collects.

    Parameters
    ----------
    guard
        The file that is being read.
    site, role
        Names of the columns that are the site and the role, in any letter case.
    coder
        Who coded, where the format does not say.
    """

    guard: Guard
    site: str = "site"
    role: str = "role"
    coder: str | None = None
    _units: dict[Unit, int] = field(default_factory=dict)
    _texts: list[str | None] = field(default_factory=list)
    _codes: dict[tuple[str, ...], bool] = field(default_factory=dict)
    _applied: list[tuple[int, tuple[str, ...], str | None, str | None, float | None]] = field(
        default_factory=list
    )

    def add_unit(self, unit: Unit, text: str | None = None) -> int:
        """Take in a unit and return its number; a unit that is there keeps its number."""
        self.guard.bound(len(self._units), "units")
        number = self._units.setdefault(unit, len(self._units))
        if number == len(self._texts):
            self._texts.append(text or None)
        return number

    def apply(
        self,
        unit: int,
        path: Sequence[str],
        coder: str | None = None,
        direction: str | None = None,
        weight: float | None = None,
    ) -> None:
        """Take in one code, given by its path from the top, applied to a unit."""
        self.guard.bound(len(self._applied), "applications")
        self._applied.append(
            (unit, self.add_code(path), coder or self.coder, direction or None, weight)
        )

    def add_code(self, path: Sequence[str]) -> tuple[str, ...]:
        """Take in a code and, as folders, the codes above it."""
        key = tuple(path)
        for depth in range(1, len(key)):
            self._codes.setdefault(key[:depth], False)
        self._codes[key] = True
        self.guard.bound(len(self._codes) - 1, "codes")
        return key

    def people(self, header: Sequence[str]) -> dict[str, int]:
        """Return where the columns of site and role are, if the table has them."""
        lower = [name.lower() for name in header]
        wanted = {"site": self.site.lower(), "role": self.role.lower()}
        return {column: lower.index(name) for column, name in wanted.items() if name in lower}

    def drop_columns(self, header: Sequence[str], used: set[int]) -> None:
        """Report the columns that the long table has no place for."""
        for position, name in enumerate(header):
            if position not in used:
                self.guard.report.add(DROPPED, "column without a place in the long table", "", name)

    def number(self, text: str, place: str, what: str) -> float | None:
        """Read a number; report what is none."""
        value = finite(text)
        if value is None and text.strip():
            self.guard.report.add(DEVIATION, f"{what} that is no number, left empty", place, text)
        return value

    def project(self) -> CodedProject:
        """Put together what was taken in."""
        keys = list(self._codes)
        row = {key: position for position, key in enumerate(keys)}
        parents = [row[key[:-1]] if len(key) > 1 else -1 for key in keys]
        named = name_codes([key[-1] for key in keys], parents, self.guard.report)
        meant = dict(zip(keys, named.meant, strict=True))
        units = pd.DataFrame(list(self._units), columns=list(UNIT_TYPES))
        codes = {
            "code": named.names,
            "parent": named.parents,
            "codable": [self._codes[keys[position]] for position in named.kept],
        }
        rows = [
            (coder, meant[key][0], direction or meant[key][1], weight)
            for _, key, coder, direction, weight in self._applied
        ]
        applied = pd.DataFrame(rows, columns=["coder", "code", "direction", "weight"])
        coded = units.iloc[[unit for unit, *_ in self._applied]].reset_index(drop=True)
        applied = pd.concat([coded, applied], axis="columns")
        units["text"] = pd.array(self._texts, dtype="str")
        sources = {"source": units["source"].dropna().unique(), "kind": "text"}
        return CodedProject(
            applications=without_repeats(table(applied, COLUMNS), self.guard.report),
            units=table(units, UNIT_COLUMNS),
            codes=table(codes, CODE_COLUMNS),
            sources=table(sources, SOURCE_COLUMNS),
        )
