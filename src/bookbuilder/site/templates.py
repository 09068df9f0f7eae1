"""Pieces of pages as Jinja templates in `templates/`: HTML, which is escaped, and MyST Markdown.

In Markdown `text` says that no character means anything, `code` sets a value as code.
"""

from collections.abc import Iterable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

MARKDOWN = str.maketrans({character: f"\\{character}" for character in "\\|*_`[]<>$#"})


def text(words: str) -> str:
    """Return text in which no character means anything to Markdown."""
    return words.translate(MARKDOWN)


def code(values: Any) -> str:
    """Return a value, or each of a list, as code; a table would end its cell at a bare bar."""
    listed = values if isinstance(values, Iterable) and not isinstance(values, str) else [values]
    return ", ".join(f"`{str(value).replace('|', chr(92) + '|')}`" for value in listed)


ENVIRONMENT = Environment(
    loader=PackageLoader("bookbuilder.site"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters |= {"text": text, "code": code}


def fill(template: str, **values: Any) -> str:
    """Return a template with values put in; `jinja2.UndefinedError` when one is missing."""
    return ENVIRONMENT.get_template(template).render(**values)
