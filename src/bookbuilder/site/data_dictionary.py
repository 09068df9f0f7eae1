"""The data dictionary: the contract of the data as a page that people read.

Everything on the page comes from `data/datapackage.json`; only the numbers of rows are counted.
What is reconstructed carries a mark that nobody can overlook.
"""

from collections.abc import Mapping
from typing import Any

from bookbuilder.site import templates

TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
}


def dictionary(package: Mapping[str, Any], rows: Mapping[str, int]) -> str:
    """Return the data dictionary as MyST Markdown, headings from the second level.

    Parameters
    ----------
    package
        The Data Package; beside the standard's properties it has `origins` (what each origin of a
        table means) and `groups` (a heading for each folder).
    rows
        Number of rows of each table, by name; KeyError when one is missing.

    Examples
    --------
    >>> from compendium import data
    >>> text = dictionary(data.descriptor(), {name: 1 for name in data.names()})
    >>> text.splitlines()[0]
    '## Where the tables come from'
    """
    counts = {table["name"]: rows[table["name"]] for table in package["resources"]}
    used = {table["origin"] for table in package["resources"]}
    return templates.fill("dictionary.md", package=package, rows=counts, used=used, types=TYPES)
