"""What can go wrong, done for real: killed builds, full and read-only disks, greedy notebooks.

After each, the next build must complete correctly; nothing good is lost and nothing half-written is
taken for a result. Users get sentences.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from compare_folders import first_difference
from small_project import LOAD, RECORD, VALUE, Recording, cell, write_notebook

from compendium import cli, files
from compendium.rebuild import engine, lock

MADE = ("results", "book/notebooks", "_build/records")
POSIX = pytest.mark.skipif(os.name != "posix", reason="kills a process group")

#: Builds the project named first and is killed just before the file named second takes its place.
KILLED = """\
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from small_project import Recording
from compendium.rebuild import engine
replace = Path.replace
def killing(self, target):
    if Path(target).name == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)
Path.replace = killing
engine.build(Path(sys.argv[1]), display=Recording(), with_site=False)
"""


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Path:
    """Return a copy of the built project, freely to be broken."""
    return shutil.copytree(built_once, tmp_path / "project", symlinks=True)


@pytest.fixture(scope="module")
def changed_once(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project after a data fix, built without any fault."""
    root = shutil.copytree(built_once, tmp_path_factory.mktemp("changed") / "project")
    fix_data(root)
    assert not build(root).failed
    return root


def build(root: Path, **options: object) -> engine.Report:
    return engine.build(root, display=Recording(), with_site=False, **options)  # type: ignore[arg-type]


def fix_data(root: Path) -> None:
    (root / "data/raw/marks.csv").write_text("pupil,mark\nada,6\nben,3\n", encoding="utf-8")


def message(report: engine.Report, name: str = "marks") -> str:
    found = report.outcomes[name].message
    assert "Traceback" not in found
    return found


def notebook(root: Path, *sources: str) -> None:
    cells = [cell(source) for source in (LOAD, VALUE, RECORD, *sources)]
    write_notebook(root / "notebooks/marks.ipynb", cell("factor = 1", "parameters"), *cells)


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


@POSIX
def test_killed_at_any_moment_of_writing_the_next_build_completes(
    built: Path, built_once: Path, changed_once: Path
) -> None:
    fix_data(built)
    here = Path(__file__).resolve().parent.parent
    moments = ("marks_table.csv", "marks.ipynb", "marks.json", "double.json", "values.json")
    for moment in moments:
        command = [sys.executable, "-c", KILLED, str(built), moment, str(here)]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == -signal.SIGKILL, f"{moment}: {done.stderr.decode()}"
        for path in (built / "results").rglob("[!.]*.*"):  # each is whole: the old or the new one
            name = path.relative_to(built)
            known = [(root / name).read_bytes() for root in (built_once, changed_once)]
            assert path.read_bytes() in known, f"{moment}: {name}"
        assert engine.status(built, with_site=False).outcomes["record"].state == "stale"
    assert not build(built).failed
    assert first_difference(changed_once, built, MADE) is None
    assert not list(built.rglob("*.tmp"))


@POSIX
@pytest.mark.parametrize("kernels", ["fresh", "forked"])
def test_a_build_killed_within_a_cell_takes_its_kernels_along(built: Path, kernels: str) -> None:
    table = (built / "results/tables/marks_table.csv").read_bytes()
    said = built / "pids.txt"
    hang = f"""\
import os, time
from pathlib import Path
_ = Path({str(said)!r}).write_text(f"{{os.getpid()}} {{os.getppid()}}")
time.sleep(600)"""
    notebook(built, hang)
    command = [sys.executable, "-m", "compendium.cli", "--root", str(built)]
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
    assert not (built / engine.STAGES).exists() or not list((built / engine.STAGES).iterdir())


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
        assert "Read-only file system" in said or "Permission denied" in said
        assert "results/tables" in said
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
    assert "cell 6 (hoard = " in message(report := build(built, kernels=kernels))
    assert "MemoryError" in message(report)
    notebook(built)
    assert not build(built).failed


def test_a_kernel_that_is_killed(built: Path) -> None:
    notebook(built, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    said = message(build(built))
    assert "notebooks/marks.ipynb: the kernel died" in said
    assert "memory" in said
    assert (built / "_build/failed/marks.ipynb").exists()
    notebook(built)
    assert not build(built).failed


def test_a_notebook_that_hangs(built: Path) -> None:
    plan = built / "notebooks/runs.yml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("  inputs:", "  seconds: 10\n  inputs:", 1), encoding="utf-8")
    notebook(built, "import time\ntime.sleep(600)")
    said = message(build(built))
    assert "cell 6 (import time): the notebook was stopped after 10 seconds" in said
    assert "'seconds:' with a larger number under 'marks' in notebooks/runs.yml" in said
    notebook(built)
    assert not build(built).failed


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    "broken",
    [
        "_build/records/marks.json",
        "_build/verdict.json",
        "_build/pytask.lock",
        "results/exhibits.json",
        "results/values.json",
        "results/tables/marks_table.csv",
        "book/notebooks/double.ipynb",
        "_build/contract.txt",
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
    cut(built / "_build/pytask.lock")
    (built / "_build/verdict.json").unlink()
    report = build(built)
    assert report.notices == ["what the build remembered could not be read; everything runs again"]
    assert report.outcomes["marks"].state == "done"
    assert not build(built).notices


def test_a_broken_json_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text('{"run": "ma')
    with pytest.raises(ValueError, match=r"record\.json is no whole JSON file"):
        files.read_json(path)
