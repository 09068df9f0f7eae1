"""Putting every cell where it belongs, and saying of each that could not be put where it stands."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bookbuilder.rows.mapping import RowMapping
from bookbuilder.rows.sources import Source
from bookbuilder.rows.wanted import IDENTIFIER, ORIGIN, ROSTER, TABLES, Field, plain
from compendium import data, files
from compendium.data.checks import check_tables
from compendium.data.contract import read_contract

COLLECTED, RECONSTRUCTED = "collected", "reconstructed"
UNCHOSEN = {"", "0", "no", "n", "false", "off", "notselected", "unchecked", "notchecked"}
SEVERAL = "Multiple"


@dataclass
class Placed:
    """Rows for the survey's tables, and what could not be placed.

    Parameters
    ----------
    rows
        For each table its rows: cells by field.
    problems
        Sentences on the cells that could not be placed, each with file, column, value and rows.
    notes
        What was left out, and why.
    """

    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: {t: [] for t in TABLES})
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def place(sources: list[Source], mapping: RowMapping, fields: list[Field]) -> Placed:
    """Put the cells of files into the survey's tables, under a mapping that is settled."""
    placed = Placed()
    seen: dict[tuple[str, str], str] = {}
    for source in sources:
        tables = mapping.tables[source.name]
        _Placing(source, mapping, placed, seen).run(tables, fields)
        used = {name for c in mapping.columns[source.name].values() for name in _columns(c)}
        unused = [column for column in source.questions if column not in used]
        if unused:
            placed.notes.append(f"{source.name}: not taken: {', '.join(unused)}")
    asked = {row[IDENTIFIER] for row in placed.rows[ROSTER]}
    if not asked:
        placed.problems.append("no file holds the roster: give the file of everybody who was asked")
    for (kind, name), where in seen.items():
        if kind != ROSTER and asked and name not in asked:
            placed.problems.append(f"{where}: {name!r} is not on the roster")
    return placed


def _columns(column: Any) -> list[str]:
    return list(column) if isinstance(column, dict) else [column]


class _Placing:
    """The cells of one file."""

    def __init__(
        self,
        source: Source,
        mapping: RowMapping,
        placed: Placed,
        seen: dict[tuple[str, str], str],
    ) -> None:
        self.source, self.answers, self.placed, self.seen = source, mapping.answers, placed, seen
        self.columns = mapping.columns[source.name]
        self.lost: dict[tuple[str, str, str], list[int]] = defaultdict(list)

    def run(self, tables: list[str], fields: list[Field]) -> None:
        """Place every row of the file."""
        self._refuse_reconstructed()
        silent = []
        for number, cells in self.source.rows:
            name = cells[self.columns[IDENTIFIER]]
            if not name:
                self.lost[self.columns[IDENTIFIER], "", "nobody is named"].append(number)
                continue
            for table in tables:
                wanted = [f for f in fields if f.levels and f.item == (table != ROSTER)]
                row = {f.name: self._cell(f, cells, number) for f in wanted}
                if table != ROSTER and not any(row.values()):
                    silent.append(number)
                    continue
                self._refuse_twice(table, name, number)
                start = {IDENTIFIER: name, ORIGIN: COLLECTED}
                self.placed.rows[table].append(start | row)
        if silent:
            note = f"{self.source.name}: no answer at all, so no respondent, in {_numbers(silent)}"
            self.placed.notes.append(note)
        for (column, value, why), numbers in self.lost.items():
            told = f"{self.source.name}, column {column}: {value!r} in {_numbers(numbers)}: {why}"
            self.placed.problems.append(told)

    def _cell(self, one: Field, cells: dict[str, str], number: int) -> str:
        column = self.columns.get(one.name)
        if isinstance(column, dict):
            return self._chosen(one, column, cells, number)
        if column is None:
            return ""
        value = cells[column]
        for key in (one.name, one.answers):
            if value in (known := self.answers.get(key, {})) and known[value] is not None:
                return str(known[value])
        same = [level for level in one.levels if plain(level) == plain(value)]
        if same or (not value and one.item):
            return same[0] if same else ""
        why = f"is no answer to {one.name}; say under answers, {one.answers}, what it means"
        self.lost[column, value, why].append(number)
        return ""

    def _chosen(
        self, one: Field, columns: dict[str, str], cells: dict[str, str], number: int
    ) -> str:
        """Return the answer that is chosen among several columns."""
        chosen = [ours for c, ours in columns.items() if plain(cells[c]) not in UNCHOSEN]
        if len(chosen) > 1 and SEVERAL in one.levels:
            return SEVERAL
        if len(chosen) > 1:
            why = f"several answers to {one.name}, which takes one; empty all but one"
            self.lost[", ".join(columns), "; ".join(chosen), why].append(number)
            return ""
        return chosen[0] if chosen else ""

    def _refuse_twice(self, table: str, name: str, number: int) -> None:
        kind = ROSTER if table == ROSTER else "answers"
        here = f"{self.source.name}, row {number}"
        if (kind, name) in self.seen:
            told = f"{here}: {name!r} is already in {self.seen[kind, name]}; keep one of the rows"
            self.placed.problems.append(told)
        self.seen[kind, name] = here

    def _refuse_reconstructed(self) -> None:
        for number, cells in self.source.rows:
            if cells.get(ORIGIN) == RECONSTRUCTED:
                raise ValueError(
                    f"{self.source.name}, row {number}, column {ORIGIN}: {RECONSTRUCTED!r}; such "
                    "rows do not become collected ones. If they are, take that column out"
                )


def _numbers(numbers: list[int]) -> str:
    """Say which rows, runs of them together.

    Examples
    --------
    >>> _numbers([4, 5, 6, 9]), _numbers([2])
    ('rows 4-6, 9', 'row 2')
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    listed = ", ".join(f"{a}-{b}" if b > a else str(a) for a, b in runs)
    return f"{'rows' if len(set(numbers)) > 1 else 'row'} {listed}"


def write(placed: Placed, root: Path) -> Iterator[str]:
    """Check the rows under the contract and write all three files, or none of them.

    Yields
    ------
    str
        The path of each file and its rows.

    Raises
    ------
    compendium.data.ContractError
        When the rows break the contract; nothing is written then.
    """
    contract, contents = read_contract(root), {}
    for table in TABLES:
        header = [f["name"] for f in contract.resource(table)["schema"]["fields"]]
        out = io.StringIO()
        writer = csv.DictWriter(out, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(placed.rows[table])
        contents[table] = out.getvalue().encode()
    faults = check_tables(read_contract(root).with_contents(contents), TABLES)
    if faults:
        raise data.ContractError(faults)
    files.write_all((content, root / contract.file(t)) for t, content in contents.items())
    for table in TABLES:
        yield f"{contract.file(table)}  {len(placed.rows[table])} rows, {COLLECTED}"
