"""Frames for the coding tests: the project's own evidence, and a small one to break."""

from pathlib import Path

import pandas as pd
import pytest

FOLDER = Path(__file__).parents[3] / "data/raw/coding"


def read(name):
    return pd.read_csv(FOLDER / f"{name}.csv")


@pytest.fixture(scope="session")
def evidence():
    """The coded corpus: segments, applications, codebook, speakers."""
    return {name: read(name) for name in ("segments", "applications", "codebook", "speakers")}


@pytest.fixture
def applications():
    """Two coders on three segments: agreement, a code in dispute, a direction in dispute."""
    return pd.DataFrame(
        [
            ("S1", "A", 1, "pace", "helps"),
            ("S1", "B", 1, "pace", "helps"),
            ("S2", "A", 1, "pace", "hinders"),
            ("S2", "A", 2, "policy", "hinders"),
            ("S2", "B", 1, "pace", "hinders"),
            ("S3", "A", 1, "policy", "helps"),
            ("S3", "B", 1, "policy", "hinders"),
            ("S3", "B", 2, "time", "mixed"),
        ],
        columns=["segment_id", "coder", "rank", "code", "direction"],
    )


@pytest.fixture
def segments():
    """Four segments of two documents; the last has no code."""
    return pd.DataFrame(
        {
            "segment_id": ["S1", "S2", "S3", "S4"],
            "document": ["a", "a", "b", "b"],
            "speaker": ["Maya", "Maya", "authors", "Mark and Spencer"],
            "speaker_role": ["teacher", "teacher", "authors", "group"],
        }
    )


@pytest.fixture
def speakers():
    """The register of the speakers of `segments`."""
    return pd.DataFrame(
        {
            "document": ["a", "b", "b"],
            "speaker": ["Maya", "authors", "Mark and Spencer"],
            "participants": ["Maya", None, "Mark;Spencer"],
        }
    )
