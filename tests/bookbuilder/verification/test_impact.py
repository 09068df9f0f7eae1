"""A data fix in a real small project: every consequence is found, and nothing else."""

from pathlib import Path

import pytest
from repositories import begin, commit, git
from small_project import Recording, cell, make_project, write_notebook

from bookbuilder import cli
from bookbuilder.engine import engine
from bookbuilder.verification import impact
from bookbuilder.verification.revisions import RevisionError

FIGURE = """\
from matplotlib.figure import Figure
drawn = Figure()
drawn.subplots().bar(marks["pupil"], marks["mark"])
exhibits.figure(drawn, "marks_figure", caption="Marks of {n}.", n=len(marks), data=marks,
    alt="Bars of the marks of each pupil, the first of whom has the best.");"""
VERDICT = """\
marks["verdict"] = ["passed" if mark > 3 else "failed" for mark in marks["mark"]]
exhibits.table(marks, "marks_table", caption="Marks of {n} pupils.", n=len(marks));"""


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose record is committed, and in which one cell was then put right."""
    root = make_project(tmp_path_factory.mktemp("fixed") / "project")
    plan = root / "notebooks/runs.yml"
    more = "[marks_table]\n  figures: [marks_figure]"
    plan.write_text(plan.read_text().replace("[marks_table]", more))
    load = "from compendium import data, exhibits\nmarks = data.load('marks')"
    write_notebook(
        root / "notebooks/marks.ipynb",
        cell("# Marks\n\nThe best is {value}`marks.top`.", kind="markdown"),
        cell("factor = 1", "parameters"),
        *(cell(code) for code in (load, FIGURE, VERDICT)),
        cell("exhibits.value('top', marks['mark'].max() * factor, 'marks', 'best mark')"),
    )
    build(root)
    begin(root)
    data = root / "data/raw/marks.csv"
    data.write_text(data.read_text().replace("ben,3", "ben,6"))
    return root


def said(found: impact.Impact, folder: Path) -> str:
    return impact.write(found, folder)[0]


def build(root: Path) -> None:
    report = engine.build(root, display=Recording(), with_site=False)
    assert not report.failed, report.failed


def test_before_the_rebuild_the_cell_is_shown_and_the_stale_runs_are_named(
    fixed: Path, tmp_path: Path
) -> None:
    found = impact.impact(fixed)
    assert [str(change) for change in found.data] == ["data/raw/marks.csv changed: 1 row of 2"]
    assert found.exhibits == []
    assert list(found.stale) == ["marks", "double"]
    shown, _, text = impact.write(found, tmp_path)
    cell = "data/raw/marks.csv changed: 1 row of 2 (ben: mark 3 -\\> 6)"
    assert f"- **1 run**: {cell} (`marks`)\n" in text.read_text()
    assert "2 runs are stale, so not all is shown" in shown


def test_after_it_every_consequence_is_shown(
    fixed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(fixed)
    found = impact.impact(fixed)
    assert found.stale == {}
    table, figure = sorted(found.exhibits, key=lambda one: one.name, reverse=True)
    assert [(d.row, d.column, d.before, d.after) for d in table.differences] == [
        ("ben", "mark", "3", "6"),
        ("ben", "verdict", "failed", "passed"),
    ]
    assert [(d.row, d.column, d.after) for d in figure.differences] == [("ben", "mark", "6")]
    assert figure.pictures["before"] != figure.pictures["after"]
    assert [(d.row, d.before, d.after) for d in found.flips] == [("ben", "failed", "passed")]
    assert {(s.page, s.before, s.after) for s in found.sentences} == {
        ("marks", "The best is **5**.", "The best is **6**."),
        (
            "book/index.md",
            "Twice the best is **10.0**, see marks_table.",
            "Twice the best is **12.0**, see marks_table.",
        ),
    }
    assert cli.main(["--root", str(fixed), "impact"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "ben mark 3 6" in lines
    assert "marks_table ben failed passed" in lines
    assert any(line.startswith("book/index.md Twice the best is 10.0") for line in lines)
    html = (fixed / "_build/impact/index.html").read_text()
    assert html.count("data:image/svg+xml;base64,") == 2
    assert 'alt="marks_figure, before the change"' in html
    text = (fixed / "_build/impact/impact.md").read_text()
    assert "| ben | verdict | failed | passed |" in text


def test_against_another_revision(fixed: Path, tmp_path: Path) -> None:
    build(fixed)
    commit(fixed)
    assert impact.impact(fixed).exhibits == []
    assert len(impact.impact(fixed, "HEAD~1").exhibits) == 2
    assert ": nothing changed.\n" in said(impact.impact(fixed), tmp_path)
    git(fixed, "tag", "v1.0")
    for name in ("v1.1", "--all", ""):
        with pytest.raises(RevisionError, match=f"no revision '{name}' in the repository"):
            impact.impact(fixed, name)
    with pytest.raises(RevisionError, match=r"did you mean 'v1\.0'"):
        impact.impact(fixed, "v1.1")


def test_without_a_former_state_it_says_what_is_lacking(project: Path) -> None:
    with pytest.raises(RevisionError, match=r"not a git repository.*\(`git init`\) and commit"):
        impact.impact(project)
    git(project, "init", "-q")
    with pytest.raises(RevisionError, match="does not have any commits yet"):
        impact.impact(project)


def test_tables_that_came_and_went_are_counted_with_their_rows(fixed: Path) -> None:
    found = impact._data_changes(
        fixed, {"data/old.csv": b"a\n1\n2\n", "data/raw/marks.csv": b"\xe9"}
    )
    assert [(str(one), one.changed_rows) for one in found if one.path.endswith(".csv")] == [
        ("data/old.csv was removed", 2),
        ("data/raw/marks.csv cannot be read as a table", 0),
    ]


def test_an_exhibit_that_came_or_went_is_called_so(fixed: Path, tmp_path: Path) -> None:
    for path in (fixed / "notebooks/runs.yml", fixed / "notebooks/marks.ipynb"):
        path.write_text(path.read_text().replace("marks_figure", "bars_figure"))
    build(fixed)
    for path in (fixed / "results/figures").glob("marks_figure.*"):
        path.unlink()  # a build names what no run makes, and leaves it
    text = said(impact.impact(fixed), tmp_path)
    assert "| `bars_figure` | `marks` | added |" in text
    assert "| `marks_figure` | `marks` | removed |" in text
