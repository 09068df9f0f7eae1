"""JupyterLab as authors and students use it: open a notebook, read it, run it, save it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from browse import ROOT

TOKEN = "tests"
WAIT = 120_000  # milliseconds


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a git repository of what git tracks here, as it stands."""
    root = tmp_path_factory.mktemp("lab")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, root / name)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "all")
    return root


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def lab(clone: Path) -> Iterator[str]:
    """Start JupyterLab in the clone; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    options = [f"--port={port}", f"--IdentityProvider.token={TOKEN}", "--ServerApp.port_retries=0"]
    log = (clone / ".git" / "lab.log").open("wb")
    environment = {**os.environ, "COMPENDIUM_ROOT": str(clone)}
    server = subprocess.Popen(
        [*command, *options], cwd=clone, env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urlopen(f"{address}/api?token={TOKEN}").read()
                break
            except URLError:
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait()
        log.close()


@pytest.mark.parametrize(
    ("notebook", "sentence"),
    [
        ("20_code_tallies", r"The corpus holds \d+ passages of evidence"),
        ("18_district_profile", r"(?s)\AWhat is known of Mercer\?(?!.*:::).*printed numbers allow"),
    ],
)
def test_prose_shows_numbers_and_running_and_saving_changes_no_file(
    notebook: str,
    sentence: str,
    lab: str,
    clone: Path,
    browser: "Browser",  # noqa: F821 - the driver may be missing
) -> None:
    page = browser.new_page()
    page.goto(f"{lab}/lab/tree/notebooks/{notebook}.ipynb?token={TOKEN}&reset", timeout=WAIT)
    first = page.locator(".jp-RenderedMarkdown").first
    page.wait_for_function(
        "() => document.querySelector('.jp-RenderedMarkdown')?.innerText.length > 100", timeout=WAIT
    )
    assert re.search(sentence, first.inner_text())
    page.locator(".jp-Notebook").first.click()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(
        "() => document.querySelector('.jp-OutputArea-output :is(svg, table)')", timeout=WAIT
    )
    saved = clone / "notebooks" / f"{notebook}.ipynb"
    before = saved.stat().st_mtime_ns
    page.keyboard.press("Control+s")
    for _ in range(100):
        if saved.stat().st_mtime_ns != before:
            break
        time.sleep(0.1)
    assert saved.stat().st_mtime_ns != before
    for _ in range(50):  # the time of a file changes before all of it is written
        if not git(clone, "status", "--porcelain"):
            break
        time.sleep(0.2)
    assert git(clone, "status", "--porcelain") == "", git(clone, "diff")
    page.close()
