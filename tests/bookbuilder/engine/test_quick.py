"""Whatever a build depends on or has made sends the question to pytask when it changes."""

from pathlib import Path
from typing import Any

import pytest

from bookbuilder.engine import quick
from compendium import files

PLACES = [place if "." in Path(place).name else f"{place}/file" for place in quick.SOURCES]
MADE = [
    place if "." in Path(place).name else f"{place}/file" for place in (*quick.MADE, quick.HTML)
]


@pytest.fixture
def remembered(tmp_path: Path) -> Path:
    for place in (*PLACES, *MADE):
        files.write_text(tmp_path / place, "as it was")
    quick.remember(tmp_path, quick.sources(tmp_path), {"tasks": ["marks"]}, with_site=True)
    return tmp_path


def recalled(root: Path) -> dict[str, Any] | None:
    return quick.recall(root, quick.sources(root), with_site=True)


def test_nothing_changed(remembered: Path) -> None:
    assert recalled(remembered) == {"tasks": ["marks"]}


def test_the_threshold_of_the_disclosure_gate_is_a_source() -> None:
    assert "pyproject.toml" in quick.SOURCES


@pytest.mark.parametrize("place", [*PLACES, *MADE])
def test_a_change_is_seen(remembered: Path, place: str) -> None:
    files.write_text(remembered / place, "otherwise")
    assert recalled(remembered) is None


@pytest.mark.parametrize("place", ["data/new.csv", "results/tables/new.csv"])
def test_a_new_file_is_seen(remembered: Path, place: str) -> None:
    files.write_text(remembered / place, "new")
    assert recalled(remembered) is None


@pytest.mark.parametrize("ignored", quick.IGNORED)
def test_what_is_no_part_of_a_build_is_not(remembered: Path, ignored: str) -> None:
    files.write_text(remembered / ignored / "file", "new")
    assert recalled(remembered)


def test_a_broken_memory_sends_to_pytask(remembered: Path) -> None:
    (remembered / quick.VERDICT).write_text("{", encoding="utf-8")
    assert recalled(remembered) is None
