"""What tests of sweeps start from: a small project that has run as far as a sweep needs."""

from pathlib import Path

import pytest
from small_project import make_project

from bookbuilder.engine import engine
from bookbuilder.kernels.execute import Executor
from compendium import files


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small project in which `marks` has run and the values are known.

    Not to be changed.
    """
    root = make_project(tmp_path_factory.mktemp("ready") / "project")
    Executor(root).execute(engine.load_plan(root)["marks"])
    files.write_json(root / "results/values.json", {"marks.top": {}, "double.top": {}})
    return root
