"""Notebooks as their users run them: on a fresh clone, cell by cell, twice, top to bottom.

Every notebook is executed in this process, outside of any run, in a copy of what git tracks. Each
code cell runs twice in a row, then all run once more; what is recorded must be the committed record
both times. Where that would take long, a smaller setting is run and its two passes are compared.
"""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from small_project import ROOT

from bookbuilder.engine.inline_values import fill
from bookbuilder.plan import Run, parse_parameters, read_plan
from compendium import context, exhibits
from compendium.data.contract import read_contract
from compendium.exhibits import record

RUNS = read_plan(read_contract(ROOT))
#: The first run of each notebook.
FIRST = {run.notebook: run for run in reversed(RUNS.values())}
#: Settings that make a slow notebook quick; what it records is then not what is committed.
SMALLER = {
    "12_printed_limits.ipynb": {"reconstructions": 2},
    "21_intercoder_agreement.ipynb": {"replicates": 20},
    "28_corpus.ipynb": {"orders": 20},
    "51_exercises.ipynb": {"random_orders": 20},
}

#: What a notebook recorded, by kind and name.
Recorded = dict[tuple[str, str], Any]


class Notebook:
    """A notebook that is executed in this process, and what it has recorded."""

    def __init__(self, cells: list[str]) -> None:
        self.cells = [list(statements(source)) for source in cells]
        self.names: dict[str, Any] = {}
        self.types: dict[str, str] = {}
        self.recorded: Recorded = {}

    def run(self, times: int) -> Recorded:
        """Run all cells, each so many times in a row; return what they have recorded."""
        self.recorded = {}
        for cell in self.cells:
            for statement in cell * times:
                statement(self.names)
                self._check_types()
        return self.recorded

    def _check_types(self) -> None:
        for name, held in self.names.items():
            kind = kind_of(held)
            if kind and not name.startswith("_"):
                before = self.types.setdefault(name, kind)
                assert before == kind, f"{name} was {before} and is now {kind}"


def statements(source: str) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Yield what executes each statement of a cell; an expression is shown as JupyterLab would."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Expr):
            expression = compile(ast.Expression(node.value), "<cell>", "eval")
            yield lambda names, code=expression: show(eval(code, names))
        else:
            code = compile(ast.Module([node], []), "<cell>", "exec")
            yield lambda names, code=code: exec(code, names)


def show(value: Any) -> None:
    if hasattr(value, "_repr_mimebundle_"):
        value._repr_mimebundle_()


def kind_of(held: Any) -> str:
    """Return what kind of thing a name holds; numbers are one kind, nothing is none."""
    if held is None:
        return ""
    if isinstance(held, tuple) and hasattr(held, "_fields"):
        return "row"
    word = type(held).__name__
    numbers = ("bool", "int", "float")
    return "number" if word.rstrip("_0123456789").removeprefix("u") in numbers else word


def sources(notebook: str, parameters: dict[str, Any]) -> list[str]:
    """Return the code of a notebook, with parameters where papermill would put them."""
    cells = json.loads((ROOT / "notebooks" / notebook).read_text(encoding="utf-8"))["cells"]
    found = []
    for cell in cells:
        if cell["cell_type"] == "code":
            found.append("".join(cell["source"]))
            if "parameters" in cell["metadata"].get("tags", []):
                found += [f"{name} = {value!r}" for name, value in parameters.items()]
    return found


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what git tracks and notebooks need: no folder of a build."""
    root = tmp_path_factory.mktemp("clone")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "notebooks", "data", "results", "pyproject.toml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, root / name)
    return root


@pytest.fixture
def executed(clone: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Notebook]]:
    """Return what makes a notebook of cells whose exhibits are kept beside being shown."""
    monkeypatch.delenv(context.VARIABLE, raising=False)
    monkeypatch.setenv(context.ROOT_VARIABLE, str(clone))
    monkeypatch.chdir(clone / "notebooks")
    real = {kind: getattr(exhibits, kind) for kind in ("table", "figure", "value", "words")}

    def make(cells: list[str]) -> Notebook:
        notebook = Notebook(cells)

        def keep(kind: str) -> Callable[..., Any]:
            def call(*given: Any, **options: Any) -> Any:
                shown = real[kind](*given, **options)
                name, kept = entry(kind, given, options, shown)
                notebook.recorded[kind, name] = kept
                return shown

            return call

        for kind in real:
            monkeypatch.setattr(exhibits, kind, keep(kind))
        return notebook

    yield make


def entry(kind: str, given: tuple, options: dict, shown: Any) -> tuple[str, Any]:
    """Return the name of something recorded, and what the record would hold of it."""
    if kind == "value":
        return given[0], round(float(given[1]), record.DECIMALS)
    if kind == "words":
        return given[0], given[1]
    frame = given[0] if kind == "table" else options["data"]
    texts = {key: options.get(key, "") for key in ("note", "source")}
    kept = {"caption": shown.caption, "csv": record.csv_text(frame), **texts}
    if kind == "table":
        return given[1], kept | {"display": shown.display}
    return given[1], kept | {"alt": " ".join(shown.alt.split()), "svg": shown.svg}


def committed(run: str) -> Recorded:
    """Return what the committed record holds of a run."""
    results = ROOT / "results"
    found: Recorded = {}
    for name, kept in json.loads((results / "exhibits.json").read_text("utf-8")).items():
        if kept["run"] == run:
            folder = results / f"{kept['kind']}s"
            texts = {key: kept[key] for key in ("caption", "note", "source")}
            texts["csv"] = (folder / f"{name}.csv").read_text("utf-8")
            if kept["kind"] == "table":
                found["table", name] = texts | {"display": kept["display"]}
            else:
                svg = (folder / f"{name}.svg").read_text("utf-8")
                found["figure", name] = texts | {"alt": kept["alt"], "svg": svg}
    for key, kept in json.loads((results / "values.json").read_text("utf-8")).items():
        if key.startswith(f"{run}."):
            words = kept["unit"] == "words"
            number = kept["value"] if words else float(kept["value"])
            found["words" if words else "value", key.partition(".")[2]] = number
    return found


def differences(here: Recorded, there: Recorded) -> list[str]:
    """Return what is in one record only, or not the same in both."""
    return [
        " ".join(key) for key in sorted(here | there) if here.get(key, "") != there.get(key, "")
    ]


@pytest.mark.parametrize("name", FIRST)
def test_a_notebook_gives_the_record_on_a_fresh_clone_however_often_its_cells_run(
    name: str, executed: Callable[..., Notebook]
) -> None:
    run = FIRST[name]
    smaller = SMALLER.get(name, {})
    notebook = executed(sources(name, run.parameters | smaller))
    first = notebook.run(times=2)
    assert differences(first, first if smaller else committed(run.name)) == []
    assert differences(notebook.run(times=1), first) == []


#: What the book tells readers to try: what the page must then say, and what it must not.
OFFERED = {
    "code_tallies rule=either": (["a code that at least one reader gave"], ["most readers gave"]),
    "corpus base_size=6": (["persons together are saturated after"], ["in no order of reading"]),
    "joint_display base=interviewed": (
        ["if only the 21 heard count", "those interviewed"],
        [],
    ),
    "joint_display min_cases=5": (["those heard"], []),
    "methods population_b=200": (["A has 60 teachers and B has 200"], []),
    "printed_limits reconstructions=5": (["drew 5 sets of made-up answers"], ["20 sets"]),
    "representativeness alpha=0.01": (
        ["0 can reproduce every star and every missing star (no test)", "at 0.01"],
        ["one-sample z, exact binomial"],
    ),
}


def prose_of(notebook: str) -> str:
    cells = json.loads((ROOT / "notebooks" / notebook).read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def page(run: Run, recorded: Recorded) -> str:
    """Return what a page says: its text with the numbers recorded, its captions and notes."""
    values = json.loads((ROOT / "results/values.json").read_text(encoding="utf-8"))
    for (kind, name), kept in recorded.items():
        if kind in ("value", "words"):
            whole = isinstance(kept, float) and kept.is_integer()
            values[f"{run.name}.{name}"] = {"value": int(kept) if whole else kept}
    around = [
        " ".join(
            [
                *(kept.get(text, "") for text in ("caption", "note", "alt")),
                *kept.get("display", {}).get("labels", {}).values(),
            ]
        )
        for kept in recorded.values()
        if isinstance(kept, dict)
    ]
    return " ".join("\n".join([fill(prose_of(run.notebook), values, run), *around]).split())


@pytest.mark.parametrize("trial", OFFERED)
def test_a_page_says_what_its_parameters_make_of_it(
    trial: str, executed: Callable[..., Notebook]
) -> None:
    name, setting = trial.split()
    run = RUNS[name].with_parameters(parse_parameters([setting]))
    notebook = executed(sources(run.notebook, run.parameters))
    text = page(run, notebook.run(times=1))
    says, never = OFFERED[trial]
    assert "(none)" not in text  # a number that was not recorded
    assert [words for words in says if words not in text] == []
    assert [words for words in never if words in text] == []


#: Parameters that several notebooks have: another value, and words that hold for the usual one.
OTHERWISE = {"rule": ("either", "most readers"), "level": (0.9, "95% [a-z ]*interval")}
HAVING = [
    (run.name, name) for run in FIRST.values() for name in OTHERWISE if name in run.parameters
]


@pytest.mark.parametrize(("name", "parameter"), HAVING)
def test_no_sentence_keeps_to_the_usual_value_of_a_parameter(
    name: str, parameter: str, executed: Callable[..., Notebook]
) -> None:
    run, (value, words) = RUNS[name], OTHERWISE[parameter]
    run = run.with_parameters({parameter: value} | SMALLER.get(run.notebook, {}))
    text = page(run, executed(sources(run.notebook, run.parameters)).run(times=1))
    assert re.findall(rf".{{0,60}}{words}.{{0,60}}", text) == []


@pytest.mark.parametrize("parameter", OTHERWISE)
def test_pages_do_name_the_usual_value_of_a_parameter(parameter: str) -> None:
    """The twin: there are such words, so that one that stays behind would be found."""
    record = (ROOT / "results/exhibits.json").read_text(encoding="utf-8")
    assert len(re.findall(OTHERWISE[parameter][1], record)) > 1


def test_what_readers_are_told_to_try_is_tried() -> None:
    text = "\n".join(map(prose_of, FIRST)) + (ROOT / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"compendium run ([a-z_]+) -p (\w+=[\w.]+)", text)
    assert {" ".join(one) for one in told} == set(OFFERED)


def test_a_sentence_that_stays_behind_would_be_seen(executed: Callable[..., Notebook]) -> None:
    run = RUNS["code_tallies"].with_parameters({"rule": "either"})
    notebook = executed(sources(run.notebook, run.parameters))
    recorded = notebook.run(times=1)
    assert "most readers gave" in page(run, recorded | {("words", "who_gave"): "most readers"})


COUNTING = """
import pandas as pd
from compendium import exhibits
total = 1
frame = pd.DataFrame({"n": [1]})
"""


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ('total += 1\nexhibits.value("total", total, "things", "counted")', "value total"),
        (
            'frame["n"] += 1\nexhibits.table(frame, "counts", caption="{n}", n=1)',
            "table counts",
        ),
    ],
)
def test_a_cell_that_counts_on_would_be_seen(
    cell: str, seen: str, executed: Callable[..., Notebook]
) -> None:
    once = executed([COUNTING, cell]).run(times=1)
    assert differences(executed([COUNTING, cell]).run(times=2), once) == [seen]


def test_a_cell_that_needs_an_earlier_state_would_be_seen(
    executed: Callable[..., Notebook],
) -> None:
    with pytest.raises(KeyError):
        executed([COUNTING, 'frame = frame.drop(columns="n")']).run(times=2)


def test_a_name_that_changes_its_type_would_be_seen(executed: Callable[..., Notebook]) -> None:
    with pytest.raises(AssertionError, match="frame was DataFrame and is now Series"):
        executed([COUNTING, 'frame = frame["n"]']).run(times=1)
    executed(["x = 1", "x = 2.5", "x = None"]).run(times=1)


@pytest.mark.parametrize("name", ["13_content_tailoring", "17_weighting", "40_ledger"])
def test_notebooks_that_read_others_run_with_nbconvert_and_papermill(
    name: str, clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(context.VARIABLE, raising=False)
    monkeypatch.delenv(context.ROOT_VARIABLE, raising=False)
    notebook = clone / "notebooks" / f"{name}.ipynb"
    command = ["jupyter", "nbconvert", "--to", "notebook", "--execute", notebook]
    if name == "13_content_tailoring":
        command = ["papermill", notebook, tmp_path / "done.ipynb", "--cwd", clone / "notebooks"]
    else:
        command += ["--output-dir", tmp_path]
    scripts = Path(sys.executable).parent
    done = subprocess.run(
        [scripts / command[0], *command[1:]], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
