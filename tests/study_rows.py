"""Tests on this study's reconstructed rows, also while collected ones are in their place.

Tests of the data then use a copy in which the rows are drawn anew, which gives the same bytes.
Tests of a record that reconstructed rows have made are skipped, and say so.
"""

import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
import true_rows

from auditing.reconstruction.__main__ import main

COLLECTED = "collected" in set(true_rows.read(true_rows.ROOT, "roster")["origin"])
REASON = "is about the reconstructed rows of this study; those in place were collected"
on_reconstructed = pytest.mark.skipif(COLLECTED, reason=REASON)


def copy_data(target: Path) -> None:
    """Copy the data of the project, with this study's reconstructed rows."""
    shutil.copytree(true_rows.ROOT / "data", target / "data")
    for name, content in (_drawn() if COLLECTED else {}).items():
        (target / "data/raw/survey" / name).write_bytes(content)


@cache
def _drawn() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        assert main(["--output", folder]) == 0
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}
