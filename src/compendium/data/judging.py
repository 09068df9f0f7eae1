"""What is wrong with a table, asked of three judges.

Its header and text (`reading`), its schema (`schema`, which asks frictionless) and its rules
(`rules`).
"""

from dataclasses import replace
from typing import Any

from compendium.data.contract import Contract
from compendium.data.faults import Fault
from compendium.data.reading import MISSING, UNKNOWN, Sheet, Sheets, check_header, read_sheet
from compendium.data.rules import NUMBER, check_rules
from compendium.data.schema import KINDS, check_schema


def judge(contract: Contract, names: list[str]) -> tuple[list[Fault], list[str]]:
    """Return the faults of tables and of those they refer to, and the names of sound tables."""
    faults: list[Fault] = []
    sound = []
    needed = dict.fromkeys([*names, *(o for n in names for o in contract.references(n))])
    read = {name: read_sheet(contract, name) for name in needed}
    sheets = {name: sheet for name, sheet in read.items() if isinstance(sheet, Sheet)}
    for name in needed:
        sheet = read[name]
        if isinstance(sheet, Fault):
            faults.append(sheet)  # even of a table only referred to: the others rest on it
        elif name in names:
            found = _check_sheet(contract, name, sheets)
            if not found and all(other in sheets for other in contract.references(name)):
                sound.append(name)
            faults += found
    return faults, sound


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
