"""What a column is called and how its cells are shown: `notebooks/columns.csv`, once for all.

A row without a table says what the column is called wherever it is shown; a row with one says it
for that table only, or, with a star, for all tables of such a name. The most particular row holds.
"""

import csv
from fnmatch import fnmatchcase
from functools import lru_cache

from compendium import context
from compendium.exhibits.render import FORMAT

FIELDS = ["column", "table", "heading", "format"]

#: By column: heading and format by table.
Declared = dict[str, dict[str, tuple[str, str]]]


def headings(table: str, columns: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the headings and the formats that are declared for columns of a table.

    One that is not declared keeps its own name. ValueError when the declaration is malformed; names
    the row, the field and what to do.

    Examples
    --------
    >>> headings("epic_table2", ["district", "response_rate"])
    ({'district': 'District', 'response_rate': 'Rate'}, {'response_rate': 'percent:1'})
    """
    path = context.project_root() / context.COLUMNS
    declared = read_declaration(path.read_text(encoding="utf-8")) if path.exists() else {}
    found = {column: _most_particular(declared, column, table) for column in columns}
    formats = {column: form for column, (_, form) in found.items() if form}
    return {column: heading for column, (heading, _) in found.items()}, formats


def _most_particular(declared: Declared, column: str, table: str) -> tuple[str, str]:
    rows = declared.get(column, {})
    fitting = [pattern for pattern in rows if not pattern or fnmatchcase(table, pattern)]
    return rows[max(fitting, key=len)] if fitting else (column, "")


@lru_cache(maxsize=1)
def read_declaration(text: str) -> Declared:
    """Read the declaration from its text; raises ValueError as `headings` does."""
    reader = csv.DictReader(text.splitlines())
    file = context.COLUMNS.as_posix()
    if reader.fieldnames != FIELDS:
        raise ValueError(f"{file}, row 1: the columns must be {', '.join(FIELDS)}")
    declared: Declared = {}
    for number, row in enumerate(reader, start=2):
        fault = _fault(row, declared)
        if fault:
            raise ValueError(f"{file}, row {number}, {fault}")
        declared.setdefault(row["column"], {})[row["table"]] = row["heading"], row["format"]
    return declared


def _fault(row: dict[str, str], declared: Declared) -> str:
    if None in row or None in row.values():
        return f"the row needs {len(FIELDS)} cells; put quotation marks around one with a comma"
    if not row["column"] or not row["heading"]:
        return "field column or heading: the cell is empty; it needs a value"
    if row["format"] and not FORMAT.match(row["format"]):
        return f"field format: '{row['format']}' is not integer, number:D, upto:D or percent:D"
    if row["table"] in declared.get(row["column"], {}):
        return f"'{row['column']}' of {row['table'] or 'any table'} stands here twice; delete one"
    return ""
