"""Sources of a REFI-QDA project: texts, pictures, PDF, audio and video, with their passages.

The files of pictures, PDF, audio and video are never opened.
"""

from collections.abc import Callable

from qda_exchange.collecting import Collector
from qda_exchange.gathering import NONE
from qda_exchange.positions import Text
from qda_exchange.refi.identifiers import Identifiers
from qda_exchange.refi.nodes import Node
from qda_exchange.report import CHOICE, DEVIATION, DROPPED

KIND_OF = {"TextSource": "text", "PictureSource": "picture", "PDFSource": "pdf"}
KIND_OF |= {"AudioSource": "audio", "VideoSource": "video"}
BOX = ("firstX", "firstY", "secondX", "secondY")


def decoded(content: bytes) -> tuple[str | None, str]:
    r"""Return a text, None when it cannot be one, and what is odd about it."""
    wide = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        return None, "that is not in UTF-8"
    if "\x00" in text:
        return None, "that holds zero bytes"
    return text, "in UTF-16 instead of UTF-8" if wide else ""


class Sources:
    """Takes in the element `Sources`.

    `load` returns the bytes that a path inside the project stands for, None when there are none.
    """

    def __init__(
        self, into: Collector, known: Identifiers, load: Callable[[str], bytes | None]
    ) -> None:
        self._into, self._known, self._load = into, known, load
        self._report, self._length = into.report, 0
        self._regions: dict[tuple[int, str], int] = {}
        self.notes: list[tuple[int, str]] = []

    def read(self, node: Node) -> None:
        """Take in all sources."""
        for source in node.children():
            self._read_source(source, self._add(source, KIND_OF[source.name]))

    def _add(self, node: Node, kind: str, within: str = "") -> int:
        name, number = node.attributes.get("name", ""), len(self._into.sources)
        if not name:
            path = node.get("plainTextPath") or node.get("path")
            name = path.rpartition("/")[2] or node.get("guid") or f"source {number + 1}"
            self._report.add(CHOICE, "source without a name, named after its file", "", name)
        whole = f"{within} / {name}" if within else name
        self._into.add_source(self._known.unique("source", whole), kind)
        self._known.note("sources", node, number)
        return number

    def _read_source(self, node: Node, number: int) -> None:
        self._keep_text(node, number)
        name, whole = self._into.sources[number].name or "", NONE
        syncs: dict[str, int | None] = {}
        for child in node.children():
            if child.name == "Coding":
                if whole == NONE:
                    whole = self._add_passage(child, number, label=name)
                self._read_coding(child, whole)
            elif child.name == "PlainTextContent":
                self._set_text(number, child.text())
            elif child.name == "SyncPoint":
                syncs[child.guid()] = child.number("position")
                child.skip()
            elif child.name == "VariableValue":
                if value := self._known.value(child):
                    self._into.add_value(self._into.sources[number], *value)
            elif child.name.endswith("Selection"):
                self._read_selection(child, number, syncs)
            elif child.name in {"TextDescription", "Representation"}:
                self._read_source(child, number)
            elif child.name == "Transcript":
                self._read_source(child, self._add(child, "transcript", name))
            else:
                child.drop("note or description of a source", name)

    def _read_selection(self, node: Node, source: int, syncs: dict[str, int | None]) -> None:
        if node.name in {"PictureSelection", "PDFSelection"}:
            self._read_region(node, source)
        elif node.name == "TranscriptSelection":
            start, end = (syncs.get(node.guid(one)) for one in ("fromSyncPoint", "toSyncPoint"))
            self._read_span(node, source, start, end)
        else:
            text = node.name == "PlainTextSelection"
            ends = ("startPosition", "endPosition") if text else ("begin", "end")
            self._read_span(node, source, node.number(ends[0]), node.number(ends[1]))

    def _add_passage(
        self, node: Node, source: int, start: int = NONE, end: int = NONE, label: str = ""
    ) -> int:
        """Add a passage with the cases that refer to it or to its source."""
        passage = self._into.add_passage(source, start, end, label, node.place)
        self._into.belongs(passage, self._known.cases_of_source(source))
        return passage

    def _read_span(self, node: Node, source: int, start: int | None, end: int | None) -> None:
        if start is None or end is None or min(start, end) < 0:
            node.drop("passage without a start and an end", node.get("guid"))
            return
        if start > end:
            self._report.add(DEVIATION, "start after end, turned round", node.place)
            start, end = end, start
        if start == end:
            self._report.add(DEVIATION, "passage of no length", node.place, node.get("name"))
        passage = self._same_quotation(node, source, start, end)
        if passage == NONE:
            passage = self._add_passage(node, source, start, end)
        if name := node.attributes.get("name"):
            self._into.quote(passage, name)
        self._read_content(node, passage)

    def _read_region(self, node: Node, source: int) -> None:
        corners = ",".join(node.get(corner) or "?" for corner in BOX)
        page = f"page {node.get('page')} " if node.get("page") else ""
        label = f"{self._into.sources[source].name}:{page}{corners}"
        passage = self._same_quotation(node, source)
        if passage == NONE:
            if (source, label) not in self._regions:
                self._regions[source, label] = self._add_passage(node, source, label=label)
            passage = self._regions[source, label]
        self._read_content(node, passage)

    def _same_quotation(self, node: Node, source: int, start: int = NONE, end: int = NONE) -> int:
        """Return the passage that this selection is another view of, or NONE.

        A quotation in a PDF stands there as a box on each of its pages and, with the same
        identifier, as a span of the text: that is one passage, known by the span.
        """
        passage = self._known.passages.get(node.guid(), NONE)
        if passage == NONE:
            return NONE
        where, begins = self._into.spot(passage)
        if where != source or NONE not in {start, begins}:
            return NONE
        if start != NONE:
            self._into.put(passage, start, end)
        self._into.joined.add(passage)
        what = "quotation as box and as text, or on several pages: one passage"
        self._report.add(CHOICE, what, node.place, node.get("name"))
        return passage

    def _read_content(self, node: Node, passage: int) -> None:
        self._into.belongs(passage, self._known.note_passage(node, passage))
        for child in node.children():
            if child.name == "Coding":
                self._read_coding(child, passage, node.guid("creatingUser"))
            elif child.name == "Description":
                if text := child.text():
                    self._report.add(DROPPED, "description of a passage", child.place, text)
            elif child.name == "Representation":
                self._read_words(child, passage)
            else:
                child.drop("note or text on a passage")

    def _read_words(self, node: Node, passage: int) -> None:
        """Take the words that stand with a region."""
        for child in node.children():
            if child.name == "PlainTextContent":
                self._into.say(passage, child.text())
            else:
                child.drop("note or text on a passage")

    def _read_coding(self, node: Node, passage: int, maker: str = "") -> None:
        """Take in one coding; the selection's maker stands in for a coder."""
        guid = node.guid("creatingUser")
        if not guid and maker:
            self._report.add(CHOICE, "coding without a coder: the passage's maker taken")
        coder, codings, notes = self._known.coder(guid or maker), [], []
        for child in node.children():
            if child.name != "CodeRef":
                notes.append(child.guid("targetGUID"))
            elif (target := child.guid("targetGUID")) in self._known.cases:
                # NVivo lists each case among the codes too, and codes passages with it.
                self._into.belongs(passage, [self._known.cases[target]])
            elif target in self._known.codes:
                code = self._known.codes[target]
                codings.append(self._into.apply(passage, code, coder, place=child.place))
            else:
                what = "coding with a code that is not there"
                self._report.add(DROPPED, what, child.place, child.get("targetGUID"))
            child.skip()
        self.notes += [(coding, note) for coding in codings for note in notes]

    def _keep_text(self, node: Node, number: int) -> None:
        path = node.get("plainTextPath")
        content = self._load(path) if path else None
        if path and content is None:
            self._report.add(DEVIATION, "text that is not in the file", node.place, path)
        if content is None:
            return
        text, odd = decoded(content)
        if odd:
            kind = DROPPED if text is None else DEVIATION
            self._report.add(kind, f"text {odd}", node.place, path)
        if text is not None:
            self._set_text(number, text)

    def _set_text(self, number: int, text: str) -> None:
        source, limit = self._into.sources[number], self._into.guard.limits.text_bytes
        self._length += len(text)
        if self._length > limit:
            problem = f"brings the texts above the limit of {limit} characters"
            place = f"source {source.name}"
            raise self._into.guard.refusal(place, problem, "export the project in parts")
        if source.text is not None:
            self._report.add(DEVIATION, "source with two texts, the last taken", "", text[:40])
        source.text = Text(text)
