"""The data dictionary: the contract of the data as a page that people read.

Everything on the page comes from `data/datapackage.json`; only the numbers of rows are counted.
What is reconstructed carries a mark that nobody can overlook.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
}
MARKDOWN = str.maketrans({character: f"\\{character}" for character in "\\|*_`[]<>$#"})


def dictionary(package: Mapping[str, Any], rows: Mapping[str, int]) -> str:
    """Return the data dictionary as MyST Markdown, headings from the second level.

    Parameters
    ----------
    package
        The Data Package; beside the standard's properties it has `origins` (what each origin of a
        table means) and `groups` (a heading for each folder).
    rows
        Number of rows of each table, by name.

    Returns
    -------
    str
        An overview, then one section for each table: what it is, its origin, source, rows, key and
        rules, and a table of its fields. A section can be linked to as ``#table-NAME``.

    Examples
    --------
    >>> from compendium import data
    >>> text = dictionary(data.descriptor(), {name: 1 for name in data.names()})
    >>> text.splitlines()[0]
    '## Where the tables come from'
    """
    lines = [*_overview(package, rows)]
    for folder, heading in package["groups"].items():
        lines += [f"## {heading}", ""]
        for table in package["resources"]:
            if str(PurePosixPath(table["path"]).parent) == folder:
                lines += _section(table, rows[table["name"]], package["origins"])
    return "\n".join(lines)


def _overview(package: Mapping[str, Any], rows: Mapping[str, int]) -> Iterator[str]:
    yield from ("## Where the tables come from", "")
    used = {table["origin"] for table in package["resources"]}
    for origin in filter(used.__contains__, package["origins"]):
        yield f"- {_origin(origin)}: {_escape(package['origins'][origin])}"
    yield from ("", "| Table | Origin | Rows |", "|:--|:--|--:|")
    for table in package["resources"]:
        link = f"[{_escape(table['title'])}](#table-{table['name']})"
        yield f"| {link} | {_origin(table['origin'])} | {rows[table['name']]:,} |"
    licences = ", ".join(f"[{one['title']}]({one['path']})" for one in package["licenses"])
    yield from ("", f"Licence of all tables: {licences}.", "")


def _section(table: dict[str, Any], rows: int, origins: Mapping[str, str]) -> Iterator[str]:
    yield from (f"(table-{table['name']})=", f"### {_escape(table['title'])}", "")
    if table["origin"] == "reconstructed":
        yield from ("```{admonition} Reconstructed", ":class: warning")
        yield from (_escape(origins["reconstructed"]), "```", "")
    yield from (_escape(table["description"]), "")
    for term, text in _facts(table, rows):
        yield f"- **{term}**: {text}"
    yield from ("", "| Field | What it holds |", "|:--|:--|")  # two columns fit a telephone
    for field in table["schema"]["fields"]:
        meaning = _escape(f"{field['title']}. {field['description']}")
        yield f"| {_code(field['name'])} | {meaning} *{_values(field)}.* |"
    yield ""


def _facts(table: dict[str, Any], rows: int) -> Iterator[tuple[str, str]]:
    yield "Load", f'`data.load("{table["name"]}")` from `data/{table["path"]}`'
    yield "Origin", _origin(table["origin"])
    yield "Source", "; ".join(_escape(source["title"]) for source in table["sources"])
    yield "Rows", f"{rows:,}"
    schema = table["schema"]
    if "primaryKey" in schema:
        yield "Key", _codes(schema["primaryKey"])
    for key in schema.get("foreignKeys", []):
        other = key["reference"]["resource"]
        yield "Refers to", f"{_codes(key['fields'])} must be in {_link(other)}"
    for rule in table.get("rules", []):
        yield "Rule", _RULES[rule["rule"]](rule)


def _values(field: dict[str, Any]) -> str:
    limits = field.get("constraints", {})
    parts = [TYPES[field["type"]].capitalize()]
    if "unit" in field:
        parts.append(f"unit: {_escape(field['unit'])}")
    if field["name"] == "origin":
        parts.append("one of the origins above")
    elif "enum" in limits:
        parts.append(f"one of {_codes(limits['enum'])}")
    if "minimum" in limits and "maximum" in limits:
        parts.append(f"{limits['minimum']} to {limits['maximum']}")
    elif "minimum" in limits:
        parts.append(f"at least {limits['minimum']}")
    if "pattern" in limits:
        parts.append(f"of the form {_code(limits['pattern'])}")
    if limits.get("unique"):
        parts.append("each once")
    if not limits.get("required"):
        parts.append("may be empty")
    return "; ".join(parts)


def _list_rule(rule: dict[str, Any]) -> str:
    parts = [
        f"`{part['field']}` of {_link(part['resource'])}"
        if "resource" in part
        else _codes(part["values"])
        for part in rule["parts"]
    ]
    if len(parts) == 1:
        return f"{_code(rule['field'])} lists values of {parts[0]}, separated by semicolons"
    form = f" {_code(rule['separator'])} ".join(parts)
    apart = f", none of them in {_code(rule['apart_from'])}" if "apart_from" in rule else ""
    return f"{_code(rule['field'])} lists {form}, separated by semicolons{apart}"


_RULES = {
    "absent_from": lambda rule: f"no {_code(rule['field'])} is in {_link(rule['resource'])} too",
    "at_most": lambda rule: "{} is not above {}".format(*map(_code, rule["fields"])),
    "consecutive": lambda rule: (
        f"{_code(rule['field'])} counts from 1 without gaps within {_codes(rule['within'])}"
    ),
    "list": _list_rule,
    "together": lambda rule: f"{_codes(rule['fields'])}: all filled in, or none",
    "same": lambda rule: f"{_code(rule['field'])} holds the same in all rows",
    "unique": lambda rule: f"no two rows have the same {_codes(rule['fields'])}",
}


def _origin(origin: str) -> str:
    """Return an origin, set off when it is the one that must not be overlooked."""
    return "**⚠ reconstructed**" if origin == "reconstructed" else origin


def _link(name: str) -> str:
    return f"[{_code(name)}](#table-{name})"


def _codes(values: Iterable[Any]) -> str:
    return ", ".join(_code(value) for value in values)


def _code(value: Any) -> str:
    """Return a value as code; a table would end its cell at a bare bar."""
    return f"`{str(value).replace('|', chr(92) + '|')}`"


def _escape(text: str) -> str:
    """Return text in which no character means anything to Markdown."""
    return text.translate(MARKDOWN)
