"""Notebooks are read as their author sees them, and a broken one is named with its cell."""

import re
from pathlib import Path

import pytest
from small_project import cell, write_notebook

from bookbuilder.plan import notebook
from bookbuilder.plan.notebook import NotebookError

TITLE = cell("# Title", kind="markdown")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "marks.ipynb"


def test_parameters_are_the_literals_of_the_tagged_cell(path: Path) -> None:
    write_notebook(path, TITLE, cell("a = 1\nb = 'x'", "parameters"), cell("c = 2"))
    assert notebook.parameters(path) == {"a": 1, "b": "x"}


@pytest.mark.parametrize(
    ("position", "index", "number"),
    [(1, 0, 1), (1, 1, 2), (1, 2, 2), (1, 3, 3), (0, 2, 2), (2, 2, 3), (2, 4, 4)],
)
def test_a_cell_is_counted_as_its_author_sees_it(
    path: Path, position: int, index: int, number: int
) -> None:
    cells = [cell(f"x{n} = 1") for n in range(3)]
    write_notebook(path, *cells[:position], cell("a = 1", "parameters"), *cells[position:])
    assert notebook.number(path, index) == number


def test_without_parameters_no_cell_is_added(path: Path) -> None:
    write_notebook(path, TITLE, cell("x = 1"))
    assert [notebook.number(path, index) for index in (0, 1)] == [1, 2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"cells": [', "notebooks/marks.ipynb, line 1: this is no notebook, its JSON is broken"),
        ("{}", "notebooks/marks.ipynb: this is no notebook of format 4"),
        ("[]", "notebooks/marks.ipynb: this is no notebook of format 4"),
        ('{"cells": [{}]}', "it has no list of cells"),
    ],
)
def test_what_is_no_notebook_is_said(path: Path, text: str, said: str) -> None:
    path.write_text(text)
    with pytest.raises(NotebookError, match=re.escape(said)):
        notebook.cells(path)


def test_another_encoding_is_said(path: Path) -> None:
    path.write_bytes(b'{"cells": "\xe9"}')
    with pytest.raises(NotebookError, match="the text is not UTF-8"):
        notebook.cells(path)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a = 1\nb = = 2", "cell 2, line 2: 'b = = 2' is no Python (invalid syntax)"),
        ("a = len([1])", "cell 2, line 1: the parameters cell holds 'a = len([1])'; each line"),
        ("import os", "the parameters cell holds 'import os'; each line must assign a plain value"),
    ],
)
def test_parameters_must_be_plain_values(path: Path, source: str, said: str) -> None:
    write_notebook(path, TITLE, cell(source, "parameters"))
    with pytest.raises(NotebookError, match=re.escape(said)):
        notebook.parameters(path)


def test_one_cell_holds_the_parameters(path: Path) -> None:
    write_notebook(path, cell("a = 1", "parameters"), TITLE, cell("b = 1", "parameters"))
    with pytest.raises(NotebookError, match="cells 1 and 3 are both tagged 'parameters'"):
        notebook.parameters(path)
