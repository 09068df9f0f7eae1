"""Reading XML that may be hostile, element by element.

Python's own expat parser does the reading, with one rule that closes the known holes: a document
that declares a document type is refused at the declaration, so no entity expands or is fetched.
Expat reads a tag as a whole, so the size of a tag is bounded; so are nesting and the number of
elements. A caller walks `children` and takes `text`; what it leaves is skipped, and nothing of the
document is kept, so memory does not grow with it.
"""

from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from qda_exchange.guard import DEFAULT, ByteStream, Limits, RefusedFileError

CHUNK = 64 * 1024

# A start is (name, attributes, line), text is a string, an end is None.
Event = tuple[str, dict[str, str], int] | str | None


class Element:
    """One element of a stream: its attributes now, its content when asked for.

    Names have no prefix, but for attributes of XML itself (`xmlns`, `xsi:...`). `stray` says
    whether text was met between elements, or elements within text.
    """

    __slots__ = ("_events", "_open", "attributes", "line", "name", "stray")

    def __init__(
        self, name: str, attributes: dict[str, str], line: int, events: Iterator[Event]
    ) -> None:
        self.name, self.attributes, self.line = name, attributes, line
        self._events = events
        self._open = True
        self.stray = False

    def children(self) -> "Iterator[Element]":
        """Yield the elements within; text between them is skipped."""
        while self._open:
            event = next(self._events, None)
            if event is None:
                self._open = False
            elif isinstance(event, tuple):
                child = Element(*event, self._events)
                yield child
                child.skip()
            elif not event.isspace():
                self.stray = True

    def text(self) -> str:
        """Return the element's own text; elements within it are skipped."""
        parts = []
        while self._open:
            event = next(self._events, None)
            if event is None:
                self._open = False
            elif isinstance(event, str):
                parts.append(event)
            else:
                self.stray = True
                Element(*event, self._events).skip()
        return "".join(parts)

    def skip(self) -> None:
        """Leave the rest of the element unread."""
        depth = 1 if self._open else 0
        while depth:
            event = next(self._events, None)
            depth += 1 if isinstance(event, tuple) else -1 if event is None else 0
        self._open = False


def parse(stream: ByteStream, name: str, limits: Limits = DEFAULT, place: str = "") -> Element:
    """Return the root element of an XML document, to be walked once, in document order.

    `name` and `place` say in messages which file and which entry of it this is. It is refused, now
    or while walking, when it is not well-formed, has a document type, or goes beyond a limit.
    """
    events = _Parser(stream, name, limits, place).events()
    first = next(events, None)
    if not isinstance(first, tuple):
        raise RefusedFileError(name, place, "holds no element", "export it again")
    return Element(*first, events)


class _Parser:
    """Feeds expat piece by piece and hands its events on."""

    def __init__(self, stream: ByteStream, name: str, limits: Limits, place: str) -> None:
        self._stream, self._name, self._limits, self._place = stream, name, limits, place
        self._queue: list[Event] = []
        self._elements = self._fed = self._seen = 0
        self._characters = [0]  # of each open element, the outermost being the document
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype

    def events(self) -> Iterator[Event]:
        more = True
        while more:
            piece = self._stream.read(CHUNK)
            more = bool(piece)
            self._feed(piece)
            queue, self._queue = self._queue, []
            yield from queue

    def _feed(self, piece: bytes) -> None:
        try:
            self._parser.Parse(piece, not piece)
        except expat.ExpatError as error:
            problem = f"is not well-formed XML ({expat.ErrorString(error.code)})"
            place = f"line {error.lineno}, column {error.offset + 1}"
            raise self._refusal(problem, "export it again, in UTF-8", place) from None
        except (LookupError, ValueError) as error:
            if isinstance(error, RefusedFileError):
                raise
            raise self._refusal(f"cannot be decoded ({error})", "save it in UTF-8") from None
        self._fed += len(piece)
        if self._fed > self._limits.unpacked_bytes:
            raise self._over("is longer", "unpacked_bytes", "bytes")
        # Expat holds back what it has not finished; a tag without an end would grow without one.
        if self._fed - max(self._seen, self._parser.CurrentByteIndex) > self._limits.token_bytes:
            raise self._over("has a tag longer", "token_bytes", "bytes")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._characters.append(0)
        self._seen = self._parser.CurrentByteIndex
        if len(self._characters) > self._limits.nesting + 1:
            raise self._over("nests elements deeper", "nesting")
        if self._elements > self._limits.elements:
            raise self._over("has more elements", "elements")
        # Prefixes are rare; joining the names asks for one in a single step.
        if ":" in "".join(attributes):
            attributes = {_local(key): value for key, value in attributes.items()}
        name = _local(name) if ":" in name else name
        self._queue.append((name, attributes, self._parser.CurrentLineNumber))

    def _end(self, _: str) -> None:
        self._characters.pop()
        self._seen = self._parser.CurrentByteIndex
        self._queue.append(None)

    def _text(self, text: str) -> None:
        self._characters[-1] += len(text)
        self._seen = self._parser.CurrentByteIndex
        if self._characters[-1] > self._limits.text_bytes:
            raise self._over("has a text longer", "text_bytes", "characters")
        self._queue.append(text)

    def _doctype(self, *_: Any) -> None:
        raise self._refusal(
            "declares a document type, through which entities can be smuggled in",
            "no coding tool writes one: ask whoever sent it for a fresh export",
        )

    def _over(self, problem: str, limit: str, unit: str = "") -> RefusedFileError:
        problem = f"{problem} than the limit of {getattr(self._limits, limit)} {unit}".strip()
        return self._refusal(problem, "export the project in parts, or with fewer levels")

    def _refusal(self, problem: str, remedy: str, line: str = "") -> RefusedFileError:
        line = line or f"line {self._parser.CurrentLineNumber}"
        place = f"{self._place}, {line}" if self._place else line
        return RefusedFileError(self._name, place, problem, remedy)


def _local(name: str) -> str:
    """Return a name without its prefix, unless the prefix is XML's own."""
    prefix, _, local = name.rpartition(":")
    return name if prefix in {"xmlns", "xml", "xsi"} else local
