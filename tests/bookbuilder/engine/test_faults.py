"""What can go wrong, done for real: a killed cell, two builds at once, cut and deleted files.

After each, the next build must complete correctly; nothing good is lost and nothing half-written is
taken for a result. Users get sentences.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from compare_folders import first_difference
from faults import MADE, build, notebook

from bookbuilder import cli
from bookbuilder.engine import lock
from compendium import files

POSIX = pytest.mark.skipif(os.name != "posix", reason="kills a process group")


@POSIX
@pytest.mark.parametrize("kernels", ["fresh", "forked"])
def test_a_build_killed_within_a_cell_takes_its_kernels_along(built: Path, kernels: str) -> None:
    table = (built / "results/tables/marks_table.csv").read_bytes()
    said = built.parent / "pids.txt"
    hang = f"""\
import os, time
from pathlib import Path
_ = Path({str(said)!r}).write_text(f"{{os.getpid()}} {{os.getppid()}}")
time.sleep(600)"""
    notebook(built, hang)
    command = [sys.executable, "-m", "bookbuilder.cli", "--root", str(built)]
    command += ["build", "--no-site", "--kernels", kernels]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        wait_until(said.exists)
        with pytest.raises(lock.BusyError, match=f"process {process.pid}"):
            build(built)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    pids = [int(pid) for pid in said.read_text().split() if pid != "1"]
    wait_until(lambda: not any(alive(pid) for pid in pids))
    # What it left: its lock file, still naming it, and a table as good as before.
    assert (built / lock.LOCK).read_text() == f"{process.pid}\n"
    assert (built / "results/tables/marks_table.csv").read_bytes() == table
    notebook(built)
    report = build(built)
    assert not report.failed
    assert report.outcomes["marks"].state == "done"
    assert not (built / lock.STAGES).exists() or not list((built / lock.STAGES).iterdir())


def wait_until(reached: object, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not reached():  # type: ignore[operator]
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")  # a zombie that nobody has waited for yet is as good as dead
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def test_two_builds_at_once_are_told_apart_on_the_command_line(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with lock.held(built):
        assert cli.main(["--root", str(built), "build", "--no-site"]) == 1
    said = capsys.readouterr().err
    assert f"another build is at work in {built} (process {os.getpid()})" in said
    assert cli.main(["--root", str(built), "build", "--no-site"]) == 0


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    "broken",
    [
        "_build/records/marks.json",
        "_build/state.db",
        "results/exhibits.json",
        "results/runs.json",
        "results/values.json",
        "results/tables/marks_table.csv",
        "book/notebooks/double.ipynb",
    ],
)
@pytest.mark.parametrize("deed", [cut, Path.unlink], ids=["cut", "deleted"])
def test_a_broken_or_deleted_product_is_made_again(
    built: Path, built_once: Path, broken: str, deed: object
) -> None:
    deed(built / broken)  # type: ignore[operator]
    assert not build(built).failed
    assert first_difference(built_once, built, MADE) is None


def test_a_memory_that_cannot_be_read_is_said_and_made_anew(built: Path) -> None:
    cut(built / "_build/state.db")
    report = build(built)
    assert report.notices == ["what the build remembered could not be read; everything runs again"]
    assert report.outcomes["marks"].state == "done"
    assert not build(built).notices


def test_a_broken_json_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text('{"run": "ma')
    with pytest.raises(ValueError, match=r"record\.json is no whole JSON file"):
        files.read_json(path)
