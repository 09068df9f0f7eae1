"""Writing XML elements and their identifiers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
IDENTIFIERS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:compendium:exchange")
CARRIAGE_RETURN = {"\r": "&#13;"}


@lru_cache(maxsize=10_000)
def identifier(*names: object) -> str:
    """Return the identifier of a thing, always the same for the same names.

    Examples
    --------
    >>> identifier("code", "pace") == identifier("code", "pace") != identifier("code", "talk")
    True
    """
    return str(uuid.uuid5(IDENTIFIERS, repr(names)))


def several(name: str, parts: list[str]) -> str:
    """Return a list of elements, nothing when it is empty: the standard has no empty lists.

    Examples
    --------
    >>> several("Users", []), several("Users", ["<User/>"])
    ('', '<Users><User/></Users>')
    """
    return element(name, {}, parts) if parts else ""


def text(name: str, content: str) -> str:
    """Return an element that holds text.

    Examples
    --------
    >>> text("Description", "fast & slow")
    '<Description>fast &amp; slow</Description>'
    """
    return f"<{name}>{escape(content, CARRIAGE_RETURN)}</{name}>"


def element(name: str, attributes: Mapping[str, object], parts: Iterable[str] = ()) -> str:
    """Return an element with the attributes that are not None.

    Examples
    --------
    >>> element("Code", {"name": "fast & slow", "color": None})
    '<Code name="fast &amp; slow"/>'
    """
    written = "".join(
        f" {key}={quoteattr(str(value))}" for key, value in attributes.items() if value is not None
    )
    content = "".join(parts)
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def text_name(source: str) -> str:
    """Return the name of the file that holds a source's text."""
    return f"{identifier('text', source)}.txt"
