"""How pytask is used: nothing passes from one build to the next, and who waits comes last."""

from pathlib import Path

from faults import build, fix_data
from small_project import Recording, cell, make_project, write_notebook

from bookbuilder.engine import engine, schedule, tasks


def test_tasks_that_were_declared_and_never_run_do_not_disturb_the_next_build(built: Path) -> None:
    runs = engine.load_plan(built)
    tasks.make_tasks(runs, built, around=lambda _, work: work(), with_site=False)
    fix_data(built)
    report = build(built)
    assert not report.failed
    states = {name: outcome.state for name, outcome in report.outcomes.items()}
    assert states == {"contract": "done", "marks": "done", "double": "done", "record": "done"}


def test_a_run_that_another_waits_for_begins_before_those_that_nobody_does(tmp_path: Path) -> None:
    root = make_project(tmp_path / "project")
    write_notebook(root / "notebooks/alone.ipynb", cell("turn = 1", "parameters"), cell("1 + 1"))
    with (root / "notebooks/runs.yml").open("a", encoding="utf-8") as plan:
        plan.writelines(f"\nalone{n}:\n  notebook: alone.ipynb\n" for n in range(8))
    display = Recording()
    report = engine.build(root, display=display, with_site=False, workers=1)
    assert not report.failed
    assert display.ran[:2] == ["contract", "marks"]


def test_the_build_waits_for_the_end_of_a_task_and_does_not_look_for_it(
    built: Path, monkeypatch
) -> None:
    looked = []
    slept = schedule._Alert.sleep

    def sleep(alert) -> None:
        looked.append(alert)
        slept(alert)

    monkeypatch.setattr(schedule._Alert, "sleep", sleep)
    report = engine.build(built, display=Recording(), with_site=False, workers=2, force=True)
    assert not report.failed
    tasks_run = len(report.outcomes)
    # To begin and to end each, and once in a second; looking, it was a hundred times in a second.
    assert len(looked) <= 4 * tasks_run + report.seconds
