"""Real builds of a small project: what runs, what does not, and what a failure leaves."""

import shutil
from pathlib import Path

import pytest
from small_project import LOAD, RECORD, Recording, cell, show_all_notebooks, write_notebook

from bookbuilder.engine import engine, trial
from bookbuilder.plan import PlanError
from compendium import files

RUNS = {"marks", "double"}


@pytest.fixture
def built(built_once: Path) -> Path:
    """Return the built project, put back into its first state after each test."""
    # The build's own memory holds relative paths, but pages and records hold none: a copy in the
    # same place is the cheapest way to start each test from a finished build.
    kept = built_once.with_name("kept")
    if not kept.exists():
        shutil.copytree(built_once, kept, symlinks=True)
    yield built_once
    shutil.rmtree(built_once)
    shutil.copytree(kept, built_once, symlinks=True)


def rebuild(root: Path, **options: object) -> tuple[engine.Report, list[str]]:
    display = Recording()
    report = engine.build(root, display=display, with_site=False, **options)  # type: ignore[arg-type]
    return report, display.ran


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_build_makes_tables_values_records_and_pages(built: Path) -> None:
    assert (built / "results/tables/marks_table.csv").read_text() == "pupil,mark\nada,5\nben,3\n"
    values = files.read_json(built / "results/values.json")
    assert (values["marks.top"]["value"], values["double.top"]["value"]) == (5, 10)
    exhibit = files.read_json(built / "results/exhibits.json")["marks_table"]
    assert (exhibit["label"], exhibit["n"], exhibit["reconstructed"]) == ("Table 1", 2, True)
    assert exhibit["caption"] == "Marks of 2 pupils."
    about = files.read_json(built / "results/runs.json")[exhibit["run"]]
    assert about["inputs"][0]["sha256"] == files.sha256(built / "data/raw/marks.csv")
    assert "inputs" not in exhibit  # said once, of the run
    assert "papermill" not in (built / "book/notebooks/marks.ipynb").read_text()


def test_a_second_build_runs_nothing(built: Path) -> None:
    report, ran = rebuild(built)
    assert ran == []
    assert {o.state for o in report.outcomes.values()} == {"fresh"}


def test_touching_a_file_runs_nothing(built: Path) -> None:
    (built / "data/raw/marks.csv").touch()
    assert rebuild(built)[1] == []


def test_a_changed_cell_reruns_what_depends_on_it(built: Path) -> None:
    edit(built / "data/raw/marks.csv", "ada,5", "ada,6")
    _, ran = rebuild(built)
    assert set(ran) >= RUNS
    assert files.read_json(built / "results/values.json")["double.top"]["value"] == 12


def test_stops_early_when_what_is_between_comes_out_equal(built: Path) -> None:
    edit(built / "notebooks/marks.ipynb", "# Marks", "# The marks")
    _, ran = rebuild(built)
    assert "marks" in ran
    assert "double" not in ran  # its values and tables came out as they were
    assert files.read_json(built / "results/values.json")["double.top"]["value"] == 10


def test_a_product_edited_by_hand_is_repaired(built: Path) -> None:
    edit(built / "results/tables/marks_table.csv", "ada,5", "ada,1")
    _, ran = rebuild(built)
    assert "marks" in ran
    assert "ada,5" in (built / "results/tables/marks_table.csv").read_text()


def test_a_changed_parameter_reruns_the_notebook(built: Path) -> None:
    edit(built / "notebooks/runs.yml", "  tables:", "  parameters: {factor: 3}\n  tables:")
    rebuild(built)
    assert files.read_json(built / "results/values.json")["marks.top"]["value"] == 15


def test_status_says_what_is_stale_and_why(built: Path) -> None:
    assert {o.state for o in engine.status(built, with_site=False).outcomes.values()} == {"fresh"}
    edit(built / "data/raw/marks.csv", "ben,3", "ben,4")
    outcomes = engine.status(built, with_site=False).outcomes
    assert outcomes["marks"].state == "stale"
    assert "data/raw/marks.csv changed" in "; ".join(
        outcomes["contract"].reasons + outcomes["marks"].reasons
    )
    assert rebuild(built)[0].outcomes["marks"].state == "done"  # saying it changed nothing


def test_broken_data_stop_the_build_before_any_notebook(built: Path) -> None:
    edit(built / "data/raw/marks.csv", "ben,3", "ben,7")
    report, ran = rebuild(built)
    assert ran == ["contract"]
    assert "data/raw/marks.csv, row 3, field mark" in report.outcomes["contract"].message
    assert {report.outcomes[name].state for name in RUNS} == {"skipped"}


def test_a_failing_notebook_is_named_and_takes_nothing_away(built: Path) -> None:
    before = (built / "results/tables/marks_table.csv").read_bytes()
    write_notebook(
        built / "notebooks/marks.ipynb",
        cell("factor = 1", "parameters"),
        cell('raise KeyError("no such pupil")'),
    )
    report, _ = rebuild(built)
    outcome = report.outcomes["marks"]
    assert outcome.state == "failed"
    assert "notebooks/marks.ipynb, cell" in outcome.message
    assert "KeyError" in outcome.message
    assert (built / "_build/failed/marks.ipynb").exists()
    assert (built / "results/tables/marks_table.csv").read_bytes() == before
    assert report.outcomes["double"].state == "skipped"
    assert engine.status(built, with_site=False).outcomes["marks"].state == "stale"


def test_a_notebook_that_leaves_out_an_exhibit_fails(built: Path) -> None:
    write_notebook(built / "notebooks/marks.ipynb", cell("factor = 1", "parameters"))
    message = rebuild(built)[0].outcomes["marks"].message
    assert "finished without recording marks_table" in message


def test_run_reruns_one_notebook_even_when_fresh(built: Path) -> None:
    _, ran = rebuild(built, only="marks")
    assert "marks" in ran
    assert "double" not in ran


def test_run_brings_in_what_it_reads_and_leaves_other_stale_runs(built: Path) -> None:
    edit(built / "data/raw/marks.csv", "ada,5", "ada,6")
    edit(built / "notebooks/double.ipynb", "# Twice", "# Two times")
    _, ran = rebuild(built, only="marks")
    assert "double" not in ran
    _, ran = rebuild(built, only="double")
    assert files.read_json(built / "results/values.json")["double.top"]["value"] == 12


def test_a_table_that_changes_reruns_who_reads_it(built: Path) -> None:
    # What changes is declared nowhere, as with a helper: only the table itself can tell.
    (built.parent / "bonus.txt").write_text("0")
    more = "from pathlib import Path\nmarks['mark'] += int(Path('../../bonus.txt').read_text())"
    write_notebook(
        built / "notebooks/marks.ipynb",
        cell("factor = 1", "parameters"),
        *(cell(source) for source in (LOAD, more, RECORD)),
    )
    read = "from compendium import exhibits\nread = exhibits.table_of('marks', 'marks_table')"
    write_notebook(
        built / "notebooks/double.ipynb",
        cell("times = 2", "parameters"),
        cell(read),
        cell("exhibits.value('top', read['mark'].max() * times, 'marks', 'twice the best mark')"),
    )
    assert not rebuild(built)[0].failed
    record = files.read_json(built / "_build/records/marks.json")
    path = "results/tables/marks_table.csv"
    assert record["results"] == {path: files.sha256(built / path)}
    (built.parent / "bonus.txt").write_text("1")
    _, ran = rebuild(built, only="marks")
    assert "double" not in ran
    _, ran = rebuild(built)
    assert "double" in ran
    assert files.read_json(built / "results/values.json")["double.top"]["value"] == 12


def test_a_trial_leaves_the_record_alone(built: Path) -> None:
    runs = engine.load_plan(built)
    before = (built / "results/values.json").read_bytes()
    changed = runs["marks"].with_parameters({"factor": 2})
    place = trial.run(changed, {"factor": 2}, built)
    assert place == built / "results/runs/marks-factor-2"
    record = files.read_json(place / "_build/records/marks.json")
    assert record["values"]["top"]["value"] == 10
    page = trial.page(place, "marks").read_text()
    assert "The best is 10." in page
    assert "A trial of <code>marks</code>" in page
    assert (built / "results/values.json").read_bytes() == before
    with pytest.raises(PlanError, match="did you mean 'factor'"):
        runs["marks"].with_parameters({"factr": 2})


def test_orphans_are_named(built: Path) -> None:
    (built / "results/tables/old.csv").write_text("a\n1\n")
    assert rebuild(built)[0].orphans == ["results/tables/old.csv"]


def test_runs_that_do_not_need_each_other_run_at_the_same_time(project: Path) -> None:
    # Each waits until the other has begun: one after the other, neither would end.
    wait = """\
from pathlib import Path
import time
Path("../../began-{me}").touch()
deadline = time.monotonic() + 60
while not Path("../../began-{other}").exists():
    assert time.monotonic() < deadline, "the other notebook did not begin"
    time.sleep(0.05)"""
    for me, other in (("a", "b"), ("b", "a")):
        code = wait.format(me=me, other=other)
        write_notebook(project / f"notebooks/{me}.ipynb", cell("x = 1", "parameters"), cell(code))
    (project / "notebooks/runs.yml").write_text("a: {notebook: a.ipynb}\nb: {notebook: b.ipynb}\n")
    show_all_notebooks(project, "a", "b")
    here = Path.cwd()
    report, ran = rebuild(project, workers=2)
    assert not report.failed, report.failed
    assert {"a", "b"} <= set(ran)
    assert Path.cwd() == here
