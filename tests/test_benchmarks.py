"""The harness of the benchmarks: contests of tiny contenders in real workers, no timing."""

import doctest
import importlib
import re
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"
LOCKS = sorted(BENCHMARKS.glob("requirements-*.lock"))

CONTENDERS = '''
"""Three tiny contenders."""

from contest import Contest

CONTEST = Contest()


@CONTEST.enter("sum")
def ours(folder):
    return lambda: sum(range(1000)), lambda total: {"total": [total], "part": [45]}


@CONTEST.enter("sum", library="other", part=1 / 100, note="a hundredth")
def other(folder):
    print("a library may print")
    return lambda: sum(range(10)), lambda total: {"part": [total]}


@CONTEST.enter("sum", library="wrong")
def wrong(folder):
    return lambda: sum(range(999)), lambda total: {"total": [total]}


@CONTEST.enter("failing")
def failing(folder):
    return lambda: 1 / 0, lambda total: {}
'''


@pytest.fixture
def load(monkeypatch, tmp_path):
    """Import modules of the benchmarks, as their scripts do, and a module of tiny contenders."""
    (tmp_path / "tiny.py").write_text(CONTENDERS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(BENCHMARKS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    before = set(sys.modules)

    def loaded(name: str) -> ModuleType:
        return importlib.import_module(name)

    yield loaded
    for name in set(sys.modules) - before:
        if BENCHMARKS in Path(getattr(sys.modules[name], "__file__", None) or "/").parents:
            del sys.modules[name]
    sys.modules.pop("tiny", None)


@pytest.fixture
def rows(load, tmp_path):
    contenders = load("tiny").CONTEST.contenders["sum"]
    found = load("harness").measure("tiny", "sum", contenders, tmp_path, rounds=2)
    return {row["library"]: row for row in found}


def test_every_contender_runs_as_often_as_asked(rows):
    assert {library: row["runs"] for library, row in rows.items()} == {
        "compendium": 2,
        "other": 2,
        "wrong": 2,
    }
    assert all(row["seconds_least"] <= row["seconds"] <= row["seconds_greatest"]
               for row in rows.values())  # fmt: skip
    assert rows["compendium"]["ratio"] == 1


def test_agreement_is_that_of_the_numbers_both_give(rows):
    assert rows["compendium"]["digits"] is None
    assert rows["other"]["digits"] == 15
    assert rows["wrong"]["digits"] == 2  # 498501 for 499500


def test_a_contender_that_disagrees_is_reported(load, rows, capsys):
    run = load("run")
    assert run.complain(run.disagreements(list(rows.values()))) == 1
    assert capsys.readouterr().err == "sum: wrong agrees with compendium to 2 digits only\n"
    assert run.complain(run.disagreements([rows["other"], rows["compendium"]])) == 0


def test_a_part_counts_for_the_whole(load):
    harness, contest = load("harness"), load("contest")
    runs = [{"seconds": 2.0, "cpu_seconds": 1.0}] * 2
    whole = [{"seconds": 4.0, "cpu_seconds": 4.0}] * 2
    part = contest.Contender(lambda folder: None, part=0.25)
    assert harness.timing(part, runs[0], runs)["seconds"] == 8
    assert harness.beside(part, runs, whole)["ratio"] == 2
    assert harness.beside(part, runs, whole)["cpu_ratio"] == 1


def test_a_worker_that_fails_names_task_and_library(load, tmp_path):
    contenders = load("tiny").CONTEST.contenders["failing"]
    with pytest.raises(RuntimeError, match="failing, compendium: the worker ended"):
        load("harness").measure("tiny", "failing", contenders, tmp_path, rounds=1)


FACTS = [
    {"part": "machine", "name": "day", "value": "2026-01-02"},
    {"part": "machine", "name": "cores", "value": "2"},
    {"part": "peers", "name": "polars", "value": "2.1.0"},
]


def test_repeating_a_strand_keeps_what_is_known_of_the_other(load, rows, tmp_path):
    report, path = load("report"), tmp_path / "RESULTS.md"
    found = [{"task": "sum", "rows": 1000} | row for row in rows.values()]
    for strand, cores in (("coding", "2"), ("survey", "8"), ("coding", "4")):
        facts = [FACTS[0], FACTS[1] | {"value": cores}]
        report.put(path, strand, report.section(strand, facts, found, []))
    text = path.read_text()
    assert re.findall("^## .*|cores [0-9]", text, re.M) == [
        "## Survey", "cores 8", "## Coding", "cores 4"
    ]  # fmt: skip
    assert text.startswith("# Results of the benchmarks\n")


def test_the_results_say_machine_versions_ratios_and_goals(load, rows):
    report, goal = load("report"), load("contest").Goal
    found = [{"task": "sum", "rows": 1000} | row for row in rows.values()]
    grown = [found[0] | {"task": "growth_sum", "rows": n, "seconds": n / 1000.0} for n in (10, 200)]
    goals = [goal("sum, times ours, other", 2, 1.5), goal("seconds", 2, 1.5, at_most=True)]
    text = report.section("survey", FACTS, [*found, *grown], goals, "A remark.")
    assert "A remark.\n\nMeasured on 2026-01-02: cores 2." in text
    assert "Versions (peers: polars 2.1.0)." in text
    assert "1 of 2 goals are met." in text
    assert "| sum, times ours, other | at least 2 | 1.50 | missed |" in text
    assert "| seconds | at most 2 | 1.50 | met |" in text
    lines = [line.split(" | ") for line in text.splitlines() if "sum" in line or "wrong" in line]
    assert [line[0] for line in lines[1:3]] == ["| `sum`, 1,000 rows", "| "]
    other = next(line for line in text.splitlines() if "| other |" in line).split(" | ")
    assert other[7:] == ["15", "one in 100", "a hundredth |"]
    assert "| sum | compendium | 0.0100 | 0.200 |" in text


def test_a_goal_names_a_pair_that_is_measured(load):
    run, strand = load("run"), load("survey")
    measured = [
        {"task": task.name, "library": library, "ratio": 0.9}
        for task in strand.TASKS
        for library in load(task.module).CONTEST.contenders[task.name]
    ]
    goals = run.goals_of(strand.GOALS, measured)
    assert {goal.about for goal in goals if "tabulate_weighted" in goal.about} == {
        "`tabulate_weighted`, times ours, pandas",
        "`tabulate_weighted`, times ours, polars",
    }
    assert [goal.met for goal in goals if goal.goal == 1] == [False, False, False]
    with pytest.raises(KeyError):
        run.goals_of({("rake", "nobody"): 1}, measured)


def test_what_is_on_record_names_every_strand_and_its_machine():
    text = (BENCHMARKS / "RESULTS.md").read_text()
    assert re.findall("^## (.*)", text, re.M) == ["Survey", "Coding", "Rebuild"]
    assert len(re.findall("^Measured on 20", text, re.M)) == 3
    for peer in ("polars", "DuckDB", "svy", "qdaPy", "snakemake", "dvc"):
        assert f"| {peer} |" in text


def test_an_environment_is_asked_for_its_versions(load):
    environment = load("environment")
    assert environment.ask(Path(sys.executable), ["numpy", "pandas"]) == [
        np.__version__,
        pd.__version__,
    ]
    assert all(environment.machine().values())


@pytest.mark.parametrize(("listed", "threads"), [("0\n", "1"), ("0-1\n", "2"), ("0,32\n", "2")])
def test_the_threads_of_a_core_are_counted(load, tmp_path: Path, listed: str, threads: str):
    told = tmp_path / "thread_siblings_list"
    told.write_text(listed)
    environment = load("environment")
    assert environment.threads(told) == threads
    assert environment.threads(tmp_path / "none") == "not known"


@pytest.mark.parametrize("name", ["contest", "harness", "report", "run"])
def test_the_examples_of_the_harness_hold(load, name):
    outcome = doctest.testmod(load(name))
    assert outcome.attempted
    assert not outcome.failed


@pytest.mark.parametrize("strand", ["survey", "coding"])
def test_every_task_has_our_library_among_its_contenders(load, strand):
    for task in load(strand).TASKS:
        assert "compendium" in load(task.module).CONTEST.contenders[task.name]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_peers_are_locked_with_hashes_and_no_address(path):
    lock = path.read_text()
    blocks = re.split(r"\n(?=[A-Za-z0-9])", lock.strip())
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in lock
    wanted = [
        line.lower()
        for line in path.with_suffix(".in").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert [line for line in wanted if f"\n{line} " not in f"\n{lock}"] == []
