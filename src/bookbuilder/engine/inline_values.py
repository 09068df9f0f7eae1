"""Putting recorded numbers into prose without the book: what `{value}` and its like stand for.

The book does this with roles of Sphinx (`site.value_roles`, `site.run_roles`); the page of a trial
and the comparison of sentences need the same words without it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bookbuilder.engine.plan import Run

QUOTE = re.compile(r"\{(value|own)\}`([^`]+)`")
ROLE = re.compile(r"\{([a-z:]+)\}`([^`]+)`")
#: Where a link leads, behind its words.
TARGET = re.compile(r"\s*<[^<>]+>$")
#: Entries by key, as in `results/values.json`.
Values = Mapping[str, Mapping[str, Any]]


def fill(
    text: str,
    values: Values,
    run: Run | None = None,
    mark: Callable[[str, str, str], str] = lambda shown, key, spec: shown,
) -> str:
    """Return a text with its numbers put in; other roles become their plain text.

    Parameters
    ----------
    text
        Markdown with roles.
    values
        The recorded numbers.
    run
        The run whose page it is, for ``{own}`` and ``{parameter}``.
    mark
        Given a number as shown, its key and its format; returns what to put in.

    Examples
    --------
    >>> fill("Of {value}`a.n:,`, see {see}`t`.", {"a.n": {"value": 1204}})
    'Of 1,204, see t.'
    >>> fill("The rule ({doc}`how <methods>`) is old {cite:p}`gwet2014`.", {})
    'The rule (how) is old [gwet2014].'
    """

    def number(match: re.Match[str]) -> str:
        key, _, spec = match[2].partition(":")
        if match[1] == "own" and run:
            key = f"{run.name}.{key}"
        return mark(shown(values, key, spec), key, spec)

    def plain(match: re.Match[str]) -> str:
        if match[1] == "parameter" and run:
            return str(run.parameters.get(match[2], match[2]))
        if match[1] == "cite:p":
            return f"[{match[2]}]"
        return TARGET.sub("", match[2])

    return ROLE.sub(plain, QUOTE.sub(number, text))


def shown(values: Values, key: str, spec: str) -> str:
    """Return a number as prose shows it, or ``(none)`` when it is not recorded."""
    return format(values[key]["value"], spec or ",") if key in values else "(none)"
