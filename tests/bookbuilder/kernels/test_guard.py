"""What a run declares is what it reads: every other opening of data or results is refused."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from small_project import LOAD, RECORD, Recording, cell, write_notebook

from bookbuilder import cli
from bookbuilder.engine import collect, engine
from bookbuilder.kernels import guard
from bookbuilder.plan import Run
from compendium import context, files

PUPILS = {"name": "pupil", "type": "string", "title": "P", "description": "Of the test."}


@pytest.fixture
def school(project: Path) -> Path:
    """Return the small project with a second table, into which the first one's key looks."""
    path = project / "data/datapackage.json"
    package = files.read_json(path)
    (marks,) = package["resources"]
    reference = {"resource": "pupils", "fields": ["pupil"]}
    marks["schema"]["foreignKeys"] = [{"fields": ["pupil"], "reference": reference}]
    schema = {"fields": [PUPILS], "primaryKey": ["pupil"]}
    pupils = marks | {"name": "pupils", "path": "raw/pupils.csv", "schema": schema}
    files.write_json(path, package | {"resources": [marks, pupils]})
    (project / "data/raw/pupils.csv").write_text("pupil\nada\nben\n")
    return project


def told(root: Path, *, inputs: tuple[str, ...] = (), after: tuple[str, ...] = ()) -> Path:
    """Write what a kernel is told of its run, and return the staging folder."""
    stage = root / "stage"
    stage.mkdir(exist_ok=True)
    run = context.RunContext(
        "mine", "notebooks/x.ipynb", str(root), str(stage), inputs, after, {}, (), ()
    )
    run.save(stage / "context.json")
    return stage


def execute(stage: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run code as a kernel would: watched from the start, in the folder of notebooks."""
    environment = os.environ | {context.VARIABLE: str(stage / "context.json")}
    begin = "from bookbuilder.kernels import guard; guard.start()\n"
    return subprocess.run(
        [sys.executable, "-c", begin + code],
        cwd=stage.parent / "notebooks",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def judged(stage: Path) -> dict[str, list[str]]:
    stored = {k: tuple(v) if isinstance(v, list) else v for k, v in _context(stage).items()}
    found = guard.judge(stage, context.RunContext(**stored))
    return {kind: names for kind, names in found.items() if names and kind != "code"}


def _context(stage: Path) -> dict[str, object]:
    stored: dict[str, object] = json.loads((stage / "context.json").read_text())
    return stored


READINGS = [
    "open('../data/raw/pupils.csv').read()",
    "import os; os.open('../data/raw/pupils.csv', os.O_RDONLY)",
    "import pathlib; pathlib.Path('../data/raw/pupils.csv').read_bytes()",
    "import os; os.symlink('../data/raw/pupils.csv', '../stage/x'); open('../stage/x')",
    "import pandas; pandas.read_csv('../data/raw/pupils.csv')",
]


@pytest.mark.parametrize("code", READINGS)
def test_an_undeclared_table_is_refused_with_the_line_to_add(school: Path, code: str) -> None:
    stage = told(school, inputs=("marks",))
    done = execute(stage, code)
    assert done.returncode == 1
    assert "the run 'mine' reads data/raw/pupils.csv without declaring it" in done.stderr
    assert "  inputs: [marks, pupils]" in done.stderr
    with pytest.raises(guard.UndeclaredReadError, match=r"inputs: \[marks, pupils\]"):
        judged(stage)


@pytest.mark.parametrize("code", READINGS)
def test_a_declared_table_is_read_and_counted(school: Path, code: str) -> None:
    stage = told(school, inputs=("marks", "pupils"))
    done = execute(stage, code)
    assert done.returncode == 0, done.stderr
    assert judged(stage) == {"inputs": ["marks"]}  # which was never read


def test_a_refusal_that_the_notebook_swallows_still_fails_the_run(school: Path) -> None:
    stage = told(school)
    code = "try: open('../data/raw/marks.csv')\nexcept Exception: pass"
    assert execute(stage, code).returncode == 0
    with pytest.raises(guard.UndeclaredReadError):
        judged(stage)


def test_a_table_looked_into_is_no_table_read(school: Path) -> None:
    load = "from compendium import data; data.load('marks')"
    stage = told(school, inputs=("marks",))
    assert execute(stage, load).returncode == 0  # its key looks into `pupils`, undeclared
    assert judged(stage) == {}
    stage = told(school, inputs=("marks", "pupils"))
    (stage / guard.LOG).unlink()
    assert execute(stage, load).returncode == 0
    assert judged(stage) == {"inputs": ["pupils"]}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("open('../data/raw/marks.csv', 'a')", "writes, renames or deletes data/raw/marks.csv"),
        ("import os; os.open('../data/raw/x.csv', os.O_CREAT | os.O_WRONLY)", "deletes data/raw/x"),
        ("import os; os.remove('../data/raw/marks.csv')", "deletes data/raw/marks.csv"),
        ("import os; os.rename('../book', '../livre')", "deletes book"),
        ("import shutil; shutil.rmtree('../results')", "deletes results"),
        ("import pathlib; pathlib.Path('new').mkdir()", "deletes notebooks/new"),
        ("open('look.json')", "  files: [notebooks/look.json]"),
        ("open('../book/index.md')", "  files: [book/index.md]"),
        ("open('../requirements.lock')", "  files: [requirements.lock]"),
        ("import os; os.listdir('../data/raw')", "lists the folder data/raw/"),
        (
            "import pathlib; list(pathlib.Path('../data/raw').iterdir())",
            "lists the folder data/raw/",
        ),
        ("import pathlib; list(pathlib.Path('../data').rglob('*.csv'))", "lists the folder data/"),
        ("import glob; glob.glob('../data/raw/*.csv')", "lists the folder data/raw/"),
        (
            "import sqlite3; sqlite3.connect('../data/raw/pupils.csv')",
            "data/raw/pupils.csv without",
        ),
        ("import os; os.system('cat ../data/raw/pupils.csv')", "starts another program (cat)"),
        ("import subprocess; subprocess.run(['/bin/cat', 'x'])", "another program (/bin/cat)"),
        ("import subprocess; subprocess.run('cat x', shell=True)", "starts another program ("),
        ("open('../data/notes.txt')", "  files: [data/notes.txt]"),
        ("open('../results/tables/t.csv', 'w')", "deletes results/tables/t.csv"),
        ("open('../results/values.json')", "which is not the result of a run before it"),
        ("open('../results/tables/marks_table.csv')", "  after: [marks]"),
    ],
)
def test_other_openings_are_refused(school: Path, code: str, said: str) -> None:
    files.write_json(school / "results/exhibits.json", {"marks_table": {"run": "marks"}})
    for name in ("notebooks/look.json", "data/notes.txt", "results/values.json"):
        files.write_text(school / name, "{}")
    files.write_text(school / "results/tables/marks_table.csv", "pupil\n")
    done = execute(told(school, inputs=("marks",)), code)
    assert done.returncode == 1
    assert said in done.stderr


def test_results_of_a_declared_run_may_be_read(school: Path) -> None:
    record = {"results": {"results/tables/marks_table.csv": "?"}}
    files.write_json(school / "_build/records/marks.json", record)
    files.write_text(school / "results/tables/marks_table.csv", "pupil\nada\n")
    stage = told(school, after=("marks",))
    done = execute(stage, "open('../results/tables/marks_table.csv')")
    assert done.returncode == 0, done.stderr
    assert judged(stage) == {}


def test_a_run_that_nothing_watched_is_not_believed(school: Path) -> None:
    with pytest.raises(guard.UndeclaredReadError, match="nothing watched"):
        judged(told(school))


def test_in_a_build_the_notebook_fails_and_the_unread_are_reported(school: Path) -> None:
    plan = school / "notebooks/runs.yml"
    plan.write_text(plan.read_text().replace("inputs: [marks]", "inputs: [marks, pupils]"))
    plan.write_text(plan.read_text().replace("  after: [marks]\n", ""))
    steal = "import pandas as pd\npupils = pd.read_csv('../data/raw/pupils.csv')"
    write_notebook(
        school / "notebooks/double.ipynb",
        cell("times = 2", "parameters"),
        cell(steal),
    )
    report = engine.build(school, display=Recording(), with_site=False)
    assert "notebooks/double.ipynb, cell" in report.outcomes["double"].message
    assert "  inputs: [pupils]" in report.outcomes["double"].message
    runs = engine.load_plan(school).values()
    (line,) = collect.unread(runs, school)
    assert line.startswith("run 'marks' declares 'pupils' and never reads it")
    assert report.unread == [line]
    assert cli.main(["--root", str(school), "check"]) == 1
    write_notebook(
        school / "notebooks/marks.ipynb",
        cell("factor = 1", "parameters"),
        *(cell(code) for code in (LOAD, steal, 'exhibits.value("top", 1, "x", "y")', RECORD)),
    )
    engine.build(school, display=Recording(), with_site=False, only="marks")
    assert collect.unread(runs, school) == []


def test_a_run_never_read_is_not_confused_with_a_table_of_its_name(school: Path) -> None:
    run = Run("double", "double.ipynb", inputs=("marks",), after=("marks",))
    stage = told(school, inputs=run.inputs, after=run.after)
    assert execute(stage, "from compendium import data; data.load('marks')").returncode == 0
    files.write_json(school / run.record, {"never_read": judged(stage)})
    (line,) = collect.unread([run], school)
    assert line.endswith("take it out of its after in notebooks/runs.yml")
    assert collect.unread([replace(run, after=())], school) == []
