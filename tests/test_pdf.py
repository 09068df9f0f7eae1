"""What `make pdf` says where it cannot print, and that an earlier PDF stays.

The browsers are shell scripts: what matters is what they leave behind and how they end.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from small_project import ROOT

TOOL = ROOT / "tools" / "pdf.py"
PRINTS = 'for word; do case $word in --print-to-pdf=*) echo new > "${word#*=}";; esac; done'


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pdf_tool", TOOL)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def script(folder: Path, text: str) -> str:
    path = folder / "chromium"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """An earlier PDF."""
    path = tmp_path / "_build" / "book.pdf"
    path.parent.mkdir()
    path.write_text("old", encoding="utf-8")
    return path


def print_with(tool: ModuleType, text: str, pdf: Path, work: Path) -> None:
    tool.print_page(script(work, text), work / "index.html", pdf, work)


def test_a_browser_that_prints_replaces_the_pdf(tool, pdf, tmp_path) -> None:
    print_with(tool, PRINTS, pdf, tmp_path)
    assert pdf.read_text(encoding="utf-8") == "new\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("echo cannot open display >&2; exit 3", r"chromium ended with 3\ncannot open display$"),
        ("exec sleep 60", r"had not printed the book after 0\.005 minutes$"),
    ],
)
def test_a_browser_that_fails_is_quoted_and_the_pdf_stays(
    *, text, said, tool, pdf, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(tool, "MINUTES", 0.005)
    with pytest.raises(SystemExit, match=said):
        print_with(tool, text, pdf, tmp_path)
    assert pdf.read_text(encoding="utf-8") == "old"


def run(**settings: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "CHROMIUM"}
    command = [sys.executable, str(TOOL)]
    return subprocess.run(
        command, env={**environment, **settings}, capture_output=True, text=True, check=False
    )


def test_without_a_browser_there_is_a_notice_and_no_failure(tmp_path) -> None:
    done = run(PATH=str(tmp_path))
    assert done.returncode == 0
    assert done.stdout.startswith("no PDF: it is printed by Chromium, which is not here")


def test_a_browser_that_is_named_must_be_there(tmp_path) -> None:
    done = run(CHROMIUM=str(tmp_path / "chrome"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"no PDF: CHROMIUM={tmp_path / 'chrome'} is no program")
    assert "Traceback" not in done.stderr
