"""The rules of the house: imports run downwards, pure parts open no file, packages stay small."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src"

#: Which parts of ours a part may know, besides itself; a part is named by how its modules begin.
#: `compendium` alone stands for what lies directly in it: the context of a run, files, words.
MAY_KNOW = {
    "compendium.text": (),
    "compendium.survey": ("compendium.text",),
    "compendium.coding": ("compendium.text",),
    "compendium.triangulation": ("compendium.text", "compendium.survey", "compendium.coding"),
    "compendium.data": ("compendium.text", "compendium"),
    "compendium.exhibits": ("compendium.text", "compendium"),
    "compendium": ("compendium.text",),
    "auditing": (
        "compendium.text",
        "compendium.survey",
        "compendium.coding",
        "compendium.triangulation",
    ),
    "qda_exchange": ("compendium.text", "compendium", "compendium.data", "compendium.coding"),
    "survey_rows": ("qda_exchange", "compendium.text", "compendium", "compendium.data"),
    "bookbuilder": (
        "survey_rows",
        "auditing",
        "qda_exchange",
        "compendium.text",
        "compendium",
        "compendium.data",
        "compendium.exhibits",
        "compendium.triangulation",
    ),
}
#: Parts that are frames in, frames out; and the one place in them that is a command.
PURE = ("compendium.survey", "compendium.coding", "compendium.triangulation", "auditing")
COMMANDS = {"auditing/reconstruction/__main__.py"}
#: Commands bring the command line's own words along, which lie in `bookbuilder`.
COMMAND_LINE = {
    "auditing/reconstruction/__main__.py",
    "qda_exchange/commands.py",
    "survey_rows/commands.py",
}
#: Lines of Python that a package, or a part of it, may have.
BUDGETS = {
    "compendium": 11_000,
    "auditing": 6_500,
    "bookbuilder": 7_500,
    "bookbuilder/engine": 1_420,
    "bookbuilder/kernels": 890,
    "bookbuilder/site": 1_635,
    "bookbuilder/plan": 700,
    "bookbuilder/sweep": 595,
    "bookbuilder/verification": 1_120,
    "qda_exchange": 5_500,
    "survey_rows": 640,
}


def part_of(module: str) -> str | None:
    """Return the part of ours that a module belongs to, None for a module of others."""
    whole = [part for part in MAY_KNOW if module == part or module.startswith(f"{part}.")]
    return max(whole, key=len, default=None)


def imports(code: str) -> set[str]:
    """Return the parts of ours that some code imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {part for name in found if (part := part_of(name))}


def modules(part: str) -> list[Path]:
    """Return the files of a part, without those of the parts within it."""
    found = []
    for path in sorted((SOURCE / part.replace(".", "/")).rglob("*.py")):
        inside = path.relative_to(SOURCE)
        name = ".".join(inside.with_suffix("").parts).removesuffix(".__init__")
        if part_of(name) == part and inside.as_posix() not in COMMANDS | COMMAND_LINE:
            found.append(path)
    return found


@pytest.mark.parametrize("part", MAY_KNOW)
def test_imports_run_downwards(part: str) -> None:
    wrong = {
        f"{path.relative_to(SOURCE)} imports {other}"
        for path in modules(part)
        for other in imports(path.read_text(encoding="utf-8")) - {part, *MAY_KNOW[part]}
    }
    assert not wrong


@pytest.mark.parametrize("part", PURE)
def test_pure_parts_open_no_file(part: str) -> None:
    opening = ("open(", "read_csv(", "to_csv(", "Path(", "read_text(", "write_text(")
    wrong = {
        f"{path.relative_to(SOURCE)}: {word}"
        for path in modules(part)
        for word in opening
        if word in path.read_text(encoding="utf-8")
    }
    assert not wrong


@pytest.mark.parametrize("package", BUDGETS)
def test_packages_stay_within_their_budgets(package: str) -> None:
    lines = sum(
        len(path.read_text(encoding="utf-8").splitlines())
        for path in (SOURCE / package).rglob("*.py")
    )
    assert lines <= BUDGETS[package]


#: Named with an underscore by the standard library, and documented all the same.
DOCUMENTED = {"_exit", "_fields", "_asdict", "_replace"}
OURS = ("auditing", "bookbuilder", "compendium", "qda_exchange", "survey_rows")


def private_names(code: str) -> list[str]:
    """Return names that begin with an underscore and that some code takes from others."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute):
            owner = node.value
            own = isinstance(owner, ast.Name) and owner.id in ("self", "cls", "other")
            hidden = node.attr.startswith("_") and not node.attr.endswith("__")
            if hidden and not own and node.attr not in DOCUMENTED:
                found.append(ast.unparse(node))
        elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith(OURS):
            found += [alias.name for alias in node.names if alias.name.startswith("_")]
    return found


def test_nothing_private_of_others_is_used() -> None:
    used = {
        path.relative_to(SOURCE).as_posix(): names
        for path in SOURCE.rglob("*.py")
        if (names := private_names(path.read_text(encoding="utf-8")))
    }
    assert used == {}


def test_the_rules_see_a_private_name() -> None:
    assert private_names("import threading\nthreading._shutdown()") == ["threading._shutdown"]
    assert private_names("from _pytask import x\nfrom doit import _y") == ["_y"]
    assert private_names("self._mine = os._exit") == []


def test_the_rules_see_a_wrong_import() -> None:
    assert imports("from bookbuilder.engine import engine") == {"bookbuilder"}
    assert imports("from compendium import data") == {"compendium.data"}
    assert imports("from compendium import context") == {"compendium"}
    assert imports("import numpy") == set()


@pytest.mark.parametrize("module", ["survey.weights", "survey.estimates", "coding.tallies", "data"])
def test_importing_a_part_loads_no_heavy_library(module: str) -> None:
    code = f"import sys, compendium.{module}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    heavy = {"statsmodels", "seaborn", "matplotlib", "frictionless", "scipy.stats"}
    assert not heavy & set(loaded.stdout.split())
