"""Checking tables against the contract: all faults of all files at once.

Three judges look at a table: its header and text (`reading`), its schema (`schema`, which asks
frictionless) and its rules (`rules`). A table whose bytes passed before is not checked again (see
`check_cache`).
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from compendium import context
from compendium.data import check_cache
from compendium.data.contract import Contract, read_contract
from compendium.data.faults import Fault
from compendium.data.reading import MISSING, UNKNOWN, Sheet, Sheets, check_header, read_sheet
from compendium.data.rules import NUMBER, check_rules
from compendium.data.schema import KINDS, check_schema


def check(names: Iterable[str] | None = None, root: Path | None = None) -> list[Fault]:
    """Check tables against the contract and return every fault of every file.

    Parameters
    ----------
    names
        Tables to check; all by default. ValueError when there is none of a name.

    Returns
    -------
    list of Fault
        In the order of the contract, then of the rows; empty when all is well.

    Examples
    --------
    >>> check(["codebook"])
    []
    """
    contract = read_contract(root)
    return check_tables(contract, contract.resources if names is None else names)


def check_tables(contract: Contract, names: Iterable[str]) -> list[Fault]:
    """Check tables of a contract that has been read already; see `check`."""
    with context.looking_up():
        return _faults(contract, names)


def _faults(contract: Contract, names: Iterable[str]) -> list[Fault]:
    faults: list[Fault] = []
    waiting = [name for name in names if not check_cache.passed(contract, name)]
    needed = dict.fromkeys([*waiting, *(o for n in waiting for o in contract.references(n))])
    read = {name: read_sheet(contract, name) for name in needed}
    sheets = {name: sheet for name, sheet in read.items() if isinstance(sheet, Sheet)}
    for name in needed:
        sheet = read[name]
        if isinstance(sheet, Fault):
            faults.append(sheet)  # even of a table only referred to: the others rest on it
        elif name in waiting:
            found = _check_sheet(contract, name, sheets)
            if not found and all(other in sheets for other in contract.references(name)):
                check_cache.remember(contract, name)
            faults += found
    return faults


def _check_sheet(contract: Contract, name: str, sheets: Sheets) -> list[Fault]:
    sheet, fields = sheets[name], contract.resource(name)["schema"]["fields"]
    expected = [field["name"] for field in fields]
    header = [_listed(fault, fields) for fault in check_header(sheet, expected)]
    if not set(expected) & set(sheet.labels):
        return header
    found = [
        *_check_plain_numbers(sheet, fields),
        *check_schema(contract, name, sheets),
        *check_rules(contract, name, sheets),
    ]
    place = {field: position for position, field in enumerate(expected)}
    found.sort(key=lambda f: (f.row or 0, place.get((f.field or "").split(",")[0], -1)))
    return [*header, *_one_per_cell(found)]


def _listed(fault: Fault, fields: list[dict[str, Any]]) -> Fault:
    """Say of a column of an item, missing or unknown, where the instrument is to be changed."""
    places = {field["name"]: field["listed"] for field in fields if "listed" in field}
    if fault.field in places and fault.message == MISSING:
        more = f"{places[fault.field]} lists its item: add the column, or take that row out"
    elif places and fault.field not in places and fault.message == UNKNOWN:
        more = f"a new question needs a row in {next(iter(places.values())).partition(',')[0]}"
    else:
        return fault
    return replace(fault, message=f"{fault.message}; {more}")


def _one_per_cell(faults: list[Fault]) -> list[Fault]:
    """Keep the first fault of a cell: what follows from it is no news."""
    first: dict[tuple[int | None, str | None], Fault] = {}
    for fault in faults:
        first.setdefault((fault.row, fault.field), fault)
    return list(first.values())


def _check_plain_numbers(sheet: Sheet, fields: list[dict[str, Any]]) -> list[Fault]:
    """Refuse what a number type lets pass but nobody means: NaN, INF, 1_000, spaces."""
    kinds = {f["name"]: KINDS[f["type"]] for f in fields if f["type"] in ("integer", "number")}
    return [
        Fault(sheet.file, number, name, row[name], f"'{row[name]}' is not {kind}")
        for number, row in sheet.numbered()
        for name, kind in kinds.items()
        if row.get(name) and not NUMBER.fullmatch(row[name])
    ]
