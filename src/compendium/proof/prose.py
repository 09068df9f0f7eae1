"""Sentences of the book that quote a number which changed.

Chapters and notebooks quote by role, so it is known of every sentence which recorded numbers it
holds; here it is shown as a reader saw it before and sees it now.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compendium.rebuild.plan import Run

QUOTE = re.compile(r"\{(value|own)\}`([^`]+)`")
ROLE = re.compile(r"\{([a-z:]+)\}`([^`]+)`")
FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1`*\s*$", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->|^\([\w-]+\)=$", re.DOTALL | re.MULTILINE)
BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*|#]|\d+\.)\s?)")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z{*\"(])")
#: Entries by key, as in `results/values.json`.
Values = Mapping[str, Mapping[str, Any]]


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

    Parameters
    ----------
    root
        The project's folder; its chapters and notebooks are read as they stand.
    runs
        The plan, for the pages that notebooks make.
    before, after
        The recorded numbers, then and now.
    """
    found = []
    for page, run, text in _pages(root, runs):
        for sentence in sentences(text):
            shown = [_shown(sentence, run, values) for values in (before, after)]
            if shown[0] != shown[1]:
                marked = [_shown(sentence, run, v, other=w) for v, w in _ways(before, after)]
                found.append(Sentence(page, *marked))
    return found


def sentences(text: str) -> Iterator[str]:
    r"""Return the sentences of a Markdown text that quote a number.

    Examples
    --------
    >>> list(sentences("# Rates\n\nNone. Of {value}`a.n` one\nanswered. So be it."))
    ['Of {value}`a.n` one answered.']
    """
    prose = COMMENT.sub("", FENCE.sub("", text))
    for block in BLOCK.split(prose):
        for sentence in SENTENCE.split(" ".join(block.split())):
            if QUOTE.search(sentence):
                yield sentence.lstrip("-*#| ")


def _ways(before: Values, after: Values) -> list[tuple[Values, Values]]:
    return [(before, after), (after, before)]


def _pages(root: Path, runs: Iterable[Run]) -> Iterator[tuple[str, Run | None, str]]:
    for path in sorted((root / "book").glob("*.md")):
        yield path.relative_to(root).as_posix(), None, path.read_text(encoding="utf-8")
    for run in runs:
        cells = json.loads((root / run.source).read_text(encoding="utf-8"))["cells"]
        prose = ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
        yield run.name, run, "\n\n".join(prose)


def _shown(sentence: str, run: Run | None, values: Values, other: Values | None = None) -> str:
    """Put numbers in; those that read otherwise in `other` are set in bold."""

    def number(match: re.Match[str]) -> str:
        key, _, spec = match[2].partition(":")
        if match[1] == "own" and run:
            key = f"{run.name}.{key}"
        text = _number(values, key, spec)
        return text if other is None or text == _number(other, key, spec) else f"**{text}**"

    def plain(match: re.Match[str]) -> str:
        if match[1] == "parameter" and run:
            return str(run.parameters.get(match[2], match[2]))
        return match[2]

    return ROLE.sub(plain, QUOTE.sub(number, sentence))


def _number(values: Values, key: str, spec: str) -> str:
    if key not in values:
        return "(none)"
    return format(values[key]["value"], spec or ",")
