"""A notebook rests on what it imports, on what that imports, and on nothing else."""

from pathlib import Path

from small_project import cell, write_notebook

from bookbuilder.engine import sources


def names(paths: list[Path]) -> set[str]:
    return {path.relative_to(sources.SOURCE).as_posix() for path in paths}


def test_follows_imports_of_imports() -> None:
    found = names(sources.closure({"compendium.survey.weights"}))
    assert {
        "compendium/__init__.py",
        "compendium/survey/__init__.py",
        "compendium/survey/weights.py",
        "compendium/survey/weighting.py",
    } <= found


def test_leaves_out_what_is_not_imported() -> None:
    found = names(sources.closure({"compendium.survey.weights"}))
    assert not any(
        name.startswith(("compendium/coding/", "bookbuilder/", "auditing/")) for name in found
    )


def test_reads_the_code_cells_of_a_notebook(project: Path) -> None:
    found = names(sources.notebook_helpers(project / "notebooks/marks.ipynb"))
    assert {"compendium/exhibits/record.py", "compendium/data/__init__.py"} <= found
    assert "compendium/survey/weights.py" not in found


def test_a_cell_with_a_mistake_or_a_magic_line_still_counts(project: Path) -> None:
    path = project / "notebooks/marks.ipynb"
    magic = "%time x = 1\nfrom compendium.survey import weights\nimport compendium.("
    write_notebook(path, cell(magic), cell("best = (1"))
    assert "compendium/survey/weights.py" in names(sources.notebook_helpers(path))


def test_relative_imports_and_submodules_of_a_from_import() -> None:
    assert sources._imports("from . import b", package="compendium.a") >= {"compendium.a.b"}
    assert sources._imports("from ..c import d", package="compendium.a") >= {"compendium.c.d"}
    assert sources._imports("import numpy", package="compendium.a") == set()
