"""Temporary folders of killed processes go away; those of the living and of others stay."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bookbuilder.engine import tempdirs

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills a process")

#: Makes a folder, as deep as that of a point of a sweep, and stays.
MAKER = """\
import time
from bookbuilder.engine import tempdirs
with tempdirs.folder("sweep") as made:
    (made / "project/data").mkdir(parents=True)
    (made / "project/data/marks.csv").write_text("pupil,mark")
    print(made, flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for temporary files, for this test and what it starts."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


@contextmanager
def maker() -> Iterator[tuple["subprocess.Popen[str]", Path]]:
    """Start a process that makes a folder; yield both, the folder looking old."""
    command = [sys.executable, "-c", MAKER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            made = Path(process.stdout.readline().strip())
            os.utime(made / tempdirs.HOLD, (0, 0))
            yield process, made
        finally:
            process.kill()


def test_what_a_killed_process_left_is_removed_by_the_next(place: Path) -> None:
    with maker() as (process, left):
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert (left / "project/data/marks.csv").exists()
        with tempdirs.folder("kernel"):
            assert left.exists(), "of another kind"
        with tempdirs.folder("sweep") as made:
            assert list(place.iterdir()) == [made]
    assert list(place.iterdir()) == []


def test_the_folder_of_a_process_at_work_stays(place: Path) -> None:
    with maker() as (_, at_work), tempdirs.folder("sweep"):
        assert (at_work / "project/data/marks.csv").exists()


def test_a_folder_that_was_made_just_now_or_by_others_stays(place: Path) -> None:
    (place / "sweep-others").mkdir()
    (place / "sweep-young").mkdir()
    (place / "sweep-young" / tempdirs.HOLD).touch()
    tempdirs.remove_abandoned("sweep")
    assert {path.name for path in place.iterdir()} == {"sweep-others", "sweep-young"}


def test_a_folder_goes_with_an_error_too(place: Path) -> None:
    with pytest.raises(KeyError), tempdirs.folder("sweep"):
        raise KeyError
    assert list(place.iterdir()) == []
