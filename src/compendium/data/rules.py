"""Rules that a Data Package has no word for.

A table declares them in the contract under `rules`, each with the name of the rule and the fields
it is about. Cells that are empty or of the wrong type are left to the other checks.

- ``at_most``: of two `fields`, the first is not above the second.
- ``consecutive``: a `field` counts 1, 2, 3 without gaps `within` the same values of other fields.
- ``together``: of several `fields`, a row fills in all or none.
- ``same``: a `field` holds the same value in all rows.
- ``unique``: no two rows share the values of `fields`, empty ones included.
- ``absent_from``: no value of a `field` occurs in the same field of another `resource`.
- ``list``: a `field` holds values separated by semicolons, each in one part or in several `parts`
  split by a `separator`. A part is one of its `values`, or of those of a `field` of a `resource`
  (its allowed values, where the contract lists them), in rows that agree in the fields to `match`.
  With `apart_from`, no value is in that other field of the row too.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from compendium.data.contract import DESCRIPTOR, Contract
from compendium.data.faults import Fault, near, not_found, not_one_of
from compendium.data.reading import Sheet, Sheets

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")

Found = Iterator[tuple[int, str, str, str]]


def check_rules(contract: Contract, name: str, sheets: Sheets) -> list[Fault]:
    """Return the faults of a table under its declared rules.

    `sheets` holds its text and that of the tables its rules look into; a rule that looks into a
    table that could not be read is passed over.
    """
    sheet = sheets[name]
    faults = []
    for rule in contract.resource(name).get("rules", []):
        if rule["rule"] not in RULES:
            message = f"{name}: there is no rule '{rule['rule']}'{near(rule['rule'], RULES)}"
            faults.append(Fault(DESCRIPTOR, None, None, None, message))
            continue
        about = {*rule.get("fields", []), *rule.get("within", [])} | {rule.get("field")} - {None}
        if about <= set(sheet.labels):
            found = RULES[rule["rule"]](sheet, rule, contract, sheets)
            faults += [Fault(sheet.file, *one) for one in found]
    return faults


def _at_most(sheet: Sheet, rule: dict[str, Any], contract: Contract, sheets: Sheets) -> Found:
    low, high = rule["fields"]
    for number, row in sheet.numbered():
        numeric = NUMBER.fullmatch(row[low]) and NUMBER.fullmatch(row[high])
        if numeric and float(row[low]) > float(row[high]):
            yield number, low, row[low], f"'{row[low]}' is above {high} '{row[high]}'"


def _consecutive(sheet: Sheet, rule: dict[str, Any], contract: Contract, sheets: Sheets) -> Found:
    field, within = rule["field"], rule["within"]
    groups = defaultdict(list)
    for number, row in sheet.numbered():
        if re.fullmatch("[0-9]+", row[field]):
            groups[tuple(row[key] for key in within)].append((int(row[field]), number))
    for key, members in groups.items():
        counts = sorted(members)
        for expected, (count, number) in enumerate(counts, start=1):
            if count != expected:
                of = ", ".join(f"{name} {value}" for name, value in zip(within, key, strict=True))
                seen = ", ".join(str(member) for member, _ in counts)
                message = f"'{count}' stands where {expected} should: {of} has {seen}"
                yield number, field, str(count), message
                break


def _same(sheet: Sheet, rule: dict[str, Any], contract: Contract, sheets: Sheets) -> Found:
    field = rule["field"]
    first = next((row[field] for _, row in sheet.numbered()), "")
    for number, row in sheet.numbered():
        if row[field] != first:
            message = f"'{row[field]}' where row 2 has '{first}': all rows need the same"
            yield number, field, row[field], message


def _unique(sheet: Sheet, rule: dict[str, Any], contract: Contract, sheets: Sheets) -> Found:
    seen: dict[tuple[str, ...], int] = {}
    for number, row in sheet.numbered():
        key = tuple(row[field] for field in rule["fields"])
        if key in seen:
            value, fields = ", ".join(key), ", ".join(rule["fields"])
            yield number, fields, value, f"'{value}' is already in row {seen[key]}"
        seen.setdefault(key, number)


def _together(sheet: Sheet, rule: dict[str, Any], contract: Contract, sheets: Sheets) -> Found:
    for number, row in sheet.numbered():
        filled = [field for field in rule["fields"] if row[field]]
        for field in rule["fields"] if filled else []:
            if not row[field]:
                message = f"empty beside {filled[0]} '{row[filled[0]]}': fill in both or neither"
                yield number, field, "", message


def _absent_from(sheet: Sheet, rule: dict[str, Any], contract: Contract, sheets: Sheets) -> Found:
    field, other = rule["field"], sheets.get(rule["resource"])
    if other is None or field not in other.labels:
        return
    there = {row[field]: number for number, row in other.numbered()}
    for number, row in sheet.numbered():
        if row[field] and row[field] in there:
            message = f"'{row[field]}' is also in {other.file}, row {there[row[field]]}"
            yield number, field, row[field], message


def _list(sheet: Sheet, rule: dict[str, Any], contract: Contract, sheets: Sheets) -> Found:
    field, separator, parts = rule["field"], rule.get("separator"), rule["parts"]
    known = [_Part(part, contract, sheets) for part in parts]
    for number, row in sheet.numbered():
        listed = split_list(row[field])
        elsewhere = split_list(row.get(rule.get("apart_from", ""), ""))
        for place, value in enumerate(listed):
            pieces = value.split(separator) if separator else [value]
            if value in listed[:place]:
                yield number, field, value, f"'{value}' is listed twice"
            elif value in elsewhere:
                yield number, field, value, f"'{value}' is also listed under {rule['apart_from']}"
            elif len(pieces) != len(known):
                form = (separator or "").join(part["field"] for part in parts)
                yield number, field, value, f"'{value}' does not have the form {form}"
            else:
                judged = (part.judge(piece, row) for part, piece in zip(known, pieces, strict=True))
                yield from ((number, field, value, message) for message in judged if message)


class _Part:
    """The values that one part of a listed value may take."""

    def __init__(self, part: dict[str, Any], contract: Contract, sheets: Sheets) -> None:
        self.field = part.get("field", "")
        self.match = part.get("match", [])
        self.allowed = part.get("values") or _enum(contract, part)
        self.sheet = sheets.get(part.get("resource", ""))

    def judge(self, value: str, row: dict[str, str]) -> str:
        """Return what is wrong with a value; empty when nothing is, or when nothing is known."""
        if self.allowed:
            return "" if value in self.allowed else not_one_of(value, self.allowed)
        if self.sheet is None:
            return ""
        known = [
            other[self.field]
            for _, other in self.sheet.numbered()
            if all(other[key] == row[key] for key in self.match)
        ]
        if value in known:
            return ""
        if not self.match:
            return not_found(value, self.field, self.sheet.file, known)
        of = ", ".join(f"{key} '{row[key]}'" for key in self.match)
        return f"'{value}' is no {self.field} of {of} in {self.sheet.file}{near(value, known)}"


def split_list(cell: str) -> list[str]:
    """Return the values of a cell that lists them with semicolons; none of an empty cell.

    Examples
    --------
    >>> split_list("Davis; Mercer")
    ['Davis', 'Mercer']
    """
    return [value.strip() for value in cell.split(";")] if cell else []


def _enum(contract: Contract, part: dict[str, Any]) -> list[str]:
    for field in contract.resource(part["resource"])["schema"]["fields"]:
        if field["name"] == part["field"]:
            allowed: list[str] = field.get("constraints", {}).get("enum", [])
            return allowed
    return []


RULES: dict[str, Callable[[Sheet, dict[str, Any], Contract, Sheets], Found]] = {
    "absent_from": _absent_from,
    "at_most": _at_most,
    "consecutive": _consecutive,
    "list": _list,
    "same": _same,
    "together": _together,
    "unique": _unique,
}
