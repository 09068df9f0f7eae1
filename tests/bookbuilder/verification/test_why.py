"""Why a run is stale: the rows that differ, the parameter, the run before it; or fresh."""

import json
from pathlib import Path

import pytest
from small_project import Recording

from bookbuilder import cli
from bookbuilder.engine import engine, helpers, quick, sources
from bookbuilder.plan import PlanError
from bookbuilder.verification import why
from compendium import files


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small project after its build; each test puts back what it changes."""
    from small_project import make_project

    root = make_project(tmp_path_factory.mktemp("why") / "project")
    report = engine.build(root, display=Recording(), with_site=False)
    assert not report.failed, report.failed
    return root


@pytest.fixture
def edit(built: Path):  # type: ignore[no-untyped-def]
    """Return a function that edits a file of the project until the test ends."""
    kept: dict[Path, bytes] = {}

    def change(path: str, old: str, new: str) -> None:
        text = (built / path).read_text()
        assert old in text
        kept.setdefault(built / path, (built / path).read_bytes())
        (built / path).write_text(text.replace(old, new))

    yield change
    for path, content in kept.items():
        path.write_bytes(content)


def test_fresh(built: Path) -> None:
    assert why.why(built, "marks") == "marks is fresh"


def test_a_changed_cell_is_counted(built: Path, edit) -> None:  # type: ignore[no-untyped-def]
    edit("data/raw/marks.csv", "ada,5", "ada,6")
    assert why.why(built, "marks") == "marks is stale: data/raw/marks.csv changed: 1 row of 2"
    said = why.why(built, "double")  # it reads no data itself
    assert said.startswith("double is stale: it reads results of 'marks', and data/raw/marks.csv")


def test_a_changed_helper_is_named(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = sources.hashes
    other = {"compendium/data/loading.py": "other"}
    monkeypatch.setattr(
        sources, "hashes", lambda paths: {n: other.get(n, h) for n, h in hashes(paths).items()}
    )
    (built / quick.VERDICT).unlink()  # it knows the true files
    said = why.why(built, "marks")
    assert said == "marks is stale: the helper compendium/data/loading.py changed"
    (built / helpers.HELPERS).rename(built / "aside.json")
    assert why.why(built, "marks") == "marks is stale: the code that it uses changed"
    (built / "aside.json").rename(built / helpers.HELPERS)
    other |= dict.fromkeys([f"compendium/data/{n}.py" for n in ("checks", "faults", "rules")], "x")
    assert "the helpers compendium/data/checks.py, compendium/data/faults.py" in why.why(
        built, "marks"
    )
    monkeypatch.undo()
    assert why.why(built, "marks") == "marks is fresh"


def test_an_added_row_and_other_bytes(built: Path, edit) -> None:  # type: ignore[no-untyped-def]
    edit("data/raw/marks.csv", "ben,3\n", "ben,3\ncyd,1\n")
    assert why.why(built, "marks").endswith("marks.csv changed: 1 row of 2")
    edit("data/raw/marks.csv", "cyd,1\n", '"cyd",1\n')
    assert why.why(built, "marks").endswith("marks.csv changed: 1 row of 2")
    edit("data/raw/marks.csv", '"cyd",1\n', "")
    edit("data/raw/marks.csv", "ada", '"ada"')
    assert why.why(built, "marks").endswith("marks.csv changed: other bytes, the same cells")


def test_without_a_copy_of_what_was_read_nothing_is_counted(built: Path, edit) -> None:  # type: ignore[no-untyped-def]
    edit("data/raw/marks.csv", "ada,5", "ada,6")
    (copy,) = (built / "_build/inputs").iterdir()
    content = copy.read_bytes()
    copy.write_bytes(b"something else\n")  # not what its name says: not to be believed
    assert why.why(built, "marks") == "marks is stale: data/raw/marks.csv changed"
    copy.write_bytes(content)


def test_a_parameter_and_a_notebook(built: Path, edit) -> None:  # type: ignore[no-untyped-def]
    edit("notebooks/runs.yml", "  tables:", "  parameters: {factor: 3}\n  tables:")
    assert "parameter factor was 1 and is 3" in why.why(built, "marks")
    edit("notebooks/double.ipynb", "# Twice", "# Two times")
    (state,) = [one for one in why.states(built) if one.name == "double"]
    assert state.state == "stale"


def test_an_unknown_run_names_the_nearest(built: Path) -> None:
    with pytest.raises(PlanError, match="did you mean 'marks'"):
        why.why(built, "mark")


def test_status_as_json(built: Path, capsys: pytest.CaptureFixture[str], edit) -> None:  # type: ignore[no-untyped-def]
    edit("data/raw/marks.csv", "ada,5", "ada,6")
    assert cli.main(["--root", str(built), "status", "--json"]) == 0
    marks, double = json.loads(capsys.readouterr().out)
    assert list(marks) == ["name", "state", "reason", "inputs", "parameters", "seconds"]
    assert marks["name"] == "marks"
    assert (marks["state"], marks["reason"]) == (
        "stale",
        "data/raw/marks.csv changed: 1 row of 2",
    )
    assert (marks["inputs"], marks["parameters"]) == (["marks"], {"factor": 1})
    assert marks["seconds"] > 0
    assert double["state"] == "stale"


def test_what_is_a_runs_own_comes_before_what_it_waits_for(built: Path, edit) -> None:  # type: ignore[no-untyped-def]
    plan = "  notebook: double.ipynb\n"
    edit("notebooks/runs.yml", plan, f"{plan}  inputs: [marks]\n")
    edit("data/raw/marks.csv", "ada,5", "ada,6")
    assert why.why(built, "double").endswith(
        "input marks is new; 'marks', which it reads, is stale"
    )
    record = "_build/records/double.json"
    entry = files.read_json(built / "_build/records/marks.json")["inputs"]
    edit(record, '"inputs": []', f'"inputs": {json.dumps(entry)}')
    assert why.why(built, "double") == (
        "double is stale: data/raw/marks.csv changed: 1 row of 2; 'marks', which it reads, is stale"
    )


def test_products_missing_or_edited_by_hand(built: Path, edit) -> None:  # type: ignore[no-untyped-def]
    edit("results/tables/marks_table.csv", "ada,5", "ada,1")
    said = "marks is stale: results/tables/marks_table.csv is not as the run made it"
    assert why.why(built, "marks") == said
    (built / "results/tables/marks_table.csv").unlink()
    said = "marks is stale: results/tables/marks_table.csv is missing"
    assert why.why(built, "marks") == said


@pytest.mark.parametrize(
    ("path", "change", "said"),
    [
        ("requirements.lock", ("nothing", "something"), "requirements.lock changed"),
        ("notebooks/marks.ipynb", ("# Marks", "# Of marks"), "notebooks/marks.ipynb changed"),
        ("data/raw/marks.csv", ("ada,5", "ada,seven"), "data/raw/marks.csv changed: mark from"),
        ("data/datapackage.json", ("Marks of", "The marks of"), "its tables' contract changed"),
    ],
)
def test_other_causes(built: Path, edit, path: str, change: tuple[str, str], said: str) -> None:  # type: ignore[no-untyped-def]
    edit(path, *change)
    assert said in why.why(built, "marks")


def test_in_a_fresh_clone_nothing_has_run_yet(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert why.why(project, "double") == (
        "double is stale: it has not been run here yet, or its record was deleted"
    )
    assert cli.main(["--root", str(project), "status"]) == 0
    rows = [line.split(maxsplit=3)[1:] for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows[:-1]] == ["contract", "marks", "double", "record", "site"]
    assert rows[0][2].strip() == "not made here yet"
    assert rows[-1] == ["of", "2", "runs are stale; `compendium build` reruns them"]


def test_a_missing_data_file_is_named(built: Path) -> None:
    path = built / "data/raw/marks.csv"
    content = path.read_bytes()
    path.unlink()
    try:
        assert why.why(built, "marks").endswith("data/raw/marks.csv is missing")
    finally:
        path.write_bytes(content)


def test_record_and_a_parameter_contradict_each_other(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--root", str(built), "run", "marks", "--record", "-p", "factor=2"]
    assert cli.main(words) == 1
    assert "--record takes the declared parameters and -p others" in capsys.readouterr().err
