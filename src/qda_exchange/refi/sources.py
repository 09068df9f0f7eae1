"""Sources of a REFI-QDA project: texts, pictures, PDF, audio and video, with their passages.

Positions in a text count characters with each line end as one, so texts are read that way. The
files of pictures, PDF, audio and video are never opened.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from qda_exchange.guard import Guard
from qda_exchange.refi.codebook import identify, unique
from qda_exchange.refi.nodes import Node
from qda_exchange.refi.passages import Passages
from qda_exchange.report import CHOICE, DEVIATION, DROPPED

KIND_OF = {
    "TextSource": "text",
    "PictureSource": "picture",
    "PDFSource": "pdf",
    "AudioSource": "audio",
    "VideoSource": "video",
}
BOX = ("firstX", "firstY", "secondX", "secondY")
LINE_END = re.compile(r"\r\n?")
BEYOND = re.compile("[\U00010000-\U0010ffff]")


class Sources:
    """The sources met so far.

    Parameters
    ----------
    guard
        The file that is being read.
    passages
        Takes the passages.
    load
        Returns the bytes that a path inside the project stands for, None when there are none.
    value
        Takes a `VariableValue` and returns the variable, its type and the value.
    """

    def __init__(
        self,
        guard: Guard,
        passages: Passages,
        load: Callable[[str], bytes | None],
        value: Callable[[Node], tuple[str, str, str] | None],
    ) -> None:
        self._guard, self._report = guard, guard.report
        self._passages, self._load, self._value = passages, load, value
        self._taken: Counter[str] = Counter()
        self._length = 0
        self.names: list[str] = []
        self.kinds: list[str] = []
        self.texts: list[str | None] = []
        self.positions: dict[str, int] = {}
        self.values: list[tuple[int, tuple[str, str, str]]] = []

    def read(self, node: Node) -> None:
        """Take in the element `Sources`."""
        for source in node.children():
            self._read_source(source, self._add(source, KIND_OF[source.name]))

    def _add(self, node: Node, kind: str, within: str = "") -> int:
        number = len(self.names)
        self._guard.bound(number, "sources", node.place)
        name = node.attributes.get("name", "")
        if not name:
            path = node.get("plainTextPath") or node.get("path")
            name = path.rpartition("/")[2] or node.get("guid") or f"source {number + 1}"
            self._report.add(CHOICE, "source without a name, named after its file", "", name)
        whole = f"{within} / {name}" if within else name
        self.names.append(unique(whole, self._taken, "source", self._report))
        self.kinds.append(kind)
        self.texts.append(None)
        identify(self.positions, node, number, "sources", self._guard)
        return number

    def _read_source(self, node: Node, number: int) -> None:
        self._keep_text(node, number)
        whole: int | None = None
        syncs: dict[str, int | None] = {}
        for child in node.children():
            if child.name == "Coding":
                whole = self._add_whole(child, number) if whole is None else whole
                self._passages.read_coding(child, whole)
            elif child.name == "PlainTextContent":
                self._set_text(number, child.text())
            elif child.name == "SyncPoint":
                syncs[child.guid()] = child.number("position")
                child.skip()
            elif child.name == "TranscriptSelection":
                span = syncs.get(child.guid("fromSyncPoint")), syncs.get(child.guid("toSyncPoint"))
                self._passages.read_selection(child, number, span, self.texts[number])
            elif child.name == "VariableValue":
                found = self._value(child)
                self.values += [(number, found)] if found else []
            elif child.name.endswith("Selection"):
                self._read_selection(child, number)
            else:
                self._read_part(child, number)

    def _read_selection(self, node: Node, number: int) -> None:
        if node.name == "PlainTextSelection":
            span = node.number("startPosition"), node.number("endPosition")
            self._passages.read_selection(node, number, span, self.texts[number])
        elif node.name in {"PictureSelection", "PDFSelection"}:
            self._passages.read_labelled(node, number, self._box(node, number))
        else:
            span = node.number("begin"), node.number("end")
            self._passages.read_selection(node, number, span, None)

    def _read_part(self, node: Node, number: int) -> None:
        if node.name in {"TextDescription", "Representation"}:
            self._read_source(node, number)
        elif node.name == "Transcript":
            self._read_source(node, self._add(node, "transcript", self.names[number]))
        else:
            node.drop("note or description of a source", self.names[number])

    def _add_whole(self, node: Node, number: int) -> int:
        """Add the unit that is the whole source."""
        unit = self._passages.add_unit(node, number)
        self._passages.labels[unit] = self.names[number]
        return unit

    def _keep_text(self, node: Node, number: int) -> None:
        path = node.get("plainTextPath")
        if not path:
            return
        content = self._load(path)
        if content is None:
            self._report.add(DEVIATION, "text that is not in the file", node.place, path)
            return
        try:
            encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            detail = f"{path}, byte {error.start}"
            self._report.add(DROPPED, "text that is not in UTF-8", node.place, detail)
            return
        if encoding == "utf-16":
            self._report.add(DEVIATION, "text in UTF-16 instead of UTF-8", node.place, path)
        self._set_text(number, text)

    def _set_text(self, number: int, text: str) -> None:
        self._length += len(text)
        if self._length > self._guard.limits.text_bytes:
            raise self._guard.refusal(
                f"source {self.names[number]}",
                f"brings the texts above the limit of {self._guard.limits.text_bytes} characters",
                "export the project in parts",
            )
        if self.texts[number] is not None:
            self._report.add(DEVIATION, "source with two texts, the last taken", "", text[:40])
        self.texts[number] = LINE_END.sub("\n", text) if "\r" in text else text
        if not text.isascii() and BEYOND.search(text):
            # The standard counts characters; tools written in C# or JavaScript count some twice.
            what = "text with characters that some tools count twice: check the passages"
            self._report.add(CHOICE, what, self.names[number])

    def _box(self, node: Node, number: int) -> str:
        corners = ",".join(node.get(corner) or "?" for corner in BOX)
        page = f" page {node.get('page')}" if node.get("page") else ""
        return f"{self.names[number]}:{page} {corners}".replace(": ", ":")
