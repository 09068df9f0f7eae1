"""The plan refuses every name it does not know, and says which is nearest."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bookbuilder.plan import PlanError, Run, parse_parameters, read_plan
from compendium.data.contract import read_contract


def write_plan(root: Path, text: str) -> None:
    (root / "notebooks/runs.yml").write_text(text, encoding="utf-8")


def test_reads_runs_in_order_with_the_notebooks_own_parameters(project: Path) -> None:
    runs = read_plan(read_contract(project))
    assert list(runs) == ["marks", "double"]
    assert runs["marks"].parameters == {"factor": 1}
    assert runs["marks"].results == [Path("results/tables/marks_table.csv")]


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("m:\n  notebok: marks.ipynb\n", "run 'm': no key 'notebok'; did you mean 'notebook'?"),
        ("m:\n  notebook: mark.ipynb\n", "no notebook 'mark.ipynb'; did you mean 'marks.ipynb'?"),
        (
            "m:\n  notebook: marks.ipynb\n  inputs: [mark]\n",
            "run 'm': no table 'mark' in the contract; did you mean 'marks'?",
        ),
        (
            "m:\n  notebook: marks.ipynb\n  parameters: {facto: 2}\n",
            "run 'm' has no parameter 'facto'; did you mean 'factor'?",
        ),
        (
            "m:\n  notebook: marks.ipynb\n  parameters: {factor: two}\n",
            "parameter 'factor' of run 'm' is a whole number (1); 'two' is text",
        ),
        (
            "m:\n  notebook: marks.ipynb\n  after: [n]\n",
            "run 'm': after 'n', but there is no such run",
        ),
        (
            "m: {notebook: marks.ipynb, tables: [t]}\nn: {notebook: marks.ipynb, tables: [t]}\n",
            "exhibit 't' is declared by 'm' and 'n'",
        ),
        (
            "m: {notebook: marks.ipynb, after: [n]}\nn: {notebook: marks.ipynb, after: [m]}\n",
            "runs wait for each other",
        ),
    ],
)
def test_refuses(project: Path, plan: str, message: str) -> None:
    write_plan(project, plan)
    with pytest.raises(PlanError) as error:
        read_plan(read_contract(project))
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ("m:\n  notebook: [marks.ipynb\n", "notebooks/runs.yml, line 3: no YAML file"),
        ("- marks\n", "line 1: the plan must be written as 'key: value' lines"),
        ("m:\n", "line 1: run 'm' must be written as 'key: value' lines"),
        ("", "line 1: the file is empty; declare a run"),
        ("m:\n  tables: [t]\n", "line 1: run 'm': it names no notebook"),
        ("m:\n  notebook: marks.ipynb\n  inputs: marks\n", "line 3: run 'm': 'inputs' must be a"),
        ("m:\n  notebook: marks.ipynb\n  parameters: [a]\n", "line 3: run 'm': 'parameters' must"),
        ("m: {notebook: marks.ipynb}\nm: {notebook: x.ipynb}\n", "line 2: 'm' stands twice"),
        ("../m: {notebook: marks.ipynb}\n", "line 1: run '../m': a name begins with a letter"),
        ("12: {notebook: marks.ipynb}\n", "line 1: run '12': a name begins with a letter"),
        ("site: {notebook: marks.ipynb}\n", "run 'site': the build has a task of that name"),
        ("m:\n  notebook: marks.ipynb\n  seconds: -1\n", "line 3: run 'm': 'seconds' is -1"),
    ],
)
def test_names_the_line(project: Path, plan: str, message: str) -> None:
    write_plan(project, plan)
    with pytest.raises(ValueError, match=re.escape(message)):
        read_plan(read_contract(project))


def test_a_project_without_a_plan(project: Path) -> None:
    (project / "notebooks/runs.yml").unlink()
    with pytest.raises(PlanError, match=r"there is no notebooks/runs\.yml in"):
        read_plan(read_contract(project))


def test_lists_every_fault_at_once(project: Path) -> None:
    write_plan(project, "m:\n  notebook: marks.ipynb\n  inputs: [a]\n  after: [b]\n  colour: red\n")
    with pytest.raises(PlanError) as error:
        read_plan(read_contract(project))
    assert all(word in str(error.value) for word in ("'a'", "'b'", "'colour'"))


def test_a_run_without_parameters_says_how_to_have_one() -> None:
    with pytest.raises(PlanError, match=r"notebooks/r\.ipynb has none: tag one cell 'parameters'"):
        Run("r", "r.ipynb").with_parameters({"level": 1})


def test_command_line_parameters() -> None:
    assert parse_parameters(["a=1", "b=x=y"]) == {"a": 1, "b": "x=y"}
    with pytest.raises(PlanError, match="write it as key=value"):
        parse_parameters(["level"])
    with pytest.raises(PlanError, match="put quotation marks around text"):
        parse_parameters(["level=[1"])
    with pytest.raises(PlanError, match="'level' is given twice"):
        parse_parameters(["level=1", "level=2"])


def test_a_whole_number_may_stand_for_a_fraction_but_not_true_for_one() -> None:
    run = Run("r", "r.ipynb", parameters={"level": 0.9})
    assert run.with_parameters({"level": 1}).parameters == {"level": 1}
    with pytest.raises(PlanError, match="is true or false"):
        run.with_parameters({"level": True})


def test_a_fraction_stands_for_no_whole_number_and_only_allowed_values_pass() -> None:
    run = Run("r", "r.ipynb", parameters={"n": 3, "district": "Lehigh"})
    with pytest.raises(PlanError, match=r"is a whole number \(3\); 3.5 is a number"):
        run.with_parameters({"n": 3.5})
    chosen = replace(run, choices={"district": ("Lehigh", "Mercer")})
    assert chosen.with_parameters({"district": "Mercer"}).parameters["district"] == "Mercer"
    with pytest.raises(PlanError, match=r"cannot be '../../x'; allowed: Lehigh, Mercer"):
        chosen.with_parameters({"district": "../../x"})
