"""A small project of its own for tests that build: one table, two notebooks, one chapter."""

import json
import shutil
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def cell(source: str, *tags: str, kind: str = "code") -> dict[str, Any]:
    """Return a notebook cell."""
    made: dict[str, Any] = {"cell_type": kind, "metadata": {"tags": list(tags)}, "source": source}
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    return made


def write_notebook(path: Path, *cells: dict[str, Any]) -> None:
    """Write a notebook of some cells, with ids by position."""
    numbered = [{"id": f"cell-{i}"} | one for i, one in enumerate(cells)]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook = {"cells": numbered, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), encoding="utf-8")


LOAD = "from compendium import data, exhibits\nmarks = data.load('marks')"
RECORD = """\
exhibits.table(marks, "marks_table", caption="Marks of {n} pupils.", n=len(marks))"""
VALUE = 'exhibits.value("top", marks["mark"].max() * factor, "marks", "best mark")'
PLAN = """\
marks:
  notebook: marks.ipynb
  inputs: [marks]
  tables: [marks_table]

double:
  notebook: double.ipynb
  after: [marks]
"""


def contract() -> dict[str, Any]:
    """Return the contract of the small project."""
    field = {"title": "F", "description": "A field of the test."}
    return {
        "name": "small",
        "title": "Small",
        "description": "A project for tests.",
        "licenses": [{"name": "CC0-1.0", "title": "CC0", "path": "https://example.org/cc0"}],
        "origins": {"reconstructed": "Made up.", "printed": "Stands in a document."},
        "groups": {"raw": "Raw"},
        "resources": [
            {
                "name": "marks",
                "type": "table",
                "path": "raw/marks.csv",
                "title": "Marks",
                "description": "Marks of pupils.",
                "origin": "reconstructed",
                "encoding": "utf-8",
                "licenses": [{"name": "CC0-1.0", "path": "https://example.org/cc0"}],
                "sources": [{"title": "none", "document": None, "place": "made up"}],
                "schema": {
                    "fields": [
                        {"name": "pupil", "type": "string", **field},
                        {"name": "mark", "type": "integer", **field, "constraints": {"maximum": 6}},
                    ],
                    "primaryKey": ["pupil"],
                },
            }
        ],
    }


def make_project(root: Path) -> Path:
    """Write the small project into a folder and return it."""
    for folder in ("data/raw", "notebooks", "book", "results"):
        (root / folder).mkdir(parents=True)
    (root / "data/datapackage.json").write_text(json.dumps(contract()), encoding="utf-8")
    (root / "data/raw/marks.csv").write_text("pupil,mark\nada,5\nben,3\n", encoding="utf-8")
    (root / "requirements.lock").write_text("# nothing\n", encoding="utf-8")
    (root / "notebooks/runs.yml").write_text(PLAN, encoding="utf-8")
    title = cell("# Marks\n\nThe best is {value}`marks.top`.", kind="markdown")
    parameters = cell("factor = 1", "parameters")
    write_notebook(
        root / "notebooks/marks.ipynb", title, parameters, cell(LOAD), cell(VALUE), cell(RECORD)
    )
    double = "from compendium import exhibits\nbest = exhibits.values_of('marks')['top']"
    write_notebook(
        root / "notebooks/double.ipynb",
        cell("# Twice", kind="markdown"),
        cell("times = 2", "parameters"),
        cell(double),
        cell('exhibits.value("top", best * times, "marks", "twice the best mark")'),
    )
    chapter = "# Small\n\nTwice the best is {value}`double.top:.1f`, see {see}`marks_table`.\n"
    (root / "book/index.md").write_text(chapter, encoding="utf-8")
    listed = "  - file: notebooks/marks\n  - file: notebooks/double\n"
    toc = f"format: jb-book\nroot: index\nchapters:\n{listed}"
    (root / "book/_toc.yml").write_text(toc, encoding="utf-8")
    (root / "book/references.bib").write_text("", encoding="utf-8")
    shutil.copytree(ROOT / "book/_static", root / "book/_static")
    shutil.copy(ROOT / "_config.yml", root / "_config.yml")
    return root


def show_all_notebooks(root: Path, *kept: str) -> None:
    """Keep only some notebooks, and a table of contents that shows whatever there is."""
    for path in (root / "notebooks").glob("*.ipynb"):
        if path.stem not in kept:
            path.unlink()
    toc = "format: jb-book\nroot: index\nchapters:\n  - glob: notebooks/*\n"
    (root / "book/_toc.yml").write_text(toc, encoding="utf-8")


class Recording:
    """A display that keeps which tasks ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def start(self, name: str, total: int | None = None) -> None:
        """Keep the name."""
        self.ran.append(name)

    def end(self, name: str, seconds: float, *, failed: bool) -> None:
        """Nothing to keep."""
