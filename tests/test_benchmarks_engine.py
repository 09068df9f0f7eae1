"""The benchmark of the engine: workflows written for other tools, and make really running one."""

import csv
import doctest
import importlib
import json
import shutil
import sys
from pathlib import Path

import pytest
import yaml
from small_project import Recording, make_project

from bookbuilder.engine import engine

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"
NAMES = ["engine.project", "engine.rows", "engine.tools", "engine.workflows", "engine.timed"]


@pytest.fixture
def load(monkeypatch):
    """Import modules of the benchmarks, as their scripts do."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if BENCHMARKS in Path(getattr(sys.modules[name], "__file__", None) or "/").parents:
            del sys.modules[name]


@pytest.fixture
def small(tmp_path):
    root = make_project(tmp_path / "small")
    (root / "src").symlink_to(ROOT / "src")
    return root


@pytest.fixture
def steps(load, small):
    made = load("engine.steps").make_steps(small, engine.load_plan(small))
    return {step.name: step for step in made}


def test_a_step_names_what_its_run_reads_and_makes(steps):
    assert list(steps) == ["contract", "marks", "double"]
    assert steps["contract"].needs == ("data/datapackage.json", "data/raw/marks.csv")
    assert steps["marks"].needs == (
        "notebooks/marks.ipynb",
        "workflow/marks.json",
        "data/raw/marks.csv",
    )
    assert steps["double"].needs[2:] == ("_build/records/marks.json",)
    assert "results/tables/marks_table.csv" in steps["marks"].makes


def test_a_changed_parameter_changes_what_one_step_reads(load, small, steps):
    told = {name: small / f"workflow/{name}.json" for name in ("marks", "double")}
    before = {name: path.stat().st_mtime_ns for name, path in told.items()}
    plan = yaml.safe_load((small / "notebooks/runs.yml").read_text())
    plan["double"]["parameters"] = {"times": 3}
    load("engine.project").write_plan(small, plan)
    load("engine.steps").make_steps(small, engine.load_plan(small))
    assert [n for n, path in told.items() if path.stat().st_mtime_ns != before[n]] == ["double"]


def test_every_tool_gets_every_step_with_its_files(load, steps):
    workflows = load("engine.workflows")
    steps = list(steps.values())
    stages = json.loads(workflows.dvc_yaml(steps))["stages"]
    assert {name: stage["outs"] for name, stage in stages.items()} == {
        step.name: list(step.makes) for step in steps
    }
    assert stages["double"]["deps"] == [*steps[2].needs, "_build/contract.txt"]
    told = {}
    exec(workflows.dodo_py(steps), told)
    assert [task["targets"] for task in told["task_runs"]()] == [list(step.makes) for step in steps]
    tasks = json.loads(workflows.pipeline_yaml(steps))["tasks"]
    assert [task.get("upstream") for task in tasks] == [None, None, ["marks"]]
    assert set(tasks[1]["params"]["resources_"].values()) == set(steps[1].needs)
    snakefile = workflows.snakefile(steps)
    assert snakefile.count("rule ") == len(steps) + 1
    assert all(
        json.dumps(path) in snakefile for step in steps for path in (*step.needs, *step.makes)
    )


def test_make_runs_the_plan_as_we_do_and_is_blind_to_helpers(load, small, tmp_path):
    tools, project = load("engine.tools"), load("engine.project")
    plan = engine.load_plan(small)
    make = next(tool for tool in tools.every_tool() if tool.name == "make")
    ours = tmp_path / "ours"
    shutil.copytree(small, ours, symlinks=True)
    assert not engine.build(ours, display=Recording(), with_site=False).failed

    tools.write_workflow(make, small)
    noted = tmp_path / "phases.jsonl"
    tools.start(make.build, small, ENGINE_PHASES=str(noted))
    assert project.results(small, plan) == project.results(ours, plan)
    rows = {row["phase"]: row for row in load("engine.rows").phase_rows("make", noted, [])}
    assert {row["notebooks"] for row in rows.values()} == {2}
    assert all(rows[name]["seconds"] > 0 for name in ("start", "kernel", "imports", "shutdown"))

    before = project.stamps(small, plan)
    tools.start(make.build, small)
    assert project.stamps(small, plan) == before
    text = (small / "data/raw/marks.csv").read_text()
    (small / "data/raw/marks.csv").write_text(text.replace("ada,5", "ada,6"))
    tools.start(make.build, small)
    after, results = project.stamps(small, plan), project.results(small, plan)
    assert [name for name in plan if after[name] != before[name]] == ["marks", "double"]
    assert results != project.results(ours, plan)  # which a wrong result would show, too


def test_a_tool_that_fails_says_what_it_said(load, small):
    tools = load("engine.tools")
    with pytest.raises(RuntimeError, match=r"make nothing ended with 2\n.*No rule"):
        tools.start(["make", "nothing"], small)


def test_another_tool_that_stops_is_started_again_and_it_is_noted(load, tmp_path):
    clocked = load("engine.scenarios").clocked
    stops_once = "from pathlib import Path; p = Path('begun'); e = p.exists(); p.touch(); 1 / e"
    command = [sys.executable, "-c", stops_once]
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        clocked(command, tmp_path)  # ours: nothing is forgiven
    (tmp_path / "begun").unlink()
    assert clocked(command, tmp_path, 3)["stopped"] == 1
    assert clocked(command, tmp_path, 3)["stopped"] == 0
    with pytest.raises(RuntimeError, match="ended with 7"):
        clocked([sys.executable, "-c", "raise SystemExit(7)"], tmp_path, 3)


@pytest.mark.parametrize("name", ["cell", "parameter", "helper"])
def test_each_change_touches_one_line_of_the_project(load, tmp_path, name):
    project = load("engine.project")
    root = project.copy(ROOT, tmp_path / "copy", [])
    path = {"cell": project.CELL[0], "parameter": project.PLAN, "helper": project.HELPER[0]}[name]
    seen = {turn: _after(project, root, name, path, turn) for turn in (1, 2)}
    assert seen[1] != seen[2]
    if name == "parameter":
        run, parameter = project.PARAMETER
        read = {turn: yaml.safe_load(text) for turn, text in seen.items()}
        assert read[1][run]["parameters"].pop(parameter) != read[2][run]["parameters"].pop(
            parameter
        )
        assert read[1] == read[2]
    else:
        pairs = zip(seen[1].splitlines(), seen[2].splitlines(), strict=True)
        assert len([one for one, other in pairs if one != other]) == 1


def _after(project, root, name, path, turn):
    project.CHANGES[name](root, turn)
    return (root / path).read_text()


def test_a_helper_that_is_no_longer_there_is_named(load, tmp_path):
    project = load("engine.project")
    path = tmp_path / project.HELPER[0]
    path.parent.mkdir(parents=True)
    path.write_text("nothing of the kind\n")
    with pytest.raises(ValueError, match=r"comparison.py no longer holds"):
        project.change_helper(tmp_path, 1)


def test_a_part_of_the_plan_keeps_what_it_reads(load, tmp_path):
    root = load("engine.project").copy(ROOT, tmp_path / "copy", ["ledger"])
    assert {"ledger", "claims", "constraints"} == set(engine.load_plan(root))


def test_rows_count_what_was_run_and_what_is_wrong(load):
    tools, scenarios = load("engine.tools"), load("engine.scenarios")
    turn = {"cpu_seconds": 2.0, "load": 1.0, "reran": 1, "changed": 1}
    right = turn | {"seconds": 2.0, "results": {"a": "new", "b": "same"}}
    blind = turn | {"seconds": 1.0, "reran": 0, "results": {"a": "old", "b": "same"}}
    listed = tools.every_tool()
    ours = scenarios.Contender(listed[0], Path(), {"a": None, "b": None}, {"helper": [right]})
    other = scenarios.Contender(listed[2], Path(), {"a": None, "b": None}, {"helper": [blind]})
    rows = load("engine.rows").rows_of([ours, other], ours)
    assert [(row["tool"], row["ratio"], row["reran"], row["wrong"]) for row in rows] == [
        ("compendium", 1.0, 1, 0),
        ("make", 0.5, 0, 1),
    ]


def test_by_itself_this_project_chooses_how_many_notebooks_run_at_once(load):
    tools = load("engine.tools")
    alone, beside = tools.this_project(), tools.this_project(tools.JOBS)
    assert {one.jobs for one in alone} == {engine.at_once()}
    assert not any("--workers" in one.build for one in alone)
    assert all(one.build[-1] == "fresh" for one in (alone[1], beside[1]))
    assert {one.jobs for one in beside} == {tools.JOBS}
    assert all(str(tools.JOBS) in one.build for one in beside)
    assert tools.every_tool()[:2] == beside


def test_the_contract_knows_every_column_and_tool(load):
    package = json.loads((ROOT / "data/datapackage.json").read_text())
    found = {one["name"]: one["schema"]["fields"] for one in package["resources"]}
    with (ROOT / "data/measured/benchmark_engine.csv").open(newline="") as file:
        columns = csv.DictReader(file).fieldnames
    assert columns == [one["name"] for one in found["benchmark_engine"]]
    allowed = found["benchmark_engine"][1]["constraints"]["enum"]
    known = {tool.name for tool in load("engine.tools").every_tool()}
    assert known | {"compendium, watching", "cells alone"} == set(allowed)


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_hold(load, name):
    outcome = doctest.testmod(load(name))
    assert outcome.attempted
    assert not outcome.failed
