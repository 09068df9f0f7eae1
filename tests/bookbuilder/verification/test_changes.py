"""What changed is told in rows of a data file, and in sentences with the numbers of then and now.

Rows are matched by the key of the contract; sentences that quote numbers are found in the book.
"""

from pathlib import Path

import pytest
from small_project import cell, write_notebook

from bookbuilder.plan import Run
from bookbuilder.verification.changes import (
    Sentence,
    changed_sentences,
    data_change,
    quoting_sentences,
)

PATH = "data/raw/marks.csv"
OLD_FILE = b"pupil,mark\nada,5\nben,3\n"
BEFORE = {"marks.top": {"value": 5}, "marks.share": {"value": 0.25}, "a.n": {"value": 7}}


@pytest.mark.parametrize(
    ("after", "rows", "said"),
    [
        (b"pupil,mark\nada,6\nben,3\n", 1, "1 row of 2"),
        (b"pupil,mark\nada,6\nben,4\n", 2, "2 rows of 2"),
        (b"pupil,mark\nben,3\n", 1, "1 row of 2"),
        (b"pupil,mark\nada,5\nben,3\ncyd,1\n", 1, "1 row of 2"),
        (b"pupil,mark\nida,5\nben,3\n", 1, "1 row of 2"),
        (b"pupil,mark\nben,3\nada,5\n", 0, "changed: the rows in another order"),
        (b'pupil,mark\n"ada",5\nben,3\n', 0, "other bytes, the same cells"),
        (b"pupil,mark\nada,5.0\nben,3\n", 0, "changed: mark from whole numbers to numbers"),
        (b"pupil\nada\nben\n", 0, "marks.csv changed: mark: column removed"),
        (b"pupil,mark,x\nada,6,1\nben,3,1\n", 1, "changed: x: column added, 1 row of 2"),
        (b"pupil,mark\nad\xe9,5\n", 0, "data/raw/marks.csv cannot be read as a table"),
        (b"pupil,mark\nada,5\nada,3\n", 1, "1 row of 2"),  # a key twice: rows by their order
    ],
)
def test_rows_are_counted(project: Path, after: bytes, rows: int, said: str) -> None:
    found = data_change(PATH, OLD_FILE, after, project)
    assert found.changed_rows == rows
    assert said in str(found)


def test_a_file_outside_the_contract_is_matched_by_its_own_first_columns(project: Path) -> None:
    found = data_change("data/notes.csv", b"a,b\nx,1\ny,2\n", b"a,b\ny,2\nx,3\n", project)
    assert [(d.row, d.after) for d in found.differences if d.row] == [("x", "3")]


def now(**changed: float) -> dict[str, dict[str, float]]:
    return BEFORE | {f"marks.{name}": {"value": value} for name, value in changed.items()}


def test_only_sentences_with_numbers_are_kept() -> None:
    text = """# Title {value}`a.n`

```
{value}`marks.top` in code
```

First. The best of {value}`a.n` pupils, in {see}`t`,
has {value}`marks.top:.1f`. Last.

- Item {value}`marks.share:.0%`
1. **All is well.** Bold is {value}`a.n`.
| cell | {value}`a.n` |

:::{dropdown} Solution
:open:
In the box {value}`a.n`.
:::
"""
    assert list(quoting_sentences(text)) == [
        "Title {value}`a.n`",
        "The best of {value}`a.n` pupils, in {see}`t`, has {value}`marks.top:.1f`.",
        "Item {value}`marks.share:.0%`",
        "Bold is {value}`a.n`.",
        "cell | {value}`a.n` |",
        "In the box {value}`a.n`.",
    ]


def test_a_changed_number_is_marked_in_its_sentence(project: Path) -> None:
    (project / "book/index.md").write_text(
        "# S\n\nOf {value}`a.n`, {value}`marks.top:.1f` is best.\n"
    )
    found = changed_sentences(project, [], BEFORE, now(top=6))
    assert found == [Sentence("book/index.md", "Of 7, **5.0** is best.", "Of 7, **6.0** is best.")]


def test_what_reads_the_same_has_not_changed(project: Path) -> None:
    (project / "book/index.md").write_text("# S\n\nA share of {value}`marks.share:.0%`.\n")
    assert changed_sentences(project, [], BEFORE, now(share=0.2501)) == []


def test_a_notebook_that_makes_several_pages_speaks_of_its_own_numbers(project: Path) -> None:
    prose = cell("# Q\n\nIn {parameter}`town`, {own}`top` of {value}`a.n`.", kind="markdown")
    write_notebook(project / "notebooks/marks.ipynb", prose)
    runs = [
        Run(name, "marks.ipynb", parameters={"town": name.title()}) for name in ("marks", "others")
    ]
    others = {"others.top": {"value": 1}}
    (found,) = changed_sentences(project, runs, BEFORE | others, now(top=6) | others)
    assert found == Sentence("marks", "In Marks, **5** of 7.", "In Marks, **6** of 7.")


def test_a_number_that_has_gone_is_said_to_be_none(project: Path) -> None:
    (project / "book/index.md").write_text("# S\n\nBest: {value}`marks.top`.\n")
    (found,) = changed_sentences(project, [], BEFORE, {})
    assert found.after == "Best: **(none)**."
