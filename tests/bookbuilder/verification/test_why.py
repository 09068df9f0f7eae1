"""Why a run is stale: the cells that differ, the parameter, the run before it; or fresh."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_project import Recording, make_project

from bookbuilder import cli
from bookbuilder.engine import engine, hashing
from bookbuilder.plan import PlanError
from bookbuilder.verification import why

Edit = Callable[[str, str, str], None]
DATA = "data/raw/marks.csv"
BEN = f"{DATA} changed: 1 row of 2 (ben: mark 3 -> 4)"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small project after its build; each test puts back what it changes."""
    root = make_project(tmp_path_factory.mktemp("why") / "project")
    report = engine.build(root, display=Recording(), with_site=False)
    assert not report.failed, report.failed
    return root


@pytest.fixture
def edit(built: Path) -> Iterator[Edit]:
    """Return a function that edits a file of the project until the test ends."""
    kept: dict[Path, bytes] = {}

    def change(path: str, old: str, new: str) -> None:
        kept.setdefault(built / path, (built / path).read_bytes())
        text = (built / path).read_text()
        assert old in text
        (built / path).write_text(text.replace(old, new))

    yield change
    for path, content in kept.items():
        path.write_bytes(content)


def reasons(root: Path, name: str) -> list[str]:
    first, *found = why.why(root, name)
    assert first == f"{name} is stale:"
    return [line.strip() for line in found]


def test_fresh(built: Path) -> None:
    assert why.why(built, "marks") == ["marks is fresh"]


def test_a_changed_cell_is_named(built: Path, edit: Edit) -> None:
    edit(DATA, "ben,3", "ben,4")
    assert reasons(built, "marks") == [BEN]
    assert reasons(built, "double") == [f"'marks' before it: {BEN}"]  # it reads no data itself


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("ben,3\ncyd,1\n", "1 row of 2 (cyd: row added)"),
        ("", "1 row of 2 (ben: row removed)"),
        ('"ben",3\n', "other bytes, the same cells"),
        ("ben,four\n", "mark from whole numbers to text, 1 row of 2 (ben: mark 3 -> four)"),
        ("b,1\nc,1\nd,1\ne,1\n", "5 rows of 2 (row removed (1), row added (4))"),
    ],
)
def test_rows_and_columns_are_named(built: Path, edit: Edit, new: str, expected: str) -> None:
    edit(DATA, "ben,3\n", new)
    assert reasons(built, "marks") == [f"{DATA} changed: {expected}"]


def test_without_a_copy_of_what_was_read_no_cell_is_named(built: Path, edit: Edit) -> None:
    edit(DATA, "ada,5", "ada,1")
    copies = list((built / hashing.COPIES).iterdir())
    contents = [copy.read_bytes() for copy in copies]
    for copy in copies:
        copy.write_bytes(b"something else\n")  # not what its name says: not to be believed
    assert reasons(built, "marks") == [f"{DATA} changed"]
    for copy, content in zip(copies, contents, strict=True):
        copy.write_bytes(content)


def test_a_parameter_is_named_with_both_values(built: Path, edit: Edit) -> None:
    edit("notebooks/runs.yml", "  tables:", "  parameters: {factor: 3}\n  tables:")
    assert reasons(built, "marks") == ["notebooks/runs.yml: parameter factor was 1 and is 3"]


def test_another_table_to_read_is_said_once_and_before_what_a_run_waits_for(
    built: Path, edit: Edit
) -> None:
    plan = "  notebook: double.ipynb\n"
    edit("notebooks/runs.yml", plan, f"{plan}  inputs: [marks]\n")
    edit(DATA, "ben,3", "ben,4")
    assert reasons(built, "double") == [f"it reads {DATA} now", f"'marks' before it: {BEN}"]


def test_what_a_run_no_longer_reads(built: Path, edit: Edit) -> None:
    edit("notebooks/runs.yml", "  inputs: [marks]\n", "")
    edit("notebooks/runs.yml", "  after: [marks]\n", "")
    assert reasons(built, "marks") == [f"it no longer reads {DATA}"]
    assert reasons(built, "double") == ["it no longer reads the results of 'marks'"]


def test_a_field_of_the_contract_is_named(built: Path, edit: Edit) -> None:
    edit("data/datapackage.json", '"maximum": 6', '"maximum": 7')
    assert reasons(built, "marks") == ["data/datapackage.json: field mark of marks changed"]


def test_what_is_not_installed_as_locked_is_named(built: Path, edit: Edit) -> None:
    edit("requirements.lock", "# nothing", "pandas==1.0")
    packages, lock = reasons(built, "marks")
    assert packages.startswith("installed packages changed: pandas ")
    assert packages.endswith("is installed, the lock has 1.0")
    assert lock == "requirements.lock changed"


def test_code_that_it_imports_is_one_reason(built: Path) -> None:
    """In a project's own code, as no test may change that of the package."""
    report = engine.status(built, with_site=False)
    names = [f"src/compendium/data/{name}.py" for name in ("checks", "faults", "rules", "schema")]
    marks = report.outcomes["marks"]
    changed = tuple(f"{name} changed" for name in names)
    report.outcomes["marks"] = engine.Outcome("marks", "stale", reasons=(*changed, *marks.reasons))
    assert (
        why.stale(built, report)["marks"]
        == f"code that it imports changed: {', '.join(names[:3])} and 1 more"
    )


@pytest.mark.parametrize(
    ("path", "old", "expected"),
    [
        ("notebooks/marks.ipynb", "# Marks", "notebooks/marks.ipynb changed"),
        ("results/tables/marks_table.csv", "5", "results/tables/marks_table.csv was changed"),
    ],
)
def test_other_files(built: Path, edit: Edit, path: str, old: str, expected: str) -> None:
    edit(path, old, "other")
    assert reasons(built, "marks") == [expected]


@pytest.mark.parametrize("path", [DATA, "results/tables/marks_table.csv"])
def test_a_missing_file_is_named(built: Path, edit: Edit, path: str) -> None:
    edit(path, "", "")
    (built / path).unlink()
    assert reasons(built, "marks") == [f"{path} is missing"]


def test_an_unknown_run_names_the_nearest(built: Path) -> None:
    with pytest.raises(PlanError, match="did you mean 'marks'"):
        why.why(built, "mark")


def test_in_a_fresh_clone_nothing_has_run_yet(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert reasons(project, "double")[0] == "it has not been made here yet"
    assert cli.main(["--root", str(project), "status"]) == 0
    rows = [line.split(maxsplit=3)[1:] for line in capsys.readouterr().out.splitlines()]
    names = [row[0] for row in rows if row[1] == "stale"]
    assert names == ["contract", "marks", "double", "record", "site"]
    assert rows[0][2].strip() == "it has not been made here yet"
    assert rows[-1] == ["of", "2", "runs are stale; `compendium build` reruns them"]
