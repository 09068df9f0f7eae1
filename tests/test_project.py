"""Promises of the project as a whole: lock, environments, notebooks, record, no traces."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from bookbuilder.plan import contents, read_plan
from compendium.data.contract import read_contract

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FIXED = ["jupyterlab", "pandas", "seaborn", "statsmodels", "papermill", "jupyter-book"]


def locked(name: str) -> set[str]:
    return set(re.findall(rf"^{re.escape(name)}==(\S+)", LOCK, flags=re.M))


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("name", FIXED)
def test_conda_leads_to_the_versions_of_the_lock(name: str) -> None:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    conda = {
        one.split()[0]: one.split("==")[1] for one in listed if isinstance(one, str) and "==" in one
    }
    assert {conda[name]} == locked(name)
    assert {"pip": ["-r requirements.lock"]} in listed


def test_every_locked_package_has_hashes_and_no_address() -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK.strip())
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)
    assert "://" not in LOCK


def test_every_dependency_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = [re.split(r"[ <>=]", one)[0].lower().replace("_", "-") for one in wanted]
    assert [name for name in names if not locked(name)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_hold_no_output_no_function_and_at_most_one_parameters_cell(path: Path) -> None:
    cells = json.loads(path.read_text())["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert not [
        cell["id"] for cell in code if re.search(r"^\s*(def|class) ", "".join(cell["source"]), re.M)
    ]
    assert sum("parameters" in cell["metadata"].get("tags", []) for cell in cells) <= 1
    assert "".join(cells[0]["source"]).startswith("# ")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_prose_quotes_numbers_and_does_not_type_them(path: Path) -> None:
    cells = json.loads(path.read_text())["cells"]
    prose = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    assert typed_numbers(prose) == []


def typed_numbers(prose: str) -> list[str]:
    """Return numbers that stand in prose as digits, outside roles, code, addresses, formulas."""
    bare = re.sub(r"\{[a-z:]+\}`[^`]*`|`[^`]*`|https?://[^\s)]+", "", prose)
    bare = re.sub(r"\$\$.*?\$\$|\$[^$\n]*\$", "", bare, flags=re.S)
    return re.findall(r"(?<![\w-])\d+(?:[.,]\d+)*(?![\w-])", bare)


def test_a_typed_number_would_be_seen() -> None:
    assert typed_numbers("Of 611 teachers {value}`a.b:.1f` percent, `0.95`, answered.") == ["611"]
    assert typed_numbers("$$n - 1$$ of $n^2$, and 3.") == ["3"]
    assert typed_numbers("In [2022](https://doi.org/10.57709/28960541), 9") == ["2022", "9"]


@pytest.mark.parametrize("path", sorted((ROOT / "book").glob("*.md")), ids=lambda path: path.name)
def test_chapters_quote_numbers_too(path: Path) -> None:
    prose = re.sub(r"```.*?```", "", path.read_text(), flags=re.S)
    allowed = {"3.11", "4.0", "3", "0", "1"}  # Python, the licence's versions, limits of a scale
    assert set(typed_numbers(prose)) <= allowed


def test_the_book_shows_every_run() -> None:
    assert contents.faults(read_plan(read_contract(ROOT)), read_contract(ROOT)) == []


def test_the_record_holds_what_the_plan_declares() -> None:
    runs = read_plan(read_contract(ROOT))
    exhibits = json.loads((ROOT / "results/exhibits.json").read_text())
    assert set(exhibits) == {name for run in runs.values() for name in (*run.tables, *run.figures)}
    for run in runs.values():
        for path in run.results:
            assert (ROOT / path).is_file()
            if path.suffix == ".csv":
                assert len(pd.read_csv(ROOT / path)) == exhibits[path.stem]["rows"]


def begin_with_a_digit(exhibits: dict[str, dict[str, Any]]) -> list[str]:
    """Return the texts of exhibits that begin with a digit, which is hard to follow when heard."""
    return [
        f"{name}: {kept[text]}"
        for name, kept in exhibits.items()
        for text in ("caption", "note", "alt")
        if kept.get(text, "")[:1].isdigit()
    ]


def test_no_text_of_an_exhibit_begins_with_a_digit() -> None:
    record = (ROOT / "results" / "exhibits.json").read_text(encoding="utf-8")
    assert begin_with_a_digit(json.loads(record)) == []


def test_a_text_that_begins_with_a_digit_would_be_seen() -> None:
    texts = {"one": {"caption": "Nine of 9.", "alt": "9 of 9."}, "other": {"note": "Of 9, 9."}}
    assert begin_with_a_digit(texts) == ["one: 9 of 9."]


def test_every_dependency_is_explained() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    said = (ROOT / "CONTRIBUTING.md").read_text().lower()
    names = [re.split(r"[ <>=]", one)[0].lower() for one in project["dependencies"]]
    assert [name for name in names if name not in said] == []


# Written in parts, so that this file does not hold what it looks for.
TEXT = {*".py .md .yml .json .csv .ipynb .toml .lock .svg .R .cff .css .bib".split()}  # noqa: SIM905
TRACES = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "../sha" + "red"]


def traces(text: str) -> list[str]:
    return [trace for trace in TRACES if trace in text]


def test_no_file_names_a_path_of_the_machine_it_was_made_on() -> None:
    found = {}
    for path in tracked():
        if path.suffix in TEXT:
            hits = traces(path.read_text(encoding="utf-8"))
            if hits:
                found[path.relative_to(ROOT).as_posix()] = hits
    assert found == {}
    assert traces("see /ho" + "me/ada/project") == ["/ho" + "me/"]


RUN_OF_WORDS = 8


def runs_of_words(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9']+", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return {" ".join(words[i : i + RUN_OF_WORDS]) for i in range(len(words) - RUN_OF_WORDS + 1)}


def own_prose() -> dict[str, str]:
    """Return what the book says itself: chapters and text of notebooks, without quotations."""
    texts = {path.name: path.read_text() for path in sorted((ROOT / "book").glob("*.md"))}
    for path in NOTEBOOKS:
        cells = json.loads(path.read_text())["cells"]
        texts[path.name] = "\n".join(
            "".join(c["source"]) for c in cells if c["cell_type"] == "markdown"
        )
    return {name: unquoted(text) for name, text in texts.items()}


def unquoted(text: str) -> str:
    """Take out block quotations, and roles, whose names are no words."""
    text = re.sub(r"^>.*$", "", text, flags=re.M)
    return re.sub(r"\{[a-z:]+\}`[^`]*`", " ", text)


def taken_over(prose: dict[str, str], sources: set[str]) -> dict[str, set[str]]:
    shared = {name: runs_of_words(text) & sources for name, text in prose.items()}
    return {name: found for name, found in shared.items() if found}


def test_no_sentence_of_the_book_is_taken_over_from_the_evidence() -> None:
    tables = [*(ROOT / "data/published").glob("*.csv"), ROOT / "data/raw/coding/segments.csv"]
    tables = [path for path in tables if path.stem != "claim_checks"]  # our own reasons
    frames = [pd.read_csv(path, dtype=str, keep_default_na=False) for path in tables]
    cells = {str(cell) for frame in frames for cell in frame.stack()}
    sources = set().union(*map(runs_of_words, cells))
    assert taken_over(own_prose(), sources) == {}


def test_a_sentence_taken_over_would_be_seen_unless_it_is_quoted() -> None:
    said = "teachers meet often but they are never released to watch each other teach"
    sources = runs_of_words(said)
    assert set(taken_over({"a.md": f"It says that {said}."}, sources)) == {"a.md"}
    assert taken_over({"a.md": unquoted(f"> {said}")}, sources) == {}
    assert taken_over({"a.md": "Teachers meet often, but do not watch each other."}, sources) == {}


def test_the_version_to_cite_is_the_packages() -> None:
    import tomllib

    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"`{version}`" in (ROOT / "book/index.md").read_text()
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == version
