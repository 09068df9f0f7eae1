"""The benchmark of the rebuild: workflows written for other tools, and make really running one."""

import ast
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

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = ROOT / "benchmarks"
NAMES = ["engine.rows", "engine.tools", "engine.workflows"]
TABLE = "\nexhibits.table(frame, 'double_table', caption='Twice ({n}).', n=1)"


@pytest.fixture
def load(monkeypatch):
    """Import modules of the benchmarks, as their scripts do."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if BENCHMARKS in Path(getattr(sys.modules[name], "__file__", None) or "/").parents:
            del sys.modules[name]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return the small project, its second run with an exhibit as well, built by ours."""
    root = make_project(tmp_path_factory.mktemp("built") / "small")
    (root / "src").symlink_to(ROOT / "src")
    path = root / "notebooks/double.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][-1]["source"] += (
        "\nimport pandas as pd\nframe = pd.DataFrame({'twice': [best * times]})" + TABLE
    )
    path.write_text(json.dumps(notebook))
    plan = root / "notebooks/runs.yml"
    plan.write_text(plan.read_text() + "  tables: [double_table]\n")
    assert not engine.build(root, display=Recording(), with_site=False).failed
    return root


@pytest.fixture
def small(load, built, tmp_path):
    """Return a copy of the small project without anything built."""
    root = shutil.copytree(built, tmp_path / "small", symlinks=True)
    load("engine.project").remove_products(root)
    return root


@pytest.fixture
def plan(load, built):
    return load("engine.project").recorded_plan(built)


@pytest.fixture
def steps(load, small, plan):
    return {step.name: step for step in load("engine.steps").make_steps(small, plan)}


def test_the_harness_knows_nothing_of_the_engine_but_its_command():
    parts = {
        node.module if isinstance(node, ast.ImportFrom) else alias.name
        for path in (BENCHMARKS / "engine").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert "engine.project" in parts
    ours = {name for name in parts if name and name.split(".")[0] in ("bookbuilder", "compendium")}
    assert ours == {"compendium.context"}


def test_the_record_tells_the_plan(plan):
    assert list(plan) == ["marks", "double"]
    assert plan["marks"].inputs == {"marks": "data/raw/marks.csv"}
    assert plan["double"].after == ["marks"]
    assert plan["double"].parameters == {"times": 2}
    assert plan["double"].results == ["results/tables/double_table.csv"]


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


def test_a_changed_parameter_changes_what_one_step_reads(load, small, plan, steps):
    paths = {name: small / f"workflow/{name}.json" for name in ("marks", "double")}
    before = {name: path.stat().st_mtime_ns for name, path in paths.items()}
    plan["double"].parameters["times"] = 3
    load("engine.steps").make_steps(small, plan)
    assert [n for n, path in paths.items() if path.stat().st_mtime_ns != before[n]] == ["double"]


def test_every_tool_gets_every_step_with_its_files(load, steps):
    workflows = load("engine.workflows")
    steps = list(steps.values())
    stages = json.loads(workflows.dvc_yaml(steps))["stages"]
    assert {name: stage["outs"] for name, stage in stages.items()} == {
        step.name: list(step.makes) for step in steps
    }
    assert stages["double"]["deps"] == [*steps[2].needs, "_build/contract.txt"]
    names = {}
    exec(workflows.dodo_py(steps), names)
    targets = [task["targets"] for task in names["task_runs"]()]
    assert targets == [list(step.makes) for step in steps]
    tasks = json.loads(workflows.pipeline_yaml(steps))["tasks"]
    assert [task.get("upstream") for task in tasks] == [None, None, ["marks"]]
    assert set(tasks[1]["params"]["resources_"].values()) == set(steps[1].needs)
    snakefile = workflows.snakefile(steps)
    assert snakefile.count("rule ") == len(steps) + 1
    assert all(
        json.dumps(path) in snakefile for step in steps for path in (*step.needs, *step.makes)
    )


def test_make_runs_the_plan_as_we_do_and_is_blind_to_helpers(load, small, built, plan):
    tools, project = load("engine.tools"), load("engine.project")
    make = next(tool for tool in tools.every_tool() if tool.name == "make")
    tools.write_workflow(make, small, plan)
    assert project.results(small, plan) != project.results(built, plan)
    tools.start(make.build, small)
    assert project.results(small, plan) == project.results(built, plan)

    before = project.executions(small, plan)
    tools.start(make.build, small)
    assert project.executions(small, plan) == before
    text = (small / "data/raw/marks.csv").read_text()
    (small / "data/raw/marks.csv").write_text(text.replace("ada,5", "ada,6"))
    tools.start(make.build, small)
    after, results = project.executions(small, plan), project.results(small, plan)
    assert [name for name in plan if after[name] != before[name]] == ["marks", "double"]
    assert results != project.results(built, plan)  # which a wrong result would show, too


def test_ours_goes_through_a_scenario_by_its_command(load, small):
    tools, scenarios = load("engine.tools"), load("engine.scenarios")
    ours = scenarios.Contender(tools.every_tool()[0], small)
    ours.goes_through("cold", ours.tool.build)
    assert list(ours.runs) == ["marks", "double"]
    ours.goes_through("no_op", ours.tool.build)
    text = (small / "data/raw/marks.csv").read_text()
    (small / "data/raw/marks.csv").write_text(text.replace("ada,5", "ada,6"))
    ours.goes_through("cell", ours.tool.build)
    counts = {name: (turn["reran"], turn["changed"]) for name, (turn,) in ours.turns.items()}
    assert counts == {"cold": (2, 2), "no_op": (0, 0), "cell": (2, 2)}
    (small / "results/tables/marks_table.csv").write_text("damaged\n")
    assert scenarios.differs_from_a_new_build(ours) == ["marks"]  # and not the other run


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
    root = project.copy(ROOT, tmp_path / "copy")
    path = {"cell": project.CELL[0], "parameter": project.PLAN, "helper": project.HELPER[0]}[name]
    texts = {}
    for turn in (1, 2):
        project.CHANGES[name](root, turn)
        texts[turn] = (root / path).read_text()
    assert texts[1] != texts[2]
    if name == "parameter":
        run, parameter = project.PARAMETER
        plans = {turn: yaml.safe_load(text) for turn, text in texts.items()}
        values = {turn: read[run]["parameters"].pop(parameter) for turn, read in plans.items()}
        assert values == {turn: project.new_parameter(turn) for turn in (1, 2)}
        assert plans[1] == plans[2]
    else:
        pairs = zip(texts[1].splitlines(), texts[2].splitlines(), strict=True)
        assert len([one for one, other in pairs if one != other]) == 1


def test_a_helper_that_is_no_longer_there_is_named(load, tmp_path):
    project = load("engine.project")
    path = tmp_path / project.HELPER[0]
    path.parent.mkdir(parents=True)
    path.write_text("nothing of the kind\n")
    with pytest.raises(ValueError, match=r"comparison.py no longer holds"):
        project.change_helper(tmp_path, 1)


def test_rows_count_what_was_run_and_what_is_wrong(load):
    tools, scenarios = load("engine.tools"), load("engine.scenarios")
    turn = {"cpu_seconds": 2.0, "load": 1.0, "reran": 1, "changed": 1, "stopped": 0}
    right = turn | {"seconds": 2.0, "results": {"a": "new", "b": "same"}}
    blind = turn | {"seconds": 1.0, "reran": 0, "results": {"a": "old", "b": "same"}}
    listed = tools.every_tool()
    ours = scenarios.Contender(listed[0], Path(), {}, {"helper": [right]})
    other = scenarios.Contender(listed[1], Path(), {}, {"helper": [blind]})
    rows = load("engine.rows").rows_of([ours, other], ours)
    assert [(row["library"], row["ratio"], row["reran"], row["wrong"]) for row in rows] == [
        ("compendium", 1.0, 1, 0),
        ("make", 0.5, 0, 1),
    ]
    text = load("report").section("engine", [{"part": "machine", "name": "day", "value": "x"}],
                                  rows, [])  # fmt: skip
    assert "|  | make | 1.00 | 0.500 | 1.00 | 0 | 1 | 1 |" in text


def test_the_goals_are_held_against_what_was_measured(load):
    rows_module = load("engine.rows")
    names = rows_module.SCENARIOS
    rows = [{"task": name, "library": "compendium", "seconds": 1.0} for name in names.values()]
    rows += [{"task": names["cold"], "library": "make", "seconds": 4.0}]
    rows += [{"task": names["whole"], "library": "fresh kernels", "seconds": 2.0}]
    met = {goal.about: goal.met for goal in rows_module.goals_of(rows)}
    assert met["everything, beside make"]
    assert not met["everything, kernels forked beside fresh"]
    assert not met["nothing changed, seconds"]


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_hold(load, name):
    outcome = doctest.testmod(load(name))
    assert outcome.attempted
    assert not outcome.failed
