"""What a machine can refuse, done for real: full and read-only disks, memory, time, a dead kernel.

After each, the next build must complete correctly; nothing good is lost and nothing half-written is
taken for a result. Users get sentences.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from compare_folders import first_difference
from faults import MADE, build, fix_data, message, notebook, torn

from compendium import files


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """Mount something over a folder for a while; skip the test where that is not allowed."""
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk(built: Path, changed_once: Path) -> None:
    table = built / "results/tables/marks_table.csv"
    kept = shutil.copytree(built / "results", built / "kept")
    fix_data(built)
    with mounted(built / "results", "-t", "tmpfs", "-o", "size=128k", "tmpfs"):
        shutil.copytree(kept, built / "results", dirs_exist_ok=True)
        before = table.read_bytes()
        filler = built / "results/filler"
        with pytest.raises(OSError, match="No space left"):
            filler.write_bytes(bytes(2**20))
        said = message(build(built))
        assert "No space left on device" in said
        assert "results/tables" in said
        assert table.read_bytes() == before
        filler.unlink()
        assert not build(built).failed
        assert first_difference(changed_once, built, ("results",)) is None


def test_read_only_results(built: Path, changed_once: Path) -> None:
    fix_data(built)
    results = built / "results"
    before = (results / "tables/marks_table.csv").read_bytes()
    with read_only(results):
        said = message(build(built))
        assert "Read-only file system; what was there" in said or "Permission denied" in said
        assert f"{results}/tables/marks_table.csv: " in said
    assert (results / "tables/marks_table.csv").read_bytes() == before
    assert not build(built).failed
    assert first_difference(changed_once, built, MADE) is None


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    if os.name == "posix" and os.geteuid() == 0:  # to whom permissions mean nothing
        with mounted(folder, "--bind", str(folder)):
            options = ["mount", "-o", "remount,ro,bind", str(folder)]
            subprocess.run(options, check=True, capture_output=True)
            yield
        return
    inside = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    for path in inside:
        path.chmod(0o555)
    try:
        yield
    finally:
        for path in inside:
            path.chmod(0o755)


@pytest.mark.skipif(sys.platform != "linux", reason="memory can be limited on Linux only")
@pytest.mark.parametrize("kernels", ["fresh", "forked"])
def test_a_notebook_that_takes_too_much_memory(built: Path, kernels: str) -> None:
    plan = built / "notebooks/runs.yml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("  inputs:", "  memory: 3000\n  inputs:", 1), encoding="utf-8")
    notebook(built, "hoard = [bytes(2**28) for _ in range(40)]")
    assert "cell 5, line 1 (hoard = " in message(report := build(built, kernels=kernels))
    assert "MemoryError; the run may use 3000 MB, see 'memory:' under 'marks'" in message(report)
    notebook(built)
    assert not build(built).failed


def test_a_kernel_that_is_killed(built: Path) -> None:
    notebook(built, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    said = message(build(built))
    assert "notebooks/marks.ipynb, cell 5 (import os, signal): the kernel died" in said
    assert "memory" in said
    assert (built / "_build/failed/marks.ipynb").exists()
    notebook(built)
    assert not build(built).failed


def test_a_notebook_that_hangs(built: Path) -> None:
    plan = built / "notebooks/runs.yml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("  inputs:", "  seconds: 8\n  inputs:", 1), encoding="utf-8")
    notebook(built, "import time\ntime.sleep(600)")
    command = [sys.executable, "-m", "bookbuilder.cli", "--root", str(built), "build", "--no-site"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = done.stdout
    assert (done.returncode, done.stderr) == (1, "")
    assert "cell 5 (import time): the notebook was stopped after 8 seconds" in said
    assert "'seconds:' with a larger number under 'marks' in notebooks/runs.yml" in said
    notebook(built)
    assert not build(built).failed


def test_a_full_disk_under_what_the_build_remembers(
    built: Path, built_once: Path, changed_once: Path
) -> None:
    for large in ("html", "site"):  # the disk is to be small
        shutil.rmtree(built / "_build" / large)
    kept = shutil.copytree(built / "_build", built / "kept")
    fix_data(built)
    command = [sys.executable, "-m", "bookbuilder.cli", "--root", str(built), "build", "--no-site"]
    with mounted(built / "_build", "-t", "tmpfs", "-o", "size=1m", "tmpfs"):
        shutil.copytree(kept, built / "_build", dirs_exist_ok=True)
        filler = built / "_build/filler"
        for room in (0, 8_192, 20_000):  # none; for no kernel; for a kernel, not for its page
            fill(filler, room)
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            told = done.stdout + done.stderr
            said = [line for line in told.splitlines() if "No space" in line]
            assert (done.returncode, len(said)) == (1, 1), told
            assert "Traceback" not in told
            assert said[0].endswith("device; what was there is kept: make room, start again")
            assert "Errno" not in said[0]
            assert torn(built, built_once) == []
        filler.unlink()
        assert not build(built).failed
        assert first_difference(changed_once, built, ("results", "_build/records")) is None


def test_a_process_that_watches_gets_over_a_full_disk(built: Path, changed_once: Path) -> None:
    for large in ("html", "site"):  # the disk is to be small
        shutil.rmtree(built / "_build" / large)
    kept = shutil.copytree(built / "_build", built / "kept")
    fix_data(built)
    with mounted(built / "_build", "-t", "tmpfs", "-o", "size=1m", "tmpfs"):
        shutil.copytree(kept, built / "_build", dirs_exist_ok=True)
        filler = built / "_build/filler"
        for _ in range(2):
            fill(filler, room=0)
            with pytest.raises(OSError, match="_build") as refused:  # which watching tells
                build(built)
            said = files.format_error(refused.value)
            assert said.startswith(f"{built / '_build'}")
            assert said.endswith("device; what was there is kept: make room, start again")
        filler.unlink()
        assert not build(built).failed
        assert first_difference(changed_once, built, ("results", "_build/records")) is None


def fill(filler: Path, room: int) -> None:
    """Let a file take what a disk has left, but for some bytes."""
    with filler.open("wb", buffering=0) as stream, suppress(OSError):
        while stream.write(bytes(4096)):
            pass
    os.truncate(filler, filler.stat().st_size - room)
