r"""NVivo's report of coding by file, and the text of a code that it exports.

The report is a table in bands: a file (`Files\\Lola`), below it a code (`Codes\\Pace`), below that
a line for each reference (its number, the coder's initials), and its words; a report by code has it
the other way round. The text has the references of one code, file by file, and is named after it.
NVivo says nowhere where in the file a passage stands.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from qda_exchange.report import CHOICE, DROPPED
from qda_exchange.tables.layouts import node_path
from qda_exchange.tables.rows import Rows
from qda_exchange.tables.sheets import Row

FOLDERS = dict.fromkeys(
    ["files", "internals", "externals", "documents", "sources", "memos"], "file"
)
FOLDERS |= {"codes": "code", "nodes": "code"}
ITEM = re.compile(r"([A-Za-z ]+)\\+(.+)", re.DOTALL)
#: The lines of an exported text between which the words stand.
FILE = re.compile(r"<?(.+?)>? - § \d+ references? coded +\[ *[\d.,]+ ?% Coverage\]")
REFERENCE = re.compile(r"Reference \d+ - [\d.,]+ ?% Coverage")
HEADINGS = {"number of coding references", "reference number", "coded by initials"}


def summary(header: Sequence[str]) -> bool:
    """Say whether a row is the header of a report of coding by file."""
    return len(HEADINGS & {name.lower() for name in header}) >= 2


def read_summary(header: list[str], rows: Iterator[Row], into: Rows) -> None:
    """Read a report of coding by file, or by code: the first band is the outer one."""
    lower, report = [name.lower() for name in header], into.report
    at = {name: lower.index(name) for name in HEADINGS if name in lower}
    report.add(CHOICE, "the format has no places in the text: the same words are one unit")
    if "coded by initials" in at:
        report.add(CHOICE, "coders are known by their initials only")
    bands: dict[str, str] = {}
    coder, outer, waiting = None, "", False
    for number, row in rows:
        cells = [cell.strip() for cell in row if cell.strip()]
        item = ITEM.fullmatch(cells[0]) if len(cells) == 1 else None
        kind = FOLDERS.get(item[1].strip().lower(), "") if item else ""
        reference = row[at["reference number"]].strip() if "reference number" in at else ""
        if item and kind:
            outer = outer or kind
            bands = {kind: item[2]} if kind == outer else {**bands, kind: item[2]}
            waiting = False
        elif reference.isdecimal():
            coder = row[at["coded by initials"]].strip() if "coded by initials" in at else None
            waiting = True
        elif len(cells) == 1 and waiting and len(bands) == 2:
            _apply(bands["file"], bands["code"], cells[0], coder, into)
            waiting = False
        elif waiting:
            what = "words of a reference without its file and code"
            report.add(DROPPED, what, f"row {number}", " ".join(cells))


def is_text(line: str) -> bool:
    """Say whether a text begins as one of a code's references does."""
    return FILE.fullmatch(line.strip()) is not None


def read_text(lines: Iterable[str], code: str, into: Rows) -> None:
    """Read the references of one code."""
    into.report.add(CHOICE, "the code is named after the file")
    into.report.add(CHOICE, "the format has no places in the text: the same words are one unit")
    file, words = "", list[str]()
    for line in chain(map(str.strip, lines), ("Reference 0 - 0% Coverage",)):
        found = FILE.fullmatch(line)
        if not found and not REFERENCE.fullmatch(line):
            words.append(line)
            continue
        if text := "\n".join(words).strip():
            item = ITEM.fullmatch(file)
            _apply(item[2] if item else file, code, text, None, into)
        words, file = [], found[1] if found else file


def _apply(file: str, code: str, words: str, coder: str | None, into: Rows) -> None:
    source, path, key = file.replace("\\\\", "\\"), node_path(code), " ".join(words.split())
    unit = into.by_words(source, words, f"{source}:{key[:30]}", said=(coder, tuple(path)))
    into.apply(unit, into.code(path), coder)
