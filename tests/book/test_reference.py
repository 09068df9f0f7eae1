"""The function reference is rendered anew with its docstrings."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from small_project import make_project

ROOT = Path(__file__).resolve().parents[2]


def build(root: Path) -> str:
    """Build the book by the command of the copy's own package; return what it says."""
    environment = os.environ | {"PYTHONPATH": str(root / "src"), "COMPENDIUM_ROOT": str(root)}
    command = [sys.executable, "-m", "bookbuilder.cli", "build"]
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


def test_a_changed_docstring_is_rendered_anew_and_nothing_is_executed(tmp_path: Path) -> None:
    root = make_project(tmp_path / "small")
    shutil.copytree(ROOT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "book/api_survey.md", root / "book")
    with (root / "book/_toc.yml").open("a", encoding="utf-8") as toc:
        toc.write("  - file: api_survey\n")
    build(root)
    page = root / "_build/html/api_survey.html"
    before = page.read_text(encoding="utf-8")
    summary = "Adjust weights until every margin sums to its totals in the population."
    assert before.count(summary) == 1
    assert "No sample was changed" not in before
    for path in (root / "src/compendium/survey").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace(f'"""{summary}', f'"""{summary}\n\n    No sample was changed.')
        )
    said = build(root)
    assert "No sample was changed" in page.read_text(encoding="utf-8")
    assert "0 run, 2 unchanged" in said
