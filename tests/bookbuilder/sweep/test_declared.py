"""Files of sweeps: points in order, and each kind of mistake with its line and the nearest name."""

from pathlib import Path

import pytest
from sweeps import SWEEP, write_sweep

from bookbuilder.plan import PlanError
from bookbuilder.sweep.declared import read_sweep


@pytest.fixture
def ran(project: Path) -> Path:
    """Return a small project whose values are known, as from a clone that holds the record."""
    known = '{"marks.top": {"value": 5}, "double.top": {"value": 10}}'
    (project / "results/values.json").write_text(known, encoding="utf-8")
    return project


def test_points_are_the_product_of_the_grid(ran: Path) -> None:
    notebook = ran / "notebooks/double.ipynb"
    notebook.write_text(notebook.read_text().replace("times = 2", r"times = 2\nlabel = 'a'"))
    text = SWEEP.replace("[1, 2, 3, 4]", "[1, 2]\n  label: [b, c]")
    sweep = read_sweep(write_sweep(ran, text), ran)
    assert (sweep.name, sweep.run.name, sweep.values) == ("times", "double", ("top",))
    points = [tuple(one.parameters.values()) for one in sweep.points]
    assert points == [(1, "b"), (1, "c"), (2, "b"), (2, "c")]
    assert sweep.points[0].name == "times-1-label-b"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("run: double", "run: doubel", "line 1: no run 'doubel' in notebooks/runs.yml; did you"),
        ("times:", "tims:", "line 3: run 'double' has no parameter 'tims'; did you mean 'times'?"),
        ("[1, 2, 3, 4]", "[1, two]", "line 3: parameter 'times' of run 'double' is a whole number"),
        ("[1, 2, 3, 4]", "[1, 2, 1]", "line 3: 1 stands twice among the values of 'times'"),
        ("[1, 2, 3, 4]", "4", "line 3: the values of 'times' must be a list"),
        ("[1, 2, 3, 4]", "[]", "line 3: 'times' has no value to try"),
        ("[top]", "[topp]", "line 5: run 'double' records no value 'topp'; did you mean 'top'?"),
        ("values: [top]", "tables: [tab]", "line 5: run 'double' records no exhibit 'tab'; known"),
        ("values:", "value:", "line 5: no key 'value' in collect; did you mean 'values'?"),
        ("values: [top]", "values: []", "line 5: nothing to collect"),
        ("grid:", "gird:", "line 2: no key 'gird'; did you mean 'grid'?"),
        ("grid:", "run: marks\ngrid:", "line 2: 'run' stands twice"),
        ("grid:\n  times: [1, 2, 3, 4]\n", "grid: {}\n", "line 2: nothing to vary"),
        ("grid:\n  times: [1, 2, 3, 4]\n", "", "line 1: 'grid' is missing"),
        ("collect:\n  values: [top]\n", "", "line 1: 'collect' is missing"),
        ("[1, 2, 3, 4]", "[1, 2", "no YAML file"),
        (SWEEP, "", "line 1: the file is empty"),
        (SWEEP, "- run", "line 1: a sweep must be written as"),
    ],
)
def test_mistakes_are_refused_with_their_place(ran: Path, old: str, new: str, said: str) -> None:
    assert old in SWEEP
    path = write_sweep(ran, SWEEP.replace(old, new))
    with pytest.raises(PlanError) as refused:
        read_sweep(path, ran)
    assert said in str(refused.value)
    assert str(refused.value).startswith(str(path))


def test_values_of_a_run_that_never_ran_are_not_known(project: Path) -> None:
    with pytest.raises(PlanError, match="line 5: run 'double' has not run yet"):
        read_sweep(write_sweep(project), project)


def test_a_file_is_found_from_the_project_as_well_as_from_here(ran: Path) -> None:
    write_sweep(ran)
    assert read_sweep(Path("sweeps/times.yml"), ran).name == "times"


def test_a_file_that_is_not_there(ran: Path) -> None:
    write_sweep(ran)
    with pytest.raises(PlanError, match=r"did you mean 'sweeps/times.yml'"):
        read_sweep(Path("sweeps/tims.yml"), ran)


def test_the_sweeps_of_the_project_are_in_order(project_root: Path) -> None:
    for path in (project_root / "sweeps").glob("*.yml"):
        assert len(read_sweep(path, project_root).points) >= 24
