"""A write either takes the place of the old file or leaves it alone."""

import threading
from pathlib import Path

import pytest

from compendium import files


def test_replaces_and_creates_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    files.write_text(path, "one\n")
    files.write_text(path, "two\n")
    assert path.read_bytes() == b"two\n"
    assert [p.name for p in path.parent.iterdir()] == ["b.txt"]


def test_a_failing_write_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    files.write_json(path, {"kept": 1})
    with pytest.raises(ValueError, match="Out of range float"):
        files.write_json(path, {"new": float("nan")})
    target = tmp_path / "folder"
    target.mkdir()
    with pytest.raises(OSError, match="directory"):
        files.write_text(target, "a file cannot replace a folder")
    assert files.read_json(path) == {"kept": 1}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "record.json"]


def test_a_reader_never_meets_half_a_file(tmp_path: Path) -> None:
    path, whole = tmp_path / "big.txt", {"a" * 500_000, "b" * 500_000}
    files.write_text(path, "a" * 500_000)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            for text in whole:
                files.write_text(path, text)

    writer = threading.Thread(target=write)
    writer.start()
    seen = {path.read_text() for _ in range(300)}
    stop.set()
    writer.join()
    assert seen <= whole


def test_sha256_is_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # FIPS 180-4
    assert files.sha256(tmp_path / "empty") == empty
