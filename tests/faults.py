"""What tests of faults share: a build without a site, a data fix, a notebook to be broken."""

from pathlib import Path

from small_project import LOAD, RECORD, VALUE, Recording, cell, write_notebook

from bookbuilder.engine import engine

MADE = ("results", "book/notebooks", "_build/records")


def build(root: Path, **options: object) -> engine.Report:
    return engine.build(root, display=Recording(), with_site=False, **options)  # type: ignore[arg-type]


def fix_data(root: Path) -> None:
    (root / "data/raw/marks.csv").write_text("pupil,mark\nada,6\nben,3\n", encoding="utf-8")


def message(report: engine.Report, name: str = "marks") -> str:
    found = report.outcomes[name].message
    assert "Traceback" not in found
    return found


def notebook(root: Path, *sources: str) -> None:
    cells = [cell(source) for source in (LOAD, VALUE, RECORD, *sources)]
    write_notebook(root / "notebooks/marks.ipynb", cell("factor = 1", "parameters"), *cells)


def torn(root: Path, *wholes: Path) -> list[str]:
    """Return the files of results that are neither those of one whole build nor of another."""
    found = sorted(path.relative_to(root) for path in (root / "results").rglob("[!.]*.*"))
    known = {name: [whole / name for whole in wholes if (whole / name).exists()] for name in found}
    return [
        name.as_posix()
        for name in found
        if (root / name).read_bytes() not in [path.read_bytes() for path in known[name]]
    ]
