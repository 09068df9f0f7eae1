"""One entry of the plan for many runs: one for each row of a table, or for each value of a column.

`for_each: codebook` makes a run of each row of that table. In the entry's own name and in its
values, `{code}` stands for the row's cell in the column `code`, and `{code:slug}` for the same as
part of a file name. Columns named under `needs`, such as `applications.code`, must hold the row's
value, or the page would have nothing to show.
"""

import csv
import io
import re
from typing import Any

from bookbuilder.plan.run import PlanError
from compendium.data.contract import Contract
from compendium.text import nearest

PLACE = re.compile(r"\{(\w+)(:slug)?\}")
Row = dict[str, str]


def rows(template: str, for_each: Any, contract: Contract) -> list[Row]:
    """Return the rows that an entry makes runs of; one empty row where it is a single run.

    `template` is the entry's name. `for_each` is the name of a table, or a mapping with `table`,
    and optionally `where` (cells that a row must have), `needs`, and `distinct` (a column: one run
    for each of its values, which then is all that can be put in). Raises PlanError when there is no
    such table or column, or a row lacks what its page needs.
    """
    if for_each is None:
        return [{}]
    declared: dict[str, Any] = {"table": for_each} if isinstance(for_each, str) else for_each
    if unknown := declared.keys() - {"table", "where", "needs", "distinct"}:
        raise PlanError(f"'{template}': 'for_each' has no key '{min(unknown)}'")
    name, distinct = str(declared.get("table")), declared.get("distinct")
    table = read(contract, name, template)
    for cell in [*(word[0] for word in PLACE.findall(template)), *([distinct] if distinct else [])]:
        column(table, cell, name, template)
    where = {cell: _cell(value) for cell, value in (declared.get("where") or {}).items()}
    kept = [row for row in table if where.items() <= row.items()]
    for need in declared.get("needs") or ():
        other, _, key = str(need).partition(".")
        there = {row.get(key) for row in read(contract, other, template)}
        for row in kept:
            if row.get(key) not in there:
                raise PlanError(
                    f"{key} '{row.get(key)}' of {contract.file(name)} has no row in "
                    f"{contract.file(other)}, so its part of '{fill(template, row)}' would be "
                    "empty; add one, or take it out"
                )
    if distinct:
        return [{distinct: value} for value in dict.fromkeys(row[distinct] for row in kept)]
    return kept


def choices(who: str, allowed: Any, contract: Contract) -> tuple[Any, ...]:
    """Return the allowed values of a parameter: a list as written, or `table.column`."""
    if isinstance(allowed, str):
        table, _, name = allowed.partition(".")
        return tuple(dict.fromkeys(column(read(contract, table, who), name, table, who)))
    return tuple(allowed or ())


def filled_parameters(parameters: Any, kept: list[Row]) -> dict[str, list[str]]:
    """Return the values of parameters that are cells of the rows: no other can be asked for."""
    cells = {name: PLACE.fullmatch(str(value)) for name, value in (parameters or {}).items()}
    return {
        name: [row[found[1]] for row in kept if found[1] in row]
        for name, found in cells.items()
        if found and not found[2]
    }


def fill(written: Any, row: Row) -> Any:
    """Return what is written with the cells of a row put in.

    >>> fill({"tables": ["profile_{name:slug}"]}, {"name": "Scheyer-Smith"})
    {'tables': ['profile_scheyer_smith']}
    """
    if isinstance(written, list):
        return [fill(one, row) for one in written]
    if isinstance(written, dict):
        return {key: fill(value, row) for key, value in written.items()}
    if not isinstance(written, str):
        return written
    return PLACE.sub(lambda m: _slug(row[m[1]]) if m[2] else row.get(m[1], m[0]), written)


def read(contract: Contract, table: str, who: str) -> list[Row]:
    """Return the rows of a table as text."""
    if table not in contract.resources:
        hint = nearest(table, contract.resources)
        raise PlanError(f"'{who}': no table '{table}' in the contract; {hint}")
    try:
        text = contract.content(table).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):  # the contract's check says what is wrong with it
        return []
    return list(csv.DictReader(io.StringIO(text)))


def column(table: list[Row], name: str, called: str, who: str) -> list[str]:
    """Return a column of a table."""
    if table and name not in table[0]:
        hint = nearest(name, table[0])
        raise PlanError(f"'{who}': no column '{name}' in table '{called}'; {hint}")
    return [row[name] for row in table]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _cell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
