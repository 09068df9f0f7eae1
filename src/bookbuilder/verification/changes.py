"""What changed in words of its own: rows of a data file, and sentences of the book.

A data file's changes are counted in rows and named by field. Chapters and notebooks quote numbers
by role, so it is known of every sentence which recorded numbers it holds; one whose numbers changed
is shown as a reader saw it before and sees it now.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bookbuilder.documents import count
from bookbuilder.engine.inline_values import VALUE_ROLE, Values, fill, format_value
from bookbuilder.plan import Run, notebook
from bookbuilder.verification.comparison import EXACT, Difference, compare_tables, parse_table
from compendium import data

MAX_NAMED_CELLS = 3
FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1`*\s*$", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->|^\([\w-]+\)=$", re.DOTALL | re.MULTILINE)
#: Where a directive of MyST begins or ends, with its title; and its options.
DIRECTIVE = re.compile(r"^\s*(?::{3,}.*|:[\w-]+:.*)$", re.MULTILINE)
BLOCK_END = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*|#]|\d+\.)\s?)")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z{*\"(])")


@dataclass(frozen=True)
class DataChange:
    """How a data file differs from an earlier state, which had so many rows."""

    path: str
    rows: int
    differences: list[Difference] = field(default_factory=list)

    @property
    def changed_rows(self) -> int:
        """How many rows differ, are gone or have been added; all of a file that came or went."""
        if any(d.kind in ("removed", "added") for d in self.differences):
            return self.rows
        return len({(d.kind.startswith("row"), d.row) for d in self.differences if d.row})

    @property
    def cells(self) -> str:
        """The cells and rows that changed: each of a few, else how many of each field."""
        changed = [d for d in self.differences if d.row]
        if len(changed) <= MAX_NAMED_CELLS:
            return "; ".join(f"{d.row}: {d.column} {d.words}".replace(":  ", ": ") for d in changed)
        counts = Counter(d.column or d.kind for d in changed)
        return ", ".join(f"{name} ({number})" for name, number in counts.items())

    def __str__(self) -> str:
        if not self.differences:
            return f"{self.path} changed: other bytes, the same cells"
        first = self.differences[0].kind
        if first == "unreadable":
            return f"{self.path} cannot be read as a table"
        if first in ("removed", "added", "changed"):
            return f"{self.path} {'was ' * (first != 'changed')}{first}"
        parts = [_column_change(d) for d in self.differences if not d.row]
        if self.changed_rows:
            parts.append(f"{count(self.changed_rows, 'row')} of {self.rows}")
        return f"{self.path} changed: {', '.join(parts)}"


def data_change(path: str, before: bytes | None, after: bytes | None, root: Path) -> DataChange:
    """Return how a data file changed, its rows matched by the key that the contract names.

    None stands for a file that was not, or is no longer, there.
    """
    kind = "added" if before is None else "removed" if after is None else "changed"
    known = [content for content in (before, after) if content is not None]
    try:
        tables = [parse_table(content) for content in known] if path.endswith(".csv") else []
    except (UnicodeDecodeError, csv.Error):  # which row is at fault, the contract says
        return DataChange(path, 0, [Difference("unreadable", path)])
    if len(tables) < 2:
        rows = len(tables[0].rows) if tables else 0
        return DataChange(path, rows, [Difference(kind, path)])
    found = compare_tables(path, *tables, key=_key(path, root), tolerance=EXACT)
    return DataChange(path, len(tables[0].rows), found)


def _column_change(difference: Difference) -> str:
    """Say what became of a column, or of the order of all rows or columns."""
    if difference.kind == "type":
        return f"{difference.column} from {difference.before} to {difference.after}"
    if difference.kind == "order":
        return f"the {difference.column} in another order"
    return f"{difference.column}: {difference.kind}"


def _key(path: str, root: Path) -> list[str]:
    for table in data.descriptor(root)["resources"]:
        if path == f"data/{table['path']}":
            key = table["schema"].get("primaryKey", [])
            return [key] if isinstance(key, str) else list(key)
    return []


@dataclass(frozen=True)
class Sentence:
    """A sentence before and after, what changed in it in bold."""

    page: str
    before: str
    after: str


def changed_sentences(
    root: Path, runs: Iterable[Run], before: Values, after: Values
) -> list[Sentence]:
    """Return the sentences in which a number reads otherwise than before, page by page.

    Chapters and notebooks are read as they stand; `before` and `after` are the recorded numbers.
    """
    found = []
    for page, run, text in _pages(root, runs):
        for sentence in quoting_sentences(text):
            if fill(sentence, before, run) != fill(sentence, after, run):
                old = _fill_in_bold(sentence, run, before, after)
                found.append(Sentence(page, old, _fill_in_bold(sentence, run, after, before)))
    return found


def quoting_sentences(text: str) -> Iterator[str]:
    r"""Return the sentences of a Markdown text that quote a number.

    >>> list(quoting_sentences("# Rates\n\nNone. Of {value}`a.n` one\nanswered. So be it."))
    ['Of {value}`a.n` one answered.']
    """
    prose = DIRECTIVE.sub("\n", COMMENT.sub("", FENCE.sub("", text)))
    prose = prose.replace("**", "")  # bold is for what changed
    for block in BLOCK_END.split(prose):
        for sentence in SENTENCE_END.split(" ".join(block.split())):
            if VALUE_ROLE.search(sentence):
                yield sentence.lstrip("-*#| ")


def _pages(root: Path, runs: Iterable[Run]) -> Iterator[tuple[str, Run | None, str]]:
    for path in sorted((root / "book").glob("*.md")):
        yield path.relative_to(root).as_posix(), None, path.read_text(encoding="utf-8")
    for run in runs:
        cells = notebook.cells(root / run.source)
        prose = [notebook.source(cell) for cell in cells if cell["cell_type"] == "markdown"]
        yield run.name, run, "\n\n".join(prose)


def _fill_in_bold(sentence: str, run: Run | None, values: Values, others: Values) -> str:
    """Put numbers in; those that read otherwise in other values are set in bold."""

    def mark(text: str, key: str, spec: str) -> str:
        return text if text == format_value(others, key, spec) else f"**{text}**"

    return fill(sentence, values, run, mark)
