"""Copies of a built project: one to break, one after a data fix."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults import build, fix_data


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
