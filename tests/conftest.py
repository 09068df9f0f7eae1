"""Fixtures that several tests share."""

import os
import sys
from pathlib import Path

import pytest
from small_project import ROOT, Recording, make_project

# Tests that start kernels or Sphinx need byte code; some containers forbid it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# The projects of the tests are too small for forked kernels to pay; who tests those says so.
os.environ.setdefault("COMPENDIUM_KERNELS", "fresh")


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
    from compendium.rebuild import engine

    root = make_project(tmp_path_factory.mktemp("built") / "project")
    report = engine.build(root, display=Recording())
    assert not report.failed, report.failed
    return root
