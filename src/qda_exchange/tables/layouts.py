r"""Tables with a row for each coding or passage, whoever wrote them: one reader, a layout for each.

A layout says what a tool's headings mean. Of the tools only Dedoose and requal say where in the
text a passage stands. It is known by its id where the tool gives it one, else by its place, else by
its words: the same words in one document are one passage, unless a coder gave them the same code
twice. Regions of pictures and recordings have no words, so each keeps its id.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from compendium.coding.checks import DIRECTIONS
from qda_exchange.cells import restored
from qda_exchange.gathering import NONE
from qda_exchange.model import COLUMNS
from qda_exchange.report import CHOICE, DEVIATION, DROPPED
from qda_exchange.tables.rows import Rows
from qda_exchange.tables.sheets import Row

NO_PLACES = "the format has no places in the text: start and end are empty"
#: Words that QualCoder writes for what has none.
MEDIA = {"image", "a/v"}
MARKS = {"1", "x", "yes", "true", "ja", "oui", "sí", "si", "✓", "✔"}
BLANKS = {"", "0", "no", "false", "nein", "non", "-", "na", "n/a"}
DOCUMENT_NUMBER = re.compile(r"D?\s?\d+:\s+")
Cells = dict[str, str]


def tag_path(tag: str) -> list[str]:
    """Return the tags above a tag of Taguette, whose levels are parted by dots, and itself."""
    levels = tag.split(".")
    if not all(level and level == level.strip() for level in levels):
        return [tag]
    return [".".join(levels[:depth]) for depth in range(1, len(levels) + 1)]


def several(cell: str) -> list[str]:
    r"""Return the codes that stand in one cell, a line each or else parted by semicolons."""
    parts = cell.splitlines() if "\n" in cell else cell.split(";")
    return [part.strip() for part in parts if part.strip()]


@dataclass(frozen=True)
class Layout:
    """What the headings of a table mean.

    `needed` meanings tell a layout from others, `path` parts the levels of a code, `source` mends
    the name of a document, `ids` says whether the unit column tells passages apart, and `first` is
    the number of a text's first character.
    """

    name: str
    meanings: dict[str, str]
    needed: tuple[str, ...]
    notes: tuple[str, ...] = ()
    path: Callable[[str], list[str]] = lambda code: [code]
    source: Callable[[str], str] = str
    ids: bool = True
    first: int = 0

    def columns(self, header: Sequence[str]) -> dict[int, str]:
        """Return what each column means; of two that mean the same the first counts."""
        found: dict[int, str] = {}
        for at, heading in enumerate(header):
            what = self.meanings.get(heading.lower())
            if what and (what in {"applied", "category"} or what not in found.values()):
                found[at] = what
        return found

    def fits(self, header: Sequence[str]) -> bool:
        """Say whether a header is of this layout."""
        found = set(self.columns(header).values())
        return all(found & set(what.split("|")) for what in self.needed)

    def read(self, header: list[str], rows: Iterator[Row], into: Rows) -> None:
        """Take in the rows."""
        columns, report = self.columns(header) | into.people_columns(header), into.report
        into.drop_columns(header, set(columns))
        for note in self.notes:
            report.add(CHOICE, note)
        if "file/case" in map(str.lower, header):
            report.add(CHOICE, "the file or the case is not said: read as the file")
        wide = [at for at, what in columns.items() if what == "applied"]
        codes = {at: into.code(header[at].split("\\")) for at in wide}
        paths: dict[str, list[str]] = {}
        for number, row, cells in self._parsed(columns, rows):
            place = f"row {number}"
            unit = self._unit(cells, place, into)
            if unit is None:
                shown = " ".join(cells.get(one, "") for one in ("code", "codes", "text"))
                report.add(DROPPED, "row without a passage or a code", place, shown.strip())
                continue
            if memo := cells.get("memo"):
                report.add(DROPPED, "memo on a coding", place, memo)
            direction, coder = cells.get("direction"), cells.get("coder")
            if direction and direction not in DIRECTIONS:
                report.add(DEVIATION, "unknown direction, left empty", place, direction)
                direction = None
            weight = into.number(cells.get("weight"), place, "weight")
            for code in [*filter(None, [cells.get("code")]), *several(cells.get("codes", ""))]:
                path = into.code(self._path(code, cells, paths, into))
                into.apply(unit, path, coder, direction, weight=weight)
            for at, path in codes.items():
                applied, count = _mark(row[at], place, into)
                if applied:
                    into.apply(unit, path, coder, direction, weight=count or weight)

    def _parsed(
        self, columns: dict[int, str], rows: Iterator[Row]
    ) -> Iterator[tuple[int, list[str], Cells]]:
        """Yield rows with their cells by meaning; a folder parts documents of one name."""
        parsed = ((number, row, self._cells(columns, row)) for number, row in rows)
        if "folder" not in columns.values():
            yield from parsed
            return
        listed, folders = list(parsed), defaultdict(set)
        for _, _, cells in listed:
            folders[cells.get("source")].add(cells.get("folder"))
        for number, row, cells in listed:
            if len(folders[cells.get("source")]) > 1:
                cells["source"] = f"{cells.get('folder')}\\{cells.get('source')}"
            yield number, row, cells

    def _cells(self, columns: dict[int, str], row: Sequence[str]) -> Cells:
        cells: Cells = {}
        for at, what in columns.items():
            text = restored(row[at].strip())
            if text and what == "category":
                # The category nearest to the code comes first.
                cells[what] = f"{text}\n{cells.get(what, '')}"
            elif text:
                cells[what] = self.source(text) if what == "source" else text
        return cells

    def _path(self, code: str, cells: Cells, paths: dict[str, list[str]], into: Rows) -> list[str]:
        path = [*cells.get("category", "").splitlines(), *self.path(code)]
        if paths.setdefault(code, path) != path:
            what = "code in two categories, the first taken"
            into.report.add(DEVIATION, what, code, "\\".join(path))
        return paths[code]

    def _unit(self, cells: Cells, place: str, into: Rows) -> int | None:
        """Take in the passage of a row and return its number."""
        start, end = into.span(cells.get("start"), cells.get("end"), place)
        span = max(start - self.first, min(start, 0)), end
        source, name = cells.get("source"), cells.get("unit")
        words = cells.get("text", cells.get("name"))
        media = words is not None and words.lower() in MEDIA
        people = cells.get("case"), cells.get("site"), cells.get("role")
        if name and (self.ids or media or not words):
            words = None if media else words
            return into.passage(source, (name, *span), name, words, span=span, people=people)
        if (self.ids and "unit" in self.needed) or (start == NONE and "start" in self.needed):
            return None
        if start != NONE:
            return into.passage(source, span, words=words, span=span, people=people)
        spot, code = cells.get("place"), cells.get("code", cells.get("codes"))
        wish = name or f"{source or 'table'}:{spot or place}"
        if words:
            spots, said = (spot, cells.get("until")), (cells.get("coder"), code)
            return into.by_words(source, words, wish, spot=spots, said=said, people=people)
        bare = code or "applied" in self.needed
        return into.passage(source, place, wish, people=people) if bare else None


def _headings(listed: str) -> dict[str, str]:
    """Turn `meaning: heading|heading; ...` into meanings by heading."""
    pairs = [one.strip().split(": ") for one in listed.split(";")]
    return {name: meaning for meaning, names in pairs for name in names.split("|")}


def _mark(cell: str, place: str, into: Rows) -> tuple[bool, float | None]:
    """Say whether a cell says that its code was applied, and the number that it gives."""
    text = cell.strip().lower()
    if text in MARKS or text in BLANKS:
        return text in MARKS, None
    count = into.number(text, place, "mark")
    return bool(count), count


LONG = Layout(
    "long table",
    {name: name for name in COLUMNS} | {"text": "text", "segment_id": "ignore"},
    ("source", "unit", "code"),
)
QUALCODER = Layout(
    "QualCoder coding report",
    _headings(
        "source: file|file/case|filename; case: case; coder: coder; text: coded; unit: id; "
        "code: codename; memo: coded_memo; category: category"
    ),
    ("source|case", "coder", "text", "unit", "code", "memo"),
    ("the format has no places in the text: the same words are one unit",),
    ids=False,
)
TAGUETTE = Layout(
    "Taguette highlights",
    _headings("unit: id; source: document; code: tag; text: content"),
    ("unit", "source", "code", "text"),
    (NO_PLACES,),
    tag_path,
)
REQUAL = Layout(
    "requal segments",
    _headings(
        "source: doc_name; start: segment_start; end: segment_end; code: code_name; "
        "text: segment_text; coder: user_name; ignore: doc_id|code_id"
    ),
    ("source", "start", "code"),
    ("positions begin at 1 and include the last: turned into ours",),
    first=1,
)
MAXQDA = Layout(
    "MAXQDA retrieved segments",
    _headings(
        "folder: document group|dokumentgruppe|grupo de documentos|groupe de documents; "
        "source: document name|dokumentname|nombre del documento|nom du document|document; "
        "code: code|código; text: segment|segmento|coded segment|codiertes segment; "
        "place: beginning|begin|start|anfang|inicio|début|position; until: end|ende|final|fin; "
        "weight: weight score|weight|gewicht|gewichtung|peso|poids; "
        "coder: created by|author|autor|erstellt von|creado por|créé par; "
        "memo: comment|kommentar|comentario|commentaire"
    ),
    ("source", "code", "text", "place"),
    ("the format counts paragraphs, pages or time: start and end are empty",),
    lambda code: re.split(r"\\| > ", code),
)
ATLAS = Layout(
    "ATLAS.ti quotations",
    _headings(
        "unit: id|zitat-id; source: document|dokument|documento; codes: codes|kodes|códigos; "
        "text: quotation content|quotation text|zitatinhalt|contenido de la cita|quotation; "
        "name: quotation name|zitatname|nombre de la cita|name; "
        "coder: created by|author|user|erstellt von|creado por; "
        "memo: comment|quotation comment|kommentar|comentario"
    ),
    ("source", "codes", "text|name"),
    (NO_PLACES, "the coder is who made the quotation, not who applied the code"),
    source=lambda name: DOCUMENT_NUMBER.sub("", name, count=1),
)
CODEBOOK = Layout(
    "codebook",
    _headings(
        "code: tag|code|code name|code_name|codename|name|hierarchical name; "
        "text: description|definition|code_description|code description|code memo|beschreibung; "
        "category: parent|category|categories|parent code|übergeordneter code; "
        "colour: color|colour|code_color; "
        "counted: number of highlights|number of documents|files|references|sources|code_id"
    ),
    ("code", "text|counted"),
)
LAYOUTS = (LONG, QUALCODER, TAGUETTE, REQUAL, MAXQDA, ATLAS)


def read_codebook(header: list[str], rows: Iterator[Row], into: Rows) -> None:
    r"""Read codes with descriptions; levels are paths (`Codes\\Pace\\slow`), tags, or indents."""
    columns = {what: at for at, what in CODEBOOK.columns(header).items()}
    counts = {at for at, name in enumerate(header) if CODEBOOK.meanings.get(name.lower())}
    into.drop_columns(header, counts)
    tags = header[columns["code"]].lower() == "tag"
    above: list[tuple[int, str]] = []
    for number, row in rows:
        raw = row[columns["code"]]
        name = raw.strip()
        if not name:
            into.report.add(DROPPED, "row without a code", f"row {number}")
            continue
        cells = {what: row[at].strip() for what, at in columns.items()}
        indent = len(raw) - len(raw.lstrip())
        above = [one for one in above if one[0] < indent]
        parents = several(cells.get("category", "").replace("|", ";"))
        if len(parents) > 1:
            what = "code in several categories, the first taken"
            into.report.add(CHOICE, what, f"row {number}", name)
        path = tag_path(name) if tags else [*(one for _, one in above), *node_path(name)]
        above.append((indent, name))
        code = into.code([*parents[:1], *path])
        into.describe(code, cells.get("text"), cells.get("colour"))


def node_path(name: str) -> list[str]:
    r"""Return the levels of a name as NVivo writes it, without the folder that holds all codes."""
    levels = [level for level in re.split(r"\\+", name) if level]
    folder = levels[0].lower() in {"codes", "nodes", "code", "node"} and len(levels) > 1
    return levels[1:] if folder else levels
