"""Where the tables behind a run come from, through the runs it reads."""

from pathlib import Path

import pytest

from compendium import context, exhibits, files


@pytest.fixture(autouse=True)
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make records of two runs, the second reading the first."""
    monkeypatch.setenv(context.ROOT_VARIABLE, str(tmp_path))
    for run, origin, after in (("rows", "reconstructed", []), ("sums", "printed", ["rows"])):
        record = {"inputs": [{"origin": origin}], "after": after}
        files.write_json(tmp_path / f"_build/records/{run}.json", record)


def test_origins_reach_through_the_runs_that_are_read() -> None:
    assert exhibits.origins_of("rows") == {"reconstructed"}
    assert exhibits.origins_of("sums") == {"printed", "reconstructed"}


def test_a_run_without_results_has_no_origins() -> None:
    with pytest.raises(FileNotFoundError, match="run 'none' has no results yet"):
        exhibits.origins_of("none")
