"""What a build must not believe: a notebook that ends itself, something read and not declared.

Each is done for real in a small project; what a change makes stale is exactly what reads it.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from faults import build, message, notebook
from small_project import RECORD, Recording, cell, show_all_notebooks, write_notebook

from bookbuilder.engine import engine, runner
from compendium import files


def stale(root: Path) -> set[str]:
    outcomes = engine.status(root, with_site=False).outcomes
    return {name for name in ("marks", "double") if outcomes[name].state == "stale"}


@pytest.mark.parametrize(
    "ending", ["import sys\nsys.exit(0)", "raise SystemExit", "sys.exit(3)", "quit()", "exit()"]
)
def test_a_cell_that_ends_the_notebook_fails_the_run(built: Path, ending: str) -> None:
    before = (built / "results/tables/marks_table.csv").read_bytes()
    notebook(built, ending, "print('never executed')")
    said = message(build(built))
    assert re.match(r"notebooks/marks\.ipynb, cell [56]", said), said
    assert (built / "results/tables/marks_table.csv").read_bytes() == before


def test_every_code_cell_of_an_accepted_notebook_was_executed(built: Path) -> None:
    cells = files.read_json(built / "book/notebooks/marks.ipynb")["cells"]
    counts = [one["execution_count"] for one in cells if one["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))


HELPER = "def double(x):\n    return {} * x\n"


@pytest.mark.parametrize(
    "use",
    [
        "import beside\nbeside.double(1)",
        "import importlib\nimportlib.import_module('be' + 'side').double(1)",
        "import runpy\nrunpy.run_path('beside.py')",
    ],
)
def test_a_module_beside_the_notebook_is_what_its_run_rests_on(built: Path, use: str) -> None:
    (built / "notebooks/beside.py").write_text(HELPER.format(2))
    notebook(built, use)
    assert not build(built).failed
    assert stale(built) == set()
    (built / "notebooks/beside.py").write_text(HELPER.format(3))
    assert stale(built) >= {"marks"}
    assert "notebooks/beside.py changed" in engine.status(built).outcomes["marks"].reasons


def test_a_helper_of_ours_makes_exactly_its_readers_stale(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook(built, "import importlib\n_ = importlib.import_module('compendium.survey.weights')")
    assert not build(built).failed
    known = runner.saved(built, ["marks", "double"])
    name = "src/compendium/survey/weights.py"
    assert name in known["marks"]["inputs"]
    assert name not in known["double"]["inputs"]
    assert not any("bookbuilder" in one for one in known["marks"]["inputs"])


def test_a_declared_file_is_read_and_decides(built: Path) -> None:
    (built / "notebooks/look.json").write_text("{}")
    notebook(built, "import json\njson.load(open('look.json'))")
    said = message(build(built))
    assert "reads notebooks/look.json without declaring it" in said
    assert "  files: [notebooks/look.json]" in said
    plan = built / "notebooks/runs.yml"
    plan.write_text(
        plan.read_text().replace("  tables:", "  files: [notebooks/look.json]\n  tables:")
    )
    assert not build(built).failed
    (built / "notebooks/look.json").write_text("[]")
    assert stale(built) == {"marks", "double"}  # the second reads results of the first
    reasons = engine.status(built).outcomes["marks"].reasons
    assert reasons == ("notebooks/look.json changed",)


def test_only_named_variables_reach_a_notebook(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = "import os\nexhibits.value('seen', float(os.environ.get('FACTOR', 0)), 'x', 'seen')"
    monkeypatch.setenv("FACTOR", "3")
    notebook(built, look)
    assert not build(built).failed
    values = built / "results/values.json"
    assert files.read_json(values)["marks.seen"]["value"] == 0
    plan = built / "notebooks/runs.yml"
    plan.write_text(plan.read_text().replace("  tables:", "  environment: [FACTOR]\n  tables:"))
    assert not build(built).failed
    assert files.read_json(values)["marks.seen"]["value"] == 3
    assert stale(built) == set()
    monkeypatch.setenv("FACTOR", "4")
    assert "marks" in stale(built)


def test_same_size_and_time_but_another_content_is_seen(built: Path) -> None:
    path = built / "data/raw/marks.csv"
    before = path.stat()
    path.write_text(path.read_text().replace("ada,5", "ada,6"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert stale(built) == {"marks", "double"}


def test_other_installed_versions_make_runs_stale_and_are_said(built: Path) -> None:
    (built / "requirements.lock").write_text("numpy==0.0.1\n")
    report = build(built)
    assert "the lock has 0.0.1" in report.notices[0]
    assert report.outcomes["marks"].state == "done"
    assert build(built).outcomes["marks"].state == "fresh"


@pytest.mark.parametrize("place", ["index.html", "_static/book.css", "_static/search_index.js"])
@pytest.mark.parametrize("deed", ["damage", "delete"])
def test_a_damaged_file_of_the_site_is_made_again(rendered: Path, place: str, deed: str) -> None:
    path = rendered / "_build/html" / place
    before = path.read_bytes()
    path.unlink() if deed == "delete" else path.write_bytes(before[: len(before) // 2])
    report = engine.build(rendered, display=Recording())
    assert report.outcomes["site"].state == "done"
    assert path.read_bytes() == before


def test_damage_within_the_kept_rendering_does_not_reach_the_site(rendered: Path) -> None:
    page = rendered / "_build/html/index.html"
    before = page.read_bytes()
    (rendered / "_build/site/_build/html/index.html").write_text("broken")
    page.unlink()
    assert not engine.build(rendered, display=Recording()).failed
    assert page.read_bytes() == before


def test_a_merge_conflict_in_results_is_healed(built: Path) -> None:
    path = built / "results/values.json"
    before = path.read_bytes()
    path.write_text(f"<<<<<<< HEAD\n{before.decode()}=======\n{{}}\n>>>>>>> other\n")
    table = built / "results/tables/marks_table.csv"
    table.write_text("<<<<<<< HEAD\n")
    assert not build(built).failed
    assert path.read_bytes() == before
    assert "<<<" not in table.read_text()


def test_one_run_says_which_others_stay_stale_and_their_pages_say_so(rendered: Path) -> None:
    plan = rendered / "notebooks/runs.yml"
    plan.write_text(
        plan.read_text().replace("  after: [marks]", "  inputs: [marks]\n  after: [marks]")
    )
    double = "from compendium import data, exhibits\nmarks = data.load('marks')"
    value = 'exhibits.value("top", marks["mark"].max() * times, "marks", "twice the best mark")'
    read = "_ = exhibits.values_of('marks')"
    parts = (cell("# Twice", kind="markdown"), cell("times = 2", "parameters"))
    write_notebook(
        rendered / "notebooks/double.ipynb", *parts, cell(double), cell(value), cell(read)
    )
    engine.build(rendered, display=Recording())
    (rendered / "data/raw/marks.csv").write_text("pupil,mark\nada,6\nben,3\n")
    report = engine.build(rendered, display=Recording(), only="marks")
    assert report.left_stale == ["double"]
    pages = {name: (rendered / "_build/html" / name).read_text() for name in PAGES}
    assert {name for name, text in pages.items() if NOTICE in text} == {
        "index.html",  # which quotes a number of it
        "notebooks/double.html",
    }
    assert not engine.build(rendered, display=Recording()).left_stale
    assert not any(NOTICE in (rendered / "_build/html" / name).read_text() for name in PAGES)


PAGES = ("index.html", "notebooks/marks.html", "notebooks/double.html")
NOTICE = "This page rests on older inputs"


def test_what_a_cell_prints_is_cut_with_a_notice(built: Path) -> None:
    notebook(built, "for _ in range(100): print('x' * 10_000)")
    assert not build(built).failed
    page = (built / "book/notebooks/marks.ipynb").read_text()
    assert "[output cut: a page keeps 400,000 characters of a cell]" in page
    assert len(page) < 420_000


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("x = 1\ny = (x +\n", "cell 5, line 2"),
        ("x = 1\n\nx / 0", "cell 5, line 3 (x / 0): ZeroDivisionError"),
        ("def f():\n    raise KeyError('k')\n\nf()", "cell 5, line 2 (raise KeyError('k'))"),
        ("import broken", "notebooks/broken.py, line 2: SyntaxError"),
    ],
)
def test_a_failing_cell_is_named_with_the_line(built: Path, code: str, said: str) -> None:
    (built / "notebooks/broken.py").write_text("x = 1\ny = (\n")
    notebook(built, code)
    assert said in message(build(built))


def test_status_writes_nothing_and_works_in_a_read_only_tree(built: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.rglob("*")}
    command = [sys.executable, "-m", "bookbuilder.cli", "--root", str(built), "status"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {path: path.stat().st_mtime_ns for path in built.rglob("*")} == before
    shutil.rmtree(built / "_build")
    (built / "_build").mkdir()
    mounted = subprocess.run(["mount", "--bind", built, built], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", built], check=True)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "stale" in done.stdout
    finally:
        subprocess.run(["umount", "--lazy", built], check=True)


def test_a_home_that_cannot_be_written_stops_no_build(project: Path) -> None:
    command = [sys.executable, "-m", "bookbuilder.cli", "--root", str(project), "build"]
    environment = os.environ | {"HOME": "/dev/null/nowhere"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def test_incomplete_plans_are_refused_before_anything_runs(project: Path) -> None:
    write_notebook(project / "notebooks/spare.ipynb", cell("x = 1"), cell(RECORD))
    toc = project / "book/_toc.yml"
    toc.write_text(toc.read_text().replace("  - file: notebooks/double\n", ""))
    with pytest.raises(ValueError) as error:
        engine.load_plan(project)
    assert str(error.value).splitlines() == [
        "run 'double' has no page: add '- file: notebooks/double' to book/_toc.yml",
        "notebooks/spare.ipynb is in no run: declare one in notebooks/runs.yml, or delete it",
    ]
    show_all_notebooks(project, "marks", "double")
    assert list(engine.load_plan(project)) == ["marks", "double"]
