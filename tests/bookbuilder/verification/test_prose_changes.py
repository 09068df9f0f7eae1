"""Sentences that quote numbers are found, shown with the numbers of then and now."""

from pathlib import Path

from small_project import cell, write_notebook

from bookbuilder.plan import Run
from bookbuilder.verification.prose_changes import Sentence, changed_sentences, quoting_sentences

BEFORE = {"marks.top": {"value": 5}, "marks.share": {"value": 0.25}, "a.n": {"value": 7}}


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
