"""The marks of the whole book, tried with rows from other seeds: `make test-marks`, some minutes.

The record must be that of the sources as they stand (`make book`).
"""

from pathlib import Path

import perturbation
import pytest

SEEDS = (7, 8)


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return copies of the project built on other rows."""
    folder = tmp_path_factory.mktemp("other_rows")
    return [
        perturbation.build_with_seed(perturbation.ROOT, folder / str(seed), seed) for seed in SEEDS
    ]


def test_exhibits_are_marked_if_and_only_if_other_rows_change_them(others: list[Path]) -> None:
    assert not perturbation.faults(perturbation.ROOT, others)


def test_the_other_rows_are_other_rows(others: list[Path]) -> None:
    rows = "data/raw/survey/responses_web.csv"
    texts = {(root / rows).read_bytes() for root in (perturbation.ROOT, *others)}
    assert len(texts) == len(SEEDS) + 1
