"""Sweeps on this machine with real processes and kernels: what runs, and what is kept."""

import os
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from rich.console import Console
from small_project import LOAD, RECORD, VALUE, cell, write_notebook
from sweeps import SWEEP, Ended, contents, write_sweep

from bookbuilder import cli, environment
from bookbuilder.engine.engine import load_plan
from bookbuilder.engine.hashing import Hashes
from bookbuilder.kernels.ending import FAILED
from bookbuilder.sweep import commands, declared, engines, sweeping
from compendium import files

MARKS = """\
run: marks
grid: {factor: [1, 2]}
collect: {tables: [marks_table], values: [top]}
"""


def sweep(root: Path, path: Path, workers: int = 1) -> tuple[sweeping.Swept, list[str]]:
    display = Ended()
    read = declared.read_sweep(path, root)
    done = sweeping.run(read, root, engine=partial(engines.local, workers=workers), display=display)
    return done, sorted(display.names)


def missing(root: Path, path: Path) -> list[str]:
    found = sweeping.plan(declared.read_sweep(path, root), root, Hashes(root))
    return [one.name for one in found]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def swept_once(ready: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project after a sweep of four points by two processes; not to be changed."""
    root = tmp_path_factory.mktemp("swept") / "project"
    shutil.copytree(ready, root)
    done, ended = sweep(root, write_sweep(root), workers=2)
    assert (done.ran, done.fresh, done.failed) == (4, 0, {})
    assert ended == [f"times-{n}" for n in (1, 2, 3, 4)]
    return root


@pytest.fixture
def swept(swept_once: Path, tmp_path: Path) -> Path:
    """Return a copy of the swept project, in another place than it was made in."""
    shutil.copytree(swept_once, tmp_path / "copy")
    return tmp_path / "copy"


def test_values_are_collected_with_the_parameters_first(swept_once: Path) -> None:
    lines = (swept_once / "results/sweeps/times/values.csv").read_text().splitlines()
    rows = ["times,value,number,unit", *(f"{n},top,{5 * n},marks" for n in (1, 2, 3, 4))]
    assert lines == rows


def test_a_point_is_laid_out_as_a_trial_and_the_record_untouched(
    swept_once: Path, ready: Path
) -> None:
    place = swept_once / "results/sweeps/times/times-3"
    assert (place / "book/notebooks/double.ipynb").is_file()
    assert (place / "_build/records/double.json").is_file()
    assert not (swept_once / "_build/records/double.json").exists()
    record = "results/values.json"
    assert (swept_once / record).read_bytes() == (ready / record).read_bytes()


def test_a_second_sweep_runs_nothing(swept: Path) -> None:
    before = contents(swept / "results/sweeps/times")
    done, ended = sweep(swept, swept / "sweeps/times.yml")
    assert (done.ran, done.fresh, ended) == (0, 4, [])
    assert contents(swept / "results/sweeps/times") == before


def test_only_new_edited_and_deleted_points_run(swept: Path) -> None:
    folder = swept / "results/sweeps/times"
    shutil.rmtree(folder / "times-1")
    edit(folder / "times-2/_build/records/double.json", "10", "11")
    edit(swept / "sweeps/times.yml", "3, 4]", "3, 4, 5]")
    (folder / ".making-times-1").mkdir()
    assert sweep(swept, swept / "sweeps/times.yml")[1] == ["times-1", "times-2", "times-5"]
    assert not (folder / ".making-times-1").exists()


@pytest.mark.parametrize(
    ("path", "old", "new", "count"),
    [
        ("notebooks/double.ipynb", "# Twice", "# Two times", 4),
        ("requirements.lock", "# nothing", "# something", 4),
        ("data/raw/marks.csv", "ben,3", "ben,2", 0),  # double does not read it
        ("notebooks/marks.ipynb", "# Marks", "# The marks", 0),
        ("_build/records/marks.json", '"best mark"', '"the best"', 4),  # but this
    ],
)
def test_what_makes_points_missing(swept: Path, path: str, old: str, new: str, count: int) -> None:
    edit(swept / path, old, new)
    assert len(missing(swept, swept / "sweeps/times.yml")) == count


def test_all_points_run_after_a_data_change_and_tables_are_collected(swept: Path) -> None:
    path = write_sweep(swept, MARKS, "marks")
    assert sweep(swept, path)[1] == ["factor-1", "factor-2"]
    folder = swept / "results/sweeps/marks"
    rows = ["factor,pupil,mark", "1,ada,5", "1,ben,3", "2,ada,5", "2,ben,3"]
    assert (folder / "marks_table.csv").read_text().splitlines() == rows
    edit(swept / "data/raw/marks.csv", "ada,5", "ada,6")
    assert sweep(swept, path)[1] == ["factor-1", "factor-2"]
    assert "2,top,12,marks" in (folder / "values.csv").read_text()


def test_a_failing_point_is_named_and_the_others_go_on(
    swept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(swept / "notebooks/double.ipynb", "best * times", "best * times / (times - 2)")
    edit(swept / "sweeps/times.yml", "[1, 2, 3, 4]", "[1, 2]")
    command = ["--root", str(swept), "sweep", str(swept / "sweeps/times.yml"), "--workers", "1"]
    assert cli.main(command) == 1
    said = capsys.readouterr().out
    assert "✗ times-2\nnotebooks/double.ipynb, cell 4, line 1 (exhibits.value(" in said
    assert "ZeroDivisionError" in said
    copy = "_build/failed/sweeps/times/times-2.ipynb"
    assert f"the executed copy, up to that cell, is {copy}" in said
    assert (swept / copy).is_file()
    assert "2 points: 1 run, 0 unchanged, 1 failed" in said
    # The former result of the failed point is stale, and is not collected.
    values = (swept / "results/sweeps/times/values.csv").read_text()
    assert values == "times,value,number,unit\n1,top,-5,marks\n"


def test_points_that_fail_alike_are_said_once(swept: Path) -> None:
    console = Console(record=True, width=200)
    read = declared.read_sweep(write_sweep(swept, SWEEP.replace("4]", "4, 5, 6]")), swept)
    copy = f"\nthe executed copy, up to that cell, is {FAILED}/double.ipynb"
    failed = dict.fromkeys(read.points, f"cell 4: no such column{copy}")
    failed[read.points[5]] = f"cell 5: no such row{copy}"
    commands.summarise(console, read, sweeping.Swept(6, failed=failed))
    assert console.export_text().splitlines() == [
        "",
        "✗ times-1, times-2, times-3 and 2 more",
        "cell 4: no such column",
        "the executed copy, up to that cell, is _build/failed/sweeps/times/times-1.ipynb",
        "",
        "✗ times-6",
        "cell 5: no such row",
        "the executed copy, up to that cell, is _build/failed/sweeps/times/times-6.ipynb",
        "6 points: 0 run, 0 unchanged, 6 failed; 0.0 s",
    ]


def test_a_process_that_is_killed_costs_no_other_sweep(swept: Path) -> None:
    kill = "import os, signal\nif times == 1: os.kill(os.getpid(), signal.SIGKILL)"
    write_notebook(
        swept / "notebooks/double.ipynb",
        cell("# Twice", kind="markdown"),
        cell("times = 2", "parameters"),
        cell("from compendium import exhibits\nbest = exhibits.values_of('marks')['top']"),
        cell('exhibits.value("top", best * times, "marks", "twice the best mark")'),
        cell(kill),
    )
    edit(swept / "sweeps/times.yml", "[1, 2, 3, 4]", "[2, 1]")
    done, _ = sweep(swept, swept / "sweeps/times.yml")
    ((failed, said),) = done.failed.items()
    assert (done.ran, failed.name) == (1, "times-1")
    assert "the kernel died" in said


def test_a_value_that_a_point_does_not_record_is_said(swept: Path) -> None:
    source = f"{VALUE}\nif factor == 1:\n    exhibits.value('low', 1, 'marks', 'a mark')"
    write_notebook(
        swept / "notebooks/marks.ipynb",
        cell("# Marks", kind="markdown"),
        cell("factor = 1", "parameters"),
        cell(LOAD),
        cell(source),
        cell(RECORD),
    )
    edit(swept / "results/values.json", '"marks.top"', '"marks.low": {}, "marks.top"')
    text = MARKS.replace("[top]", "[low]").replace("[1, 2]", "[2]")
    done, _ = sweep(swept, write_sweep(swept, text, "marks"))
    assert done.unrecorded == ["factor-2 has not recorded the value 'low'"]


def test_data_that_break_their_contract_stop_a_sweep(swept: Path) -> None:
    edit(swept / "data/raw/marks.csv", "ada,5", "ada,7")
    with pytest.raises(ValueError, match=r"data/raw/marks.csv, row 2, field mark"):
        sweep(swept, write_sweep(swept, MARKS, "marks"))


def test_a_run_before_it_without_results_stops_a_sweep(swept: Path) -> None:
    (swept / "_build/records/marks.json").unlink()
    with pytest.raises(ValueError, match="do `compendium run marks` first"):
        sweep(swept, swept / "sweeps/times.yml")


def test_an_edited_result_of_a_run_before_it_stops_a_sweep(swept: Path) -> None:
    (swept / "results/tables/marks_table.csv").write_text("pupil,mark\n")
    with pytest.raises(ValueError, match="do `compendium build` first"):
        sweep(swept, swept / "sweeps/times.yml")


def test_a_worker_with_other_code_or_versions_is_refused(
    swept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (swept / "requirements.lock").write_text("numpy==2.0\n")
    packed = engines.pack(swept, load_plan(swept), load_plan(swept)["double"])
    assert engines.refusal(packed) == ""
    monkeypatch.setattr(environment, "installed_versions", dict)
    monkeypatch.setattr(files, "sha256", lambda path: "0")
    assert "numpy, src/auditing/" in engines.refusal(packed)


def test_a_point_reads_a_module_beside_its_notebook(swept: Path) -> None:
    (swept / "notebooks/rule.py").write_text("def twice(x):\n    return 2 * x\n")
    edit(swept / "notebooks/double.ipynb", "best * times", "__import__('rule').twice(times)")
    done, _ = sweep(swept, swept / "sweeps/times.yml")
    assert not done.failed
    assert "4,top,8,marks" in (swept / "results/sweeps/times/values.csv").read_text()


def test_dry_run_counts_and_runs_nothing(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_sweep(swept, SWEEP.replace("[1, 2, 3, 4]", "[4, 5, 6]"))
    assert cli.main(["--root", str(swept), "sweep", str(path), "--dry-run"]) == 0
    assert capsys.readouterr().out == "3 runs, 2 missing\n  times-5\n  times-6\n"
    assert not (swept / "results/sweeps/times/times-5").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--workers", "2", "--scheduler", "tcp://127.0.0.1:1"], "not allowed with argument"),
        (["--workers", "0"], "--workers: 0 is not a whole number of 1 or more"),
        (["--scheduler", "node7"], "write it as tcp://HOST:PORT"),
    ],
)
def test_options_that_do_not_fit(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        cli.main(["sweep", "sweeps/times.yml", *words])
    assert said in capsys.readouterr().err


def test_an_interrupt_keeps_what_is_finished(swept: Path) -> None:
    path = write_sweep(swept, SWEEP.replace("[1, 2, 3, 4]", "[5, 6, 7]"))
    command = [sys.executable, "-u", "-m", "bookbuilder.cli", "--root", str(swept), "sweep"]
    process = subprocess.Popen(
        [*command, str(path), "--workers", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        # A shell starts what runs in its background deaf to Ctrl-C, and deafness is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("✓ times-5")
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=120)[1]
    assert (process.returncode, said) == (130, "stopped; what was finished is kept\n")
    assert missing(swept, path) == ["times-6", "times-7"]


def test_help_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["sweep", "--help"])
    assert "compendium sweep sweeps/joint_display.yml" in capsys.readouterr().out
