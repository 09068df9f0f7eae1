"""An exhibit is marked when what it rests on is reconstructed; other rows show if that is so."""

import shutil
from pathlib import Path
from typing import Any

import perturbation
import pytest
from small_project import LOAD, Recording, cell, make_project, write_notebook

from bookbuilder.engine import engine
from bookbuilder.engine.collect import collect, orphans, unread
from bookbuilder.plan import Run
from compendium import files

PRINTED, ROWS = (
    {"table": "claims", "origin": "printed"},
    {"table": "rows", "origin": "reconstructed"},
)


def run(inputs: list[dict[str, str]], after: list[str], **exhibits: Any) -> dict[str, Any]:
    """Return what a run recorded: exhibits by name, with what each declares to rest on."""
    entries = {
        name: {"kind": "table"} | ({} if rests_on is None else {"rests_on": rests_on})
        for name, rests_on in exhibits.items()
    }
    about = dict.fromkeys(("run", "notebook", "parameters", "package_version"), "")
    return {"inputs": inputs, "after": after, "exhibits": entries, "values": {}} | about


def marked(root: Path, **records: dict[str, Any]) -> set[str]:
    """Return which exhibits the record marks."""
    runs = [Run(name, "one.ipynb") for name in records]
    for one in runs:
        files.write_json(root / one.record, records[one.name])
    collect(runs, root)
    entries = files.read_json(root / "results/exhibits.json")
    return {name for name, entry in entries.items() if entry["reconstructed"]}


def test_an_exhibit_rests_on_all_of_its_run_unless_it_says_otherwise(tmp_path: Path) -> None:
    made = run([PRINTED, ROWS], [], all=None, printed=["claims"], rows=["rows"], nothing=[])
    assert marked(tmp_path, first=made) == {"all", "rows"}


def test_an_exhibit_that_rests_on_rows_through_another_run_keeps_its_mark(tmp_path: Path) -> None:
    first = run([ROWS], [], rates=None, limits=[])
    second = run([PRINTED], ["first"], sums=None, named=["first"], claims=["claims"])
    third = run([], ["second"], last=None)
    found = marked(tmp_path, first=first, second=second, third=third)
    assert found == {"rates", "sums", "named", "last"}


def test_an_exhibit_may_rest_on_one_exhibit_of_another_run(tmp_path: Path) -> None:
    first = run([PRINTED, ROWS], [], rates=None, limits=["claims"])
    second = run([PRINTED], ["first"], a=["first.rates"], b=["first.limits"], c=["claims"])
    assert marked(tmp_path, first=first, second=second) == {"rates", "a"}


def test_exhibits_are_numbered_by_kind_and_each_run_stands_once(tmp_path: Path) -> None:
    first = run([PRINTED], [], one=None, two=None)
    first["exhibits"]["two"]["kind"] = "figure"
    second = run([ROWS], ["first"], three=None) | {"values": {"top": {"value": 5}}}
    marked(tmp_path, first=first, second=second)
    kept = {
        n: files.read_json(tmp_path / f"results/{n}.json") for n in ("exhibits", "runs", "values")
    }
    labels = {name: (one["label"], one["run"]) for name, one in kept["exhibits"].items()}
    assert labels == {
        "one": ("Table 1", "first"),
        "two": ("Figure 1", "first"),
        "three": ("Table 2", "second"),
    }
    about = {"notebook": "", "parameters": "", "package_version": ""}
    assert kept["runs"] == {
        "first": {"inputs": [PRINTED], "after": []} | about,
        "second": {"inputs": [ROWS], "after": ["first"]} | about,
    }
    assert kept["values"] == {"second.top": {"value": 5}}


def test_results_of_no_run_are_named(tmp_path: Path) -> None:
    for name in ("tables/a.csv", "tables/b.csv", "tables/.hidden", "figures/c.svg", "d.csv"):
        files.write_text(tmp_path / "results" / name, "")
    found = orphans([Run("late", "one.ipynb", tables=("a",))], tmp_path)
    assert found == ["results/tables/b.csv", "results/figures/c.svg"]


def test_what_a_run_declares_and_never_reads_is_said(tmp_path: Path) -> None:
    found = Run("late", "one.ipynb", inputs=("rows", "claims"), after=("first",))
    assert unread([found], tmp_path) == []  # never executed
    files.write_json(tmp_path / found.record, {"never_read": {"inputs": ["claims"], "after": []}})
    said = "run 'late' declares 'claims' and never reads it: take it out of its inputs"
    assert unread([found], tmp_path) == [f"{said} in notebooks/runs.yml"]


@pytest.mark.parametrize(
    ("rests_on", "fault"),
    [
        ("None", []),
        ("['marks']", []),
        ("[]", ["marks_table is not marked, and differs with other rows"]),
    ],
)
def test_other_rows_show_a_mark_that_is_missing(
    tmp_path: Path, rests_on: str, fault: list[str]
) -> None:
    root = small(tmp_path, f"marks, 'marks_table', rests_on={rests_on}")
    assert perturbation.faults(root, [with_other_marks(root)]) == fault


def test_other_rows_show_a_mark_that_is_false(tmp_path: Path) -> None:
    root = small(tmp_path, "marks[['pupil']], 'marks_table'")
    said = ["marks_table is marked, and is the same with all other rows"]
    assert perturbation.faults(root, [with_other_marks(root)]) == said


def small(folder: Path, table: str) -> Path:
    """Build the small project with a table of its own."""
    root = make_project(folder / "small")
    shown = f"exhibits.table({table}, caption='Marks of {{n}} pupils.', n=2)"
    value = "exhibits.value('top', 5, 'marks', 'best mark')"
    title = cell("# Marks", kind="markdown")
    cells = [title, cell("factor = 1", "parameters"), cell(LOAD), cell(value), cell(shown)]
    write_notebook(root / "notebooks/marks.ipynb", *cells)
    return build(root)


def with_other_marks(root: Path) -> Path:
    """Build a copy of the small project on other rows."""
    other = shutil.copytree(root, root.with_name("other"))
    (other / "data/raw/marks.csv").write_text("pupil,mark\nada,4\nben,2\n", encoding="utf-8")
    return build(other)


def build(root: Path) -> Path:
    """Build the record of a project."""
    report = engine.build(root, display=Recording(), with_site=False)
    assert not report.failed
    return root
