"""Sentences of the book that quote a number which changed.

Chapters and notebooks quote by role, so it is known of every sentence which recorded numbers it
holds; here it is shown as a reader saw it before and sees it now.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bookbuilder.engine.inline_values import VALUE_ROLE, Values, fill, format_value
from bookbuilder.plan import Run, notebook

FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1`*\s*$", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->|^\([\w-]+\)=$", re.DOTALL | re.MULTILINE)
#: Where a directive of MyST begins or ends, with its title; and its options.
DIRECTIVE = re.compile(r"^\s*(?::{3,}.*|:[\w-]+:.*)$", re.MULTILINE)
BLOCK_END = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*|#]|\d+\.)\s?)")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z{*\"(])")


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
