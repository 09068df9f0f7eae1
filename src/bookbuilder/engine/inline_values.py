"""Putting recorded numbers into prose without the book: what `{value}` and its like stand for.

The book does this with roles of Sphinx (`site.roles`); the page of a trial and the comparison of
sentences need the same words without it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bookbuilder.plan import Run

VALUE_ROLE = re.compile(r"\{(value|own)\}`([^`]+)`")
ANY_ROLE = re.compile(r"\{([a-z:]+)\}`([^`]+)`")
#: Where a link leads, behind its words.
LINK_TARGET = re.compile(r"\s*<[^<>]+>$")
#: Entries by key, as in `results/values.json`.
Values = Mapping[str, Mapping[str, Any]]


def fill(
    text: str,
    values: Values,
    run: Run | None = None,
    mark: Callable[[str, str, str], str] = lambda number, key, spec: number,
) -> str:
    """Return a Markdown text with its numbers put in; other roles become their plain text.

    `run` is the one whose page it is, for ``{own}`` and ``{parameter}``. `mark` is given a number
    as a reader sees it, its key and its format, and returns what to put in.

    >>> fill("Of {value}`a.n:,`, see {see}`t`.", {"a.n": {"value": 1204}})
    'Of 1,204, see t.'
    >>> fill("Given by {value}`a.who`.", {"a.who": {"value": "most readers"}})
    'Given by most readers.'
    >>> fill("The rule ({doc}`how <methods>`) is old {cite:p}`gwet2014`.", {})
    'The rule (how) is old [gwet2014].'
    """

    def number(match: re.Match[str]) -> str:
        key, _, spec = match[2].partition(":")
        if match[1] == "own" and run:
            key = f"{run.name}.{key}"
        return mark(format_value(values, key, spec), key, spec)

    def plain(match: re.Match[str]) -> str:
        if match[1] == "parameter" and run:
            return str(run.parameters.get(match[2], match[2]))
        if match[1] == "cite:p":
            return f"[{match[2]}]"
        return LINK_TARGET.sub("", match[2])

    return ANY_ROLE.sub(plain, VALUE_ROLE.sub(number, text))


def format_value(values: Values, key: str, spec: str) -> str:
    """Return a number as prose shows it, or ``(none)`` when it is not recorded."""
    if key not in values:
        return "(none)"
    value = values[key]["value"]
    if isinstance(value, str):
        return value
    return format(value, spec or ",").replace("-", "\N{MINUS SIGN}")
