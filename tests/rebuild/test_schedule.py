"""What pytask keeps within a process does not pass from one build to the next."""

from pathlib import Path

from faults import build, fix_data

from compendium.rebuild import engine, tasks


def test_tasks_that_were_declared_and_never_run_do_not_disturb_the_next_build(built: Path) -> None:
    runs = engine.load_plan(built)
    tasks.make_tasks(runs, built, around=lambda _, work: work(), with_site=False)
    fix_data(built)
    report = build(built)
    assert not report.failed
    states = {name: outcome.state for name, outcome in report.outcomes.items()}
    assert states == {"contract": "done", "marks": "done", "double": "done", "record": "done"}
