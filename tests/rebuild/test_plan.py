"""The plan refuses every name it does not know, and says which is nearest."""

from pathlib import Path

import pytest

from compendium.rebuild.plan import PlanError, Run, notebook_parameters, parse_parameters, read_plan


def write_plan(root: Path, text: str) -> None:
    (root / "notebooks/runs.yml").write_text(text, encoding="utf-8")


def test_reads_runs_in_order_with_the_notebooks_own_parameters(project: Path) -> None:
    runs = read_plan(project, ["marks"])
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
            "parameter 'factor' of run 'm' is a number (1); 'two' is text",
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
        read_plan(project, ["marks"])
    assert message in str(error.value)


def test_lists_every_fault_at_once(project: Path) -> None:
    write_plan(project, "m:\n  notebook: marks.ipynb\n  inputs: [a]\n  after: [b]\n  colour: red\n")
    with pytest.raises(PlanError) as error:
        read_plan(project, ["marks"])
    assert all(word in str(error.value) for word in ("'a'", "'b'", "'colour'"))


def test_parameters_must_be_plain_values(project: Path) -> None:
    path = project / "notebooks/marks.ipynb"
    path.write_text(path.read_text().replace("factor = 1", "factor = len([1])"))
    with pytest.raises(PlanError, match="each line must assign a plain value"):
        notebook_parameters(path)


def test_command_line_parameters() -> None:
    assert parse_parameters(["a=1", "b=x=y"]) == {"a": 1, "b": "x=y"}
    with pytest.raises(PlanError, match="write it as key=value"):
        parse_parameters(["level"])


def test_a_whole_number_may_stand_for_a_fraction_but_not_true_for_one() -> None:
    run = Run("r", "r.ipynb", parameters={"level": 0.9})
    assert run.with_parameters({"level": 1}).parameters == {"level": 1}
    with pytest.raises(PlanError, match="is true or false"):
        run.with_parameters({"level": True})
