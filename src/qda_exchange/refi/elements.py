"""Writing XML elements and their identifiers."""

import uuid
from collections.abc import Iterable
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
IDENTIFIERS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:compendium:exchange")


@lru_cache(maxsize=10_000)
def identifier(*names: object) -> str:
    """Return the identifier of a thing, always the same for the same names."""
    return str(uuid.uuid5(IDENTIFIERS, repr(names)))


def text(name: str, content: str) -> str:
    """Return an element that holds text."""
    return f"<{name}>{escape(content, {chr(13): '&#13;'})}</{name}>"


def element(tag: str, parts: Iterable[str] = (), /, **attributes: object) -> str:
    """Return an element with the attributes that are not None."""
    written = "".join(
        f" {key}={quoteattr(str(value))}" for key, value in attributes.items() if value is not None
    )
    content = "".join(parts)
    return f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>"


def several(name: str, parts: list[str]) -> str:
    """Return a list of elements, nothing when it is empty: the standard has no empty lists."""
    return element(name, parts) if parts else ""


def target(name: str, guid: str) -> str:
    """Return an element that refers to another."""
    return element(name, targetGUID=guid)


def text_name(source: str) -> str:
    """Return the name of the file that holds a source's text."""
    return f"{identifier('text', source)}.txt"
