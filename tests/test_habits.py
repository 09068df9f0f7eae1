"""What contributors meet: what the documents name is there, forms work, versions say one thing."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_house import BUDGETS, MAY_KNOW

import compendium

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CODEMETA = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
READMES = sorted(SOURCE.glob("*/README.md"))
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md")),
    *(ROOT / name for name in ("SECURITY.md", "Makefile", ".github/pull_request_template.md")),
    *(ROOT / "benchmarks" / name for name in ("README.md", "RESULTS.md")),
    *READMES,
]
#: Where a path in a document may begin, and what a build makes.
TOP = ("src", "book", "data", "notebooks", "results", "tests", "benchmarks", "sweeps", ".github")
MADE = ("_build", "results/runs/", "results/sweeps/", "book/notebooks", "benchmarks/.venv")
LISTED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
NAMES = {Path(line).name for line in LISTED.stdout.splitlines()}
FILE = re.compile(r"[\w-]+\.(?:py|md|yml|json|toml|lock|cff)")


def paths(text: str, here: Path) -> list[str]:
    """Return the paths of the project that a document names, and files by their name alone."""
    quoted = re.findall(r"`([\w./*-]+)`|\]\(([\w./-]+)\)|(?<![\w/])(tests/[\w./]+\.py)", text)
    found = [one for match in quoted for one in match if one and not one.startswith(MADE)]
    own = {path.name for path in here.iterdir()}
    return [one for one in found if one.split("/")[0] in {*TOP, *own} or FILE.fullmatch(one)]


def missing(text: str, here: Path) -> list[str]:
    """Return the paths that a document names and that are not there."""
    return [
        one
        for one in paths(text, here)
        if not any(list(folder.glob(one.rstrip("/"))) for folder in (ROOT, here))
        and one not in NAMES
    ]


def targets(text: str) -> set[str]:
    """Return the targets of make that a document tells to run."""
    told = re.findall(r"(?:^|`|run: )make ((?:[a-z-]+ ?)+)", text, flags=re.M)
    return {word for words in told for word in words.split()}


def made_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", makefile, flags=re.M))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_document_names_is_there(path: Path) -> None:
    assert missing(path.read_text(encoding="utf-8"), path.parent) == []


def test_a_path_that_is_not_there_would_be_seen() -> None:
    text = "See `src/compendium/survey`, `book/*.md`, [it](LICENSE) and `data/raw/none.csv`."
    assert missing(text, ROOT) == ["data/raw/none.csv"]
    named = "`survey/`, `survey/nothing.py`, `watching.py` and `nothing.py`"
    assert missing(named, SOURCE / "compendium") == ["survey/nothing.py", "nothing.py"]


@pytest.mark.parametrize("path", [*DOCUMENTS, *WORKFLOWS], ids=lambda path: path.name)
def test_a_target_that_is_told_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert targets(text) <= made_targets() | {"with"}  # "make with papermill's command line"


def test_a_target_that_does_not_exist_would_be_seen() -> None:
    assert targets("`make lint test`, then\nmake book\n - run: make tset") - made_targets() == {
        "tset"
    }


@pytest.mark.parametrize("path", READMES, ids=lambda path: path.parent.name)
def test_a_package_says_whom_it_serves_and_what_it_may_import(path: Path) -> None:
    text, package = path.read_text(encoding="utf-8"), path.parent
    assert len(text.splitlines()) <= 12
    folders = {one.parent.name for one in package.glob("*/__init__.py")}
    assert {name for name in folders if f"`{name}/`" not in text} == set()
    assert re.search(r"may import|imports? ", text)
    told = {one.split(".")[1] for one in MAY_KNOW.get(package.name, ()) if "." in one} - {"text"}
    if package.name == "auditing":
        assert {name for name in told if f"{name}`" not in text} == set()


def test_every_package_has_a_readme() -> None:
    assert {path.parent.name for path in READMES} >= {"compendium", "auditing", "bookbuilder"}
    assert {path.parent.name for path in READMES} <= set(BUDGETS)


def test_versions_titles_and_licences_say_one_thing() -> None:
    version = PROJECT["version"]
    assert {compendium.__version__, CITATION["version"], CODEMETA["version"]} == {version}
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert CODEMETA["name"] == CITATION["title"]
    assert CODEMETA["description"] == " ".join(CITATION["abstract"].split())
    assert CODEMETA["keywords"] == CITATION["keywords"]
    assert [one["name"] for one in CODEMETA["author"]] == [
        one["name"] for one in CITATION["authors"]
    ]
    assert PROJECT["license"] == CITATION["license"]
    assert CODEMETA["license"] == f"https://spdx.org/licenses/{PROJECT['license']}"
    assert CODEMETA["softwareRequirements"] == f"Python {PROJECT['requires-python']}"


def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_pull_requests_are_checked_on_every_python_of_the_lock_and_on_macos() -> None:
    checks = yaml.safe_load((ROOT / ".github/workflows/checks.yml").read_text(encoding="utf-8"))
    assert "pull_request" in checks[True]  # YAML reads the key `on` so
    job = checks["jobs"]["checks"]
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    first, last = (int(n) for n in re.findall(r"3\.(\d+)", conda["dependencies"][0]))
    assert job["strategy"]["matrix"]["python"] == [f"3.{n}" for n in range(first, last)]
    assert PROJECT["requires-python"] == f">=3.{first}"
    assert [one["os"].split("-")[0] for one in job["strategy"]["matrix"]["include"]] == ["macos"]
    assert "macos" in job["continue-on-error"], "until somebody has run them there"
    assert {"make lint", "make test", "make test-book"} <= {
        step.get("run") for step in steps(checks)
    }


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_only_and_names_exact_versions(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"]["contents"] == "read"
    for step in steps(workflow):
        assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+\.\d+\.\d+", step.get("uses", "a/b@v1.0.0"))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_asks_with_labels_and_unique_names(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= form.keys()
    assert all(one["type"] in ("input", "textarea") for one in form["body"])
    assert all(one["attributes"]["label"] for one in form["body"])
    names = [one["id"] for one in form["body"]]
    assert len(names) == len(set(names))
    assert any(one.get("validations", {}).get("required") for one in form["body"])


def test_there_is_a_form_for_each_kind_of_issue() -> None:
    assert {path.stem for path in FORMS} == {"data_fix", "wrong_number", "idea"}
