"""The house rules of imports: downwards only, pure parts stay pure, reading cheap to import."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "compendium"
PARTS = [
    "survey",
    "coding",
    "triangulation",
    "audit",
    "data",
    "exhibits",
    "exchange",
    "proof",
    "rebuild",
    "site",
    "cli",
]

#: Which parts of ours a part may know.
MAY_KNOW = {
    "survey": {"survey"},
    "coding": {"coding"},
    "triangulation": {"triangulation", "survey", "coding"},
    "audit": {"audit", "triangulation", "survey", "coding"},
    "data": {"data"},
    "exhibits": {"exhibits"},
    "rebuild": {"rebuild", "audit", "data", "exhibits"},  # the disclosure gate
    "site": {"site", "audit", "data", "exhibits"},  # the six verdicts
    "exchange": {"exchange", "data", "coding"},
    "proof": {"proof", "rebuild", "data", "triangulation"},  # the labels of joint displays
    "cli": {"cli", "proof", "rebuild", "exchange"},
}
#: The one place in a pure part that reads and writes: its command.
COMMANDS = {"survey/reconstruction/__main__.py"}
#: Looks like opening a file, and opens an entry of an archive that it was handed as bytes.
IN_MEMORY = {("coding/exchange/archive.py", "open(")}


def imports(code: str) -> set[str]:
    """Return the parts of the package that some code imports."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("compendium"):
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            whole = [alias.name for alias in node.names if alias.name.startswith("compendium")]
        else:
            continue
        found |= {name.split(".")[1] for name in whole if name.count(".")}
    return found & set(PARTS)


def modules(part: str) -> list[Path]:
    path = SOURCE / part
    found = sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    return [one for one in found if one.relative_to(SOURCE).as_posix() not in COMMANDS]


@pytest.mark.parametrize("part", PARTS)
def test_imports_run_downwards(part: str) -> None:
    wrong = {
        f"{path.relative_to(SOURCE)} imports {other}"
        for path in modules(part)
        for other in imports(path.read_text(encoding="utf-8")) - MAY_KNOW[part]
    }
    assert not wrong


@pytest.mark.parametrize("part", ["survey", "coding", "triangulation", "audit"])
def test_pure_parts_open_no_file(part: str) -> None:
    opening = ("open(", "read_csv(", "to_csv(", "Path(", "read_text(", "write_text(")
    wrong = {
        f"{path.relative_to(SOURCE)}: {word}"
        for path in modules(part)
        for word in opening
        if word in path.read_text(encoding="utf-8")
        and (path.relative_to(SOURCE).as_posix(), word) not in IN_MEMORY
    }
    assert not wrong


def test_the_rules_see_a_wrong_import() -> None:
    assert imports("from compendium.rebuild import engine") - MAY_KNOW["survey"] == {"rebuild"}
    assert imports("from compendium import data") - MAY_KNOW["coding"] == {"data"}


@pytest.mark.parametrize("module", ["survey.weights", "survey.estimates", "coding.tallies", "data"])
def test_importing_a_part_loads_no_heavy_library(module: str) -> None:
    code = f"import sys, compendium.{module}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    heavy = {"statsmodels", "seaborn", "matplotlib", "frictionless", "scipy.stats"}
    assert not heavy & set(loaded.stdout.split())
