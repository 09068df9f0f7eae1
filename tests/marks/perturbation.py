"""Other reconstructed rows in a copy of the project, and which exhibits they change.

The mark "reconstructed" says that an exhibit rests on what a seed decided. That can be tried: draw
the rows, and the sets of rows of the page on the reconstruction, from another seed; whatever then
differs rests on them, and whatever stays the same to the byte under several seeds does not.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from compendium import files

ROOT = Path(__file__).resolve().parents[2]
#: Left behind: the environment, the history, and what only the site needs.
LEFT_OUT = shutil.ignore_patterns(
    ".venv", ".git", "html", "jupyter_execute", ".doctrees", ".*_cache"
)
SETS_OF_ROWS = "notebook: 12_printed_limits.ipynb"
WORDS = ("caption", "alt", "n", "note", "source", "rows", "display")


def build_with_seed(root: Path, target: Path, seed: int) -> Path:
    """Copy a project, draw its survey rows from another seed, and build its record."""
    shutil.copytree(root, target, ignore=LEFT_OUT, dirs_exist_ok=True)
    plan = target / "notebooks/runs.yml"
    text = plan.read_text(encoding="utf-8")
    assert text.count(SETS_OF_ROWS) == 1
    files.write_text(
        plan, text.replace(SETS_OF_ROWS, f"{SETS_OF_ROWS}\n  parameters: {{first_seed: {seed}}}")
    )
    draw = ["auditing.reconstruction", "--seed", str(seed), "--root", str(target), "--force"]
    own = os.environ | {"PYTHONPATH": str(target / "src"), "COMPENDIUM_ROOT": str(target)}
    for command in (draw, ["bookbuilder.cli", "build", "--no-site"]):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=target,
            env=own,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not done.returncode, done.stdout + done.stderr
    return target


def exhibits(root: Path) -> dict[str, dict[str, Any]]:
    """Return what is recorded of each exhibit, by its name."""
    found: dict[str, dict[str, Any]] = files.read_json(root / "results/exhibits.json")
    return found


def changed(root: Path, other: Path) -> set[str]:
    """Return the exhibits of which words, cells or picture differ between two projects."""
    before, after = exhibits(root), exhibits(other)
    assert before.keys() == after.keys()
    return {name for name in before if _content(root, name) != _content(other, name)}


def _content(root: Path, name: str) -> list[Any]:
    entry = exhibits(root)[name]
    folder = root / "results" / f"{entry['kind']}s"
    cells = [path.read_bytes() for path in sorted(folder.glob(f"{name}.*"))]
    return [*(entry.get(word) for word in WORDS), *cells]


def faults(root: Path, others: list[Path]) -> list[str]:
    """Return a sentence for each exhibit whose mark is not what other rows show."""
    differ = [changed(root, other) for other in others]
    ever = set().union(*differ)
    found = []
    for name, entry in exhibits(root).items():
        if entry["reconstructed"] and name not in ever:
            found.append(f"{name} is marked, and is the same with all other rows")
        if not entry["reconstructed"] and name in ever:
            found.append(f"{name} is not marked, and differs with other rows")
    return found
