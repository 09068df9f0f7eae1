"""How a table fits the place it is read in: what stays on one line, and what a phone does with it.

Few short columns fit a phone as they are. Many columns of numbers scroll sideways under a first
column that stays. Where cells hold words, every row becomes a block of its own. Which is right
follows from the cells, so it is decided as the table is rendered.
"""

from collections.abc import Sequence

#: Pixels of a letter, of a cell's padding, of the text on a phone and on a page.
LETTER, PADDING, PHONE, PAGE = 7, 13, 335, 760
SHORT = 14  # letters of a cell that is not broken over lines where there is room
NAME = 10  # letters of a cell that is never broken: an identifier, a number, two numbers
NARROW = 12  # letters of a cell that is about as narrow as a number
READABLE = 110  # pixels below which words of a text are hard to read
MATRIX = 3  # as many columns of numbers are worth comparing

#: Shown text of the cells, row by row.
Cells = Sequence[Sequence[str]]


def phone(headings: Sequence[str], rows: Cells) -> str:
    """Return how a phone shows a table: ``"whole"``, ``"freeze"`` or ``"stack"``.

    Examples
    --------
    >>> phone(["District", "Rate"], [["Mercer", "91.4%"]])
    'whole'
    >>> phone(["District", *"abcdef"], [["Williams-Battier", *["1,234"] * 6]])
    'freeze'
    >>> phone(["Code", "Meaning", "Said", "By"], [["Pace", *["who sets the pace " * 9] * 3]])
    'stack'
    """
    if len(headings) < 2 or _least(headings, rows) <= PHONE:
        return "whole"
    columns = list(zip(*rows, strict=True))[1:]
    numbers = len(columns) >= MATRIX and all(_longest(column) <= NARROW for column in columns)
    return "freeze" if numbers else "stack"


def unbroken(rows: Cells) -> list[bool]:
    """Return for each column whether its cells stay on one line on a page of full width.

    Examples
    --------
    >>> unbroken([["Mercer", "89% to 95%", "A long sentence on what was said."]])
    [True, True, False]
    """
    columns = list(zip(*rows, strict=True))
    short = [_longest(column) <= SHORT for column in columns]
    needed = sum(
        _longest(column) * LETTER + PADDING if one else 2 * READABLE
        for column, one in zip(columns, short, strict=True)
    )
    return short if needed <= PAGE else [_longest(column) <= NAME for column in columns]


def _least(headings: Sequence[str], rows: Cells) -> int:
    """Return the pixels that a table needs at least, its words broken but readable."""
    total = 0
    for number, heading in enumerate(headings):
        texts = [heading, *(row[number] for row in rows)]
        word = max(len(one) for text in texts for one in text.split() or [""])
        prose = _longest(texts[1:]) > 2 * SHORT
        total += max(word * LETTER, READABLE if prose else 0) + PADDING
    return total


def _longest(texts: Sequence[str]) -> int:
    return max((len(text) for text in texts), default=0)
