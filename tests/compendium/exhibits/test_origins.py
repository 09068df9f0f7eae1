"""What is read back outside of a run: the committed record."""

from pathlib import Path

import pytest

from compendium import context, exhibits, files

RUNS = {"rows": ("reconstructed", []), "sums": ("printed", ["rows"])}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a record of two runs, the second reading the first, and no folder of a build."""
    monkeypatch.delenv(context.VARIABLE, raising=False)
    monkeypatch.setenv(context.ROOT_VARIABLE, str(tmp_path))
    entries = {f"{run}_table": {"kind": "table", "run": run} for run in RUNS}
    runs = {
        run: {"inputs": [{"origin": origin}], "after": after}
        for run, (origin, after) in RUNS.items()
    }
    files.write_json(tmp_path / "results/exhibits.json", entries)
    files.write_json(tmp_path / "results/runs.json", runs)
    values = {"rows.top": {"value": 5}, "rows_b.top": {"value": 6}}
    files.write_json(tmp_path / "results/values.json", values)
    files.write_text(tmp_path / "results/tables/rows_table.csv", "weighting,rate\nnone,0.5\n,\n")
    return tmp_path


def test_values_and_tables_come_from_the_committed_record(project: Path) -> None:
    assert exhibits.values_of("rows") == {"top": 5}
    table = exhibits.table_of("rows", "rows_table")
    assert table["weighting"].tolist()[0] == "none"  # a word, not a missing cell
    with pytest.raises(ValueError, match="records no table 'row_table'; did you mean"):
        exhibits.table_of("rows", "row_table")


def test_origins_reach_through_the_runs_that_are_read() -> None:
    assert exhibits.origins_of("rows") == {"reconstructed"}
    assert exhibits.origins_of("sums") == {"printed", "reconstructed"}


def test_what_is_not_recorded_is_not_guessed(project: Path) -> None:
    with pytest.raises(FileNotFoundError, match="run 'none' has no results yet"):
        exhibits.origins_of("none")
    (project / "results/runs.json").unlink()
    with pytest.raises(FileNotFoundError, match="run 'rows' has no results yet"):
        exhibits.values_of("rows")


def test_within_a_run_origins_come_from_the_records_of_the_build(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists: dict = dict.fromkeys(("inputs", "tables", "figures"), ())
    told = {"run": "all", "notebook": "all.ipynb", "root": str(project), "stage": str(project)}
    here = context.RunContext(**told, **lists, after=("sums",), parameters={})
    here.save(project / "context.json")
    monkeypatch.setenv(context.VARIABLE, str(project / "context.json"))
    with pytest.raises(FileNotFoundError, match="run 'sums' has no results yet"):
        exhibits.origins_of("sums")
    for run, after in {"sums": ["rows"], "rows": []}.items():
        record = {"inputs": [{"origin": "coded"}], "after": after}
        files.write_json(project / f"_build/records/{run}.json", record)
    assert exhibits.origins_of("sums") == {"coded"}
