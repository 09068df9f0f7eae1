"""The function reference: complete, and with an example each."""

import ast
import importlib
import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted((ROOT / "book").glob("api_*.md"))
PARTS = ("survey", "coding", "triangulation", "data", "exhibits")
LINE = re.compile(r"^\.\. currentmodule:: ([\w.]+)$|^   ([\w.]+)$|^\.\. auto\w+:: ([\w.]+)$", re.M)


def listed(text: str) -> list[Any]:
    """Return the functions and classes that a page of the reference names, in its order."""
    found, module = [], ""
    for current, entry, shown in LINE.findall(text):
        module = current or module
        if not current:
            inside, _, name = f"{module}.{entry or shown}".rpartition(".")
            found.append(getattr(importlib.import_module(inside), name))
    return found


SHOWN = [one for page in PAGES for one in listed(page.read_text(encoding="utf-8"))]


def imported(code: str) -> list[Any]:
    """Return the functions and classes of the small package that some code imports by name."""
    nodes = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    found = [
        getattr(importlib.import_module(node.module), alias.name, None)
        for node in nodes
        if node.module and node.module.startswith(tuple(f"compendium.{p}" for p in PARTS))
        for alias in node.names
    ]
    return [one for one in found if inspect.isfunction(one) or inspect.isclass(one)]


def used_in_notebooks() -> list[Any]:
    """Return what the notebooks import by name."""
    found: list[Any] = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        found += [one for text in code for one in imported(text)]
    return found


def test_the_overview_lists_what_the_pages_show() -> None:
    overview = listed((ROOT / "book/api.md").read_text(encoding="utf-8"))
    assert set(overview) == set(SHOWN)
    assert len(SHOWN) == len(set(SHOWN)) > 40


def test_every_function_that_notebooks_import_is_in_the_reference() -> None:
    missing = {
        f"{one.__module__}.{one.__name__}" for one in used_in_notebooks() if one not in SHOWN
    }
    assert not missing, "add it to book/api.md and to the page of its part, book/api_*.md"


def test_a_function_that_is_not_in_the_reference_would_be_seen() -> None:
    (one,) = imported("from compendium.survey.weighting import weight_values")
    assert one not in SHOWN
    assert imported("from compendium.triangulation import LABELS") == []
    assert imported("from compendium import data\nimport pandas") == []


FUNCTIONS = [one for one in SHOWN if inspect.isfunction(one)]
#: With `label_evidence` it is `joint_display`, whose example shows both.
HALVES = {"gather_evidence"}


@pytest.mark.parametrize("shown", FUNCTIONS, ids=lambda one: one.__name__)
def test_each_has_an_example_that_the_tests_run(shown: Any) -> None:
    assert (">>>" in (inspect.getdoc(shown) or "")) == (shown.__name__ not in HALVES)


def test_the_book_links_to_it_from_methods_and_glossary() -> None:
    for name in ("notebooks/50_methods.ipynb", "book/glossary.md"):
        assert (ROOT / name).read_text(encoding="utf-8").count("{py:func}`~compendium.") > 10
