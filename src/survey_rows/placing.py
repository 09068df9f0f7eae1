"""Putting every cell where it belongs, and saying of each that could not be put where it stands."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from compendium import data, files
from compendium.data.checks import check_tables
from compendium.data.contract import read_contract
from compendium.text import listed
from survey_rows.mapping import RowMapping, names
from survey_rows.sources import Source
from survey_rows.wanted import IDENTIFIER, ORIGIN, ROSTER, TABLES, Field, plain

COLLECTED = "collected"
UNCHOSEN = {"", "0", "00", "no", "n", "false", "off", "notselected", "unchecked", "notchecked"}
SEVERAL = "Multiple"


@dataclass
class Placed:
    """Rows for the survey's tables, sentences on cells without a place, notes on what was left out.

    `lost` holds the cells by file with column and by the reason: number of the row and value.
    """

    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: {t: [] for t in TABLES})
    notes: list[str] = field(default_factory=list)
    lost: defaultdict[tuple[str, str], list[tuple[int, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def problems(self) -> list[str]:
        """Return one sentence for all cells of a column that have no place for the same reason."""
        told = []
        for (place, why), cells in self.lost.items():
            values = list(dict.fromkeys(repr(value) for _, value in cells))
            where = _numbers([number for number, _ in cells])
            told.append(f"{place}: {listed(values)} in {where}: {why}")
        if not self.rows[ROSTER]:
            told.append("no file holds the roster: give the file of everybody who was asked")
        return told


def place(sources: list[Source], mapping: RowMapping, fields: list[Field]) -> Placed:
    """Put the cells of files into the survey's tables, under a mapping that is settled."""
    placed = Placed()
    seen: dict[tuple[bool, str], tuple[str, int]] = {}
    for source in sources:
        if not mapping.columns[source.name].get(IDENTIFIER):
            raise ValueError(f"{source.name}: no column is mapped to {IDENTIFIER}; name one")
        _place_file(source, mapping, fields, placed, seen)
    asked = {row[IDENTIFIER] for row in placed.rows[ROSTER]}
    for (on_roster, name), (file, number) in seen.items():
        if asked and not on_roster and name not in asked:
            who = f"{file}, column {mapping.columns[file][IDENTIFIER]}"
            placed.lost[who, "is not on the roster"].append((number, name))
    return placed


def _place_file(
    source: Source,
    mapping: RowMapping,
    fields: list[Field],
    placed: Placed,
    seen: dict[tuple[bool, str], tuple[str, int]],
) -> None:
    columns, file, silent = mapping.columns[source.name], source.name, []
    who = f"{file}, column {columns[IDENTIFIER]}"
    for number, cells in source.rows:
        if plain(cells.get(ORIGIN, "")) not in ("", COLLECTED):
            raise ValueError(
                f"{file}, row {number}, column {ORIGIN}: {cells[ORIGIN]!r}; such rows do not "
                "become collected ones. If they are, take that column out"
            )
        name = cells[columns[IDENTIFIER]]
        if not name:
            placed.lost[who, "nobody is named"].append((number, ""))
        for table in mapping.tables[file] if name else ():
            row = {}
            for one in fields:
                if one.levels and one.item == (table != ROSTER):
                    column = columns.get(one.name)
                    row[one.name], value, why = _answer(one, column, cells, mapping.answers)
                    if why:
                        place = f"{file}, column {', '.join(names(column))}"
                        placed.lost[place, why].append((number, value))
            if table != ROSTER and not any(row.values()):
                silent.append(number)
                continue
            before = seen.setdefault((table == ROSTER, name), (file, number))
            if before != (file, number):
                at = f", row {before[1]}" if before[0] == file else ""
                told = f"is already in {before[0]}{at}; keep one of the rows"
                placed.lost[who, told].append((number, name))
            placed.rows[table].append({IDENTIFIER: name, ORIGIN: COLLECTED} | row)
    if silent:
        note = f"{file}: no answer at all, so no respondent, in {_numbers(silent)}"
        placed.notes.append(note)
    used = {name for column in columns.values() if column for name in names(column)}
    unused = [column for column in source.questions if column not in {*used, ORIGIN}]
    if unused:
        placed.notes.append(f"{file}: not taken: {', '.join(unused)}")


def _answer(
    one: Field, column: Any, cells: dict[str, str], answers: dict[str, dict[str, Any]]
) -> tuple[str, str, str]:
    """Return our answer (for several cells, the chosen), what stood there, and why it is lost."""
    if column is None:
        return "", "", "" if one.item else f"no column is mapped to {one.name}; name one"
    if isinstance(column, dict):
        chosen = [ours for theirs, ours in column.items() if plain(cells[theirs]) not in UNCHOSEN]
        if len(chosen) < 2 or SEVERAL in one.levels:
            return SEVERAL if len(chosen) > 1 else "".join(chosen), "", ""
        why = f"several answers to {one.name}, which takes one; empty all but one"
        return "", "; ".join(chosen), why
    value = cells[column]
    for key in (one.name, one.answers):
        if value in answers.get(key, {}):
            return str(answers[key][value]), value, ""
    same = [level for level in one.levels if plain(level) == plain(value)]
    if same or (one.item and not value):
        return "".join(same[:1]), value, ""
    why = f"is no answer to {one.name}; say under answers, {one.answers}, what it means"
    return "", value, why


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


def write(placed: Placed, root: Path) -> list[str]:
    """Check the rows under the contract and write all three files, or none of them.

    Returns the path of each file with its rows; `compendium.data.ContractError` when the rows break
    the contract.
    """
    contract, contents = read_contract(root), {}
    for table, rows in placed.rows.items():
        header = [one["name"] for one in contract.resource(table)["schema"]["fields"]]
        frame = pd.DataFrame(rows, columns=header).fillna("")
        contents[table] = frame.to_csv(index=False, lineterminator="\n").encode()
    faults = check_tables(contract.with_contents(contents), TABLES)
    if faults:
        raise data.ContractError(faults)
    files.write_all((content, root / contract.file(t)) for t, content in contents.items())
    return [f"{contract.file(t)}  {len(placed.rows[t])} rows, {COLLECTED}" for t in TABLES]
