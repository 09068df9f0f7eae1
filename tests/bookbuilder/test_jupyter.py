"""What is saved of a notebook, and what git sees of it."""

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_project import ROOT

from bookbuilder import jupyter

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def as_run(text: str) -> str:
    """Return a notebook as another program saves it after it was run."""
    notebook = json.loads(text)
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "name": "python3"},
        "language_info": {"name": "python", "version": "3.13.1", "pygments_lexer": "ipython3"},
        "widgets": {},
    }
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["1\n"]}]
            cell["metadata"] |= {"scrolled": True, "execution": {"iopub.execute_input": "now"}}
    return json.dumps(notebook, indent=1)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_running_and_saving_changes_nothing_of_a_notebook(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert jupyter.clean_text(text) == text
    assert jupyter.clean_text(as_run(text)) == text


def test_a_change_of_its_author_stays() -> None:
    text = NOTEBOOKS[0].read_text(encoding="utf-8")
    notebook = json.loads(as_run(text))
    notebook["cells"][1]["source"] = ["level = 0.9"]
    notebook["cells"][2]["metadata"]["tags"] = ["hide-cell"]
    cleaned = json.loads(jupyter.clean_text(json.dumps(notebook)))
    assert cleaned["cells"][1]["source"] == ["level = 0.9"]
    assert cleaned["cells"][2]["metadata"] == {"tags": ["hide-cell"]}


@pytest.mark.parametrize("text", ["", "no notebook", "[1]", '{"cells": 1}'])
def test_what_is_no_notebook_passes_as_it_is(text: str) -> None:
    assert jupyter.clean_text(text) == text


def test_only_notebooks_of_a_compendium_are_cleaned_before_saving(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/datapackage.json").touch()
    text = NOTEBOOKS[0].read_text(encoding="utf-8")
    manager = SimpleNamespace(root_dir=str(tmp_path))
    for path, cleaned in {"notebooks/a.ipynb": True, "elsewhere/deep/a.ipynb": False}.items():
        model = {"type": "notebook", "content": json.loads(as_run(text))}
        jupyter.clean_before_saving(model=model, path=path, contents_manager=manager)
        assert (model["content"] == json.loads(text)) is cleaned
    model = {"type": "file", "content": "outputs"}
    jupyter.clean_before_saving(model=model, path="notebooks/a.txt", contents_manager=manager)
    assert model["content"] == "outputs"


def test_git_sees_a_changed_line_and_no_outputs(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        named = ["-c", "user.name=A", "-c", "user.email=a@b.c"]
        done = subprocess.run(
            ["git", *named, *words], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return done.stdout

    git("init", "-q")
    git("config", "filter.notebook.clean", f"python3 {Path(jupyter.__file__).as_posix()}")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / ".gitattributes").write_text((ROOT / ".gitattributes").read_text("utf-8"))
    text = NOTEBOOKS[0].read_text(encoding="utf-8")
    saved = tmp_path / "notebooks/a.ipynb"
    saved.write_text(text, encoding="utf-8")
    git("add", "-A")
    git("commit", "-qm", "a notebook")
    saved.write_text(as_run(text), encoding="utf-8")
    assert git("diff") == ""
    saved.write_text(as_run(text).replace("# ", "# And "), encoding="utf-8")
    assert git("diff", "--stat").strip().startswith("notebooks/a.ipynb |")
