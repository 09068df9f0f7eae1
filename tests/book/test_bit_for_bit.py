"""Two clean builds that differ in everything that must not matter, compared to the byte."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from compare_folders import first_difference
from small_project import RECORD, cell, make_project, write_notebook

PLACES = ("results", "book/notebooks", "_build/records")

#: What tends to differ from build to build: order in sets, ids of figures and tables, addresses.
TEMPTING = """\
from matplotlib.figure import Figure
from compendium import data, exhibits
marks = data.load('marks')
fig = Figure()
_ = fig.subplots().plot(marks['mark'])
print({'ada', 'ben', 'cleo'}, 'at', object())"""
FIGURE = """\
exhibits.figure(fig, 'marks_figure', caption='Marks of {n} pupils.', n=2, data=marks,
    alt='A line from the mark of the first pupil to the mark of the second.')"""


def _make(root: Path) -> Path:
    make_project(root)
    cells = [cell(source) for source in (TEMPTING, FIGURE, RECORD, "marks.style")]
    write_notebook(root / "notebooks/marks.ipynb", cell("factor = 1", "parameters"), *cells)
    double = [
        cell("# Twice", kind="markdown"),
        cell("times = 2", "parameters"),
        cell("from compendium import exhibits\nread = exhibits.table_of('marks', 'marks_table')"),
        cell('exhibits.value("top", read["mark"].max() * times, "marks", "twice the best mark")'),
    ]
    write_notebook(root / "notebooks/double.ipynb", *double)
    plan = root / "notebooks/runs.yml"
    listed = "  tables: [marks_table]\n"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace(listed, f"{listed}  figures: [marks_figure]\n"), encoding="utf-8")
    title = cell("# Marks", kind="markdown")
    write_notebook(root / "notebooks/marks.ipynb", title, cell("factor = 1", "parameters"), *cells)
    (root / "book/index.md").write_text(
        "# Small\n\nTwice the best is {value}`double.top:.1f`, see {see}`marks_table`.\n",
        encoding="utf-8",
    )
    return root


#: What somebody may have set for all of their own work, by its place at home.
OWN_SETTINGS = {
    ".ipython/profile_default/startup/mine.py": "import builtins\nbuiltins.object = float",
    ".ipython/profile_default/ipython_config.py": "c.InteractiveShell.cache_size = 0",
    ".config/matplotlib/matplotlibrc": "lines.linewidth: 9\nfont.size: 30\nsvg.fonttype: path",
    ".pythonstartup": "print('good evening')",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the home of somebody with settings of their own."""
    made = tmp_path_factory.mktemp("home")
    for name, text in OWN_SETTINGS.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text, encoding="utf-8")
    return made


def _build(root: Path, seed: int, *options: str, home: Path | None = None) -> Path:
    command = [sys.executable, "-m", "bookbuilder.cli", "--root", str(root), "build", *options]
    own = {"PYTHONHASHSEED": str(seed)}
    if home:
        own |= {"HOME": str(home), "TZ": "Pacific/Auckland"}
        own["PYTHONSTARTUP"] = str(home / ".pythonstartup")
    done = subprocess.run(
        command,
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, home: Path) -> tuple[Path, Path]:
    """Return two builds: one serial with fresh kernels, one parallel with forked ones.

    The second is made by somebody with settings of their own.
    """
    one = _make(tmp_path_factory.mktemp("one") / "project")
    other = _make(tmp_path_factory.mktemp("other") / "another" / "place")
    forked = "forked" if hasattr(os, "fork") else "fresh"
    _build(one, 1, "--workers", "1", "--kernels", "fresh")
    _build(other, 4711, "--workers", "2", "--kernels", forked, home=home)
    return one, other


def test_results_values_records_and_executed_notebooks_are_identical(
    built: tuple[Path, Path],
) -> None:
    assert first_difference(*built, PLACES) is None


def test_the_pages_are_identical(built: tuple[Path, Path]) -> None:
    assert first_difference(*built, ["_build/html"]) is None


def test_kernels_leave_nothing_at_home(built: tuple[Path, Path], home: Path) -> None:
    own = home / ".ipython"
    given = {home / name for name in OWN_SETTINGS}
    given |= {folder for name in given for folder in name.parents}
    assert {path for path in own.rglob("*") if "__pycache__" not in path.parts} <= given


@pytest.mark.parametrize(
    ("path", "change", "said"),
    [
        ("results/tables/marks_table.csv", (b"ben,3", b"ben,4"), "line 3, byte 21"),
        ("results/figures/marks_figure.svg", (b"<svg", b"<!-- 12:03 --><svg"), "against"),
        ("book/notebooks/marks.ipynb", (b"at 0x0", b"at 0x7f"), "at 0x7f"),
    ],
)
def test_a_difference_is_found_and_placed(
    built: tuple[Path, Path], tmp_path: Path, path: str, change: tuple[bytes, bytes], said: str
) -> None:
    copy = tmp_path / "copy"
    for place in ("results", "book/notebooks"):
        shutil.copytree(built[0] / place, copy / place)
    assert first_difference(built[0], copy, ["results", "book/notebooks"]) is None
    content = (copy / path).read_bytes()
    assert change[0] in content
    (copy / path).write_bytes(content.replace(*change, 1))
    found = first_difference(built[0], copy, ["results", "book/notebooks"])
    assert found is not None
    assert found.startswith(f"{path}: ")
    assert said in found


def test_a_missing_file_is_found(built: tuple[Path, Path], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(built[0] / "results", copy / "results")
    (copy / "results/values.json").unlink()
    assert "results/values.json: only in" in str(first_difference(built[0], copy, ["results"]))
    assert first_difference(copy, copy, ["nothing"]) == "nothing: in neither folder"
