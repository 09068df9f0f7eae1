"""What frictionless finds in a table, as plain sentences.

Types, constraints, primary and foreign keys are frictionless's to judge. It is handed the text of
the tables (not the files, whose dialect it would guess), and each of its errors becomes a fault
that names the field, the value and the limit. It is imported only when something is to be checked.
"""

import copy
import importlib
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from compendium.data.contract import DESCRIPTOR, Contract
from compendium.data.faults import Fault, near, not_found, not_one_of
from compendium.data.reading import Sheet, Sheets

KINDS = {"integer": "a whole number", "number": "a number", "boolean": "true or false"}

BREACHES = {
    "minimum": "is below the least allowed value",
    "maximum": "is above the greatest allowed value",
    "pattern": "does not have the form",
}
#: Errors about a row as a whole; its cells are then not judged one by one.
ROW_ERRORS = ("blank-row", "extra-cell", "missing-cell")


def check_schema(contract: Contract, name: str, sheets: Sheets) -> list[Fault]:
    """Return the faults of a table under its schema.

    `sheets` holds its text and that of the tables its foreign keys refer to; a key that refers to a
    table that could not be read is passed over.
    """
    frictionless = _import_frictionless()
    table = _inline(contract, name, sheets)
    tables = [table, *_referred(contract, table, sheets)]
    try:
        package = frictionless.Package.from_descriptor({"name": "tables", "resources": tables})
    except frictionless.FrictionlessException as refusal:
        reasons = refusal.reasons or [refusal.error]
        return [Fault(DESCRIPTOR, None, None, None, f"{name}: {one.note}") for one in reasons]
    errors: list[Any] = package.get_resource(name).validate(limit_errors=1_000_000).tasks[0].errors
    whole = {error.row_number: error for error in errors if error.type in ROW_ERRORS}
    faults = [_row_fault(sheets[name], error) for error in whole.values()]
    for error in errors:
        if error.row_number not in whole:
            faults += _TRANSLATIONS.get(error.type, _other)(contract, name, sheets, error)
    return faults


def _import_frictionless() -> Any:
    """Import frictionless, half a second, only when there is something to check.

    jsonschema, which it uses, would also compile 38 grammars for a format that no schema here has:
    two more seconds, unless their module cannot be found.
    """
    unused = "rfc3987_syntax"
    spare = not {unused, "jsonschema"} & set(sys.modules)
    if spare:
        sys.modules[unused] = None  # type: ignore[assignment]
    try:
        importlib.import_module("jsonschema")
        return importlib.import_module("frictionless")
    finally:
        if spare:
            del sys.modules[unused]


def _inline(contract: Contract, name: str, sheets: Sheets) -> dict[str, Any]:
    """Describe a table with its text, reduced to the columns that contract and file share."""
    schema, sheet = contract.resource(name)["schema"], sheets[name]
    fields = [field for field in schema["fields"] if field["name"] in sheet.labels]
    labels = [field["name"] for field in fields]
    reduced: dict[str, Any] = {"fields": fields}
    if set(schema.get("primaryKey", ["?"])) <= set(labels):
        reduced["primaryKey"] = schema["primaryKey"]
    reduced["foreignKeys"] = [
        key
        for key in schema.get("foreignKeys", [])
        if set(key["fields"]) <= set(labels) and _answers(key["reference"], name, sheets)
    ]
    rows = sheet.rows if labels == sheet.labels else _pick(sheet, labels)
    own = copy.deepcopy(reduced)  # frictionless may change what it is given
    return {"name": name, "type": "table", "data": [labels, *rows], "schema": own}


def _referred(
    contract: Contract, table: dict[str, Any], sheets: Sheets
) -> Iterator[dict[str, Any]]:
    """Describe the tables that foreign keys refer to, reduced to the columns they look into."""
    looked: dict[str, set[str]] = defaultdict(set)
    for key in table["schema"]["foreignKeys"]:
        if key["reference"]["resource"] not in ("", table["name"]):
            looked[key["reference"]["resource"]] |= set(key["reference"]["fields"])
    for other, labels in looked.items():
        fields = [f for f in contract.resource(other)["schema"]["fields"] if f["name"] in labels]
        names = [field["name"] for field in fields]
        rows = _pick(sheets[other], names)
        yield {
            "name": other,
            "type": "table",
            "data": [names, *rows],
            "schema": {"fields": [{"name": f["name"], "type": f["type"]} for f in fields]},
        }


def _answers(reference: dict[str, Any], name: str, sheets: Sheets) -> bool:
    other = sheets.get(reference["resource"] or name)  # empty: the table refers to itself
    return other is not None and set(reference["fields"]) <= set(other.labels)


def _pick(sheet: Sheet, labels: list[str]) -> list[list[str]]:
    places = [sheet.labels.index(label) for label in labels]
    return [[cells[p] if p < len(cells) else "" for p in places] for cells in sheet.rows]


def _row_fault(sheet: Sheet, error: Any) -> Fault:
    if error.type == "blank-row":
        return Fault(sheet.file, error.row_number, None, None, "the row is blank; delete it")
    cells = len(sheet.rows[error.row_number - 2])
    message = (
        f"the row has {cells} cells and the header {len(sheet.labels)}; "
        "a cell with a comma in it needs quotation marks around it"
    )
    return Fault(sheet.file, error.row_number, None, None, message)


def _type(contract: Contract, name: str, sheets: Sheets, error: Any) -> list[Fault]:
    declared = _field(contract, name, error.field_name)["type"]
    kind = KINDS.get(declared, f"a {declared}")
    return [_cell_fault(contract, name, error, f"'{error.cell}' is not {kind}")]


def _constraint(contract: Contract, name: str, sheets: Sheets, error: Any) -> list[Fault]:
    constraint = error.note.split('"')[1]
    limit = _field(contract, name, error.field_name)["constraints"][constraint]
    if constraint == "required":
        message = "the cell is empty; it needs a value"
    elif constraint == "enum":
        message = not_one_of(error.cell, limit)
    else:
        breach = BREACHES.get(constraint, f"breaks the limit {constraint}")
        message = f"'{error.cell}' {breach} {limit}"
    return [_cell_fault(contract, name, error, message)]


def _unique(contract: Contract, name: str, sheets: Sheets, error: Any) -> list[Fault]:
    message = f"'{error.cell}' is already in row {_other_row(error)}"
    return [_cell_fault(contract, name, error, message)]


def _primary_key(contract: Contract, name: str, sheets: Sheets, error: Any) -> list[Fault]:
    if not _other_row(error):
        return []  # all cells of the key are empty: each is a fault of its own
    sheet, key = sheets[name], contract.resource(name)["schema"]["primaryKey"]
    value = ", ".join(_cells(sheet, error.row_number, key))
    message = f"'{value}' is already in row {_other_row(error)}"
    return [Fault(sheet.file, error.row_number, ", ".join(key), value, message)]


def _foreign_key(contract: Contract, name: str, sheets: Sheets, error: Any) -> list[Fault]:
    sheet, fields = sheets[name], error.field_names
    values = _cells(sheet, error.row_number, fields)
    other, keys = sheets[error.reference_name or name], error.reference_field_names
    *leading, last = values
    known = [
        row[keys[-1]] for _, row in other.numbered() if [row[key] for key in keys[:-1]] == leading
    ]
    if not leading:
        message = not_found(last, keys[0], other.file, known)
    elif known:
        of = ", ".join(f"{key} '{value}'" for key, value in zip(keys, leading, strict=False))
        message = f"'{last}' is no {keys[-1]} of {of} in {other.file}{near(last, known)}"
    else:  # nothing goes with the first value: that is the one to look at
        last = values[0]
        fields = fields[:1]
        message = not_found(last, keys[0], other.file, other.column(keys[0]))
    return [Fault(sheet.file, error.row_number, fields[-1], last, message)]


def _other(contract: Contract, name: str, sheets: Sheets, error: Any) -> list[Fault]:
    """Pass on what has no sentence of its own, in frictionless's words."""
    return [Fault(contract.file(name), error.row_number, None, None, error.message)]


_TRANSLATIONS: dict[str, Callable[[Contract, str, Sheets, Any], list[Fault]]] = {
    "type-error": _type,
    "constraint-error": _constraint,
    "unique-error": _unique,
    "primary-key": _primary_key,
    "foreign-key": _foreign_key,
}


def _cell_fault(contract: Contract, name: str, error: Any, message: str) -> Fault:
    return Fault(contract.file(name), error.row_number, error.field_name, error.cell, message)


def _field(contract: Contract, name: str, label: str) -> dict[str, Any]:
    fields: list[dict[str, Any]] = contract.resource(name)["schema"]["fields"]
    return next(field for field in fields if field["name"] == label)


def _cells(sheet: Sheet, row: int, labels: list[str]) -> list[str]:
    cells = dict(zip(sheet.labels, sheet.rows[row - 2], strict=False))
    return [cells[label] for label in labels]


def _other_row(error: Any) -> str:
    match = re.search(r"position (\d+)$", error.note)
    return match[1] if match else ""
