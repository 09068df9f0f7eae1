"""Each table is changed in turn: exactly the runs that declare it become stale, and rerun.

That a run declares what it reads is the kernel's watch to enforce (tests/test_watch.py); that the
build believes the declarations, no more and no less, is shown here.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_project import LOAD, RECORD, ROOT, Recording, cell, write_notebook

from bookbuilder.engine import collect, engine, schedule, tasks
from bookbuilder.engine.plan import Run
from compendium import files

BEHIND_ALL = {"contract", "record"}
RAW = sorted(path.stem for path in (ROOT / "data/raw").rglob("*.csv"))


@dataclass
class Standing:
    """A copy of the compendium in which everything is fresh, without having run a kernel.

    The tasks and pytask's memory are the real ones; only the work is to write a stand-in.
    """

    root: Path
    runs: dict[str, Run]
    made: list[Callable[..., Any]] = field(default_factory=list)

    def tasks(self) -> list[Callable[..., Any]]:
        """Return the tasks of the runs, and of the record, with everything they need."""
        products = {run.name: [run.record, run.page, *run.results] for run in self.runs.values()}
        products["record"] = collect.products(self.runs.values())

        def stand_in(name: str, work: Callable[[], None]) -> None:
            for path in products[name]:
                files.write_text(self.root / path, "stands for a result\n")

        return tasks.make_tasks(
            self.runs, self.root, around=stand_in, with_site=False, with_contract=False
        )

    def stale(self) -> set[str]:
        """Ask pytask, as `engine.status` does once the data are known to be sound."""
        report = engine.Report()
        schedule.schedule(self.tasks(), self.root, report, explain=True, dry_run=True)
        return {n for n, o in report.outcomes.items() if o.state == "stale"} - BEHIND_ALL

    def needing(self) -> dict[Path, set[str]]:
        """Return which runs need a file, themselves or through the record of a run before them."""
        needs = {}
        for made in self.made:
            meta = made.pytask_meta  # type: ignore[attr-defined]
            needs[meta.name] = {node.path for node in meta.kwargs["depends"]["files"]}
        by_file: dict[Path, set[str]] = {}
        for path in set().union(*needs.values()):
            by_file[path] = _closed({n for n in needs if path in needs[n]}, needs, self)
        return by_file


def _closed(found: set[str], needs: dict[str, set[Path]], standing: Standing) -> set[str]:
    while True:
        records = {standing.root / standing.runs[n].record for n in found - BEHIND_ALL}
        more = {name for name, paths in needs.items() if paths & records} - found
        if not more:
            return found - BEHIND_ALL
        found = found | more


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    """Return the compendium, all fresh."""
    root = tmp_path_factory.mktemp("standing") / "compendium"
    for folder in ("data", "notebooks"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / "requirements.lock", root)
    made = Standing(root, engine.load_plan(root))
    files.write_text(root / tasks.CHECKED, "every table meets its contract\n")
    report = engine.Report()
    made.made = made.tasks()
    schedule.schedule(made.made, root, report)
    assert not report.failed
    return made


def declared_dependents(root: Path, table: str) -> set[str]:
    """Read off the plan which runs rest on a table, themselves or through runs before them."""
    plan = yaml.safe_load((root / "notebooks/runs.yml").read_text())
    found = {run for run, said in plan.items() if table in (said.get("inputs") or ())}
    while True:
        more = {run for run, said in plan.items() if found & set(said.get("after") or ())} - found
        if not more:
            return found
        found |= more


def test_each_raw_table_is_needed_by_exactly_its_declared_dependents(standing: Standing) -> None:
    needing = standing.needing()
    for table in RAW:
        (path,) = (standing.root / "data/raw").rglob(f"{table}.csv")
        assert needing[path] == declared_dependents(standing.root, table), table


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
