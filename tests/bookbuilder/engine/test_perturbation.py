"""Each table is changed in turn: exactly the runs that declare it become stale, and rerun.

That a run declares what it reads is the kernel's guard to enforce (kernels/test_guard.py); that the
build believes the declarations, no more and no less, is shown here.
"""

import shutil
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from small_project import LOAD, RECORD, ROOT, Recording, cell, write_notebook

from bookbuilder.engine import engine
from bookbuilder.engine.hashing import Hashes
from bookbuilder.engine.runner import Runner
from bookbuilder.engine.tasks import Task, Tools, make_tasks
from bookbuilder.plan import Run
from compendium import files
from compendium.data.contract import read_contract

BEHIND_ALL = {"contract", "record"}
RAW = sorted(path.stem for path in (ROOT / "data/raw").rglob("*.csv"))


@dataclass
class Standing:
    """A copy of the compendium in which everything is fresh, without having run a kernel.

    The tasks and what is remembered of them are the real ones; only the work is to write a
    stand-in.
    """

    root: Path
    runs: dict[str, Run]

    def tasks(self) -> dict[str, Task]:
        """Return the tasks of the runs, and of the record, with everything they need."""

        def stand_in(task: Task) -> tuple[str, ...]:
            for path in task.products():
                files.write_text(self.root / path, "stands for a result\n")
            return ()

        made = make_tasks(self.runs, read_contract(self.root), Tools(with_site=False))
        return {n: replace(task, work=partial(stand_in, task)) for n, task in made.items()}

    def stale(self) -> set[str]:
        """Ask as `engine.status` does."""
        outcomes = engine.status(self.root, with_site=False).outcomes
        return {n for n, o in outcomes.items() if o.state == "stale"} - BEHIND_ALL

    def needing(self, name: str) -> set[str]:
        """Return which runs need a file, themselves or through the results of a run before them."""
        hashes = Hashes(self.root)
        found = {n for n, task in self.tasks().items() if name in task.inputs(hashes)}
        while more := {r.name for r in self.runs.values() if found & {*r.after}} - found:
            found |= more
        return found - BEHIND_ALL


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    """Return the compendium, all fresh."""
    root = tmp_path_factory.mktemp("standing") / "compendium"
    for folder in ("data", "notebooks"):
        shutil.copytree(ROOT / folder, root / folder)
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    made = Standing(root, engine.load_plan(root))
    report = engine.Report()
    runner = Runner(made.tasks(), root, Hashes(root), report, Recording())
    runner.run(Tools(with_site=False), (), 2)
    assert not report.failed
    return made


def declared_dependents(root: Path, table: str) -> set[str]:
    """Read off the plan which runs rest on a table, themselves or through runs before them."""
    runs = engine.load_plan(root).values()
    found = {run.name for run in runs if table in run.inputs}
    while more := {run.name for run in runs if found & {*run.after}} - found:
        found |= more
    return found


def test_each_raw_table_is_needed_by_exactly_its_declared_dependents(standing: Standing) -> None:
    for table in RAW:
        (path,) = (standing.root / "data/raw").rglob(f"{table}.csv")
        name = path.relative_to(standing.root).as_posix()
        assert standing.needing(name) == declared_dependents(standing.root, table), table


@pytest.mark.parametrize("table", RAW)
def test_a_changed_table_makes_exactly_its_dependents_stale(standing: Standing, table: str) -> None:
    (path,) = (standing.root / "data/raw").rglob(f"{table}.csv")
    before = path.read_bytes()
    path.write_bytes(before.replace(b"\n", b"\r\n", 1))  # another byte, the same cells
    try:
        found = standing.stale()
    finally:
        path.write_bytes(before)
    assert found == declared_dependents(standing.root, table)


def test_without_a_change_nothing_is_stale(standing: Standing) -> None:
    assert standing.stale() == set()


def test_every_raw_table_has_a_dependent(standing: Standing) -> None:
    assert [table for table in RAW if not declared_dependents(standing.root, table)] == []


def test_in_a_build_only_the_dependents_run_and_only_their_results_change(project: Path) -> None:
    path = project / "data/datapackage.json"
    package = files.read_json(path)
    (marks,) = package["resources"]
    package["resources"] += [marks | {"name": "others", "path": "raw/others.csv"}]
    files.write_json(path, package)
    (project / "data/raw/others.csv").write_text("pupil,mark\ncyd,2\n")
    plan = project / "notebooks/runs.yml"
    plan.write_text(
        f"{plan.read_text()}\nothers:\n  notebook: others.ipynb\n"
        "  inputs: [others]\n  tables: [others_table]\n"
    )
    with (project / "book/_toc.yml").open("a") as toc:
        toc.write("  - file: notebooks/others\n")
    load, record = (text.replace("marks", "others") for text in (LOAD, RECORD))
    parameters = cell("factor = 1", "parameters")
    write_notebook(project / "notebooks/others.ipynb", parameters, cell(load), cell(record))
    engine.build(project, display=Recording(), with_site=False)
    for table, dependents in (("marks", {"marks", "double"}), ("others", {"others"})):
        before = results(project)
        data = project / f"data/raw/{table}.csv"
        data.write_text(data.read_text().replace(",5", ",6").replace(",2", ",1"))
        display = Recording()
        assert not engine.build(project, display=display, with_site=False).failed
        assert set(display.ran) - BEHIND_ALL == dependents
        assert {name for name, held in results(project).items() if held != before[name]} == {
            f"{table}_table.csv"
        }


def results(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "results/tables").iterdir()}
