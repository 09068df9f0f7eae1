"""Fixtures that several tests share."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from faults import build, fix_data
from ready import Ready
from small_project import ROOT, Recording, make_project

from bookbuilder.rendering import renderer
from compendium.context import ROOT_VARIABLE

# Tests that start kernels or Sphinx need byte code; some containers forbid it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_xdist_auto_num_workers() -> int:
    """Start a worker more than there are cores: tests of builds often wait for kernels."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session", autouse=True)
def rendered_from_one() -> Iterator[None]:
    """Render the books of builds within this process in forks of one that has Jupyter Book.

    Whatever is started as a command renders as it does for users.
    """
    if sys.platform != "linux":
        yield
        return
    shared = Ready(renderer.IMPORTS)

    def render(
        self: renderer.Renderer, arguments: list[str], environment: Mapping[str, str]
    ) -> tuple[int, str]:
        added = renderer.REPEATABLE | {ROOT_VARIABLE: str(self.root)} | dict(environment)
        with tempfile.TemporaryDirectory() as place:
            log = Path(place) / "log"
            status = shared.run("main()", arguments, log, self.root, added)
            return status, log.read_text("utf-8", errors="replace")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(renderer.Renderer, "begin", lambda self: None)
        patch.setattr(renderer.Renderer, "render", render)
        yield
    shared.end()


@pytest.fixture(scope="session")
def project_root() -> Path:
    """Return the folder of the compendium itself."""
    return ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project that has not been built."""
    return make_project(tmp_path / "project")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small project after one whole build; not to be changed."""
    from bookbuilder.engine import engine

    root = make_project(tmp_path_factory.mktemp("built") / "project")
    report = engine.build(root, display=Recording())
    assert not report.failed, report.failed
    return root


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Path:
    """Return a copy of the built project, freely to be broken."""
    return shutil.copytree(built_once, tmp_path / "project", symlinks=True)


@pytest.fixture
def rendered(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the built project itself, to be broken, and put it back afterwards.

    Only where it was rendered does the next rendering build on the last; a copy is rendered anew.
    """
    kept = shutil.copytree(built_once, tmp_path_factory.mktemp("kept") / "project", symlinks=True)
    yield built_once
    shutil.rmtree(built_once)
    shutil.copytree(kept, built_once, symlinks=True)


@pytest.fixture(scope="module")
def changed_once(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project after a data fix, built without any fault."""
    root = shutil.copytree(built_once, tmp_path_factory.mktemp("changed") / "project")
    fix_data(root)
    assert not build(root).failed
    return root
