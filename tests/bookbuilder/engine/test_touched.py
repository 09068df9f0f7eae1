"""Only runs that a change can concern are asked about; where it can be any, all are."""

from pathlib import Path

import pytest
from small_project import Recording

from bookbuilder.engine import engine, quick
from bookbuilder.engine.touched import touched


@pytest.fixture
def fresh(project: Path) -> Path:
    """Return a small project of which nothing has changed since all was up to date."""
    for name in ("results/tables/marks_table.csv", "_build/records/marks.json"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("made\n")
    quick.remember(project, quick.sources(project), {}, with_site=False)
    return project


def asked(root: Path) -> set[str] | None:
    return touched(quick.changed(root, quick.sources(root)), engine.load_plan(root), root)


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        ("data/raw/marks.csv", {"marks", "double"}),
        ("notebooks/marks.ipynb", {"marks", "double"}),
        ("notebooks/double.ipynb", {"double"}),
        ("book/index.md", set()),
        ("_config.yml", set()),
        ("requirements.lock", None),
        ("data/datapackage.json", None),
        ("notebooks/runs.yml", None),
        ("results/tables/marks_table.csv", None),
        ("_build/records/marks.json", None),
    ],
)
def test_a_change_concerns_who_reads_the_file(
    fresh: Path, name: str, runs: set[str] | None
) -> None:
    assert asked(fresh) == set()
    with (fresh / name).open("a") as stream:
        stream.write("\n")
    assert asked(fresh) == runs


def test_a_helper_concerns_all(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = quick.sources(fresh)
    changed = hashes | {"compendium/data/loading.py": "other"}
    monkeypatch.setattr(quick, "sources", lambda root: changed)
    assert asked(fresh) is None


def test_a_product_that_is_gone_concerns_all(fresh: Path) -> None:
    (fresh / "results/tables/marks_table.csv").unlink()
    assert asked(fresh) is None


def test_where_nothing_is_known_all_are_asked_about(fresh: Path) -> None:
    (fresh / quick.VERDICT).write_text("{")
    assert asked(fresh) is None


def test_a_build_counts_the_runs_that_nothing_has_touched(built: Path) -> None:
    engine.build(built, display=Recording(), with_site=False)  # a copy: everything is asked about
    path = built / "notebooks/double.ipynb"
    path.write_text(path.read_text().replace("best * times", "best * times * 1"))
    shown = Recording()
    report = engine.build(built, display=shown, with_site=False)
    assert shown.ran == ["double", "record"]
    states = {name: report.outcomes[name].state for name in report.notebooks}
    assert states == {"marks": "fresh", "double": "done"}
    path = built / "results/tables/marks_table.csv"
    right = path.read_text()
    path.write_text("damaged\n")
    assert engine.build(built, display=shown, with_site=False).outcomes["marks"].state == "done"
    assert path.read_text() == right
