"""A sweep on a real Dask cluster: a scheduler and workers of their own folders, as on machines."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from small_project import ROOT, cell, write_notebook
from sweeps import Ended, contents, write_sweep

import compendium
from bookbuilder.sweep import declared, engines, sweeping
from bookbuilder.sweep.engines import UNFINISHED
from compendium import files

SOURCE = Path(compendium.__file__).parents[1]
SLOW = """\
import time
from compendium import exhibits
time.sleep(0.5)
best = exhibits.values_of('marks')['top']"""
SWEEP = """\
run: double
grid: {times: [1, 2, 3, 4, 5, 6]}
collect: {values: [top]}
"""


def test_without_dask_the_engine_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    engine = engines.dask(b"", Path(), "tcp://127.0.0.1:1")
    with pytest.raises(RuntimeError, match=r"-r requirements-cluster.lock"), engine:
        pass


def test_what_a_cluster_needs_is_locked_apart_at_the_versions_of_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extra = project["project"]["optional-dependencies"]["cluster"]
    assert project["dependency-groups"]["cluster"] == extra
    locked = (ROOT / "requirements-cluster.lock").read_text()
    blocks = re.split(r"\n(?=[a-z])", locked.strip())
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in locked
    whole = (ROOT / "requirements.lock").read_text()
    versions = {block.split(" ")[0] for block in blocks}
    names = {one.partition("==")[0] for one in versions}
    known = set(re.findall(r"^(\S+==\S+)", whole, flags=re.M))
    assert {one for one in known if one.partition("==")[0] in names} <= versions
    assert "distributed" in names


class Machines:
    """A scheduler and workers, each a process in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def scheduler(self) -> None:
        """Start the scheduler and wait for its address."""
        told = self.folder / "scheduler.json"
        process = self._start(
            "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(told)
        )
        deadline = time.monotonic() + 300
        while not self.address:  # the file is there before all of it has been written
            at_work = process.poll() is None and time.monotonic() < deadline
            assert at_work, (self.folder / "scheduler-0.log").read_text()
            with suppress(OSError, ValueError):
                self.address = files.read_json(told)["address"]
            time.sleep(0.1)

    def worker(self, package: Path) -> subprocess.Popen[bytes]:
        """Start a worker with a copy of our packages, and nothing of the project."""
        words = [self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
        variables = {"PYTHONPATH": str(package), "TMPDIR": str(temporary(package))}
        return self._start("worker", *words, cwd=package.parent, **variables)

    def _start(
        self, kind: str, *words: str, cwd: Path | None = None, **variables: str
    ) -> subprocess.Popen[bytes]:
        log = self.folder / f"{kind}-{len(self.processes)}.log"
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "dask", kind, *words],
            cwd=cwd or self.folder,
            env=os.environ | variables,
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
        )
        self.processes.append(process)
        return process

    def stop(self) -> None:
        """End what still runs."""
        for process in reversed(self.processes):
            process.kill()
            process.wait()


def temporary(package: Path) -> Path:
    """Return the folder for temporary files of the machine that has a package."""
    place = package.parent / "tmp"
    place.mkdir(exist_ok=True)
    return place


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    pytest.importorskip("distributed", reason="needs requirements-cluster.lock")
    made = Machines(tmp_path)
    made.scheduler()
    yield made
    made.stop()


@pytest.fixture
def project(ready: Path, tmp_path: Path) -> Path:
    """Return a project in which a point takes its time."""
    root = tmp_path / "here" / "project"
    shutil.copytree(ready, root)
    write_notebook(
        root / "notebooks/double.ipynb",
        cell("# Twice", kind="markdown"),
        cell("times = 2", "parameters"),
        cell(SLOW),
        cell('exhibits.value("top", best * times, "marks", "twice the best mark")'),
    )
    write_sweep(root, SWEEP)
    return root


def install(place: Path) -> Path:
    """Copy our packages to a place of their own."""
    shutil.copytree(SOURCE, place / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return place / "src"


def sweep(root: Path, engine: engines.Engine, display: sweeping.Display) -> sweeping.Swept:
    read = declared.read_sweep(root / "sweeps/times.yml", root)
    return sweeping.run(read, root, engine=engine, display=display)


class KillAfterFirst(Ended):
    """A display that kills a worker at work on a point, when the first point has ended."""

    def __init__(self, worker: subprocess.Popen[bytes], temporary: Path) -> None:
        super().__init__()
        self.worker, self.temporary = worker, temporary

    def end(self, name: str, seconds: float, *, failed: bool) -> None:
        if not self.names:
            deadline = time.monotonic() + 60
            while not self.held():
                assert time.monotonic() < deadline, "the worker has no point"
                time.sleep(0.01)
            self.worker.send_signal(signal.SIGKILL)
            self.worker.wait()
        super().end(name, seconds, failed=failed)

    def held(self) -> list[Path]:
        """Return the folders in which points are computed."""
        return list(self.temporary.glob(f"dask-*/*/{UNFINISHED}*"))


def test_a_worker_killed_in_the_middle_costs_nothing(
    machines: Machines, project: Path, tmp_path: Path
) -> None:
    package = install(tmp_path / "machine-1")
    first = machines.worker(package)
    machines.worker(install(tmp_path / "machine-2"))
    wait_for_workers(machines.address, 2)
    display = KillAfterFirst(first, temporary(package))
    done = sweep(project, partial(engines.dask, scheduler=machines.address), display)
    assert first.returncode == -signal.SIGKILL
    assert (done.ran, done.failed) == (6, {})
    assert sorted(display.names) == [f"times-{n}" for n in range(1, 7)]

    assert display.held()
    machines.worker(package)  # Dask removes what another worker of that machine has left
    wait_for_workers(machines.address, 2)
    assert not display.held()

    made = contents(project / "results/sweeps/times")
    shutil.rmtree(project / "results/sweeps")
    here = sweep(project, partial(engines.local, workers=2), Ended())
    assert (here.ran, here.failed) == (6, {})
    assert contents(project / "results/sweeps/times") == made
    assert "6,top,30,marks" in made["values.csv"].decode()


def test_a_worker_with_other_code_is_refused(
    machines: Machines, project: Path, tmp_path: Path
) -> None:
    package = install(tmp_path / "machine-1")
    (package / "compendium/files.py").open("a").write("# other code\n")
    machines.worker(package)
    wait_for_workers(machines.address, 1)
    with pytest.raises(RuntimeError, match=r"worker tcp://\S+: .*src/compendium/files.py differ"):
        sweep(project, partial(engines.dask, scheduler=machines.address), Ended())


def test_a_scheduler_that_does_not_answer(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="needs requirements-cluster.lock")
    monkeypatch.setattr(engines, "TIMEOUT", 1)
    with pytest.raises(OSError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1"):
        sweep(project, partial(engines.dask, scheduler="tcp://127.0.0.1:1"), Ended())


def wait_for_workers(address: str, count: int) -> None:
    import distributed

    with distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=120)
